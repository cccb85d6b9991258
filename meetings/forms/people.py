"""Fields that choose people. All fields of a page share one list, so that choosing from nine costs two queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from people import queries as people
from people.models import Department, Membership, User

NOT_AVAILABLE = _("This person cannot be chosen: the account is closed or not known.")


@dataclass
class Colleagues:
    """Everybody who can be invited, by name, with their departments."""

    by_id: dict[int, User] = field(default_factory=dict)
    departments: dict[int, list[Department]] = field(default_factory=dict)
    _labels: dict[str, User] = field(default_factory=dict)
    _choices: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def load(cls) -> "Colleagues":
        memberships = Membership.objects.select_related("department").order_by("department__position", "pk")
        users = people.colleagues().prefetch_related(Prefetch("memberships", memberships))
        result = cls()
        for user in users:
            result.by_id[user.pk] = user
            result.departments[user.pk] = [row.department for row in user.memberships.all()]
        return result

    def choices(self) -> list[tuple[str, str]]:
        """Everybody, by primary key; made once, because a form asks for it in every field."""
        if not self._choices:
            self._choices = [(str(user.pk), self.label(user)) for user in self.by_id.values()]
        return self._choices

    def label(self, user: User) -> str:
        """The name with the departments, because two people may have the same name."""
        names = pgettext("between names", ", ").join(
            department.name for department in self.departments.get(user.pk, [])
        )
        return f"{user.name} · {names}" if names else user.name

    def labels(self) -> list[str]:
        """What is offered while a name is typed: everybody once, with the address where two read the same."""
        if not self._labels:
            for user in self.by_id.values():
                label = self.label(user)
                self._labels[f"{label} <{user.email}>" if label in self._labels else label] = user
        return list(self._labels)

    def label_of(self, user: User) -> str:
        return next((label for label in self.labels() if self._labels[label] == user), self.label(user))

    def find(self, text: str) -> User | None:
        """Whoever is meant by what was typed: a label, an address, or a name that only one person has."""
        text = " ".join(text.split())
        self.labels()
        named = [user for user in self.by_id.values() if text in (user.email, user.name)]
        return self._labels.get(text) or (named[0] if len(named) == 1 else None)

    def with_role(self, role: str) -> list[User]:
        return [user for user in self.by_id.values() if user.has_role(role)]

    def get(self, pk: str | int) -> User:
        return self.by_id[int(pk)]


class _PlainOptions:
    """Writes its options itself: through a template each, hundreds of colleagues in a dozen fields take a second."""

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        multiple = {"multiple": True} if self.allow_multiple_selected else {}
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected") if str(key) in chosen else "", label)
                for key, label in self.choices
            ),
        )
        written = self.build_attrs(self.attrs, {"name": name, **multiple, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(written), options)


class PersonSelect(_PlainOptions, forms.Select):
    pass


class PeopleSelect(_PlainOptions, forms.SelectMultiple):
    pass


class PersonField(forms.TypedChoiceField):
    """One person, or nobody when not required. Its choices come with `use`."""

    default_error_messages = {"invalid_choice": NOT_AVAILABLE}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("widget", PersonSelect(attrs={"data-pick": "one"}))
        super().__init__(empty_value=None, **kwargs)

    def use(self, colleagues: Colleagues, choices: Iterable[tuple[str, str]] | None = None) -> None:
        offered = list(colleagues.choices() if choices is None else choices)
        self.choices = offered if self.required else [("", "—"), *offered]
        self.coerce = colleagues.get


class NamedPersonField(forms.CharField):
    """One person by name, typed or picked from the page's list of names; nobody when empty."""

    def use(self, colleagues: Colleagues) -> None:
        self.colleagues = colleagues

    def clean(self, value: str) -> User | None:
        text = super().clean(value)
        if not text:
            return None
        return found_by_name(self.colleagues, text)


class NamedPeopleField(NamedPersonField):
    """Several people by name, with semicolons between them."""

    def clean(self, value: str) -> tuple[User, ...]:  # type: ignore[override]
        text = forms.CharField.clean(self, value)
        names = [name for name in text.replace("；", ";").split(";") if name.strip()]
        return tuple(dict.fromkeys(found_by_name(self.colleagues, name) for name in names))


def found_by_name(colleagues: Colleagues, text: str) -> User:
    user = colleagues.find(text)
    if user is None:
        raise forms.ValidationError(
            gettext(
                "Nobody is known as “%(name)s”. Choose somebody from the list, or write the e-mail address."
            )
            % {"name": text.strip()}
        )
    return user


class PeopleField(forms.TypedMultipleChoiceField):
    """Any number of people."""

    default_error_messages = {"invalid_choice": NOT_AVAILABLE}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("widget", PeopleSelect(attrs={"data-pick": "many", "size": 4}))
        kwargs.setdefault("required", False)
        super().__init__(empty_value=[], **kwargs)

    def use(self, colleagues: Colleagues) -> None:
        self.choices = colleagues.choices()
        self.coerce = colleagues.get
