"""Asking for the floor: questions and points of order, called, taken back or put aside."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meetings.errors import NotAllowed
from meetings.models import FloorRequest, Meeting
from meetings.services import log, running
from people.models import User

# As the column holds them.
MOST_LETTERS = 200


@transaction.atomic
def ask(*, meeting: Meeting, kind: str, text: str, by: User, now: datetime) -> FloorRequest:
    """Queue up, for a question or a point of order; whoever waits already keeps their place and may say more.

    Raises NotAllowed when the meeting is not being held.
    """
    clock = running.hold(meeting)
    text = " ".join(text.split())
    if len(text) > MOST_LETTERS:
        raise NotAllowed(_("Say it in 200 characters; the rest you say when it is your turn."))
    request = FloorRequest.objects.filter(meeting=meeting, asked_by=by, kind=kind, settled_at=None).first()
    if request is None:
        request = FloorRequest(
            meeting=meeting, item_id=clock.item_id, kind=kind, asked_by=by, asked_at=now, text=text
        )
    elif not text or request.text == text:
        return request
    request.text = text
    request.save()
    log.write(meeting=meeting, verb="floor.asked", data={"row": log.row(request)}, by=by, now=now)
    return request


@transaction.atomic
def settle(*, request: FloorRequest, outcome: str, by: User, now: datetime) -> FloorRequest:
    """One of `FloorRequest.Outcome`: called, taken back, put aside.

    Raises NotAllowed when somebody else has settled it, or the meeting is not being held.
    """
    running.hold(request.meeting)
    stored = FloorRequest.objects.select_related("meeting").get(pk=request.pk)
    if stored.settled_at is not None:
        raise NotAllowed(_("This request is no longer waiting."))
    return _settle(stored, outcome, by, now)


def close(*, meeting: Meeting, by: User, now: datetime) -> None:
    """The meeting ends: nobody waits any longer. Called under the lock of the service that ends it."""
    for request in FloorRequest.objects.waiting().filter(meeting=meeting):
        _settle(request, FloorRequest.Outcome.DISMISSED, by, now)


def _settle(request: FloorRequest, outcome: str, by: User, now: datetime) -> FloorRequest:
    request.outcome, request.settled_by, request.settled_at = outcome, by, now
    request.save(update_fields=["outcome", "settled_by", "settled_at"])
    log.write(
        meeting=request.meeting, verb=f"floor.{outcome}", data={"row": log.row(request)}, by=by, now=now
    )
    return request
