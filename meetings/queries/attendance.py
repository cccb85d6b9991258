"""Who is in the room, who has been, who is missing; whether that makes a quorum and every required department."""

from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from django.db.models import prefetch_related_objects

from meetings.models import Attendance, Meeting, MeetingDepartment, Participant
from people.models import Department, User


@dataclass(slots=True)
class Person:
    """Somebody invited, or somebody who came without being named; stretches in the order of time."""

    user: User
    participant: Participant | None
    stretches: list[Attendance] = field(default_factory=list)

    @property
    def is_here(self) -> bool:
        return any(row.left_at is None for row in self.stretches)

    @property
    def has_come(self) -> bool:
        return bool(self.stretches)

    @property
    def is_expected(self) -> bool:
        """Counts for the quorum: invited, and not as an optional guest."""
        return self.participant is not None and self.participant.role != Participant.Role.OPTIONAL

    @property
    def came_at(self) -> datetime | None:
        return self.stretches[0].arrived_at if self.stretches else None

    @property
    def left_at(self) -> datetime | None:
        """When they left for good; None while they are here."""
        return None if self.is_here or not self.stretches else self.stretches[-1].left_at

    @property
    def departments(self) -> set[int]:
        """Whom they stand for: the department they speak for and those they belong to."""
        own = {row.department_id for row in self.user.memberships.all()}
        speaks_for = self.participant.department_id if self.participant else None
        return own | ({speaks_for} if speaks_for else set())


@dataclass(frozen=True, slots=True)
class DepartmentPresence:
    """An invited department: somebody of it is here now, or was here for a while."""

    department: Department
    is_required: bool
    is_here: bool
    has_come: bool


@dataclass(frozen=True, slots=True)
class Presence:
    people: list[Person]
    departments: list[DepartmentPresence]
    quorum_percent: int
    taken_at: datetime | None

    @property
    def here(self) -> list[Person]:
        return [one for one in self.people if one.is_here]

    @property
    def came(self) -> list[Person]:
        return [one for one in self.people if one.has_come]

    @property
    def expected(self) -> list[Person]:
        return [one for one in self.people if one.is_expected]

    @property
    def expected_here(self) -> int:
        return sum(one.is_here for one in self.expected)

    @property
    def absent(self) -> list[Person]:
        """Expected, and not there for a single minute."""
        return [one for one in self.expected if not one.has_come]

    @property
    def needed(self) -> int:
        """How many expected people make the quorum; 0 where there is none."""
        return ceil(self.quorum_percent * len(self.expected) / 100)

    @property
    def has_quorum(self) -> bool:
        return self.expected_here >= self.needed

    @property
    def missing(self) -> list[DepartmentPresence]:
        """Required departments of which nobody is here now."""
        return [one for one in self.departments if one.is_required and not one.is_here]

    @property
    def never_came(self) -> list[DepartmentPresence]:
        return [one for one in self.departments if one.is_required and not one.has_come]

    def of(self, user: User) -> Person | None:
        return next((one for one in self.people if one.user.pk == user.pk), None)


def presence(meeting: Meeting) -> Presence:
    """Invited people by name, then those who came uninvited. Four queries, however many people."""
    participants = list(meeting.participants.in_order())
    rows = list(meeting.attendances.select_related("user").order_by("arrived_at", "pk"))
    people = {row.user_id: Person(row.user, row) for row in participants}
    for row in rows:
        people.setdefault(row.user_id, Person(row.user, None)).stretches.append(row)
    found = list(people.values())
    prefetch_related_objects([one.user for one in found], "memberships")
    departments = meeting.departments.select_related("department").order_by("department__position", "pk")
    return Presence(
        people=found,
        departments=[_department(row, found) for row in departments],
        quorum_percent=meeting.quorum_percent,
        taken_at=meeting.attendance_taken_at,
    )


def _department(row: MeetingDepartment, people: list[Person]) -> DepartmentPresence:
    members = [one for one in people if row.department_id in one.departments]
    return DepartmentPresence(
        department=row.department,
        is_required=row.is_required,
        is_here=any(one.is_here for one in members),
        has_come=any(one.has_come for one in members),
    )
