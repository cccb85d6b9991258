"""Where the pre-reads of a meeting's departments stand, for everybody who sees the meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from meetings.models import Meeting, PreRead
from meetings.queries import comments
from people.models import User


@dataclass(frozen=True, slots=True)
class Standing:
    """One department's line on the meeting's page: its state without its text, and whether the reader may open it."""

    preread: PreRead
    may_open: bool
    is_overdue: bool
    may_nudge: bool
    # Never submitted, or returned and not handed in again.
    is_owed: bool = False
    # Open questions that the reader may know of.
    questions: int = 0

    @property
    def is_in(self) -> bool:
        return self.preread.submitted_at is not None


@dataclass(frozen=True, slots=True)
class Board:
    """All departments of a meeting, with the numbers of the page's top line."""

    rows: list[Standing]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def submitted(self) -> int:
        return sum(row.is_in for row in self.rows)

    @property
    def missing(self) -> int:
        return self.total - self.submitted

    @property
    def returned(self) -> int:
        """Of those in: sent back by the data owner and not handed in anew."""
        return sum(row.preread.status == PreRead.Status.RETURNED for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(row.is_overdue for row in self.rows)

    @property
    def may_nudge(self) -> bool:
        """Somebody is missing who was not reminded just now."""
        return any(row.may_nudge for row in self.rows)


def board(meeting: Meeting, user: User, now: datetime) -> Board:
    """Where every department's pre-read of a meeting stands; a constant number of queries.

    The state is for all who see the meeting, the page behind it is not.
    """
    openable = Exists(PreRead.objects.visible_to(user).filter(pk=OuterRef("pk")))
    rows = list(meeting.prereads.select_related("department").annotate(may_open=openable).in_order())
    owed = _owed(meeting, rows)
    is_any_in = any(row.submitted_at for row in rows)
    questions = comments.open_questions(meeting, user) if is_any_in else {}
    return Board(
        [
            Standing(
                preread=row,
                may_open=row.may_open,
                is_overdue=row.is_overdue(now),
                may_nudge=row.pk in owed
                and (row.nudged_at is None or row.nudged_at <= now - PreRead.NUDGE_PAUSE),
                is_owed=row.pk in owed,
                questions=questions.get(row.pk, 0),
            )
            for row in rows
        ]
    )


def _owed(meeting: Meeting, rows: Sequence[PreRead]) -> set[int]:
    """Asks the database only where one that was submitted is being written again: it may have been returned."""
    if any(row.submitted_at and row.is_writable for row in rows):
        return set(meeting.prereads.owed().values_list("pk", flat=True))
    return {row.pk for row in rows if row.submitted_at is None}
