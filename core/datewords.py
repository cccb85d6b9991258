"""Days and times as people say them in a sentence, Chinese and English: "+24h", "下周二 18:00", "next Tuesday 6pm".

`find` reads the last one in a text; what is not said is not guessed: a day without a time has none. Weeks begin on
Monday. "周五" and "Friday" are the next one that comes, today included while its hour is still ahead; "下周五" and
"next Friday" are of the week after this one, whatever today is; "12-05" is the next one that comes.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.workdays import Workdays

# Until when a day without a time counts as still ahead.
DAY_ENDS = time(18, 0)
MOST_DAYS = 3660

_ZH_NUMBERS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_ZH_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_EN_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EN_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NEAR = {"今": 0, "明": 1, "后": 2, "大后": 3}

_NUMBER = r"(?P<{0}>\d{{1,3}}|[一二两三四五六七八九十])"
_MONTH_NAME = r"(?P<{0}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b\.?"
_WORKDAYS = r"(?:工作日|workdays?|working\s+days?|business\s+days?|wd)"
_CLOCK = (
    r"(?:\s*(?:at\s+)?(?P<half>上午|早上|中午|下午|晚上|傍晚|凌晨)?\s*"
    r"(?:(?P<hour>\d{1,2})[:：](?P<minute>\d{2})\s*(?P<ampm>am|pm)?(?![\d:：])"
    r"|(?P<hour2>\d{1,2})\s*(?:点|时)(?P<half_hour>半)?(?:(?P<minute2>\d{1,2})分?)?"
    r"|(?P<hour3>\d{1,2})\s*(?P<ampm3>am|pm)\b))"
)
_BEFORE = r"(?:(?:\b(?:by|until|till|before|on|due|within)\s+)|截至|截止到?|到)?"
_AFTER = r"(?:\s*(?:之前|以前|前))?"
# A number with a unit behind it is an amount and no day: 10-15%, 10-15 个.
_NO_AMOUNT = r"(?!\s*[%％‰个件台单款元万千百亿天人次名kK$€])(?![\d\-/.])"
_DAYS: tuple[tuple[str, str], ...] = (
    ("workdays", r"(?:\+|in\s+|within\s+)?" + _NUMBER + r"\s*个?\s*" + _WORKDAYS + r"(?:之?[后内])?"),
    ("plus", r"\+\s*" + _NUMBER + r"\s*个?\s*(?P<{1}>天|日|周|星期|月|days?|d|weeks?|w|months?)(?![a-z])"),
    ("later", _NUMBER + r"\s*个?\s*(?P<{1}>天|周|星期|月)之?[后内]"),
    ("within", r"(?:in|within)\s+" + _NUMBER + r"\s*(?P<{1}>days?|weeks?|months?)\b"),
    ("zh_near", r"(?P<{0}>大后|[今明后])[天日晚]"),
    ("en_near", r"\b(?P<{0}>today|tomorrow|the\s+day\s+after\s+tomorrow|day\s+after\s+tomorrow)\b"),
    ("zh_week", r"(?P<{0}>本|这个?|下下个?|下个?)?\s*(?:周|星期|礼拜)(?P<{1}>[一二三四五六日天])"),
    ("en_week", r"\b(?P<{0}>this\s+|next\s+)?(?P<{1}>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|satur|sat|sun)(?:day)?\b"),
    ("iso", r"(?<![\d\-/])(?P<{0}>20\d\d)[-/年](?P<{1}>\d{{1,2}})[-/月](?P<{2}>\d{{1,2}})[日号]?(?![\d\-/])"),
    ("zh_date", r"(?<!\d)(?P<{0}>\d{{1,2}})月(?P<{1}>\d{{1,2}})[日号]?"),
    ("zh_month_day", r"(?P<{0}>本|这个?|下个?)月(?P<{1}>\d{{1,2}})[日号]"),
    ("zh_day", r"(?<!\d)(?P<{0}>\d{{1,2}})号"),
    ("month_end", r"(?P<{0}>本|这个?|下个?)?月[底末]|\b(?:the\s+)?end\s+of\s+(?P<{1}>this|the|next)\s+month\b"),
    ("year_end", r"年[底末]|\b(?:the\s+)?end\s+of\s+(?:this|the)\s+year\b"),
    ("month_first", r"\b" + _MONTH_NAME + r"\s+(?P<{1}>\d{{1,2}})(?:st|nd|rd|th)?\b"),
    ("day_first", r"(?<!\d)(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?\s+" + _MONTH_NAME.replace("{0}", "{1}")),
    ("month_day", r"(?<![\d\-/.$€¥A-Za-z])(?P<{0}>\d{{2}})[-/](?P<{1}>\d{{2}})" + _NO_AMOUNT),
)  # fmt: skip
_HOURS = re.compile(
    _BEFORE + r"(?:\+\s*(\d{1,4})\s*(?:h|hours?|个?小时)(?![a-z])|(\d{1,4})\s*个?小时之?[后内]"
    r"|(?:in|within)\s+(\d{1,4})\s*(?:h|hours?)\b)" + _AFTER,
    re.IGNORECASE,
)


def _compiled(name: str, pattern: str) -> str:
    return f"(?P<{name}>{pattern.format(f'{name}_a', f'{name}_b', f'{name}_c')})"


_DAY = re.compile(
    _BEFORE
    + "(?:"
    + "|".join(_compiled(name, pattern) for name, pattern in _DAYS)
    + ")"
    + _AFTER
    + f"(?:{_CLOCK})?"
    + _AFTER,
    re.IGNORECASE,
)
_CLOCK_ALONE = re.compile(_BEFORE + _CLOCK + _AFTER, re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a text says of a day. `at` is an instant (UTC) where hours were counted; `start`, `end`: where it stands;
    `in_workdays`: workdays were counted."""

    day: date
    clock: time | None
    start: int
    end: int
    at: datetime | None = None
    in_workdays: bool = False


def find(text: str, *, now: datetime, zone: ZoneInfo, workdays: Workdays | None = None) -> Said | None:
    """The last day or time that a text names, seen from `now` in `zone`; None where it names none.

    `workdays` says which days are worked; without it weekends are free and nothing else.
    """
    here = now.astimezone(zone)
    found = [_in_hours(match, now, zone) for match in _HOURS.finditer(text)]
    found += [said for match in _DAY.finditer(text) if (said := _day(match, here, workdays or Workdays("")))]
    if not found:
        found = [said for match in _CLOCK_ALONE.finditer(text) if (said := _today(match, here))]
    return max(found, key=lambda said: said.end, default=None)


def without(text: str, said: Said | None) -> str:
    """The text with the words for the day taken out."""
    if said is None:
        return text
    rest = f"{text[: said.start].rstrip()} {text[said.end :].lstrip()}"
    return rest.strip(" ,，、；;")


# --- hours and times -------------------------------------------------------------------------------------------
def _in_hours(match: re.Match[str], now: datetime, zone: ZoneInfo) -> Said:
    hours = int(next(group for group in match.groups() if group))
    at = (now.astimezone(UTC) + timedelta(hours=hours)).replace(second=0, microsecond=0)
    local = at.astimezone(zone)
    return Said(day=local.date(), clock=local.time(), at=at, start=match.start(), end=match.end())


def _clock(match: re.Match[str]) -> time | None:
    """The time beside a day; None where there is none, or one that no clock shows."""
    part = match.groupdict()
    hour = next((int(part[name]) for name in ("hour", "hour2", "hour3") if part[name]), None)
    if hour is None:
        return None
    minute = 30 if part["half_hour"] else int(part["minute"] or part["minute2"] or 0)
    afternoon = (part["ampm"] or part["ampm3"] or "").lower()
    if (afternoon == "pm" or part["half"] in ("下午", "晚上", "傍晚", "中午")) and hour < 12:
        hour += 12 if part["half"] != "中午" or hour < 10 else 0
    elif (afternoon == "am" or part["half"] == "凌晨") and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _today(match: re.Match[str], here: datetime) -> Said | None:
    clock = _clock(match)
    if clock is None:
        return None
    day = here.date() if clock > here.time() else here.date() + timedelta(days=1)
    return Said(day=day, clock=clock, start=match.start(), end=match.end())


# --- days ------------------------------------------------------------------------------------------------------
def _day(match: re.Match[str], here: datetime, workdays: Workdays) -> Said | None:
    name = next(name for name, _pattern in _DAYS if match.group(name))
    values = [match.groupdict().get(f"{name}_{letter}") for letter in "abc"]
    clock = _clock(match)
    try:
        day = _READ[name](values, here, clock, workdays)
    except (ValueError, OverflowError):  # 31 November, a year that is too far away
        return None
    # 今晚8点 is in the evening.
    if name == "zh_near" and clock and clock.hour < 12 and "晚" in match.group(name):
        clock = clock.replace(hour=clock.hour + 12)
    return Said(day=day, clock=clock, start=match.start(), end=match.end(), in_workdays=name == "workdays")


Values = list[str | None]


def _count(word: str | None) -> int:
    number = _ZH_NUMBERS.get(word or "") or int(word or 0)
    if number > MOST_DAYS:
        raise ValueError(number)
    return number


def _workdays(values: Values, here: datetime, _clock: time | None, workdays: Workdays) -> date:
    return workdays.add(here.date(), _count(values[0]))


def _later(values: Values, here: datetime, _clock: time | None, _workdays: Workdays) -> date:
    count, unit = _count(values[0]), (values[1] or "").lower()
    if unit[0] in ("月", "m"):
        return _months(here.date(), count)
    return here.date() + timedelta(days=count * (7 if unit[0] in "周星w" else 1))


def _months(day: date, count: int, wanted: int | None = None) -> date:
    """So many months later; the same day, or the last one where the month is shorter. `wanted`: that day exactly."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if wanted is not None:
        return date(year, month + 1, wanted)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _near(values: Values, here: datetime, _clock: time | None, _workdays: Workdays) -> date:
    word = (values[0] or "").lower()
    if word in _NEAR:
        return here.date() + timedelta(days=_NEAR[word])
    return here.date() + timedelta(days=0 if word == "today" else 1 if word == "tomorrow" else 2)


def _week(values: Values, here: datetime, clock: time | None, _workdays: Workdays) -> date:
    which, name = (values[0] or "").strip().lower(), (values[1] or "").lower()
    weekday = _ZH_DAYS[name] if name in _ZH_DAYS else _EN_DAYS.index(name[:3])
    monday = here.date() - timedelta(days=here.weekday())
    weeks = 2 if which.startswith("下下") else 1 if which.startswith(("下", "next")) else 0
    day = monday + timedelta(days=weekday, weeks=weeks)
    is_past = day < here.date() or (day == here.date() and here.time() >= (clock or DAY_ENDS))
    return day + timedelta(weeks=1) if not which and is_past else day


def _coming(month: int, day: int, here: datetime) -> date:
    """The next such day, today included."""
    for year in range(here.year, here.year + 9):
        if day > monthrange(year, month)[1]:
            if (month, day) != (2, 29):
                raise ValueError(day)
            continue
        found = date(year, month, day)
        if found >= here.date():
            return found
    raise ValueError(day)


def _month(word: str | None) -> int:
    number = int(word) if word and word.isdecimal() else _EN_MONTHS.index((word or "")[:3].lower()) + 1
    if not 1 <= number <= 12:
        raise ValueError(word)
    return number


def _month_day(values: Values, here: datetime, _clock: time | None, _workdays: Workdays) -> date:
    return _coming(_month(values[0]), int(values[1] or 0), here)


def _day_month(values: Values, here: datetime, _clock: time | None, _workdays: Workdays) -> date:
    return _coming(_month(values[1]), int(values[0] or 0), here)


def _whole(values: Values, _here: datetime, _clock: time | None, _workdays: Workdays) -> date:
    return date(*(int(value or 0) for value in values))


def _day_of_month(values: Values, here: datetime, _clock: time | None, _workdays: Workdays) -> date:
    if values[1] is not None:  # 下月5号
        return _months(here.date(), 1 if (values[0] or "").startswith("下") else 0, int(values[1]))
    day = int(values[0] or 0)
    return _months(here.date(), 0 if day >= here.day else 1, day)


def _month_end(values: Values, here: datetime, _clock: time | None, _workdays: Workdays) -> date:
    which = (values[0] or values[1] or "").lower()
    first = _months(here.date(), 1 if which.startswith(("下", "next")) else 0, 1)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _year_end(_values: Values, here: datetime, _clock: time | None, _workdays: Workdays) -> date:
    return date(here.year, 12, 31)


_READ: dict[str, Callable[[Values, datetime, time | None, Workdays], date]] = {
    "workdays": _workdays,
    "plus": _later,
    "later": _later,
    "within": _later,
    "zh_near": _near,
    "en_near": _near,
    "zh_week": _week,
    "en_week": _week,
    "iso": _whole,
    "zh_date": _month_day,
    "zh_month_day": _day_of_month,
    "zh_day": _day_of_month,
    "month_end": _month_end,
    "year_end": _year_end,
    "month_first": _month_day,
    "day_first": _day_month,
    "month_day": _month_day,
}
