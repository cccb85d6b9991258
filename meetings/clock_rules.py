"""The company's calendar rules: what is due how long before or after a meeting, and when people are reminded.

The rows are the company's to change; these are the values a new company starts with.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from meetings.models import ClockRule, Meeting

HOUR, DAY = 3600, 86_400
# A figure may move this far against the period before without a written cause; 0.2 is 20 %.
TOLERANCE = Decimal("0.2")

STANDARD: dict[str, dict[str, Any]] = {
    ClockRule.Kind.PREREAD: {
        "name_en": "Pre-read",
        "name_zh": "预读材料",
        "anchor": ClockRule.Anchor.MEETING_START,
        # How many days before stands in the template.
        "reminders": [-3 * DAY, -1 * DAY],
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


def rule(kind: str) -> ClockRule:
    """The company's row for this kind; made from the standard values the first time it is asked for."""
    return ClockRule.objects.get_or_create(kind=kind, defaults=STANDARD[kind])[0]


def after_meeting() -> list[ClockRule]:
    """The rules measured from a meeting's end."""
    rules = [rule(kind) for kind in STANDARD]
    return [one for one in rules if one.anchor == ClockRule.Anchor.MEETING_END]


def preread_due_at(meeting: Meeting) -> datetime:
    """When pre-reads are due: what the host set, else so many days before at the same time on the meeting's clock.

    Days are counted on the wall clock of the meeting's zone, so a change to summer time in between moves nothing.
    """
    if meeting.preread_due_at:
        return meeting.preread_due_at
    start = meeting.starts_at.astimezone(meeting.zone)
    days = timedelta(days=meeting.template.preread_lead_days)
    return (start.replace(tzinfo=None) - days).replace(tzinfo=meeting.zone)


def due_after(rule: ClockRule, meeting: Meeting, ended_at: datetime) -> datetime:
    """The instant a duty is due. Hours are absolute: 24 h are 24 h, across a change of the clocks too."""
    if rule.offset is None:
        return ended_at + timedelta(hours=meeting.template.plan_due_hours)
    return ended_at + rule.offset
