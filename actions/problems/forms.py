"""The forms of a problem: the report, who deals with it, what came of it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.models import Problem
from actions.problems.services import Report
from people import queries as people
from people.models import Department, User

PATTERN = "%Y-%m-%dT%H:%M"


class ReportForm(forms.Form):
    """Filled in on a phone, within a minute: three lines, and when it was noticed."""

    title = forms.CharField(label=_("What happened, in one line"), max_length=200)
    kind = forms.ChoiceField(label=_("Class"), choices=Problem.Kind.choices)
    department = forms.ModelChoiceField(label=_("Department"), queryset=Department.objects.none())
    noticed_at = forms.DateTimeField(
        label=_("When was it noticed?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=PATTERN),
        help_text=_("The clock runs from here, not from this report. Your own time zone."),
        error_messages={"invalid": _("Give day and time, for example 2026-11-24 14:30.")},
    )
    what = forms.CharField(
        label=_("What exactly?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    reach = forms.CharField(
        label=_("How far does it reach?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shops, products, orders, money a day."),
    )
    first_steps = forms.CharField(
        label=_("What was done first?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = forms.ModelChoiceField(
        label=_("Who deals with it"), required=False, queryset=User.objects.none(), empty_label=_("I do")
    )
    is_emergency = forms.BooleanField(
        label=_("It cannot wait"),
        required=False,
        help_text=_("A direct superior and an executive are told at once, at night too."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        own = next(iter(user.departments), None)
        initial = {
            "department": own,
            "noticed_at": timezone.localtime().replace(second=0, microsecond=0),
            "is_emergency": True,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["department"].queryset = people.departments()
        self.fields["owner"].queryset = people.colleagues().exclude(pk=user.pk)

    def report(self) -> Report:
        return Report(**self.cleaned_data)


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(label=_("Who deals with it"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people.colleagues()


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("What came of it?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what came of it.")},
    )
