"""How an action stands: one press, and perhaps the next step."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.deadlines import resolve
from actions.forms.fields import DateInput
from actions.models import Action, Progress
from people.models import Department

WHICH = _("Choose how it stands: in progress, done, not started or blocked.")


class UpdateForm(forms.Form):
    """What is sent by the buttons; the template writes the fields, many of them to a page."""

    answer = forms.ChoiceField(
        choices=Progress.Answer, error_messages={"required": WHICH, "invalid_choice": WHICH}
    )
    next_step = forms.CharField(required=False, max_length=500)
    reason = forms.CharField(required=False, max_length=2000)
    needs_department = forms.ModelChoiceField(queryset=Department.objects.in_order(), required=False)
    wanted_by = forms.DateField(required=False, widget=DateInput)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action

    def clean_wanted_by(self) -> datetime | None:
        day = self.cleaned_data["wanted_by"]
        return resolve(day=day, clock=None, zone=self.action.time_zone).at if day else None

    @property
    def words(self) -> str:
        """What is wrong, in one line."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)
