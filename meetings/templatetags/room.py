"""The room's clock as digits: `{% load room %}{{ remaining|clock_digits }}` gives 12:05, −0:30, 1:02:03."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template

register = template.Library()


@register.filter
def clock_digits(length: timedelta | None) -> str:
    if length is None:
        return "—"
    seconds = int(abs(length).total_seconds())
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    sign = "\N{MINUS SIGN}" if length < timedelta() and (hours or minutes or seconds) else ""
    return f"{sign}{hours}:{minutes:02}:{seconds:02}" if hours else f"{sign}{minutes}:{seconds:02}"


@register.filter
def whole_minutes(length: timedelta | None) -> str:
    """A length as whole minutes, for columns of planned and taken time."""
    return "—" if length is None else str(round(length.total_seconds() / 60))


@register.filter
def clock_in(moment: datetime | None, zone: str) -> str:
    """The hour in a meeting's own zone, for the screen in its room."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}" if moment else "—"
