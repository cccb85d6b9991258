"""Scorecard, dictionary and metric pages: what they say, who may read them, how many queries they take."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics.dictionary.load import ensure
from metrics.models import Metric, MetricVersion, Upload
from tests.factories import DepartmentFactory, UserFactory
from tests.metrics.builders import STORAGE, covered, shop, totals

pytestmark = pytest.mark.django_db

SCORECARD, DICTIONARY = "/metrics/", "/metrics/dictionary/"
PAGES = [SCORECARD, DICTIONARY, "/metrics/orders/", "/metrics/orders/csv/"]


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(language="en"))
    return client


@pytest.fixture
def us():
    return shop(name="US shop")


@pytest.fixture
def year(us):
    """Eleven usual months and a December with three times the orders."""
    for number in range(1, 13):
        covered(us, f"2025-{number:02}")
        orders = 300 if number == 12 else 100 + number % 3
        totals(
            us, f"2025-{number:02}-05", orders=orders, product_sales=orders * 20, units=orders, refund_units=2
        )
    return us


def text(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("page", PAGES)
def test_who_may_read(client, year, page):
    assert client.get(page).url.startswith(reverse("account_login"))
    for user in (UserFactory(), UserFactory(roles=["executive"])):
        client.force_login(user)
        assert client.get(page).status_code == 200
        assert client.post(page).status_code == 405


def test_unknown_metric_is_not_found(reader, us):
    Metric.objects.create(code="without-version", name_en="x", name_zh="x")

    assert reader.get("/metrics/nothing/").status_code == 404
    assert reader.get("/metrics/without-version/").status_code == 404


class TestScorecard:
    def test_exceptions_first(self, reader, year):
        page = reader.get(SCORECARD)

        words = text(page)
        board = page.context["board"]
        assert board.period.code == "2025-12"
        exceptions = [card.metric.code for card in board.exceptions]
        assert "orders" in exceptions
        assert "aov_ex_shipping" not in exceptions
        assert f"{len(exceptions)} of {board.count} need attention in December 2025" in words
        assert words.index("Unusual") < words.index("Average order value")
        assert "Above the usual range of" in words

    def test_nothing_unusual(self, reader, year):
        words = text(reader.get(SCORECARD, {"period": "2025-11"}))

        assert re.search(r"Nothing unusual among the \d+ figures of November 2025", words)

    def test_incomplete_period_is_said_and_not_judged(self, reader, us):
        covered(us, "2025-10", "2025-11")
        totals(us, "2025-10-05", orders=1)

        page = reader.get(SCORECARD, {"period": "2025-Q4"})

        assert "Q4 2025 is incomplete and not judged: reports are missing for December 2025." in text(page)
        assert page.context["board"].exceptions == []
        assert all(card.is_incomplete for card in page.context["board"].groups[0].cards)

    def test_metrics_without_figures_are_named(self, reader, year):
        page = reader.get(SCORECARD)

        assert [card.metric.code for card in page.context["board"].without_figures] == [
            "storage_fee",
            "wh_stock",
            "inv_turn_days",
            "inv_turn_rate",
            "storage_per_unit",
        ]
        assert "No figures for this period" in text(page)

    def test_no_figures_at_all(self, reader, us):
        words = text(reader.get(SCORECARD))

        assert "No figures yet" in words
        assert "Hand in a report" in words

    def test_a_period_without_reports(self, reader, year):
        assert "No report covers May 2019." in text(reader.get(SCORECARD, {"period": "2019-05"}))

    @pytest.mark.parametrize(
        ("query", "says"),
        [
            ({"period": "soon"}, "“soon” is no period"),
            ({"period": "9999-12"}, "“9999-12” is no period"),
            ({"period": "2025-10-01..2025-10-09"}, "is no period that can be shown"),
            ({"period": "\x00"}, "is no period"),
            ({"grain": "decade"}, "“decade” is no length of a period"),
            ({"shop": "moon"}, "There is no shop “moon”; all shops are shown."),
            ({"currency": "dollars"}, "“DOLLARS” is no currency"),
        ],
    )
    def test_a_wrong_address_is_explained(self, reader, year, query, says):
        assert says in text(reader.get(SCORECARD, query))

    def test_several_currencies_need_a_choice(self, reader, year):
        de = shop("de-main", currency="EUR", marketplace="DE", name="Germany")
        covered(de, "2025-12")

        words = text(reader.get(SCORECARD))
        assert "The shops have amounts in EUR, USD. Choose one shop, or enter exchange rates." in words
        assert "need attention" in text(reader.get(SCORECARD, {"shop": "us-main"}))

    def test_other_grains(self, reader, year):
        for grain, code in (("quarter", "2025-Q4"), ("year", "2025"), ("week", "2025-W52")):
            assert reader.get(SCORECARD, {"grain": grain}).context["board"].period.code == code

    def test_queries_do_not_grow_with_metrics_or_months(self, reader, us):
        covered(us, "2025-12")
        totals(us, "2025-12-05", orders=3)
        MetricVersion.objects.exclude(metric__code="orders").delete()
        Metric.objects.exclude(code="orders").delete()
        with CaptureQueriesContext(connection) as one:
            text(reader.get(SCORECARD))

        ensure()
        for number in range(1, 12):
            covered(us, f"2025-{number:02}")
            totals(us, f"2025-{number:02}-05", orders=3, product_sales=50)
        with CaptureQueriesContext(connection) as many:
            text(reader.get(SCORECARD))

        assert len(many) == len(one)

    def test_in_chinese(self, client, year):
        client.force_login(UserFactory(language="zh-hans"))

        words = text(client.get(SCORECARD))

        assert "个需要关注" in words
        assert "need attention" not in words
        assert "订单量" in words


class TestDictionary:
    def test_all_metrics(self, reader, us):
        page = reader.get(DICTIONARY)

        assert f"{Metric.objects.count()} metrics, each with one definition for everybody." in text(page)
        assert "客单价" in text(page)

    @pytest.mark.parametrize("words", ["客单价", "average order", "aov"])
    def test_search_in_both_languages(self, reader, us, words):
        codes = {metric.code for metric in reader.get(DICTIONARY, {"q": words}).context["filter"].qs}

        assert {"aov", "aov_ex_shipping"} <= codes
        assert "storage_fee" not in codes

    def test_filters(self, reader, us):
        marketing = DepartmentFactory(code="marketing")
        Metric.objects.filter(code="tacos").update(department=marketing)

        page = reader.get(DICTIONARY, {"department": "marketing", "direction": "down", "q": "advertising"})

        assert "tacos" in {metric.code for metric in page.context["filter"].qs}
        assert all(metric.direction == "down" for metric in page.context["filter"].qs)
        assert f"of {Metric.objects.count()} metrics" in text(page)

    def test_nothing_found(self, reader, us):
        assert "No metric has these words." in text(reader.get(DICTIONARY, {"q": "unicorns"}))

    @pytest.mark.parametrize("order", ["name", "-name", "department", "unit", "-direction", "nonsense"])
    def test_order(self, reader, us, order):
        assert reader.get(DICTIONARY, {"sort": order}).status_code == 200

    def test_queries_do_not_grow(self, reader, us):
        def count(words):
            with CaptureQueriesContext(connection) as queries:
                reader.get(DICTIONARY, {"q": words})
            return len(queries)

        assert count("aov_ex_shipping") == count("refund")


class TestMetric:
    def test_the_answer_stands_at_the_top(self, reader, year):
        words = text(reader.get("/metrics/orders/"))

        assert "December 2025: 300, up 191.3% on November 2025." not in words
        assert "December 2025: 300, up 194.1% on November 2025. unusual Above the usual range of" in words

    def test_rates_move_by_points(self, reader, us):
        covered(us, "2025-11", "2025-12")
        totals(us, "2025-11-05", units=100, refund_units=2)
        totals(us, "2025-12-05", units=100, refund_units=5)

        words = text(reader.get("/metrics/refund_rate/"))

        assert "December 2025: 5.00%, up 3.0 points on November 2025." in words
        assert "+3.0 pp" in words

    def test_definition_formula_and_version(self, reader, year):
        words = text(reader.get("/metrics/tacos/"))

        assert "−Advertising billed ÷ Product sales" in words
        assert "Not ACoS, which divides by advertised sales only." in words
        assert "lower is better" in words
        assert "day it was billed" in words
        assert "Version 1, certified, valid from" in words

    def test_older_versions_stay_readable(self, reader, year):
        metric = Metric.objects.get(code="orders")
        metric.current = MetricVersion.objects.create(
            metric=metric, number=2, formula="order_lines", definition_en="Lines.", definition_zh="行。",
            unit="count", direction="up", clock="posted", tax_base="none", aggregation="sum", status="certified",
            valid_from="2026-02-01",
        )  # fmt: skip
        metric.save()

        words = text(reader.get("/metrics/orders/"))

        assert "Version 2, certified, valid from Feb. 1, 2026 · current" in words
        assert "Different order numbers settled in the period." in words

    def test_table_and_parts(self, reader, year):
        page = reader.get("/metrics/aov_ex_shipping/", {"period": "2025-11"})

        points = page.context["points"]
        assert [point.period.code for point in points[:2]] == ["2025-11", "2025-10"]
        assert len(points) == 13
        assert points[0].value == 20
        parts = {part.measure.code: (part.value, part.previous) for part in page.context["parts"]}
        assert parts == {"product_sales": (2040, 2020), "orders": (102, 101)}

    def test_uploads_behind_the_figures(self, reader, year):
        covered(year, "2025-12", kind=STORAGE)
        replaced = Upload.objects.get(kind="amazon_transactions", period_start="2025-11-01")
        Upload.objects.filter(pk=replaced.pk).update(state=Upload.State.SUPERSEDED)

        page = reader.get("/metrics/orders/", {"period": "2025-12"})

        names = [upload.original_name for upload in page.context["uploads"]]
        assert names[0] == "amazon_transactions-2025-12.csv"
        assert len(names) == 11
        assert replaced.original_name not in names
        upload = page.context["uploads"][0]
        assert reverse("metrics:upload", args=[upload.pk]) in page.content.decode()

    def test_grains(self, reader, year):
        for grain, last, number in (("day", "2025-12-31", 31), ("week", "2025-W52", 16), ("year", "2025", 6)):
            page = reader.get("/metrics/orders/", {"grain": grain})
            assert page.context["point"].period.code == last
            assert len(page.context["points"]) == number

    def test_a_monthly_metric_offers_no_days(self, reader, year):
        covered(year, "2025-12", kind=STORAGE)
        totals(year, "2025-12-01", storage_fee_estimated=50)

        page = reader.get("/metrics/storage_fee/", {"grain": "day"})

        assert "“day” is no length of a period" in text(page)
        assert page.context["point"].value == 50
        assert page.context["weeks"] is None

    def test_chart_holds_actual_incomplete_and_year_before(self, reader, us):
        covered(us, "2024-12", "2025-11-01..2025-11-20", "2025-12")
        totals(us, "2024-12-05", orders=5)
        totals(us, "2025-11-05", orders=3)
        totals(us, "2025-12-05", orders=7)

        chart = reader.get("/metrics/orders/", {"period": "2025-12"}).context["chart"]

        by_role = {series["role"]: series["values"][-2:] for series in chart["series"]}
        assert by_role == {"actual": [None, 7], "forecast": [3, None], "year": [None, 5]}
        assert chart["title"] == "US shop, Orders, December 2024 to December 2025"

    def test_without_any_report(self, reader, us):
        words = text(reader.get("/metrics/orders/"))

        assert "No report that fills this metric has been handed in yet." in words
        assert "Different order numbers settled in the period." in words
        assert reader.get("/metrics/orders/csv/").status_code == 404

    def test_missing_months_are_named(self, reader, us):
        covered(us, "2025-10", "2025-11")
        totals(us, "2025-10-05", orders=5)

        words = text(reader.get("/metrics/orders/", {"period": "2025-Q4"}))

        assert (
            "Q4 2025: 5; nothing complete to compare it with. Reports are missing for December 2025." in words
        )

    def test_queries_do_not_grow_with_months(self, reader, us):
        def count():
            with CaptureQueriesContext(connection) as queries:
                reader.get("/metrics/aov/", {"period": "2025-12"})
            return len(queries)

        covered(us, "2025-12")
        totals(us, "2025-12-05", orders=5, product_sales=50)
        one = count()
        covered(us, "2025-10", "2025-11")
        totals(us, "2025-11-05", orders=5, product_sales=50)

        assert count() == one


class TestDownload:
    def test_full_precision(self, reader, year):
        response = reader.get("/metrics/refund_rate/csv/", {"period": "2025-11"})

        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert response["Content-Disposition"] == 'attachment; filename="refund_rate_month.csv"'
        assert len(rows) == 13
        last = rows[-1]
        assert (last["period"], last["from"], last["to"]) == ("2025-11", "2025-11-01", "2025-11-30")
        assert Decimal(last["value"]).quantize(Decimal("1e-12")) == Decimal(2 / 102).quantize(
            Decimal("1e-12")
        )
        assert (last["complete"], Decimal(last["refund_units"]), Decimal(last["units"])) == ("yes", 2, 102)
        assert rows[0]["period"] == "2024-11"
        assert rows[0]["value"] == ""

    def test_currency_problem_is_a_sentence(self, reader, year):
        response = reader.get("/metrics/sales_settled/csv/", {"currency": "EUR"})

        assert response.status_code == 409
        assert "There is no exchange rate from USD to EUR" in response.content.decode()
