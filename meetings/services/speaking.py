"""Who has the floor for how long: one stretch at a time, measured by the timekeeper, added up per department."""

from datetime import datetime

from django.db import transaction

from meetings.models import Meeting, SpeakingTurn
from meetings.services import log, running
from people.models import Department, User


@transaction.atomic
def start(*, meeting: Meeting, department: Department | None, by: User, now: datetime) -> SpeakingTurn:
    """This department (None: the host, an executive, anybody without one) speaks from now on; the last one stops.

    The same department again goes on with its stretch. Raises NotAllowed when the meeting is not being held.
    """
    clock = running.hold(meeting)
    current = SpeakingTurn.objects.filter(meeting=meeting, ended_at=None).first()
    wanted = (department.pk if department else None, clock.item_id)
    if current is not None and (current.department_id, current.item_id) == wanted:
        return current
    if current is not None:
        _end(current, by, now)
    turn = SpeakingTurn.objects.create(
        meeting=meeting, item_id=clock.item_id, department=department, began_at=now, noted_by=by
    )
    log.write(meeting=meeting, verb="turn.started", data={"row": log.row(turn)}, by=by, now=now)
    return turn


@transaction.atomic
def stop(*, meeting: Meeting, by: User, now: datetime) -> SpeakingTurn | None:
    """Nobody speaks now; None when nobody did. Raises NotAllowed when the meeting is not being held."""
    running.hold(meeting)
    return close(meeting=meeting, by=by, now=now)


def close(*, meeting: Meeting, by: User, now: datetime) -> SpeakingTurn | None:
    """End the stretch that runs; called under the lock of a service that has it."""
    turn = SpeakingTurn.objects.filter(meeting=meeting, ended_at=None).first()
    if turn is not None:
        _end(turn, by, now)
    return turn


def _end(turn: SpeakingTurn, by: User, now: datetime) -> None:
    turn.ended_at = max(now, turn.began_at)
    turn.save(update_fields=["ended_at"])
    log.write(meeting=turn.meeting, verb="turn.ended", data={"row": log.row(turn)}, by=by, now=now)
