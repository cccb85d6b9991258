"""Instants and lengths of time, the same on every page: `{% load times %}`.

    {% when meeting.starts_at %}                     Tue 24 Nov, 14:00 (Shanghai, UTC+8) · in 6 h
    {% when meeting.starts_at zone=meeting.time_zone relative=False %}
    {% when moment user %}                           in the zone of that person (mails)
    {% due action.due_at done=action.is_done %}      the same, red with the word "late" once it is late
    {{ moment|relative }}                            in 6 h, 2 d ago
    {{ minutes|duration }}  {{ delta|duration }}     4 h, 1 h 15 min, 3 d 4 h
    {{ moment|clock }}                               14:00

Without a zone the reader's own is used (see UserPreferencesMiddleware). Dates without an hour: `{{ date|day }}`.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, npgettext, pgettext, pgettext_lazy

from core.templatetags.ui import flag
from core.zones import city

register = template.Library()
register.filter("city", city)

MINUTE, HOUR, DAY = 60, 3600, 86400

# Our own, because Django writes them long in Chinese.
WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


def as_zone(zone: Any) -> dt.tzinfo:
    """A zone from a person, an IANA name or a tzinfo; the reader's own for None or an empty name."""
    zone = getattr(zone, "time_zone", zone)
    if isinstance(zone, str) and zone:
        return ZoneInfo(zone)
    return zone or timezone.get_current_timezone()


def zone_words(moment: dt.datetime) -> str:
    """`Shanghai, UTC+8` for an aware instant; the offset is the one of that day."""
    minutes = int((moment.utcoffset() or dt.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "\N{MINUS SIGN}" if minutes < 0 else "+"
    offset = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
    name = city(str(moment.tzinfo))
    return (
        pgettext("city, offset", "%(city)s, %(offset)s") % {"city": name, "offset": offset}
        if name
        else offset
    )


def moment_words(
    moment: dt.datetime, zone: Any = None, *, with_zone: bool = True, now: dt.datetime | None = None
) -> str:
    """An instant as text for pages, mails and calendars; the year only when it is not this one."""
    local = moment.astimezone(as_zone(zone))
    this_year = (now or timezone.now()).astimezone(local.tzinfo).year
    words = pgettext("day, hour", "%(day)s, %(hour)s") % {
        "day": day_words(local, this_year),
        "hour": date_format(local, "H:i"),
    }
    if not with_zone:
        return words
    return pgettext("time (zone)", "%(time)s (%(zone)s)") % {"time": words, "zone": zone_words(local)}


def day_words(day: dt.date, this_year: int | None = None) -> str:
    """`Tue 24 Nov`; with the year when it is not this one."""
    is_near = day.year == (this_year or timezone.localdate().year)
    pattern = pgettext("date format", "j M") if is_near else pgettext("date format", "j M Y")
    words = {"weekday": WEEKDAYS[day.weekday()], "date": date_format(day, pattern)}
    return pgettext("weekday and date", "%(weekday)s %(date)s") % words


def relative_words(moment: dt.datetime, now: dt.datetime) -> str:
    """How far away, in one unit: whole minutes below an hour, hours below two days, then days, weeks, months."""
    seconds = int((moment - now).total_seconds())
    size = abs(seconds)
    if size < MINUTE:
        return pgettext("relative time", "now") if seconds > 0 else pgettext("relative time", "just now")
    if size < HOUR:
        number, unit = size // MINUTE, "minutes"
    elif size < 2 * DAY:
        number, unit = size // HOUR, "hours"
    elif size < 14 * DAY:
        number, unit = size // DAY, "days"
    elif size < 60 * DAY:
        number, unit = size // (7 * DAY), "weeks"
    else:
        number, unit = size // (30 * DAY), "months"
    ahead = {
        "minutes": npgettext("relative time", "in %(n)d min", "in %(n)d min", number),
        "hours": npgettext("relative time", "in %(n)d h", "in %(n)d h", number),
        "days": npgettext("relative time", "in %(n)d day", "in %(n)d days", number),
        "weeks": npgettext("relative time", "in %(n)d week", "in %(n)d weeks", number),
        "months": npgettext("relative time", "in %(n)d month", "in %(n)d months", number),
    }
    ago = {
        "minutes": npgettext("relative time", "%(n)d min ago", "%(n)d min ago", number),
        "hours": npgettext("relative time", "%(n)d h ago", "%(n)d h ago", number),
        "days": npgettext("relative time", "%(n)d day ago", "%(n)d days ago", number),
        "weeks": npgettext("relative time", "%(n)d week ago", "%(n)d weeks ago", number),
        "months": npgettext("relative time", "%(n)d month ago", "%(n)d months ago", number),
    }
    return (ahead if seconds > 0 else ago)[unit] % {"n": number}


def duration_words(length: dt.timedelta | int | float) -> str:
    """A length in at most two units; a plain number means minutes."""
    seconds = length.total_seconds() if isinstance(length, dt.timedelta) else length * 60
    minutes = round(abs(seconds) / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(pgettext("length of time", "%(n)d d") % {"n": days})
    if hours:
        parts.append(pgettext("length of time", "%(n)d h") % {"n": hours})
    if (minutes and not days) or not parts:
        parts.append(pgettext("length of time", "%(n)d min") % {"n": minutes})
    return ("\N{MINUS SIGN}" if seconds < 0 else "") + "\N{NO-BREAK SPACE}".join(parts)


@register.simple_tag
def when(
    moment: dt.datetime | None,
    user: Any = None,
    *,
    zone: Any = None,
    relative: bool = True,
    short: bool = False,
) -> SafeString | str:
    """An instant with its zone and how far away it is; `short` leaves the zone to the title."""
    if moment is None:
        return "—"
    now = timezone.now()
    words = moment_words(moment, zone or user, now=now)
    shown = moment_words(moment, zone or user, with_zone=False, now=now) if short else words
    absolute = format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), words, shown)
    if not relative:
        return absolute
    return format_html(
        '<span class="when">{} <span class="when-rel">{}</span></span>', absolute, relative_words(moment, now)
    )


@register.simple_tag
def due(
    moment: dt.datetime | None, user: Any = None, *, done: bool = False, zone: Any = None
) -> SafeString | str:
    """A deadline: like `when`, short, and flagged late once it has passed and the thing is not done."""
    if moment is None:
        return "—"
    now = timezone.now()
    if done:
        return when(moment, user, zone=zone, relative=False, short=True)
    if moment < now:
        return format_html(
            "{} {}",
            flag("late", duration_words(now - moment)),
            when(moment, user, zone=zone, relative=False, short=True),
        )
    return when(moment, user, zone=zone, short=True)


@register.filter
def relative(moment: dt.datetime | None) -> str:
    return relative_words(moment, timezone.now()) if moment else "—"


@register.filter
def duration(length: dt.timedelta | int | float | None) -> str:
    return "—" if length is None else duration_words(length)


@register.filter
def clock(moment: dt.datetime | None) -> str:
    """The hour alone, in the reader's zone."""
    return date_format(timezone.localtime(moment), "H:i") if moment else "—"


@register.filter
def day(value: dt.date | None) -> str:
    return day_words(value) if value else gettext("no date")
