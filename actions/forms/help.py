"""What blocks an action, and whose help is wanted."""

from datetime import date, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.deadlines import resolve
from actions.forms.fields import DateInput, PersonField
from actions.forms.step import VerbForm
from people.models import Department


class DayForm(VerbForm):
    """A step with a day in it, which ends with the working day where the action was promised."""

    def _end_of(self, day: date | None) -> datetime | None:
        return resolve(day=day, clock=None, zone=self.action.time_zone).at if day else None


class BlockForm(DayForm):
    reason = forms.CharField(
        label=_("What blocks it?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what blocks it.")},
    )
    needs_department = forms.ModelChoiceField(
        label=_("Help wanted from the department"),
        required=False,
        queryset=Department.objects.in_order(),
        empty_label=_("none"),
    )
    needs_person = PersonField(label=_("or from"), required=False, empty_label=_("nobody in particular"))
    wanted_by = forms.DateField(label=_("Help wanted by"), required=False, widget=DateInput)

    def clean_wanted_by(self) -> datetime | None:
        return self._end_of(self.cleaned_data["wanted_by"])


class AnswerForm(DayForm):
    text = forms.CharField(
        label=_("What will you do?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what you will do.")},
    )
    helps_by = forms.DateField(
        label=_("Until when?"),
        widget=DateInput,
        error_messages={"required": _("Say until when you will have helped.")},
    )

    def clean_helps_by(self) -> datetime | None:
        return self._end_of(self.cleaned_data["helps_by"])
