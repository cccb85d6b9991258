"""Several actions out of one, and one out of two."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.deadlines import REGION, as_said, read
from actions.forms.fields import PersonField
from actions.models import Action
from actions.services import Portion
from core.text import whole
from core.workdays import Workdays

FEWEST, MOST = 1, 6


class PortionForm(forms.Form):
    """What becomes an action of its own; wholly empty ones are left out."""

    title = forms.CharField(
        label=_("What is to be done?"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    owner = PersonField(label=_("Owner"), required=False, empty_label=_("choose one person"))
    due_words = forms.CharField(
        label=_("Deadline (empty: as it is)"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("+24h, +3 workdays, next Tuesday 18:00")}
        ),
    )
    new_criteria = forms.CharField(
        label=_("Done means, besides what goes along"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One acceptance criterion per line: a figure, a document, or a state that is so or not."),
    )

    def __init__(self, *args: Any, action: Action, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.is_first = action, is_first
        self.takes: list[int] = []
        self.deadline = None

    @property
    def is_left_out(self) -> bool:
        told = self.cleaned_data
        return not (self.is_first or self.takes or any(told.get(name) for name in self.fields))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if self.is_left_out:
            return told
        if not told.get("title") and "title" not in self.errors:
            self.add_error("title", gettext("Say what is to be done."))
        if not told.get("owner") and "owner" not in self.errors:
            self.add_error("owner", gettext("Name the one person who will do it."))
        if words := told.get("due_words"):
            zone = self.action.time_zone
            try:
                said = read(words, now=timezone.now(), zone=zone, workdays=Workdays(REGION))
            except ValueError as error:
                self.add_error("due_words", str(error))
            else:
                local = self.action.due_at.astimezone(self.action.zone) if self.action.due_at else None
                clock = local.time() if local and not self.action.is_all_day else None
                self.deadline = as_said(said, zone=zone, clock=clock)
        return told

    def portion(self) -> Portion:
        return Portion(
            title=self.cleaned_data["title"],
            owner=self.cleaned_data["owner"],
            criteria=self.takes,
            new_criteria=self.cleaned_data["new_criteria"].splitlines(),
            deadline=self.deadline,
        )


class SplitForm(forms.Form):
    """Where each criterion goes, why, and the portions. `more`: one portion more is asked for, nothing is judged."""

    reason = forms.CharField(
        label=_("Why is it split?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why it is split.")},
    )

    def __init__(self, data: Any = None, *, action: Action) -> None:
        number = min(max(whole((data or {}).get("portions", "")) or FEWEST, FEWEST), MOST)
        self.more = data is not None and data.get("intent") == "more"
        number = min(number + self.more, MOST)
        bound = data if not self.more else None
        super().__init__(bound, initial=data if self.more else None)
        self.portions = [
            PortionForm(
                bound,
                prefix=f"portion{index}",
                action=action,
                is_first=index == 0,
                initial=_told(data, index) if self.more else None,
            )
            for index in range(number)
        ]
        self.can_grow = number < MOST
        goes = [("", _("stays with %(number)s") % {"number": action.reference})]
        goes += [(str(index), _("goes to new action %(n)d") % {"n": index + 1}) for index in range(number)]
        self.criteria = list(action.criteria.order_by("position"))
        for criterion in self.criteria:
            self.fields[f"criterion{criterion.pk}"] = forms.ChoiceField(
                label=criterion.text, choices=goes, required=False
            )

    @property
    def shares(self) -> list[forms.BoundField]:
        return [self[f"criterion{criterion.pk}"] for criterion in self.criteria]

    def is_valid(self) -> bool:
        valid = super().is_valid()
        for criterion in self.criteria:
            if goes := self.cleaned_data.get(f"criterion{criterion.pk}"):
                self.portions[int(goes)].takes.append(criterion.pk)
        # Each is asked, so that each says what it lacks.
        return sum(not form.is_valid() for form in self.portions) == 0 and valid

    def wanted(self) -> list[Portion]:
        return [form.portion() for form in self.portions if not form.is_left_out]


def _told(data: Any, index: int) -> dict[str, str]:
    """What stands in the fields of a portion so far."""
    return {name: data.get(f"portion{index}-{name}", "") for name in PortionForm.base_fields}


class MergeForm(forms.Form):
    """Which one goes on; `candidates` bounds what may be chosen."""

    into = forms.ModelChoiceField(
        label=_("Goes on as"),
        queryset=Action.objects.none(),
        error_messages={
            "required": _("Choose the action that goes on."),
            "invalid_choice": _("Choose the action that goes on."),
        },
    )
    reason = forms.CharField(
        label=_("Why are they one?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why they are one.")},
    )

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = candidates
