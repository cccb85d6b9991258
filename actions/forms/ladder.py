"""A rung of the ladder of reminders: who is told how long before or after a deadline."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actions.models import EscalationStep

UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1)}


class StepForm(forms.Form):
    whom = forms.ChoiceField(label=_("Who is told"), choices=EscalationStep.Whom.choices)
    number = forms.IntegerField(
        label=_("How long"),
        min_value=0,
        max_value=24 * 30,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Say how long before or after the deadline; 0 is the deadline itself."),
            "max_value": _("At most 30 days before or after the deadline."),
        },
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=[("days", _("days")), ("hours", _("hours"))])
    side = forms.ChoiceField(
        label=_("When"), choices=[("before", _("before the deadline")), ("after", _("after the deadline"))]
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, step: EscalationStep | None = None, **kwargs: Any) -> None:
        initial = self.values_of(step) if step else {"unit": "days", "side": "after", "is_active": True}
        super().__init__(*args, initial=initial, **kwargs)

    @staticmethod
    def values_of(step: EscalationStep) -> dict[str, Any]:
        hours = int(abs(step.offset) / UNITS["hours"])
        unit = "hours" if hours % 24 or hours == 24 else "days"
        return {
            "whom": step.whom,
            "number": hours if unit == "hours" else hours // 24,
            "unit": unit,
            "side": "before" if step.offset < timedelta(0) else "after",
            "is_active": step.is_active,
        }

    def terms(self) -> dict[str, Any]:
        """What `services.ladder` takes."""
        told = self.cleaned_data
        offset = told["number"] * UNITS[told["unit"]] * (-1 if told["side"] == "before" else 1)
        return {"whom": told["whom"], "offset": offset, "is_active": told["is_active"]}

    def refuse(self, error: ValidationError) -> None:
        """What the record itself says against it."""
        self.add_error(None, list(error.messages))
