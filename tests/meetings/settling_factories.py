"""Meetings with figures behind them: a shop, its reports, and departments that state something else."""

import datetime as dt
from decimal import Decimal

from meetings.models import PreRead, PreReadText, Statement
from meetings.services import prereads
from meetings.services.prereads import Sent
from tests import factories
from tests.meetings import room_factories
from tests.metrics import builders

NOW = room_factories.NOW


def review(*departments: str, metrics=("orders",), **fields):
    """A scheduled review of October whose departments report these metrics; pre-reads are open."""
    made = room_factories.meeting(departments=departments or ("sales",), **fields)
    made.items.filter(department__isnull=False).update(metric_codes=list(metrics))
    prereads.open_for(meeting=made, now=NOW)
    return made


def october(orders: int = 100, september: int | None = None, shop=None):
    """A shop whose reports say so many orders in October (and in September)."""
    shop = shop or builders.shop()
    builders.covered(shop, "2026-10", "2026-09")
    builders.totals(shop, "2026-10-05", orders=orders)
    builders.totals(shop, "2026-09-05", orders=orders if september is None else september)
    return shop


def set_orders(shop, orders: int) -> None:
    """The same as a later import: other sums for October."""
    from metrics.models import DailyTotal

    DailyTotal.objects.filter(shop=shop, day=dt.date(2026, 10, 5)).update(value=orders)


def preread(meeting, code: str = "sales") -> PreRead:
    return meeting.prereads.select_related("department", "meeting").get(department__code=code)


def state(meeting, value, code: str = "sales", metric: str = "orders", at=NOW, **fields) -> Statement:
    """What `services.statements.state` leaves behind."""
    statement, _created = Statement.objects.update_or_create(
        preread=preread(meeting, code),
        metric_code=metric,
        defaults={
            "value": Decimal(str(value)),
            "source": "our own sheet",
            "definition": "by the day of the order",
            "stated_by": factories.lead(code),
            "stated_at": at,
            **fields,
        },
    )
    return statement


def write_all(meeting, code: str = "sales", causes=()) -> PreRead:
    """Words in every text, and the causes of these metrics."""
    found = preread(meeting, code)
    by = factories.member(code)
    for row in found.texts.exclude(kind=PreReadText.Kind.CAUSE):
        prereads.save_text(preread=found, sent=Sent(row.kind, row.key, "Words.", row.version), by=by, now=NOW)
    for metric in causes:
        sent = Sent("cause", metric, "A promotion.", 0)
        prereads.save_text(preread=found, sent=sent, by=by, now=NOW)
    return found


def submit(meeting, code: str = "sales", causes=(), at=NOW):
    """The department's next revision."""
    found = preread(meeting, code)
    if not found.is_writable:
        prereads.reopen(preread=found, by=factories.lead(code), now=at)
    write_all_once = found.texts.filter(version=0).exclude(kind=PreReadText.Kind.CAUSE).exists()
    if write_all_once or causes:
        found = write_all(meeting, code, causes)
    return prereads.submit(preread=found, by=factories.lead(code), now=at)
