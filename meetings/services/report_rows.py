"""Rows of a pre-read: problems, resource requests, decision requests. Each has its own version."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, DecisionRequest, PreRead, PreReadProblem, ResourceRequest
from meetings.queries.past import past_figures
from meetings.services.prereads import claim_draft
from people.models import User

Row = PreReadProblem | ResourceRequest | DecisionRequest
KINDS: dict[str, type[models.Model]] = {
    "problems": PreReadProblem,
    "resources": ResourceRequest,
    "decisions": DecisionRequest,
}
MOST_ROWS = 20
PAST = ("spend_code", "return_code", "past_from", "past_until", "currency", "is_first")


def model_of(kind: str) -> Any:
    """The model of a kind of row ("problems", "resources", "decisions"). Raises NotAllowed for anything else."""
    if kind not in KINDS:
        raise NotAllowed(_("A pre-read has no rows of this kind."))
    return KINDS[kind]


@transaction.atomic
def add(*, preread: PreRead, kind: str, by: User, now: datetime) -> Any:
    """Put an empty row at the end. An empty one that is there already is given back instead of a second.

    Raises NotAllowed (already submitted, too many rows).
    """
    model = model_of(kind)
    claim_draft(preread=preread, now=now)
    rows = list(model.objects.present().filter(preread=preread))
    if rows and rows[-1].is_blank:
        return rows[-1]
    if len(rows) >= MOST_ROWS:
        raise NotAllowed(
            _("A pre-read takes at most %(count)d of these. Put some together.") % {"count": MOST_ROWS}
        )
    last = model.objects.filter(preread=preread).aggregate(last=Max("position"))["last"] or 0
    return model.objects.create(preread=preread, position=last + 1, edited_by=by, edited_at=now)


@transaction.atomic
def save(*, row: Row, values: dict[str, Any], version: int, by: User, now: datetime) -> Any:
    """Store the values of one row if nobody saved it since `version`; returns the stored row.

    Past cost and past return of a resource request are computed here. The same values again are no conflict.
    Raises Conflict (`theirs` is the stored row, `yours` the values) and NotAllowed (submitted, taken off).
    """
    claim_draft(preread=row.preread, now=now)
    model: Any = type(row)
    if isinstance(row, DecisionRequest) and values.get("item_id"):
        _check_item(values["item_id"], row.preread, by)
    stored = dict(values)
    if isinstance(row, ResourceRequest):
        stored |= _past({name: values.get(name, getattr(row, name)) for name in PAST})
    changed = model.objects.filter(pk=row.pk, version=version, removed_at=None).update(
        **stored, version=F("version") + 1, edited_by=by, edited_at=now
    )
    now_stored = model.objects.select_related("edited_by").get(pk=row.pk)
    if changed:
        return now_stored
    if now_stored.removed_at:
        raise NotAllowed(
            _(
                "Someone took this row off in the meantime. Put it back to write on; what you typed is still here."
            )
        )
    if any(getattr(now_stored, name) != value for name, value in values.items()):
        raise Conflict(_("Someone else saved this row in the meantime."), theirs=now_stored, yours=values)
    return now_stored


def _past(chosen: dict[str, Any]) -> dict[str, Any]:
    """Past cost and return as computed now; None where nothing is chosen or known."""
    if chosen["is_first"]:
        return {"past_cost": None, "past_return": None}
    past = past_figures(
        spend_code=chosen["spend_code"],
        return_code=chosen["return_code"],
        start=chosen["past_from"],
        end=chosen["past_until"],
        currency=chosen["currency"],
    )
    return {"past_cost": past.cost, "past_return": past.brought}


def _check_item(item: int, preread: PreRead, by: User) -> None:
    if not AgendaItem.objects.visible_to(by).filter(pk=item, meeting=preread.meeting_id).exists():
        raise NotAllowed(_("This agenda item does not belong to the meeting."))


@transaction.atomic
def remove(*, row: Row, by: User, now: datetime) -> None:
    """Take a row off. It is hidden, not deleted, and can be put back with everything in it."""
    claim_draft(preread=row.preread, now=now)
    type(row).objects.filter(pk=row.pk, removed_at=None).update(removed_at=now, edited_by=by, edited_at=now)


@transaction.atomic
def restore(*, row: Row, by: User, now: datetime) -> None:
    """Put a row back that was taken off, in the place where it was."""
    claim_draft(preread=row.preread, now=now)
    type(row).objects.filter(pk=row.pk).update(removed_at=None, edited_by=by, edited_at=now)


@transaction.atomic
def move(*, row: Row, up: bool, by: User, now: datetime) -> None:
    """Put a row one place higher or lower; at the edge nothing happens. Versions stay: no text changes."""
    claim_draft(preread=row.preread, now=now)
    model: Any = type(row)
    rows = list(model.objects.present().select_for_update().filter(preread=row.preread_id))
    place = next((number for number, one in enumerate(rows) if one.pk == row.pk), None)
    if place is None:
        return
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for number, one in enumerate(rows, start=1):
        if one.position != number:
            model.objects.filter(pk=one.pk).update(position=number)
