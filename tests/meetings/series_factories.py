"""A weekly series, what its planner may change, and the days that came of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from meetings.models import Meeting, Series
from meetings.recurrence import Rule
from meetings.services import series as services
from meetings.services.series import Change, Terms
from tests.meetings.factories import NOW, draft, template

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 12, 8, 10, 0, tzinfo=SHANGHAI)
WEEKLY = "FREQ=WEEKLY;BYDAY=TU"


def terms(rule: str = WEEKLY, **values) -> Terms:
    return Terms(rule=Rule.parse(rule), **values)


def weekly(**values) -> Series:
    values = {"template": template("weekly-operations"), "starts_at": TUESDAY, "title": "Weekly", **values}
    agreed = values.pop("terms", None) or terms()
    meeting = draft(**values)
    return services.start(meeting=meeting, terms=agreed, by=meeting.host, now=NOW)


def change(series: Series, **values) -> Change:
    return Change(
        **{
            "title": series.title,
            "rule": Rule.parse(series.rule),
            "starts_at": series.starts_at,
            "time_zone": series.time_zone,
            "planned_minutes": series.planned_minutes,
            "location": series.location,
            "online_url": series.online_url,
            "ends_on": series.ends_on,
            "holiday_region": series.holiday_region,
            "on_holiday": series.on_holiday,
            **values,
        }
    )


def days(series: Series, *states: str) -> list[str]:
    rows = series.meetings.filter(status__in=states or [Meeting.Status.SCHEDULED]).order_by("starts_at")
    return [f"{one.starts_at.astimezone(series.zone):%Y-%m-%d %H:%M}" for one in rows]
