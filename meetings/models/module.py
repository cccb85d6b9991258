from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Presenter(models.TextChoices):
    """Who speaks in the report part of a module."""

    DEPARTMENT = "department", _("department")
    HOST = "host", _("host")
    EXECUTIVE = "executive", _("executive")
    DATA_OWNER = "data_owner", _("data owner")


class Kind(models.TextChoices):
    """What a stretch of an agenda is for."""

    TOPIC = "topic", _("topic")
    BREAK = "break", _("break")


class ActionList(models.TextChoices):
    """Actions that an item goes through; a progress meeting's agenda consists of them."""

    BLOCKED = "blocked", _("blocked")
    LATE = "late", _("late")
    DUE = "due", _("due soon")
    SILENT = "silent", _("without news")
    FINISHED = "finished", _("finished since the last meeting")


class Module(models.Model):
    """What a template's module and an agenda's item share: a scheduled meeting keeps its own copy of it.

    Minutes are whole minutes; the report comes first, the discussion after it. Questions are one per line and
    guide both the pre-read and the discussion. `metric_codes` are the figures of the department's KPI table.
    """

    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    title_zh = models.CharField(_("Chinese title"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TOPIC)
    presenter = models.CharField(
        _("presented by"), max_length=20, choices=Presenter, default=Presenter.DEPARTMENT
    )
    department = models.ForeignKey(
        "people.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    report_minutes = models.PositiveSmallIntegerField(_("report, minutes"), default=0)
    discussion_minutes = models.PositiveSmallIntegerField(_("discussion, minutes"), default=0)
    is_pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("Fitting the agenda leaves a pinned module alone.")
    )
    questions_en = models.TextField(_("guiding questions, English"), blank=True, help_text=_("One per line."))
    questions_zh = models.TextField(_("guiding questions, Chinese"), blank=True, help_text=_("One per line."))
    metric_codes = ArrayField(
        models.CharField(max_length=60), verbose_name=_("metrics reported"), default=list, blank=True
    )

    # Pay, commission: only its circle knows what it says (`AgendaItem.objects.visible_to`).
    is_confidential = models.BooleanField(_("confidential"), default=False)
    # Comes back in the next meeting of a series, discussed or not.
    is_recurring = models.BooleanField(_("in every meeting of the series"), default=False)
    action_list = models.CharField(_("goes through actions"), max_length=10, choices=ActionList, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self._in_language("title")

    @title.setter
    def title(self, text: str) -> None:
        """A title typed by a person is one text for readers of both languages."""
        self.title_en = self.title_zh = text

    @property
    def questions(self) -> list[str]:
        return [line.strip() for line in self._in_language("questions").splitlines() if line.strip()]

    @property
    def minutes(self) -> int:
        return self.report_minutes + self.discussion_minutes

    def _in_language(self, field: str) -> str:
        first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
        return getattr(self, f"{field}_{first}") or getattr(self, f"{field}_{second}")
