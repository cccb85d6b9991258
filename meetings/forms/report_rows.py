"""Rows of a pre-read as fields: problems, resource requests, decision requests, stated figures.

A half-written row is kept as it is: what a report still lacks is said by `queries.report`, not here. A form only
refuses what cannot be kept, such as a cost that is no number.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.forms.amounts import AmountField
from meetings.models import DecisionRequest, PreReadProblem, ResourceRequest, Statement
from meetings.queries.report_choices import Choices
from metrics.models import Metric


def _text(label: Any, *, rows: int = 2, placeholder: Any = "", **kwargs: Any) -> forms.CharField:
    attrs = {"rows": rows, "dir": "auto", "data-grow": ""}
    if placeholder:
        attrs["placeholder"] = placeholder
    return forms.CharField(
        label=label, required=False, max_length=20_000, widget=forms.Textarea(attrs), **kwargs
    )


def _line(label: Any, limit: int = 300, placeholder: Any = "") -> forms.CharField:
    attrs = {"dir": "auto"} | ({"placeholder": placeholder} if placeholder else {})
    return forms.CharField(label=label, required=False, max_length=limit, widget=forms.TextInput(attrs))


class RowField(forms.TypedChoiceField):
    """A row chosen among those that were read once for the whole page; the value is its primary key or None."""

    def __init__(self, *, nothing: Any, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, required=False, **kwargs)
        self.nothing = nothing
        self.offer([])

    def offer(self, rows: Iterable[Any]) -> None:
        self.choices = [("", self.nothing), *((str(row.pk), str(row)) for row in rows)]


def _key(pk: int | None) -> str:
    return "" if pk is None else str(pk)


class ProblemForm(forms.Form):
    problem = _text(
        _("What is the problem?"), placeholder=_("What happens, since when, how much does it cost?")
    )
    why_1 = _line(_("Why?"), 1000)
    why_2 = _line(_("Why is that?"), 1000)
    why_3 = _line(_("And why that?"), 1000)
    why_4 = _line(_("Why, a fourth time?"), 1000)
    why_5 = _line(_("Why, a fifth time?"), 1000)
    root_cause = _text(_("Root cause"))
    solution = _text(_("Proposed solution"))
    needs = RowField(label=_("Needs another department"), nothing=_("no other department"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs"].offer(choices.departments)  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(row: PreReadProblem) -> dict[str, Any]:
        whys = {f"why_{number}": why for number, why in enumerate(row.whys, start=1)}
        return {
            "problem": row.problem,
            **whys,
            "root_cause": row.root_cause,
            "solution": row.solution,
            "needs": _key(row.needs_id),
        }

    @property
    def why_fields(self) -> list[forms.BoundField]:
        return [self[f"why_{number}"] for number in range(1, PreReadProblem.MOST_WHYS + 1)]

    @property
    def has_whys(self) -> bool:
        return any(field.value() for field in self.why_fields)

    def values(self) -> dict[str, Any]:
        """The row's values; an empty why in between is closed up."""
        typed = self.cleaned_data
        whys = [typed[f"why_{number}"] for number in range(1, PreReadProblem.MOST_WHYS + 1)]
        return {
            "problem": typed["problem"],
            "whys": [why for why in whys if why],
            "root_cause": typed["root_cause"],
            "solution": typed["solution"],
            "needs_id": typed["needs"],
        }


class ResourceForm(forms.Form):
    what = _line(_("What is asked for?"), placeholder=_("for example 20,000 USD more for Sponsored Products"))
    why = _text(_("What is it for?"))
    cost = AmountField(label=_("Cost"), above_zero=True)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    expected_increment = AmountField(label=_("Expected increment a month"))
    is_first = forms.BooleanField(label=_("Nothing of the kind was tried so far"), required=False)
    spend_code = forms.ChoiceField(label=_("Past spending of this kind"), required=False)
    return_code = forms.ChoiceField(label=_("What it brought"), required=False)
    past_from = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    past_last = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in choices.currencies]  # type: ignore[attr-defined]
        metrics = [("", _("choose a figure")), *((metric.code, metric.name) for metric in choices.metrics)]
        for name in ("spend_code", "return_code"):
            self.fields[name].choices = metrics  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(row: ResourceRequest) -> dict[str, Any]:
        names = (
            "what",
            "why",
            "cost",
            "currency",
            "expected_increment",
            "is_first",
            "spend_code",
            "return_code",
        )
        return {
            **{name: getattr(row, name) for name in names},
            "past_from": row.past_from,
            "past_last": row.past_until and row.past_until - timedelta(days=1),
        }

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        start, last = typed.get("past_from"), typed.get("past_last")
        if start and last and last < start:
            self.add_error("past_last", _("The last day is before the first."))
        return typed

    def values(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        last = typed.pop("past_last")
        typed["past_until"] = last + timedelta(days=1) if last else None
        typed["currency"] = typed["currency"] or "USD"
        return typed


class DecisionForm(forms.Form):
    question = _line(_("What is to be decided?"))
    background = _text(_("Background"))
    recommended = forms.ChoiceField(
        label=_("Recommended"), required=False, widget=forms.RadioSelect, choices=()
    )
    reason = _text(_("Why this one?"))
    decider = RowField(label=_("Who may decide?"), nothing=_("choose a person"))
    item = RowField(label=_("Agenda item"), nothing=_("any"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = range(1, DecisionRequest.MOST_OPTIONS + 1)
        for number in numbers:
            self.fields[f"option_{number}"] = _line(_("Option"), 1000)
            self.fields[f"effect_{number}"] = _line(_("What it leads to"), 1000)
        self.fields["recommended"].choices = [(str(number), number) for number in numbers]  # type: ignore[attr-defined]
        self.fields["decider"].offer(choices.deciders)  # type: ignore[attr-defined]
        self.fields["item"].offer(choices.items)  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(row: DecisionRequest) -> dict[str, Any]:
        options: dict[str, Any] = {}
        for number, option in enumerate(row.options, start=1):
            options[f"option_{number}"] = option.get("text", "")
            options[f"effect_{number}"] = option.get("effect", "")
        return {
            "question": row.question,
            "background": row.background,
            **options,
            "recommended": "" if row.recommended is None else str(row.recommended + 1),
            "reason": row.reason,
            "decider": _key(row.decider_id),
            "item": _key(row.item_id),
        }

    @property
    def option_fields(self) -> list[dict[str, Any]]:
        """The lines of the options: number, both fields, whether it is recommended, whether to show it at once."""
        chosen = str(self["recommended"].value() or "")
        lines = []
        for number in range(1, DecisionRequest.MOST_OPTIONS + 1):
            option, effect = self[f"option_{number}"], self[f"effect_{number}"]
            lines.append(
                {
                    "number": number,
                    "option": option,
                    "effect": effect,
                    "is_recommended": chosen == str(number),
                    "is_more": number > DecisionRequest.LEAST_OPTIONS + 1 and not option.value(),
                }
            )
        return lines

    def values(self) -> dict[str, Any]:
        """The row's values; an empty option in between is closed up, and the recommendation goes with its option."""
        typed = self.cleaned_data
        options, recommended = [], None
        for number in range(1, DecisionRequest.MOST_OPTIONS + 1):
            option, effect = typed[f"option_{number}"], typed[f"effect_{number}"]
            if not option and not effect:
                continue
            if typed["recommended"] == str(number):
                recommended = len(options)
            options.append({"text": option, "effect": effect})
        return {
            "question": typed["question"],
            "background": typed["background"],
            "options": options,
            "recommended": recommended,
            "reason": typed["reason"],
            "decider_id": typed["decider"],
            "item_id": typed["item"],
        }


class StatementForm(forms.Form):
    """A figure that the department states itself; empty altogether means that none is stated."""

    value = AmountField(label=_("Your figure"), places=6)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    source = _line(_("Where it comes from"), placeholder=_("report, system or person, and the day"))
    definition = _text(_("How it is counted"), rows=1)

    def __init__(self, *args: Any, metric: Metric, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].is_share = metric.unit == "percent"  # type: ignore[attr-defined]
        if metric.unit == "money":
            self.fields["currency"].choices = [(code, code) for code in choices.currencies]  # type: ignore[attr-defined]
        else:
            del self.fields["currency"]

    @staticmethod
    def initial_of(row: Statement) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("value", "currency", "source", "definition")}

    @property
    def says_nothing(self) -> bool:
        typed = self.cleaned_data
        return typed["value"] is None and not typed["source"] and not typed["definition"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        if typed["value"] is None and (typed["source"] or typed["definition"]):
            self.add_error("value", _("Write the figure, too."))
        if typed["value"] is not None and not typed["source"]:
            self.add_error("source", _("Say where the figure comes from."))
        return typed

    def values(self) -> dict[str, Any]:
        return {"currency": "", **self.cleaned_data}


class EffortForm(forms.Form):
    hours = AmountField(
        label=_("Hours it took, all people together"),
        help_text=_("Part of what the meeting costs. Leave it empty if you do not know."),
    )

    def clean_hours(self) -> Any:
        hours = self.cleaned_data["hours"]
        if hours is not None and not 0 <= hours <= 2000:
            raise forms.ValidationError(_("Write between 0 and 2000 hours."))
        return hours

    def minutes(self) -> int | None:
        hours = self.cleaned_data["hours"]
        return None if hours is None else round(hours * 60)


ROW_FORMS: dict[str, Any] = {"problems": ProblemForm, "resources": ResourceForm, "decisions": DecisionForm}
