from dataclasses import replace
from datetime import date

import pytest

from core import history
from metrics.dictionary import load
from metrics.dictionary.entries import METRICS
from metrics.dictionary.formula import FormulaError, parse
from metrics.dictionary.measures import MEASURES
from metrics.models import Measure, Metric, MetricVersion
from people.departments import ensure_standard
from people.models import Department
from tests.metrics import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def dictionary():
    builders.dictionary()


def shipped(monkeypatch, code, **changes):
    """A release in which the entry of one metric reads otherwise."""
    entries = tuple(replace(entry, **changes) if entry.code == code else entry for entry in METRICS)
    monkeypatch.setattr(load, "METRICS", entries)


@pytest.mark.usefixtures("dictionary")
def test_loading_again_changes_nothing():
    before = list(MetricVersion.objects.order_by("pk").values())

    assert load.ensure() == 0
    assert list(MetricVersion.objects.order_by("pk").values()) == before
    assert Metric.objects.count() == len(METRICS)
    assert Measure.objects.count() == len(MEASURES)


def test_after_the_tables_were_emptied():
    Metric.objects.update(current=None)
    Metric.objects.all().delete()
    Measure.objects.all().delete()

    assert load.ensure(today=date(2026, 1, 5)) == len(METRICS)
    assert Metric.objects.get(code="aov").current.valid_from == date(2026, 1, 5)


@pytest.mark.usefixtures("dictionary")
def test_a_new_definition_is_a_new_version(monkeypatch):
    old = Metric.objects.get(code="aov").current
    shipped(monkeypatch, "aov", formula="product_sales / units", definition_en="Sales per piece.")

    assert load.ensure(today=date(2027, 3, 1)) == 1

    metric = Metric.objects.with_current().get(code="aov")
    assert (metric.current.number, metric.formula) == (2, "product_sales / units")
    assert metric.current.valid_from == date(2027, 3, 1)
    old.refresh_from_db()
    assert (old.number, old.formula) == (1, "(product_sales + shipping_credits + promo_rebates) / orders")
    entry = history.of(metric).get()
    assert (entry.verb, entry.before, entry.after["number"]) == ("metrics.new_version", {"number": 1}, 2)
    assert load.ensure() == 0


@pytest.mark.usefixtures("dictionary")
def test_what_the_company_set_stays(monkeypatch):
    metric = Metric.objects.with_current().get(code="aov")
    own = MetricVersion.objects.get(pk=metric.current_id)
    own.pk, own.number, own.fingerprint = None, 2, ""
    own.formula = "product_sales / orders"
    own.save(force_insert=True)
    metric.current, metric.name_en = own, "Basket"
    metric.save()

    assert load.ensure() == 0

    metric.refresh_from_db()
    assert (metric.name_en, metric.current_id, metric.formula) == ("Basket", own.pk, "product_sales / orders")
    shipped(monkeypatch, "aov", decimals=1)
    assert load.ensure() == 1
    metric.refresh_from_db()
    assert metric.current.number == 3


@pytest.mark.usefixtures("dictionary")
def test_departments_that_come_later_get_their_metrics():
    ensure_standard()
    finance = Department.objects.get(code="finance")
    Metric.objects.filter(code="aov").update(department=finance)
    Metric.objects.filter(code="tacos").update(department=None)

    load.ensure()

    assert Metric.objects.get(code="tacos").department.code == "marketing"
    assert Metric.objects.get(code="aov").department == finance


@pytest.mark.usefixtures("dictionary")
def test_a_wrong_formula_changes_nothing(monkeypatch):
    shipped(monkeypatch, "tacos", formula="-ad_cost / turnover")

    with pytest.raises(FormulaError, match="“turnover”"):
        load.ensure()

    assert Metric.objects.with_current().get(code="tacos").current.number == 1


@pytest.mark.usefixtures("dictionary")
def test_every_entry_is_complete_in_both_languages():
    ensure_standard()
    assert len(METRICS) >= 30
    assert len({entry.code for entry in METRICS}) == len(METRICS)
    for version in MetricVersion.objects.select_related("metric"):
        names = (version.metric.name_en, version.metric.name_zh, version.definition_en, version.definition_zh)
        assert all(names), version.metric.code
        assert bool(version.pin_down_en) == bool(version.pin_down_zh), version.metric.code
        assert any("\u4e00" <= sign <= "\u9fff" for sign in version.definition_zh), version.metric.code
        assert version.definition_en.isascii() or "“" in version.definition_en, version.metric.code
        version.full_clean()
    for measure in Measure.objects.all():
        measure.full_clean()


def test_every_measure_is_used_or_can_be_looked_at():
    """A measure that no report fills would always be unknown."""
    used = {code for entry in METRICS for code in parse(entry.formula).measures}

    for measure in MEASURES:
        assert measure.reports or measure.code in {"days", "shop_months"}
    assert used <= {measure.code for measure in MEASURES}


@pytest.mark.parametrize(
    ("code", "aggregation"), [("orders", "sum"), ("aov", "ratio"), ("sales_growth", "growth")]
)
@pytest.mark.usefixtures("dictionary")
def test_aggregation_follows_from_the_formula(code, aggregation):
    assert Metric.objects.with_current().get(code=code).current.aggregation == aggregation
