"""How often a meeting comes back, in plain choices; the rule is built from them and nobody types one."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core import workdays
from core.templatetags.times import day_words
from meetings.forms.schedule import zone_choices
from meetings.models import Meeting, Series
from meetings.recurrence import MON_TO_FRI, QUARTER_ENDS, BadRuleError, Rhythm, Rule, describe
from meetings.services.series import Change, Terms

USUAL, WEEKLY, BY_WEEKDAY, BY_DAY = "usual", "weekly", "by_weekday", "by_day"
QUARTER_WORKDAY, QUARTER_WEEKDAY, YEARLY = "quarter_workday", "quarter_weekday", "yearly"
RHYTHMS = [
    (WEEKLY, gettext_lazy("Every so many weeks")),
    (BY_WEEKDAY, gettext_lazy("Every month, on a weekday")),
    (BY_DAY, gettext_lazy("Every month, on a day")),
    (QUARTER_WORKDAY, gettext_lazy("At the end of the quarter, last day from Monday to Friday")),
    (QUARTER_WEEKDAY, gettext_lazy("At the end of the quarter, on a weekday")),
    (YEARLY, gettext_lazy("Every year")),
]
LAST = -1


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(label=gettext_lazy("How often?"), widget=forms.RadioSelect)
    interval = forms.TypedChoiceField(label=gettext_lazy("Weeks"), coerce=int, required=False, empty_value=1)
    nth = forms.TypedChoiceField(label=gettext_lazy("Which one"), coerce=int, required=False, empty_value=1)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), coerce=int, required=False, empty_value=0)
    month_day = forms.TypedChoiceField(
        label=gettext_lazy("Day of the month"), coerce=int, required=False, empty_value=1
    )
    month = forms.TypedChoiceField(label=gettext_lazy("Month"), coerce=int, required=False, empty_value=1)
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: until somebody ends the series."),
        error_messages={"invalid": gettext_lazy("Write the day as year-month-day, for example 2026-11-24.")},
    )
    holiday_region = forms.ChoiceField(label=gettext_lazy("Holidays of"), required=False)
    on_holiday = forms.ChoiceField(
        label=gettext_lazy("When a date is no workday"),
        choices=Series.Holiday,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, usual: Rule | None = None, region: str = "CN", **kwargs: Any) -> None:
        """`usual` is offered first, in its own words: the type's rhythm, or the one the series has now."""
        super().__init__(*args, **kwargs)
        self.usual = usual
        own = [(USUAL, describe(usual))] if usual else []
        self._offer("rhythm", [*own, *RHYTHMS])
        self._offer("interval", [(n, _weeks(n)) for n in range(1, 9)])
        self._offer("nth", _NTH)
        self._offer("weekday", [(n, date_format(date(2024, 1, n + 1), "l")) for n in range(7)])
        self._offer("month_day", [*((n, str(n)) for n in range(1, 32)), (LAST, _("the last day"))])
        self._offer(
            "month",
            [
                (n, date_format(date(2024, n, 1), pgettext("date format of a month alone", "F")))
                for n in range(1, 13)
            ],
        )
        regions = [(code, str(name)) for code, name in workdays.REGIONS.items()]
        if region and region not in workdays.REGIONS:
            regions.append((region, region))
        self._offer("holiday_region", [*regions, ("", _("weekends only"))])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "rhythm" in data and not {"interval", "nth", "weekday", "month_day", "month"} - data.keys():
            try:
                data["rule"] = self._rule(data)
                data["rule"].check()
            except BadRuleError as problem:
                self.add_error("rhythm", str(problem))
        return data

    def _rule(self, data: dict[str, Any]) -> Rule:
        weekday, month_day = data["weekday"], data["month_day"]
        match data["rhythm"]:
            case "usual" if self.usual:
                return self.usual
            case "weekly":
                return Rule(freq="WEEKLY", interval=data["interval"], weekdays=((0, weekday),))
            case "by_weekday":
                return Rule(freq="MONTHLY", weekdays=((data["nth"], weekday),))
            case "by_day":
                return Rule(freq="MONTHLY", month_days=(month_day,))
            case "quarter_workday":
                return Rule(freq="MONTHLY", months=QUARTER_ENDS, weekdays=MON_TO_FRI, position=-1)
            case "quarter_weekday":
                return Rule(freq="MONTHLY", months=QUARTER_ENDS, weekdays=((data["nth"], weekday),))
        return Rule(freq="YEARLY", months=(data["month"],), month_days=(month_day,))

    @property
    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            rule=data["rule"],
            ends_on=data["ends_on"],
            holiday_region=data["holiday_region"],
            on_holiday=data["on_holiday"],
        )


_NTH = [
    (1, pgettext_lazy("weekday of a month", "first")),
    (2, pgettext_lazy("weekday of a month", "second")),
    (3, pgettext_lazy("weekday of a month", "third")),
    (4, pgettext_lazy("weekday of a month", "fourth")),
    (LAST, pgettext_lazy("weekday of a month", "last")),
]


def _weeks(number: int) -> str:
    if number == 1:
        return _("every week")
    if number == 2:
        return _("every second week")
    return _("every %(count)d weeks") % {"count": number}


def beginning(meeting: Meeting) -> dict[str, Any]:
    """The first values for a meeting that is to be repeated: the type's rhythm where the meeting's day fits it."""
    day = meeting.starts_at.astimezone(meeting.zone).date()
    usual = usual_rule(meeting)
    return {
        "rhythm": _like(usual, day),
        "interval": 1,
        "nth": min((day.day + 6) // 7, 4),
        "weekday": day.weekday(),
        "month_day": day.day,
        "month": day.month,
        "holiday_region": "CN",
        "on_holiday": Series.Holiday.NEXT,
    }


def _like(usual: Rule | None, day: date) -> str:
    """The choice to begin with: the type's own rhythm where the day is one of its dates, else the nearest kind."""
    if usual is None or usual.freq == "WEEKLY":
        return USUAL if usual and usual.has(day, usual.anchor(day)) else WEEKLY
    if usual.has(day, usual.anchor(day)):
        return USUAL
    return YEARLY if usual.freq == "YEARLY" else BY_WEEKDAY


def usual_rule(meeting: Meeting) -> Rule | None:
    text = meeting.template.usual_rule
    return Rule.parse(text) if text else None


class SeriesForm(RhythmForm):
    """All that can be changed of a series, from one of its dates on."""

    first = forms.ChoiceField(label=gettext_lazy("From which date on?"), required=False)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give the meeting a title.")},
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
        min_value=5,
        max_value=1440,
        error_messages={
            "required": gettext_lazy("Say how many minutes the meeting lasts."),
            "invalid": gettext_lazy("Write the length as whole minutes, for example 240."),
            "min_value": gettext_lazy("A meeting lasts from 5 minutes to 24 hours (1440 minutes)."),
            "max_value": gettext_lazy("A meeting lasts from 5 minutes to 24 hours (1440 minutes)."),
        },
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    location = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    online_url = forms.URLField(
        label=gettext_lazy("Link to join"),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Write the whole link, beginning with https://.")},
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why the change?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Goes to everybody when date, length or place change."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, series: Series, planned: list[Meeting], **kwargs: Any) -> None:
        rule = Rule.parse(series.rule)
        day = (
            planned[0].occurs_at.astimezone(series.zone).date()
            if planned and planned[0].occurs_at
            else series.starts_on
        )
        initial = {
            "rhythm": USUAL,
            "interval": rule.interval,
            "nth": rule.weekdays[0][0] or 1 if rule.weekdays else 1,
            "weekday": rule.weekdays[0][1] if rule.weekdays else day.weekday(),
            "month_day": rule.month_days[0] if rule.month_days else day.day,
            "month": rule.months[0] if rule.months else day.month,
            "time": series.starts_at,
            **{
                name: getattr(series, name)
                for name in (
                    "ends_on",
                    "holiday_region",
                    "on_holiday",
                    "title",
                    "planned_minutes",
                    "time_zone",
                    "location",
                    "online_url",
                    "revision",
                )
            },
        }
        super().__init__(*args, usual=rule, region=series.holiday_region, initial=initial, **kwargs)
        self.series, self.planned = series, planned
        self._offer(
            "first",
            [(one.pk, day_words(one.starts_at.astimezone(series.zone))) for one in planned],
        )
        self._offer("time_zone", zone_choices(series.time_zone))
        self.fields["rhythm"].label = _("How often?")

    @property
    def change(self) -> Change:
        data = self.cleaned_data
        return Change(
            rule=data["rule"],
            ends_on=data["ends_on"],
            holiday_region=data["holiday_region"],
            on_holiday=data["on_holiday"],
            title=data["title"],
            starts_at=data["time"],
            time_zone=data["time_zone"],
            planned_minutes=data["planned_minutes"],
            location=data["location"],
            online_url=data["online_url"],
        )

    @property
    def first_meeting(self) -> Meeting | None:
        chosen = self.cleaned_data.get("first")
        return next((one for one in self.planned if str(one.pk) == chosen), None)

    def rhythm(self, now: datetime) -> Rhythm:
        """The rhythm that the form describes, for the preview. Raises BadRuleError."""
        data = self.cleaned_data
        first = self.first_meeting
        moment = first.occurs_at if first and first.occurs_at else now
        day = moment.astimezone(self.series.zone).date()
        same = str(data["rule"]) == self.series.rule
        start = self.series.starts_on if same else data["rule"].anchor(day, data["ends_on"])
        return Rhythm(
            rule=data["rule"],
            start=start,
            clock=data["time"],
            zone=ZoneInfo(data["time_zone"]),
            last=data["ends_on"],
            on_holiday=data["on_holiday"],
        )
