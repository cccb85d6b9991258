"""The company's calendar rules: what is due how long before or after a meeting, and when people are reminded.

The rows are the company's to change; these are the values a new company starts with.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from meetings.models import ClockRule, Meeting, PreRead

HOUR, DAY = 3600, 86_400
# A figure may move this far against the period before without a written cause; 0.2 is 20 %.
TOLERANCE = Decimal("0.2")

# Before the deadline, beside "you can begin" when the window opens and the daily word once it is late.
PREREAD_REMINDERS = [-3 * DAY, -1 * DAY, -4 * HOUR]

# Loaded by a migration, whose tables know no other kinds: later rules stand below.
STANDARD: dict[str, dict[str, Any]] = {
    ClockRule.Kind.PREREAD: {
        "name_en": "Pre-read",
        "name_zh": "预读材料",
        "anchor": ClockRule.Anchor.MEETING_START,
        # How many days before stands in the template. The third is the reminder of the day itself.
        "reminders": PREREAD_REMINDERS,
    },
    ClockRule.Kind.ACTION_PLAN: {
        "name_en": "Action plan",
        "name_zh": "行动计划",
        "anchor": ClockRule.Anchor.MEETING_END,
        # How many hours after stands in the template.
        "reminders": [-12 * HOUR, -2 * HOUR],
    },
    ClockRule.Kind.BUDGET: {
        "name_en": "Budget adjustment",
        "name_zh": "预算调整方案",
        "anchor": ClockRule.Anchor.MEETING_END,
        "offset": timedelta(hours=48),
        "applies": ClockRule.Applies.BUDGET_DECISION,
        "department_code": "finance",
        "reminders": [-24 * HOUR, -4 * HOUR],
    },
}

RULES: dict[str, dict[str, Any]] = {
    **STANDARD,
    ClockRule.Kind.MINUTES: {
        "name_en": "Minutes",
        "name_zh": "会议纪要",
        "anchor": ClockRule.Anchor.MEETING_END,
        # How many hours after stands in the template.
        "reminders": [-24 * HOUR, -4 * HOUR],
    },
    ClockRule.Kind.AGENDA: {
        "name_en": "Agenda",
        "name_zh": "会议议程",
        "anchor": ClockRule.Anchor.MEETING_START,
        # How many hours before stands in the template; it goes out by itself, so nobody is reminded.
    },
    ClockRule.Kind.INCIDENT: {
        "name_en": "Incident up the line",
        "name_zh": "突发事件上报",
        "anchor": ClockRule.Anchor.NOTICED,
        "offset": timedelta(hours=1),
    },
    ClockRule.Kind.SPECIAL: {
        "name_en": "Special adjustment meeting",
        "name_zh": "专项调整会",
        "anchor": ClockRule.Anchor.DEVIATION,
        "offset": timedelta(days=15),
        "reminders": [-7 * DAY, -3 * DAY, -1 * DAY],
    },
    ClockRule.Kind.PROGRESS: {
        "name_en": "Progress meeting",
        "name_zh": "双周进度会",
        "anchor": ClockRule.Anchor.LAST_MEETING,
        "offset": timedelta(days=14),
        "reminders": [-3 * DAY],
    },
    ClockRule.Kind.KR_REVIEW: {
        "name_en": "Review of key results",
        "name_zh": "季度KR重置",
        "anchor": ClockRule.Anchor.QUARTER_END,
        "offset": timedelta(0),
        "reminders": [-14 * DAY, -7 * DAY, -1 * DAY],
    },
}


def rule(kind: str) -> ClockRule:
    """The company's row for this kind; made from the standard values the first time it is asked for."""
    return ClockRule.objects.get_or_create(kind=kind, defaults=RULES[kind])[0]


def reminders_of(kind: str) -> list[timedelta]:
    """When people are reminded of a duty, relative to its instant; not at all once its own rule has been removed."""
    if kind in RULES:
        return rule(kind).reminder_offsets
    found = ClockRule.objects.filter(kind=kind).first()
    return found.reminder_offsets if found else []


def complete() -> None:
    """Make the standard rules that nobody has asked for yet."""
    known = set(ClockRule.objects.filter(kind__in=RULES).values_list("kind", flat=True))
    for kind in RULES.keys() - known:
        rule(kind)


def after_meeting() -> list[ClockRule]:
    """The rules measured from a meeting's end."""
    complete()
    return list(ClockRule.objects.filter(anchor=ClockRule.Anchor.MEETING_END).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Window:
    """When pre-reads open, are due, and may be corrected for the last time; aware instants, in this order.

    `is_squeezed`: the rule's own instant had passed when the meeting was sent, so half of the time left was given.
    """

    opens_at: datetime
    due_at: datetime
    corrections_until: datetime
    is_squeezed: bool = False


def preread_window(meeting: Meeting, *, since: datetime | None = None) -> Window:
    """The window of a meeting's pre-reads: what the host set, else what the template says.

    Days are counted on the wall clock of the meeting's zone, so a change to summer time in between moves nothing;
    the hours of the corrections are absolute. A meeting may be nearer than its window is long. `since` (default:
    when it was sent; now for a draft) is when the departments learn of it:

    - What would have opened before that opens then.
    - What would have been due before that is due when half of the time up to the start is over, rounded down to a
      quarter of an hour.
    - Corrections that would end before the pre-reads are due end halfway between that and the start.
    """
    since = since or meeting.scheduled_at or timezone.now()
    start = meeting.starts_at
    due_at, is_squeezed = meeting.preread_due_at, False
    if due_at is None:
        due_at = _days_before(meeting, meeting.template.preread_lead_days)
        if due_at <= since < start:
            due_at, is_squeezed = max(since, _quarter(since + (start - since) / 2)), True
    opens_at = meeting.preread_opens_at or max(
        since, _days_before(meeting, max(meeting.template.preread_open_days, 0))
    )
    corrections = meeting.corrections_until or start - timedelta(hours=meeting.template.correction_hours)
    if corrections <= due_at:
        corrections = max(due_at, due_at + (start - due_at) / 2)
    return Window(min(opens_at, due_at), due_at, corrections, is_squeezed)


def preread_due_at(meeting: Meeting) -> datetime:
    return preread_window(meeting).due_at


def window_of(preread: PreRead | None, meeting: Meeting, now: datetime) -> Window:
    """The window of one department (None: it is asked just now), given again when its meeting is sent or changed.

    Three things make it differ from the meeting's. A deadline of its own stays while it lies between the regular one
    and the start. A department that is asked after the regular deadline gets half of the time left. And a meeting
    moved so near that its regular deadline has passed takes away no time that was given: the old deadline stays
    while it lies before the start, else half of the time left is given.
    """
    regular = preread_window(meeting, since=meeting.scheduled_at or now)
    start = meeting.starts_at
    if preread is not None and preread.is_extended:
        return _with_own(regular, preread, start)
    if regular.due_at > now or meeting.preread_due_at or now >= start:
        return regular
    if preread is None or preread.due_at >= start:
        return preread_window(meeting, since=now)
    if preread.due_at > regular.due_at:
        return replace(
            regular,
            due_at=preread.due_at,
            corrections_until=max(regular.corrections_until, preread.due_at),
            is_squeezed=True,
        )
    return regular


def _with_own(regular: Window, preread: PreRead, start: datetime) -> Window:
    """The later of the regular and the department's own instants, where the own ones still lie before the start."""
    due_at = max(preread.due_at if preread.due_at <= start else regular.due_at, regular.due_at)
    own = preread.corrections_until
    corrections = max(own if own and own <= start else due_at, regular.corrections_until, due_at)
    opens_at = min(regular.opens_at, preread.opens_at or regular.opens_at)
    return Window(opens_at, due_at, corrections)


def _days_before(meeting: Meeting, days: int) -> datetime:
    start = meeting.starts_at.astimezone(meeting.zone)
    return (start.replace(tzinfo=None) - timedelta(days=days)).replace(tzinfo=meeting.zone)


def _quarter(moment: datetime) -> datetime:
    return moment - timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )


def due_after(rule: ClockRule, meeting: Meeting, ended_at: datetime) -> datetime:
    """The instant a duty is due. Hours are absolute: 24 h are 24 h, across a change of the clocks too."""
    if rule.offset is None and rule.kind == ClockRule.Kind.MINUTES:
        return ended_at + timedelta(hours=meeting.template.minutes_due_hours)
    if rule.offset is None:
        return ended_at + timedelta(hours=meeting.template.plan_due_hours)
    return ended_at + rule.offset
