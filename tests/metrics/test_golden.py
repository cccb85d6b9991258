"""The sample reports, read by the real pipeline, give the figures that were worked out by hand from the same files."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from core.periods import Period
from metrics.queries import series, values
from metrics.signals import Rule, xmr
from tests.metrics.builders import GOLDEN, shop

pytestmark = pytest.mark.django_db

SAMPLES = Path(settings.BASE_DIR) / "metrics" / "samples"
# Key of the table → metric, and what its value is multiplied with (costs are positive here, rates are fractions).
METRICS = {
    "orders": ("orders", 1),
    "units": ("units", 1),
    "product_sales": ("sales_settled", 1),
    "promo": ("promotion_cost", -1),
    "ship_credits": ("shipping_income", 1),
    "selling_fees": ("selling_fee_cost", -1),
    "fba_fees": ("fba_fee_cost", -1),
    "refund_sales": ("refund_amount", -1),
    "refund_rate_rows%": ("refund_rate_rows", 100),
    "ads": ("ad_spend", -1),
    "storage": ("storage_fee_billed", -1),
    "transfer": ("payout", -1),
    "net_ex_transfer": ("net_proceeds", 1),
    "fba_share%": ("fba_fee_share", 100),
    "TACoS%": ("tacos", 100),
    "AOV_ex_ship": ("aov_ex_shipping", 1),
    "AOV_inc_ship_net_promo": ("aov", 1),
}


def test_real_reports_give_the_published_figures(capsys):
    shop("us-main")
    files = [
        str(path)
        for kind in ("amazon_transactions", "amazon_storage_fees")
        for path in (SAMPLES / kind).glob("*.csv")
    ]
    call_command("import_report", *files, shop="us-main")
    capsys.readouterr()

    months = [Period.parse(text) for text in GOLDEN["monthly"]]
    found = values(codes=[code for code, _factor in METRICS.values()], periods=months)
    for month in months:
        for key, (code, factor) in METRICS.items():
            expected = GOLDEN["monthly"][month.code][key]
            value = found[code][month]
            assert value is not None, (month.code, code)
            assert float(value) * factor == pytest.approx(expected, abs=0.00501), (month.code, code)

    for text in ("2025-12", "2026-02"):
        assert values(codes=["orders"], periods=[Period.parse(text)])["orders"][Period.parse(text)] is None

    storage_is_billed_a_month_later()
    signals_of_the_weeks()
    signals_of_the_days()


def storage_is_billed_a_month_later():
    """The storage report of a month equals the billed fee of the month after, to the cent, in all twelve months."""
    billed = {Period.parse(text): -amount for text, amount in GOLDEN["storage_billed"].items()}
    stored = values(codes=["storage_fee"], periods=[month.previous() for month in billed])["storage_fee"]

    assert len(billed) == 12
    for month, amount in billed.items():
        assert float(round(stored[month.previous()], 2)) == amount, month.code


def signals_of_the_weeks():
    case = next(case for case in GOLDEN["xmr"] if case["name"].startswith("weekly"))
    first, last = (date.fromisoformat(GOLDEN["weeks_end"][position]) for position in (0, -1))
    points = series(code="sales_settled", grain="week", start=first, end=date(2025, 12, 1))

    assert [point.period.last for point in points] == [date.fromisoformat(day) for day in GOLDEN["weeks_end"]]
    assert points[-1].period.last == last
    assert [float(point.value) for point in points] == pytest.approx(case["data"], abs=0.001)
    assert (
        list(xmr([point.value for point in points]).marks[Rule.NEAR])
        == case["three_of_four_near_limit_window"]
    )


def signals_of_the_days():
    case = next(case for case in GOLDEN["xmr"] if case["name"].startswith("daily"))
    points = series(code="sales_settled", grain="day", start=date(2025, 2, 1), end=date(2025, 12, 1))

    result = xmr([point.value for point in points])

    assert list(map(float, result.values)) == pytest.approx(case["data"], abs=0.001)
    assert list(result.marks[Rule.OUTSIDE]) == case["x_outside"]
    assert list(result.marks[Rule.RUN]) == case["run_of_8"]
