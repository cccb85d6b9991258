"""Freezing what a meeting works with: from then on imports and revisions stand beside it, never in its place."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import history
from meetings.errors import NotAllowed
from meetings.models import Meeting, PreReadRevision, Snapshot
from meetings.queries import counting, differences
from meetings.queries.figures import tolerances
from meetings.queries.revisions import NUMBERS
from metrics import queries as metrics
from people.models import User


def freeze(*, meeting: Meeting, cause: str, by: User | None, now: datetime) -> Snapshot:
    """Freeze the figures and the newest revision of each pre-read; a meeting that is frozen stays as it was frozen.

    `by` None is the clock. Raises NotAllowed for a draft and for a meeting that was cancelled.
    """
    frozen = Snapshot.objects.filter(meeting=meeting).first()
    if frozen is not None:
        return frozen
    if meeting.status in (Meeting.Status.DRAFT, Meeting.Status.CANCELLED):
        raise NotAllowed(_("Only the figures of a meeting that takes place can be frozen."))
    try:
        with transaction.atomic():
            # The meeting's row is the turnstile: of two at once the second finds the first one's snapshot.
            Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
            frozen = Snapshot.objects.filter(meeting=meeting).first()
            if frozen is not None:
                return frozen
            frozen = Snapshot.objects.create(
                meeting=meeting, cause=cause, taken_by=by, taken_at=now, content=content(meeting)
            )
            history.record(actor=by, verb="meetings.frozen", target=meeting, after={"cause": cause})
    except IntegrityError:
        return Snapshot.objects.get(meeting=meeting)
    return frozen


def freeze_due(*, now: datetime) -> int:
    """Freeze every meeting whose chosen moment has come; how many it were. Safe to call at any time."""
    due = Meeting.objects.filter(
        freeze_at__lte=now,
        status__in=[Meeting.Status.SCHEDULED, Meeting.Status.IN_PROGRESS],
        snapshot__isnull=True,
    )
    count = 0
    for meeting in due.select_related("template"):
        freeze(meeting=meeting, cause=Snapshot.Cause.CHOSEN, by=None, now=now)
        count += 1
    return count


def content(meeting: Meeting) -> dict[str, Any]:
    """What `Snapshot.content` describes, as it is at this moment."""
    return {
        "period": meeting.period.code if meeting.period else "",
        "figures": _figures(meeting),
        "revisions": _revisions(meeting),
    }


def _figures(meeting: Meeting) -> list[dict[str, Any]]:
    """The metrics of the agenda in its order, then those that only a department states."""
    if meeting.period is None:
        return []
    compared = differences.compared(meeting)
    codes = list(dict.fromkeys([*counting.metric_codes(meeting), *(one.metric.code for one in compared)]))
    rows = counting.counted(meeting, codes, compared)
    known = [each.row.metric for each in rows.values() if each.row.metric.pk]
    behind = metrics.sources(metrics=known, period=meeting.period)
    tolerated = tolerances(codes)
    return [
        {
            "code": code,
            "reported": _plain(each.reported),
            **{name: _plain(getattr(each.row, name)) for name in NUMBERS},
            "unit": each.row.metric.unit,
            "currency": each.row.currency,
            "is_complete": each.row.is_complete,
            "tolerance": str(tolerated[code]),
            "uploads": [upload.pk for upload in behind.get(code, [])],
            "stated": [_stated(one) for one in each.stated if one.ruling or one.is_handed_in],
        }
        for code, each in rows.items()
    ]


def _stated(one: differences.Difference) -> dict[str, Any]:
    ruling = one.ruling
    return {
        "department": one.department.code,
        "value": str(one.stated),
        "currency": one.currency,
        "source": one.statement.source,
        "definition": one.statement.definition,
        "counts": one.counts,
        "is_open": one.is_open,
        "ruling": ruling.pk if ruling else None,
        "verdict": ruling.verdict if ruling else "",
        "overruled": one.overruled_by.pk if one.overruled_by else None,
        "reason": ruling.reason if ruling else "",
        "ruled_by": ruling.ruled_by.name if ruling else "",
    }


def _revisions(meeting: Meeting) -> dict[str, int]:
    """The newest revision of each department, by its code."""
    latest = (
        PreReadRevision.objects.filter(preread__meeting=meeting)
        .order_by("preread_id", "-number")
        .distinct("preread_id")
        .values_list("preread__department__code", "pk")
    )
    return dict(sorted(latest))


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
