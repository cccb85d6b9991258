import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from metrics.models import ExchangeRate
from tests.metrics.builders import STORAGE, covered, shop, totals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def us():
    us = shop()
    covered(us, "2025-09", "2025-10", "2025-12")
    totals(us, "2025-09-30", orders=4, product_sales="80.00")
    totals(us, "2025-10-01", orders=5, product_sales="110.00")
    totals(us, "2025-12-24", orders=1, product_sales="1234.50")
    return us


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("metric", *arguments, stdout=out)
    return out.getvalue()


def test_json(us):
    assert json.loads(run("orders", "--json")) == [
        {
            "period": "2025-09",
            "from": "2025-09-01",
            "to": "2025-09-30",
            "value": 4,
            "base": None,
            "growth": None,
        },
        {
            "period": "2025-10",
            "from": "2025-10-01",
            "to": "2025-10-31",
            "value": 5,
            "base": 4,
            "growth": 0.25,
        },
        {
            "period": "2025-11",
            "from": "2025-11-01",
            "to": "2025-11-30",
            "value": None,
            "base": 5,
            "growth": None,
        },
        {
            "period": "2025-12",
            "from": "2025-12-01",
            "to": "2025-12-31",
            "value": 1,
            "base": None,
            "growth": None,
        },
    ]


def test_table(us):
    assert run("sales_settled", "--grain", "quarter").splitlines() == [
        "Settled product sales (sales_settled)",
        "period   from        to             value  period before  growth",
        "2025-Q3  2025-07-01  2025-09-30     80.00              —       —  incomplete",
        "2025-Q4  2025-10-01  2025-12-31  1,344.50          80.00       —  incomplete",
    ]


def test_range_and_grain(us):
    days = json.loads(
        run("aov_ex_shipping", "--from", "2025-09-30", "--to", "2025-10-01", "--grain", "day", "--json")
    )

    assert [(day["period"], day["value"], day["base"]) for day in days] == [
        ("2025-09-30", 20, None),
        ("2025-10-01", 22, 20),
    ]


def test_the_open_end_of_a_range_is_taken_from_the_reports(us):
    periods = [row["period"] for row in json.loads(run("orders", "--from", "2025-10-15", "--json"))]

    assert periods == ["2025-10", "2025-11", "2025-12"]


def test_range_of_a_metric_is_that_of_its_reports(us):
    covered(us, "2025-08", kind=STORAGE)

    assert [row["period"] for row in json.loads(run("storage_fee", "--json"))] == ["2025-08"]


def test_one_shop_and_another_currency(us):
    de = shop("de-main", currency="EUR", marketplace="DE")
    covered(de, "2025-10")
    totals(de, "2025-10-05", product_sales=100, orders=7)
    ExchangeRate.objects.create(currency="EUR", base="USD", month="2025-10-01", rate="1.1", source="test")
    when = ("--from", "2025-10-01", "--to", "2025-10-31", "--json")

    assert json.loads(run("orders", "--shop", "de-main", *when))[0]["value"] == 7
    assert json.loads(run("sales_settled", "--shop", "de-main", *when))[0]["value"] == 100


def test_a_missing_rate_is_named(us):
    de = shop("de-main", currency="EUR", marketplace="DE")
    covered(de, "2025-10")
    totals(de, "2025-10-05", product_sales=100)

    with pytest.raises(CommandError, match="no exchange rate from EUR to USD for 2025-10") as error:
        run("sales_settled", "--currency", "USD")

    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ordres"], r"no metric “ordres”. Did you mean orders"),
        (["xyzzy"], r"no metric “xyzzy”.$"),
        (["fee"], r"fba_fee_cost"),
        (["orders", "--shop", "moon"], r"no shop “moon”. Known shops: us-main"),
        (["orders", "--from", "2025-10-02", "--to", "2025-10-01"], r"ends \(2025-10-01\) before it begins"),
        (["orders", "--from", "1900-01-01", "--grain", "day"], r"too many periods"),
        (["sales_settled", "--currency", "dollars"], r"no currency"),
    ],
)
def test_a_wrong_call_is_explained(us, arguments, says):
    with pytest.raises(CommandError, match=says) as error:
        run(*arguments)

    assert error.value.returncode == 2


@pytest.mark.parametrize(
    "arguments", [["orders", "--from", "yesterday"], ["orders", "--grain", "decade"], []]
)
def test_what_the_command_line_refuses(us, arguments):
    with pytest.raises(CommandError):
        run(*arguments)


def test_without_any_report():
    shop()

    with pytest.raises(CommandError, match="No report has been imported yet") as error:
        run("orders")

    assert error.value.returncode == 1
