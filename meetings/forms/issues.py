"""What is typed about an issue: raising one, and what was found out about the one that is being solved."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import typed
from meetings.models import Issue
from meetings.services.issues import Work
from people.models import Department

NEEDS = "need_"
WHYS = tuple(f"why{number}" for number in range(1, Issue.MOST_WHYS + 1))


class Words(forms.Textarea):
    def __init__(self, rows: int = 2) -> None:
        super().__init__(attrs={"rows": rows, "dir": "auto"})


class WorkForm(forms.Form):
    """The five whys, the cause, the process at fault, the solution, and the departments that are needed."""

    text = forms.CharField(
        label=_("Issue"),
        max_length=300,
        widget=Words(rows=1),
        error_messages={"required": _("Say what the issue is.")},
    )
    root_cause = forms.CharField(label=_("Root cause"), required=False, max_length=2000, widget=Words())
    process = forms.CharField(
        label=_("Process or rule that let it happen"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    solution = forms.CharField(
        label=_("What is done about it"), required=False, max_length=2000, widget=Words()
    )
    wording_reason = forms.CharField(
        label=_("The wording stands, because"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("Where words only look like a person or like blame. The minutes print the reason."),
    )

    def __init__(
        self, data: Mapping[str, str] | None = None, *, issue: Issue, departments: list[Department]
    ) -> None:
        self.departments = departments
        needed = {one.pk for one in issue.needs.all()} if data is None else set()
        initial: dict[str, Any] = {
            name: getattr(issue, name)
            for name in ("text", "root_cause", "process", "solution", "wording_reason")
        }
        initial |= dict(zip(WHYS, issue.whys, strict=False))
        initial |= {f"{NEEDS}{one.pk}": one.pk in needed for one in departments}
        super().__init__(data, initial=initial, auto_id=f"issue-{issue.pk}-%s")
        for number, name in enumerate(WHYS, start=1):
            self.fields[name] = forms.CharField(
                label=_("Why? ({number})").format(number=number),
                required=False,
                max_length=1000,
                widget=Words(rows=1),
            )
        for one in departments:
            self.fields[f"{NEEDS}{one.pk}"] = forms.BooleanField(label=one.name, required=False)

    @property
    def why_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in WHYS]

    @property
    def need_fields(self) -> list[forms.BoundField]:
        return [self[f"{NEEDS}{one.pk}"] for one in self.departments]

    def work(self) -> Work:
        """Only after validation."""
        data = self.cleaned_data
        return Work(
            text=data["text"],
            whys=[data[name] for name in WHYS],
            root_cause=data["root_cause"],
            process=data["process"],
            wording_reason=data["wording_reason"],
            solution=data["solution"],
            needs=[one for one in self.departments if data[f"{NEEDS}{one.pk}"]],
        )

    def differences(self, theirs: Issue) -> list[dict[str, Any]]:
        """Where the stored issue says something else: field, its label, the stored value and that in words."""
        stored = type(self)(issue=theirs, departments=self.departments)
        found = []
        for name, bound in stored.fields.items():
            value = stored.initial.get(name, "")
            if value == (self.cleaned_data.get(name) or type(value)()):
                continue
            is_box = isinstance(bound, forms.BooleanField)
            found.append(
                {
                    "name": name,
                    "label": str(bound.label),
                    "value": value,
                    "words": ("✓" if value else "—") if is_box else value,
                }
            )
        return found


def needs_of(data: Any) -> list[Department]:
    """The departments that were ticked when an issue was raised; what is none is left out."""
    chosen = [
        int(one) for one in data.getlist("needs") if one.isascii() and one.isdecimal() and len(one) < 10
    ]
    return list(Department.objects.filter(pk__in=chosen)) if chosen else []


def text_of(data: Mapping[str, str]) -> str:
    return typed(data, "text").strip()
