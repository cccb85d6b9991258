"""The figures of real files, month by month, exact to the cent."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.metrics.intake.reports import STORAGE, TRANSACTIONS, tried

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text())
SAME = {
    "orders": "orders",
    "units": "units",
    "product_sales": "product_sales",
    "promo": "promo_rebates",
    "ship_credits": "shipping_credits",
    "selling_fees": "selling_fees",
    "fba_fees": "fba_fees",
    "refund_sales": "refund_sales",
    "refund_rows": "refund_rows",
    "ads": "ad_cost",
    "transfer": "transfers",
    "net_ex_transfer": "net_proceeds",
}
SHARES = (
    "order_proceeds refund_total ad_cost storage_fee_charged storage_fee_long_term removal_fees inbound_fees "
    "promotion_fees reimbursements other_net"
).split()
pytestmark = pytest.mark.django_db


def cents(value: object) -> Decimal:
    return round(Decimal(str(value)), 2)


@pytest.mark.parametrize("path", TRANSACTIONS, ids=lambda path: path.name[:12])
def test_transaction_report(path):
    outcome = tried(path)

    expected = GOLDEN["transactions_monthly"][outcome.period.code]
    totals = outcome.totals
    assert outcome.status == "dry_run"
    assert {name: cents(totals[code]) for name, code in SAME.items()} == {
        name: cents(expected[name]) for name in SAME
    }
    assert totals["storage_fee_charged"] + totals["storage_fee_long_term"] == cents(expected["storage"])
    assert sum(totals[code] for code in SHARES) == totals["net_proceeds"]
    assert outcome.rows_read == outcome.rows_accepted == GOLDEN["rows"][outcome.period.code]


@pytest.mark.parametrize("path", STORAGE, ids=lambda path: path.name[:16])
def test_storage_report(path):
    outcome = tried(path)

    expected = GOLDEN["storage_fee_reports"][path.name]
    assert cents(outcome.totals["storage_fee_estimated"]) == cents(
        expected["sum_estimated_monthly_storage_fee"]
    )
    assert outcome.rows_read == outcome.rows_accepted == expected["rows"]


def test_storage_of_a_month_is_billed_in_the_next_to_the_cent():
    billed = {}
    for path in TRANSACTIONS:
        outcome = tried(path)
        billed[outcome.period] = -outcome.totals["storage_fee_charged"]
    stored = {}
    for path in STORAGE:
        outcome = tried(path)
        stored[outcome.period.next()] = cents(outcome.totals["storage_fee_estimated"])

    assert len(stored) == 12
    assert stored == billed
