"""Fields that several forms of an action share: people, days, times, zones."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions.deadlines import REGION, Deadline, as_said, read, resolve
from core import zones
from core.datewords import Said
from core.workdays import Workdays
from people import queries as people_queries

NOT_HERE = _("Choose somebody from the list: only people who work here now can be given this.")


class PersonField(forms.ModelChoiceField):
    """Somebody who works here now, by name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", people_queries.colleagues())
        kwargs.setdefault("error_messages", {"invalid_choice": NOT_HERE})
        super().__init__(**kwargs)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class DeadlineFields(forms.Form):
    """A day in words or from a calendar, perhaps a time, and the zone they are read in.

    `note`: what the change of clocks did to it.
    """

    note = ""
    # What is said when no day is given; "" where there need not be one.
    missing: str | Promise = ""
    # What the words say, once they are understood.
    said: Said | None = None

    due_words = forms.CharField(
        label=_("Deadline"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("+24h, +3 workdays, next Tuesday 18:00")}
        ),
    )
    due_date = forms.DateField(label=_("or the day"), required=False, widget=DateInput)
    due_time = forms.TimeField(label=_("Time (empty: 18:00)"), required=False, widget=TimeInput)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def offer_zones(self, *preferred: str) -> None:
        """The usual cities, and the reader's zone even when it is none of them; the first one given is chosen."""
        choices = dict(zones.choices())
        for name in preferred:
            choices.setdefault(name, zones.city(name) or name)
        self.fields["time_zone"].choices = list(choices.items())
        self.fields["time_zone"].initial = preferred[0]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if words := (told.get("due_words") or "").strip():
            workdays = Workdays(REGION)
            try:
                self.said = read(words, now=timezone.now(), zone=self.zone, workdays=workdays)
            except ValueError as error:
                self.add_error("due_words", str(error))
        elif self.missing and not told.get("due_date") and not self.errors.get("due_date"):
            self.add_error("due_words", str(self.missing))
        return told

    @property
    def zone(self) -> str:
        """The zone that was chosen, else the first one offered."""
        return self.cleaned_data.get("time_zone") or self.fields["time_zone"].initial

    def deadline(self) -> Deadline | None:
        """The instant; None when no day was given. Words come before the day. Only after validation."""
        day, clock = self.cleaned_data.get("due_date"), self.cleaned_data.get("due_time")
        if self.said is not None:
            deadline = as_said(self.said, zone=self.zone, clock=clock)
        elif day is not None:
            deadline = resolve(day=day, clock=clock, zone=self.zone)
        else:
            return None
        assert deadline is not None
        self.note = deadline.note
        return deadline
