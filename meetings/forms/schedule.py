"""When, where, what about, and who: the form of a meeting without its agenda and departments."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import zones
from core.periods import Period
from core.templatetags.times import zone_words
from meetings import walltime
from meetings.forms import moments
from meetings.forms.moments import LABELS, WallTimeField
from meetings.forms.people import Colleagues, PeopleField, PersonField
from meetings.models import Participant
from people.models import User

OWN_PERIOD, NO_PERIOD = "own", "none"
# Beyond it a date is a slip of the hand, and time zones are guesses.
FARTHEST = timedelta(days=5 * 365)

# Field of the form → role; when somebody is chosen twice, the earlier one counts for presenters and members.
ROLE_FIELDS = {
    "host": Participant.Role.HOST,
    "deputy_hosts": Participant.Role.DEPUTY_HOST,
    "executives": Participant.Role.EXECUTIVE,
    "timekeeper": Participant.Role.TIMEKEEPER,
    "recorder": Participant.Role.RECORDER,
    "data_owners": Participant.Role.DATA_OWNER,
    "presenters": Participant.Role.PRESENTER,
    "members": Participant.Role.MEMBER,
    "optional": Participant.Role.OPTIONAL,
}
GIVING_WAY = ("presenters", "members", "optional")


def zone_choices(own: str = "") -> list[Any]:
    """Common zones by city first, then all others by their IANA name."""
    common = dict(zones.choices())
    if own and own not in common:
        common = {own: own, **common}
    rest = sorted(name for name in available_timezones() if "/" in name and name not in common)
    return [
        (_("Common"), [(name, f"{label} ({name})") for name, label in common.items()]),
        (_("All"), [("UTC", "UTC"), *((name, name) for name in rest)]),
    ]


class ScheduleForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give the meeting a title.")},
    )
    date = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the day of the meeting."),
            "invalid": gettext_lazy("Write the day as year-month-day, for example 2026-11-24."),
        },
    )
    time = forms.TimeField(
        label=gettext_lazy("Start"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Choose the time at which it begins."),
            "invalid": gettext_lazy("Write the time as hours:minutes, for example 14:00."),
        },
    )
    planned_minutes = forms.IntegerField(
        label=gettext_lazy("Length, minutes"),
        error_messages={
            "required": gettext_lazy("Say how many minutes the meeting lasts."),
            "invalid": gettext_lazy("Write the length as whole minutes, for example 240."),
        },
        widget=forms.NumberInput(attrs={"min": 5, "max": 1440, "step": 5}),
    )
    quorum_percent = forms.IntegerField(
        label=gettext_lazy("Quorum, %"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("Of the invited people, optional ones left out. Empty: no quorum."),
        error_messages={
            "invalid": gettext_lazy("Write the quorum as a whole number of percent, for example 60."),
            "min_value": gettext_lazy("The quorum is a share from 0 to 100 %."),
            "max_value": gettext_lazy("The quorum is a share from 0 to 100 %."),
        },
        widget=forms.NumberInput(attrs={"min": 0, "max": 100, "step": 5}),
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    fold = forms.ChoiceField(
        label=gettext_lazy("Which of the two?"), required=False, choices=(), widget=forms.RadioSelect
    )
    period = forms.ChoiceField(label=gettext_lazy("Period under review"))
    period_from = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    period_to = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    location = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    online_url = forms.URLField(
        label=gettext_lazy("Link to join"),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Write the whole link, beginning with https://.")},
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note to everybody"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    host = PersonField(
        label=gettext_lazy("Host"),
        error_messages={"required": gettext_lazy("Choose who runs the meeting.")},
    )
    deputy_hosts = PeopleField(label=gettext_lazy("Deputy hosts"))
    executives = PeopleField(label=gettext_lazy("Executives"))
    timekeeper = PersonField(label=gettext_lazy("Timekeeper"), required=False)
    recorder = PersonField(label=gettext_lazy("Recorder"), required=False)
    data_owners = PeopleField(label=gettext_lazy("Data owners"))
    presenters = PeopleField(
        label=gettext_lazy("Presenters"),
        help_text=gettext_lazy("Who speaks for a department or is named in the agenda is invited anyway."),
    )
    members = PeopleField(label=gettext_lazy("Other participants"))
    optional = PeopleField(label=gettext_lazy("Optional"))
    reason = forms.CharField(
        label=gettext_lazy("Why the change?"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Goes to everybody when date, length or place change."),
    )
    preread_opens_at = WallTimeField(label=LABELS["preread_opens_at"])
    preread_due_at = WallTimeField(label=LABELS["preread_due_at"])
    corrections_until = WallTimeField(label=LABELS["corrections_until"])
    freeze_at = WallTimeField(label=LABELS["freeze_at"])
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        colleagues: Colleagues,
        periods: list[tuple[str, str]],
        now: datetime,
        was: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        """`was` is the start that the meeting has already: it may stay although it has passed."""
        super().__init__(*args, **kwargs)
        self.now, self.was = now, was
        own_zone = self.data.get("time_zone") if self.is_bound else self.initial.get("time_zone", "")
        self.fields["time_zone"].choices = zone_choices(own_zone if own_zone in available_timezones() else "")
        self.fields["period"].choices = [
            *periods,
            (OWN_PERIOD, _("Other dates …")),
            (NO_PERIOD, _("No period")),
        ]
        for field in self.fields.values():
            if isinstance(field, PersonField | PeopleField):
                field.use(colleagues)
        self._offer_fold()

    # --- checks ---------------------------------------------------------------------------------------
    def clean_planned_minutes(self) -> int:
        minutes = self.cleaned_data["planned_minutes"]
        if minutes <= 0:
            raise forms.ValidationError(
                _("The meeting would end before it starts. Give a length of at least 5 minutes.")
            )
        if not 5 <= minutes <= 1440:
            raise forms.ValidationError(_("A meeting lasts from 5 minutes to 24 hours (1440 minutes)."))
        return minutes

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"date", "time", "time_zone"} <= data.keys():
            self._set_start(data)
        if "period" in data:
            self._set_period(data)
        self._check_nobody_twice(data)
        return data

    def _set_start(self, data: dict[str, Any]) -> None:
        fold = int(data["fold"]) if data.get("fold") else None
        zone = ZoneInfo(data["time_zone"])
        try:
            starts_at = walltime.instant(data["date"], data["time"], zone, fold)
            if self.was and starts_at == self.was.replace(second=0, microsecond=0):
                starts_at = self.was
        except walltime.NoSuchTime as gap:
            self.add_error(
                "time",
                _(
                    "%(time)s does not exist on this day in %(zone)s: the clocks go from %(before)s straight to "
                    "%(after)s. Choose %(after)s or later, or %(before)s or earlier."
                )
                % {
                    "time": date_format(data["time"], "H:i"),
                    "zone": zones.city(data["time_zone"]) or data["time_zone"],
                    "before": date_format(gap.before, "H:i"),
                    "after": date_format(gap.after, "H:i"),
                },
            )
        except walltime.TwoSuchTimes:
            self.add_error(
                "time",
                _(
                    "%(time)s comes twice on this day in %(zone)s, because the clocks are put back. "
                    "Choose below which of the two is meant."
                )
                % {
                    "time": date_format(data["time"], "H:i"),
                    "zone": zones.city(data["time_zone"]) or data["time_zone"],
                },
            )
        except OverflowError:
            self.add_error("date", _("This day lies outside the calendar. Choose another one."))
        else:
            if starts_at <= self.now and starts_at != self.was:
                self.add_error("date", _("This time has passed already. Choose a later date or time."))
            elif starts_at > self.now + FARTHEST:
                self.add_error("date", _("This day lies more than five years ahead. Choose an earlier one."))
            data["starts_at"] = starts_at
            for name, sentence in moments.wrong(data, starts_at, zone):
                self.add_error(name, sentence)

    def _set_period(self, data: dict[str, Any]) -> None:
        data["period_value"] = None
        if data["period"] == NO_PERIOD:
            return
        if data["period"] != OWN_PERIOD:
            data["period_value"] = Period.parse(data["period"])
            return
        first, last = data.get("period_from"), data.get("period_to")
        if not first or not last:
            missing = "period_from" if not first else "period_to"
            if missing not in self.errors:
                self.add_error(missing, _("Give the first and the last day of the period."))
        elif last < first:
            self.add_error("period_to", _("The period under review ends before it begins."))
        else:
            data["period_value"] = Period.parse(f"{first}..{last}")

    def _check_nobody_twice(self, data: dict[str, Any]) -> None:
        """One person, one role. Presenters, members and optional guests give way to any other role."""
        seen: dict[User, str] = {}
        for name, role in ROLE_FIELDS.items():
            for user in people_in(data, name):
                if user in seen and name not in GIVING_WAY:
                    self.add_error(
                        name,
                        _(
                            "%(name)s is chosen twice, as %(first)s and as %(second)s. "
                            "One person has one role here; the host may also record and keep the time."
                        )
                        % {
                            "name": user.name,
                            "first": ROLE_FIELDS[seen[user]].label,
                            "second": role.label,
                        },
                    )
                seen.setdefault(user, name)

    # --- the hour that comes twice --------------------------------------------------------------------
    def _offer_fold(self) -> None:
        """Ask which of two equal times is meant, where there are two; otherwise the field is not there."""
        try:
            day, clock, zone = self._typed_time()
            walltime.instant(day, clock, zone)
        except walltime.TwoSuchTimes as two:
            self.fields["fold"].choices = [
                ("0", _("the first, %(zone)s") % {"zone": zone_words(two.first)}),
                ("1", _("the second, %(zone)s") % {"zone": zone_words(two.second)}),
            ]
        except (walltime.NoSuchTime, forms.ValidationError, ValueError, KeyError, OSError, OverflowError):
            del self.fields["fold"]
        else:
            del self.fields["fold"]

    def _typed_time(self) -> tuple[Any, Any, ZoneInfo]:
        def value(name: str) -> Any:
            return self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)

        day = self.fields["date"].to_python(_or_error(value("date")))
        clock = self.fields["time"].to_python(_or_error(value("time")))
        return day, clock, ZoneInfo(str(value("time_zone")))


def _or_error(value: Any) -> Any:
    if not value:
        raise ValueError("nothing typed")
    return value


def people_in(data: dict[str, Any], name: str) -> list[User]:
    """Whoever was chosen in one of the role fields."""
    chosen = data.get(name)
    if not chosen:
        return []
    return [chosen] if isinstance(chosen, User) else list(chosen)


def roles_of(data: dict[str, Any]) -> dict[User, str]:
    """Person → role, the strongest one where somebody stands in two fields."""
    roles: dict[User, str] = {}
    for name, role in ROLE_FIELDS.items():
        for user in people_in(data, name):
            roles.setdefault(user, role)
    return roles


def next_full_hour(now: datetime, zone: ZoneInfo) -> datetime:
    return timezone.localtime(now, zone).replace(minute=0, second=0, microsecond=0)
