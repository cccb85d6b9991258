"""Figures that a department states itself: without a report behind them, or other than the reports'."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import history
from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, PreRead, Statement
from meetings.queries.figures import metric_items
from meetings.services import settling
from meetings.services.prereads import claim_draft
from people.models import User

LARGEST = Decimal(10) ** 14


@transaction.atomic
def state(
    *,
    preread: PreRead,
    metric_code: str,
    value: Decimal,
    currency: str,
    source: str,
    definition: str,
    version: int,
    by: User,
    now: datetime,
) -> Statement:
    """State a figure, or change the one that is stated, if nobody changed it since `version` (0: none is stated).

    `value` is in the metric's unit, a rate as a fraction. Raises Conflict (`theirs` is the stored row) and NotAllowed
    (submitted, not a metric of this pre-read, no source, out of range).
    """
    check_metric(preread=preread, metric_code=metric_code, by=by)
    if not source.strip():
        raise NotAllowed(_("Say where the figure comes from."))
    if not value.is_finite() or abs(value) >= LARGEST:
        raise NotAllowed(_("This figure is too large to be kept."))
    claim_draft(preread=preread, now=now)
    # As the database keeps it, so that the same figure again is no change.
    said = {
        "value": value.quantize(Decimal("0.000001")),
        "currency": currency,
        "source": source.strip(),
        "definition": definition.strip(),
    }
    if version == 0 and (made := _first(preread, metric_code, said, by, now)):
        return made
    changed = Statement.objects.filter(preread=preread, metric_code=metric_code, version=version).update(
        **said, version=F("version") + 1, stated_by=by, stated_at=now
    )
    stored = (
        Statement.objects.select_related("stated_by").filter(preread=preread, metric_code=metric_code).first()
    )
    if stored is None:
        return state(
            preread=preread,
            metric_code=metric_code,
            value=value,
            currency=currency,
            source=source,
            definition=definition,
            version=0,
            by=by,
            now=now,
        )
    if not changed and any(getattr(stored, name) != one for name, one in said.items()):
        raise Conflict(_("Someone else stated this figure in the meantime."), theirs=stored, yours=said)
    if changed:
        _record(preread, stored, by)
    return stored


def _first(
    preread: PreRead, metric_code: str, said: dict[str, object], by: User, now: datetime
) -> Statement | None:
    """The first statement on a metric; None when somebody else's is there already."""
    try:
        with transaction.atomic():
            made = Statement.objects.create(
                preread=preread, metric_code=metric_code, stated_by=by, stated_at=now, **said
            )
    except IntegrityError:
        return None
    _record(preread, made, by)
    return made


def _record(preread: PreRead, statement: Statement, by: User) -> None:
    history.record(
        actor=by,
        verb="meetings.figure_stated",
        target=preread,
        after={
            "metric": statement.metric_code,
            "value": str(statement.value),
            "source": statement.source,
        },
    )
    settling.announce(meeting=preread.meeting, now=statement.stated_at)


@transaction.atomic
def retract(*, preread: PreRead, metric_code: str, version: int, by: User, now: datetime) -> None:
    """Take a stated figure back, so that the reports' figure stands alone. Nothing happens where none is stated.

    Raises Conflict when somebody changed it since `version`, NotAllowed as `state` does.
    """
    check_metric(preread=preread, metric_code=metric_code, by=by)
    claim_draft(preread=preread, now=now)
    rows = Statement.objects.filter(preread=preread, metric_code=metric_code)
    stored = rows.select_related("stated_by").first()
    if stored is None:
        return
    if stored.version != version:
        raise Conflict(_("Someone else stated this figure in the meantime."), theirs=stored, yours=None)
    rows.delete()
    history.record(
        actor=by,
        verb="meetings.figure_retracted",
        target=preread,
        before={"metric": metric_code, "value": str(stored.value), "source": stored.source},
    )
    settling.announce(meeting=preread.meeting, now=now)


def check_metric(*, preread: PreRead, metric_code: str, by: User) -> None:
    """Raises NotAllowed unless the metric belongs to this pre-read and the person may know of it."""
    items = metric_items(preread)
    item = items.get(metric_code)
    is_known = metric_code in items and (
        item is None or AgendaItem.objects.visible_to(by).filter(pk=item).exists()
    )
    if not is_known:
        raise NotAllowed(_("This metric does not belong to your pre-read."))
