"""How long people really sat in meetings, by department: what the attendance says, within the meeting's own time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from meetings.models import Attendance, Meeting, Participant
from people.models import Membership


@dataclass(slots=True)
class Sat:
    """Person-hours of one department (None: people without one), and who they were."""

    hours: Decimal = Decimal(0)
    people: set[int] = field(default_factory=set)


def attended(meetings: Sequence[Meeting]) -> dict[int, dict[int | None, Sat]]:
    """By meeting and department, for meetings that ended with their attendance taken; the others are left out.

    One query, none when there is no such meeting. Somebody counts for the department they spoke for, else for the
    first one they joined.
    """
    taken = {
        one.pk: one for one in meetings if one.status == Meeting.Status.ENDED and one.attendance_taken_at
    }
    found: dict[int, dict[int | None, Sat]] = {pk: defaultdict(Sat) for pk in taken}
    for row, department in _rows(taken) if taken else []:
        meeting = taken[row.meeting_id]
        assert meeting.started_at is not None
        assert meeting.ended_at is not None
        begin, end = (
            max(row.arrived_at, meeting.started_at),
            min(row.left_at or meeting.ended_at, meeting.ended_at),
        )
        if begin >= end:
            continue
        sat = found[row.meeting_id][department]
        sat.hours += Decimal(round((end - begin).total_seconds())) / 3600
        sat.people.add(row.user_id)
    return found


def _rows(taken: dict[int, Meeting]) -> list[tuple[Attendance, int | None]]:
    spoke_for = Participant.objects.filter(meeting=OuterRef("meeting"), user=OuterRef("user"))
    joined = Membership.objects.filter(user=OuterRef("user")).order_by("pk")
    rows = Attendance.objects.filter(meeting__in=taken).annotate(
        of=Coalesce(
            Subquery(spoke_for.values("department")[:1]),
            Subquery(joined.values("department")[:1]),
            output_field=BigIntegerField(),
        )
    )
    return [(row, row.of) for row in rows]  # type: ignore[attr-defined]
