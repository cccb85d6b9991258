from collections.abc import Hashable
from datetime import time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from pypinyin import lazy_pinyin

from core.models import Named


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone; write it like Asia/Shanghai."), params={"name": name}
        )


def sort_key(name: str) -> str:
    """How a name is sorted: Chinese by pinyin, the rest by its letters (the database may lack ICU collations)."""
    return " ".join(lazy_pinyin(name)).casefold()[:200]


def display_name(user: "User") -> str:
    return user.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person who can log in; `name` falls back to the part before the @."""
        email = self.normalize_email(email).lower()
        fields.setdefault("name", email.partition("@")[0])
        user = self.model(email=email, name_sort=sort_key(fields["name"]), **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        roles = [User.Role.ADMIN]
        return self.create_user(email, password, is_staff=True, is_superuser=True, roles=roles, **fields)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def by_name(self) -> "UserQuerySet":
        return self.order_by("name_sort", "pk")

    def with_role(self, *roles: str) -> "UserQuerySet":
        return self.filter(roles__overlap=list(roles))


class User(AbstractBaseUser, PermissionsMixin):
    """A person of the company, known by e-mail address."""

    class Role(models.TextChoices):
        """What somebody does for the whole company, beside any department."""

        ADMIN = "admin", _("administrator")
        EXECUTIVE = "executive", _("executive")
        HOST = "host", _("host")
        DATA_OWNER = "data_owner", _("data owner")

    class Language(models.TextChoices):
        ZH = "zh-hans", "简体中文"
        EN = "en", "English"

    email = models.EmailField(
        _("e-mail"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("Somebody already has this e-mail address.")},
    )
    name = models.CharField(_("name"), max_length=120)
    name_sort = models.CharField(max_length=200, editable=False, default="")
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.ZH)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    # In the person's own zone. Within the quiet hours (which may go past midnight) nothing rings that can wait; both or
    # neither. What is collected for once a day goes out at `digest_at`.
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_at = models.TimeField(_("collected mail at"), default=time(8, 30))
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role),
        verbose_name=_("company roles"),
        default=list,
        blank=True,
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # Kept in small letters, so that the plain unique index also catches Ann@… beside ann@….
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_lower",
                violation_error_message=_("Write the e-mail address in small letters."),
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=["admin", "executive", "host", "data_owner"]),
                name="user_roles_known",
                violation_error_message=_("This company role is not known."),
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until")),
                name="user_quiet_hours",
                violation_error_message=_("Give both ends of the quiet hours, and two different times."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=["zh-hans", "en"]),
                name="user_language_known",
                violation_error_message=_("This language is not known."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()
        self.name_sort = sort_key(self.name)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds one of these company roles; an inactive person holds none."""
        return self.is_active and any(role in self.roles for role in roles)

    @property
    def sees_all(self) -> bool:
        """Company roles read all departments' work (drafts of pre-reads have a narrower rule of their own)."""
        return self.has_role(*self.Role.values)

    @cached_property
    def memberships_list(self) -> list["Membership"]:
        """Read once in a request; never kept in the session, so that a change counts from the next request on."""
        return list(self.memberships.select_related("department").order_by("department__position", "pk"))

    @property
    def department_ids(self) -> set[int]:
        return {membership.department_id for membership in self.memberships_list}

    @property
    def led_department_ids(self) -> set[int]:
        return {m.department_id for m in self.memberships_list if m.role == Membership.Role.LEAD}

    @property
    def headed_department_ids(self) -> set[int]:
        """Departments the person answers for, as lead or deputy."""
        return {m.department_id for m in self.memberships_list if m.role in Membership.HEADS}

    @property
    def scope(self) -> Hashable:
        """Who it is, and everything that decides on what they may see and must do: equal where that is equal."""
        memberships = frozenset((one.department_id, one.role) for one in self.memberships_list)
        return (self.pk, self.is_active, frozenset(self.roles), memberships)

    @property
    def departments(self) -> list["Department"]:
        return [membership.department for membership in self.memberships_list]


class DepartmentQuerySet(models.QuerySet["Department"]):
    def in_order(self) -> "DepartmentQuerySet":
        return self.order_by("position", "pk")


class Department(Named):
    """A part of the company that reports in reviews; `is_external` for an outside partner who joins them."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    is_external = models.BooleanField(_("outside partner"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=100)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")


class Membership(models.Model):
    class Role(models.TextChoices):
        LEAD = "lead", _("lead")
        DEPUTY = "deputy", _("deputy lead")
        MEMBER = "member", _("member")

    # Who answers for the department: the lead, and the deputy in the lead's place.
    HEADS = (Role.LEAD, Role.DEPUTY)

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("department")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department"],
                name="membership_once",
                violation_error_message=_("This person is already in this department."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["lead", "deputy", "member"]),
                name="membership_role_known",
                violation_error_message=_("This role in a department is not known."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
