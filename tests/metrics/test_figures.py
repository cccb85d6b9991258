"""Values of metrics: unknown against zero, ratios of sums, growth, several shops and currencies."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.periods import Period
from metrics.models import DailyTotal, ExchangeRate, Measure, Metric, Upload
from metrics.queries import CurrencyError, MissingRate, kpi_rows, series, values
from tests.metrics.builders import STORAGE, covered, metric, shop, totals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def month(code: str, text: str, **options) -> Decimal | None:
    period = Period.parse(text)
    return values(codes=[code], periods=[period], **options)[code][period]


@pytest.fixture
def us():
    return shop()


def test_no_report_is_unknown_and_an_empty_day_is_zero(us):
    covered(us, "2025-10")
    totals(us, "2025-10-03", orders=2)

    assert month("orders", "2025-10") == 2
    assert month("orders", "2025-10-04") == 0
    assert month("orders", "2025-11") is None
    assert month("orders", "2025-09-30") is None


def test_figures_of_a_replaced_file_do_not_count_as_covered(us):
    (upload,) = covered(us, "2025-10")
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.SUPERSEDED)

    assert month("orders", "2025-10") is None


def test_a_ratio_is_the_ratio_of_the_sums(us):
    covered(us, "2025-10", "2025-11", "2025-12")
    totals(us, "2025-10-05", product_sales=100, orders=1)
    totals(us, "2025-11-05", product_sales=100, orders=9)
    totals(us, "2025-12-05", product_sales=0, orders=0)

    assert month("aov_ex_shipping", "2025-10") == 100
    assert month("aov_ex_shipping", "2025-Q4") == 20
    assert month("aov_ex_shipping", "2025-12") is None


def test_costs_are_positive(us):
    covered(us, "2025-10")
    totals(us, "2025-10-05", ad_cost=-25, product_sales=100, fba_fees=-30, promo_rebates=-5)

    assert month("ad_spend", "2025-10") == 25
    assert month("tacos", "2025-10") == Decimal("0.25")
    assert month("fba_fee_share", "2025-10") == Decimal("0.3")
    assert month("promotion_cost", "2025-10") == 5


def test_a_month_with_a_gap_is_incomplete_and_not_compared(us):
    covered(us, "2025-07", "2025-08", "2025-09", "2025-10", "2025-11")
    for number in (7, 8, 9, 10, 11):
        totals(us, f"2025-{number:02}-05", orders=10)

    (before, gap) = series(code="orders", grain="quarter", start=date(2025, 7, 1), end=date(2026, 1, 1))

    assert (before.value, before.is_complete) == (30, True)
    assert (gap.value, gap.is_complete, gap.base, gap.growth) == (20, False, 30, None)


def test_growth_against_the_period_before_and_the_year_before(us):
    covered(us, "2024-10", "2025-09", "2025-10")
    totals(us, "2024-10-05", orders=5)
    totals(us, "2025-09-05", orders=8)
    totals(us, "2025-10-05", orders=10)

    (row,) = kpi_rows(codes=["orders"], period=Period.month(2025, 10))

    assert (row.value, row.previous, row.year_before) == (10, 8, 5)
    assert (row.change, row.change_year) == (Decimal("0.25"), 1)
    assert row.is_complete
    assert row.currency == ""


@pytest.mark.parametrize("base", [0, -5])
def test_no_growth_on_a_base_of_zero_or_less(us, base):
    covered(us, "2025-09", "2025-10")
    totals(us, "2025-09-05", net_proceeds=base)
    totals(us, "2025-10-05", net_proceeds=10)

    (point,) = series(code="net_proceeds", grain="month", start=date(2025, 10, 1), end=date(2025, 10, 2))

    assert (point.value, point.base, point.growth) == (10, base, None)


def test_growth_as_a_metric(us):
    covered(us, "2024-10", "2025-09", "2025-10")
    totals(us, "2024-10-05", product_sales=200)
    totals(us, "2025-09-05", product_sales=80)
    totals(us, "2025-10-05", product_sales=100)

    assert month("sales_growth", "2025-10") == Decimal("0.25")
    assert month("sales_growth_year", "2025-10") == Decimal("-0.5")
    assert month("sales_growth", "2025-09") is None
    (row,) = kpi_rows(codes=["sales_growth"], period=Period.month(2025, 10))
    assert row.change is None


def test_growth_of_the_last_seven_days_of_a_period(us):
    covered(us, "2025-10")
    totals(us, "2025-10-11", orders=50)
    totals(us, "2025-10-18", orders=4)
    totals(us, "2025-10-24", orders=4)
    totals(us, "2025-10-25", orders=10)

    assert month("order_growth_7d", "2025-10") == Decimal("0.25")
    assert month("order_growth_7d", "2025-10-24") == Decimal("-0.84")
    assert month("order_growth_7d", "2025-10-13") is None
    assert month("order_growth_7d", "2025-11") is None


def test_weeks_compare_with_the_week_364_days_before(us):
    covered(us, "2024-10", "2024-11", "2025-10", "2025-11")
    totals(us, "2024-10-29", orders=4)
    totals(us, "2025-10-28", orders=6)

    (point,) = series(code="orders", grain="week", start=date(2025, 10, 27), end=date(2025, 11, 3))

    assert point.period.code == "2025-W44"
    assert (point.value, point.year_before, point.growth_year) == (6, 4, Decimal("0.5"))


def test_a_monthly_report_says_nothing_of_days(us):
    covered(us, "2025-10", kind=STORAGE)
    totals(us, "2025-10-01", storage_fee_estimated="50.5")

    assert month("storage_fee", "2025-10") == Decimal("50.5")
    assert month("storage_fee", "2025-10-01") is None
    assert month("storage_fee", "2025-W40") is None
    assert month("storage_fee", "2025-10-01..2025-11-30") == Decimal("50.5")


def test_reports_of_different_months_are_not_divided_by_one_another(us):
    covered(us, "2025-10", "2025-11", "2025-12", kind=STORAGE)
    covered(us, "2025-10", "2025-11")
    totals(us, "2025-10-01", stock_unit_days=3100, units=100)
    totals(us, "2025-11-01", stock_unit_days=3000, units=100)
    totals(us, "2025-12-01", stock_unit_days=3100)

    assert month("inv_turn_days", "2025-10") == 31
    assert month("inv_turn_days", "2025-10-01..2025-11-30") == Decimal("30.5")
    assert month("inv_turn_days", "2025-Q4") is None


def test_days_and_shop_months_come_from_the_calendar(us):
    covered(us, "2025-10", "2025-12")
    covered(us, "2025-10", kind=STORAGE)
    other = shop("us-two")
    covered(other, "2025-10")
    totals(us, "2025-10-01", product_sales=300, stock_unit_days=3100)
    totals(us, "2025-12-01", product_sales=100)
    totals(other, "2025-10-01", product_sales=200)

    assert month("wh_stock", "2025-10") == 100
    assert month("shop_month_sales", "2025-10") == 250
    assert month("shop_month_sales", "2025-Q4") == 200
    assert month("shop_month_sales", "2025-10-01") == Decimal(500) / (Decimal(2) / 31)


def test_a_snapshot_takes_the_last_day_of_each_shop(us):
    other = shop("us-two")
    for each in (us, other):
        covered(each, "2025-10")
    Measure.objects.filter(code="units").update(kind=Measure.Kind.SNAPSHOT)
    totals(us, "2025-10-05", units=70)
    totals(us, "2025-10-20", units=50)
    totals(other, "2025-10-01", units=7)

    assert month("units", "2025-10") == 57
    assert month("units", "2025-10-01..2025-10-10") == 77


def test_a_shop_that_began_later_does_not_make_the_past_incomplete(us):
    late = shop("us-late")
    covered(us, "2025-09", "2025-10", "2025-11")
    covered(late, "2025-10")

    completeness = [
        point.is_complete
        for point in series(code="orders", grain="month", start=date(2025, 9, 1), end=date(2025, 12, 1))
    ]

    assert completeness == [True, True, False]


def test_a_closed_shop_is_left_out_unless_asked_for(us):
    closed = shop("us-closed", is_active=False)
    covered(us, "2025-10")
    covered(closed, "2025-10")
    totals(us, "2025-10-05", orders=1)
    totals(closed, "2025-10-05", orders=5)

    assert month("orders", "2025-10") == 1
    assert month("orders", "2025-10", shops=[closed]) == 5


class TestCurrencies:
    @pytest.fixture
    def eu(self, us):
        eu = shop("de-main", currency="EUR", marketplace="DE")
        for each in (us, eu):
            covered(each, "2025-10", "2025-11")
        totals(us, "2025-10-05", product_sales=100, orders=1)
        totals(eu, "2025-10-05", product_sales=100, orders=3)
        totals(eu, "2025-11-05", product_sales=100, orders=3)
        return eu

    @staticmethod
    def rate(currency, base, number, rate):
        ExchangeRate.objects.create(
            currency=currency, base=base, month=date(2025, number, 1), rate=rate, source="test"
        )

    def test_one_shop_keeps_its_own(self, eu):
        assert month("sales_settled", "2025-10", shops=[eu]) == 100

    def test_several_need_rates(self, eu):
        with pytest.raises(CurrencyError, match="EUR, USD"):
            month("sales_settled", "2025-10")

    def test_numbers_need_none(self, eu):
        assert month("orders", "2025-10") == 4

    def test_each_month_by_its_own_rate(self, eu):
        self.rate("EUR", "USD", 10, "1.10")
        self.rate("EUR", "USD", 11, "1.20")

        assert month("sales_settled", "2025-10") == 210
        assert month("sales_settled", "2025-10-01..2025-11-30") == 330
        assert month("aov_ex_shipping", "2025-10") == Decimal("52.5")
        (row,) = kpi_rows(codes=["sales_settled"], period=Period.month(2025, 10))
        assert row.currency == "USD"

    def test_the_other_way_round(self, eu):
        self.rate("USD", "EUR", 10, "0.8")

        assert month("sales_settled", "2025-10", shops=[eu], currency="usd") == 125

    def test_a_missing_month_is_named(self, eu):
        self.rate("EUR", "USD", 10, "1.10")

        with pytest.raises(MissingRate, match=r"from EUR to USD for 2025-11"):
            month("sales_settled", "2025-11")

    @pytest.mark.parametrize("text", ["dollar", "U$", "1", "美元币"])
    def test_no_currency(self, eu, text):
        with pytest.raises(CurrencyError, match="three letters"):
            month("sales_settled", "2025-10", currency=text)


def test_queries_do_not_grow(us):
    covered(us, *(f"2025-{number:02}" for number in range(1, 13)))
    totals(us, "2025-10-05", orders=10, product_sales=100, units=12, ad_cost=-20)
    ExchangeRate.objects.create(
        currency="USD", base="CNY", month=date(2025, 10, 1), rate="7.1", source="test"
    )

    def count(codes, periods, **options):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            values(codes=codes, periods=[Period.parse(text) for text in periods], **options)
        return len(queries)

    many = ["sales_settled", "aov_ex_shipping", "tacos", "units", "sales_growth", "net_margin"]
    assert (
        count(["sales_settled"], ["2025-10"]) == count(many, ["2025-10", "2025-09", "2025-Q3", "2024"]) == 5
    )
    assert count(many, ["2025-10"], currency="CNY") == 6


def test_a_metric_without_version_has_no_value(us):
    covered(us, "2025-10")
    Metric.objects.create(code="later", name_en="Later", name_zh="以后")

    assert month("later", "2025-10") is None
    (row,) = kpi_rows(codes=["later", "nobody"], period=Period.month(2025, 10))
    assert (row.metric.code, row.value, row.is_complete) == ("later", None, False)


def test_kpi_rows_keep_the_order_of_the_codes(us):
    rows = kpi_rows(codes=["units", "aov", "orders"], period=Period.month(2025, 10))

    assert [row.metric.code for row in rows] == ["units", "aov", "orders"]


def test_numbers_stay_exact(us):
    covered(us, "2025-10")
    measure = Measure.objects.get(code="product_sales")
    DailyTotal.objects.bulk_create(
        DailyTotal(measure=measure, shop=us, day=date(2025, 10, day), value=Decimal("0.1"))
        for day in range(1, 31)
    )

    assert month("sales_settled", "2025-10") == 3
    assert metric("sales_settled").unit == "money"
