"""Fields that several forms of an action share: people, days, times, zones."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.deadlines import Deadline, resolve
from core import zones
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
    """A day, perhaps a time, and the zone they are read in. `note`: what the change of clocks did to it."""

    note = ""

    due_date = forms.DateField(label=_("Deadline"), required=False, widget=DateInput)
    due_time = forms.TimeField(label=_("Time (empty: 18:00)"), required=False, widget=TimeInput)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def offer_zones(self, *preferred: str) -> None:
        """The usual cities, and the reader's zone even when it is none of them; the first one given is chosen."""
        choices = dict(zones.choices())
        for name in preferred:
            choices.setdefault(name, zones.city(name) or name)
        self.fields["time_zone"].choices = list(choices.items())
        self.fields["time_zone"].initial = preferred[0]

    def deadline(self) -> Deadline | None:
        """The instant; None when no day was given. Only after validation."""
        day = self.cleaned_data.get("due_date")
        if day is None:
            return None
        zone = self.cleaned_data.get("time_zone") or self.fields["time_zone"].initial
        deadline = resolve(day=day, clock=self.cleaned_data.get("due_time"), zone=zone)
        self.note = deadline.note
        return deadline
