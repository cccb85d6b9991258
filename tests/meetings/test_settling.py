"""Stated figures against the reports', and what the data owner rules."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError

from meetings.errors import Conflict, NotAllowed
from meetings.models import AgendaItem, Ruling, Tolerance
from meetings.queries import counting, differences
from meetings.services import settling
from notices.models import Notice
from tests import factories
from tests.meetings import settling_factories as made
from tests.metrics import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = made.NOW
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def shop():
    return made.october(100)


@pytest.fixture
def owner():
    return factories.data_owner()


def only(meeting):
    (found,) = differences.compared(meeting)
    return found


def rule(statement, verdict, owner, at=LATER, **values):
    return settling.rule(
        statement=statement, verdict=verdict, reason="Returns count.", by=owner, now=at, **values
    )


# --- comparing ------------------------------------------------------------------------------------------
def test_a_figure_beyond_tolerance_stands_beside_the_reports_figure(shop):
    meeting = made.review()
    made.state(meeting, 120)

    (found,) = differences.differences(meeting)

    assert (found.stated, found.reported, found.gap) == (120, 100, 20)
    assert found.fraction == Decimal("0.2")
    assert (found.department.code, found.metric.code) == ("sales", "orders")
    assert found.is_open
    assert found.metric.definition


def test_both_sources_are_there(shop):
    meeting = made.review()
    made.state(meeting, 120)

    (found,) = differences.compared(meeting, with_sources=True)

    assert [upload.original_name for upload in found.uploads] == ["amazon_transactions-2026-10.csv"]
    assert found.statement.source == "our own sheet"


@pytest.mark.parametrize(("value", "needed"), [(101, False), ("101.01", True), (99, False), (100, False)])
def test_one_percent_is_tolerated(shop, value, needed):
    meeting = made.review()
    made.state(meeting, value)

    assert only(meeting).needs_ruling is needed


def test_the_company_sets_the_tolerance_of_a_metric(shop):
    meeting = made.review()
    made.state(meeting, 120)
    Tolerance.objects.create(metric_code="orders", fraction=Decimal("0.2"), difference=Decimal("0.2"))

    assert differences.differences(meeting) == []


def test_where_the_reports_say_zero_any_other_figure_differs():
    made.october(0)
    meeting = made.review()
    made.state(meeting, 1)

    assert (only(meeting).is_open, only(meeting).fraction) == (True, None)


def test_a_lone_figure_without_a_report_holds_nothing_up_and_counts():
    builders.shop()
    meeting = made.review()
    made.state(meeting, 120)

    found = only(meeting)

    assert (found.reported, found.is_open, found.is_without_report) == (None, False, True)
    assert differences.differences(meeting) == []
    assert not found.counts, "a draft is nobody else's business"
    made.submit(meeting)
    assert only(meeting).counts


def test_two_departments_without_a_report_are_set_against_each_other():
    builders.shop()
    meeting = made.review("sales", "finance")
    made.state(meeting, 120)
    made.state(meeting, 90, "finance")

    found = differences.differences(meeting)

    assert [(one.department.code, [r.value for r in one.rivals]) for one in found] == [
        ("sales", [90]),
        ("finance", [120]),
    ]
    assert all(one.is_open for one in found)


def test_a_metric_that_no_report_fills_yet_can_be_stated():
    meeting = made.review(metrics=["roas"])
    made.state(meeting, 3, metric="roas")

    assert (only(meeting).metric.name, only(meeting).is_without_report) == ("ROAS", True)


def test_what_only_a_confidential_item_asks_for_stays_in_its_circle(shop):
    meeting = made.review()
    made.state(meeting, 120)
    AgendaItem.objects.filter(meeting=meeting, department__code="sales").update(is_confidential=True)

    assert differences.compared(meeting) == []


def test_the_number_of_queries_does_not_grow(shop, django_assert_max_num_queries):
    meeting = made.review("sales", "finance", "tech")
    made.state(meeting, 120)
    with django_assert_max_num_queries(14) as one:
        differences.compared(meeting, with_sources=True)
    made.state(meeting, 130, "finance")
    made.state(meeting, 140, "tech")
    with django_assert_max_num_queries(14) as three:
        assert len(differences.compared(meeting, with_sources=True)) == 3

    assert len(one) == len(three)


# --- ruling ---------------------------------------------------------------------------------------------
def test_a_ruling_settles_and_says_which_figure_counts(shop, owner):
    meeting = made.review()
    statement = made.state(meeting, 120)
    assert counting.counted(meeting, ["orders"])["orders"].row.value == 100

    ruling = rule(statement, "stated", owner)

    assert (only(meeting).is_settled, only(meeting).ruling, only(meeting).counts) == (True, ruling, True)
    assert (ruling.stated_value, ruling.authoritative_value) == (120, 100)
    counted = counting.counted(meeting, ["orders"])["orders"]
    assert (counted.row.value, counted.reported, counted.row.change) == (120, 100, Decimal("0.2"))


def test_the_reports_may_count_all_the_same(shop, owner):
    meeting = made.review()
    rule(made.state(meeting, 120), "authoritative", owner)

    assert (only(meeting).is_settled, only(meeting).counts) == (True, False)
    assert counting.counted(meeting, ["orders"])["orders"].row.value == 100


def test_the_newest_ruling_counts(shop, owner):
    meeting = made.review()
    statement = made.state(meeting, 120)
    rule(statement, "stated", owner)
    rule(statement, "authoritative", owner, LATER + dt.timedelta(minutes=1))

    assert not only(meeting).counts


def test_a_changed_statement_opens_it_again(shop, owner):
    meeting = made.review()
    statement = made.state(meeting, 120)
    ruling = rule(statement, "stated", owner)

    made.state(meeting, 125, at=LATER)

    assert (only(meeting).is_open, only(meeting).ruling, only(meeting).former) == (True, None, ruling)


def test_an_import_that_changes_the_reports_figure_opens_it_again(shop, owner):
    meeting = made.review()
    rule(made.state(meeting, 120), "stated", owner)

    made.set_orders(shop, 105)

    assert (only(meeting).is_open, only(meeting).reported) == (True, 105)
    made.set_orders(shop, 120)
    assert only(meeting).is_settled


def test_a_ruling_for_one_department_settles_the_other(owner):
    builders.shop()
    meeting = made.review("sales", "finance")
    sales = made.state(meeting, 120)
    made.state(meeting, 90, "finance")
    ruling = rule(sales, "stated", owner)

    first, second = differences.differences(meeting)

    assert (first.counts, second.counts) == (True, False)
    assert (second.is_settled, second.overruled_by) == (True, ruling)

    made.state(meeting, 95, "finance", at=LATER + dt.timedelta(minutes=1))
    assert [one.is_open for one in differences.differences(meeting)] == [False, True]


def test_what_was_looked_at_must_still_be_so(shop, owner):
    meeting = made.review()
    statement = made.state(meeting, 120)
    made.set_orders(shop, 110)

    with pytest.raises(Conflict) as conflict:
        rule(statement, "stated", owner, seen=(Decimal(120), Decimal(100)))

    assert conflict.value.theirs.reported == 110
    assert not Ruling.objects.exists()


def test_a_ruling_has_a_reason_and_something_to_rule_on(shop, owner):
    meeting = made.review()
    statement = made.state(meeting, 120)
    with pytest.raises(NotAllowed, match="reason"):
        settling.rule(statement=statement, verdict="stated", reason="  ", by=owner, now=NOW)
    made.set_orders(shop, 120)
    with pytest.raises(NotAllowed, match="agree"):
        rule(statement, "stated", owner)


def test_rulings_are_never_rewritten(shop, owner):
    rule(made.state(made.review(), 120), "stated", owner)

    with pytest.raises(DatabaseError, match="never rewritten"):
        Ruling.objects.update(reason="another")


# --- telling ----------------------------------------------------------------------------------------------
def test_every_data_owner_is_told_once_per_value(shop, owner):
    meeting = made.review()
    made.state(meeting, 120)
    for _ in range(2):
        settling.announce(meeting=meeting, now=NOW)

    (notice,) = Notice.objects.filter(kind="meetings.difference")
    assert notice.recipient == owner

    made.state(meeting, 130, at=LATER)
    settling.announce(meeting=meeting, now=LATER)
    assert Notice.objects.filter(kind="meetings.difference").count() == 2


def test_the_words_name_both_figures(shop, owner):
    from notices import kinds

    meeting = made.review()
    statement = made.state(meeting, 120)
    settling.announce(meeting=meeting, now=NOW)
    notice = Notice.objects.get(kind="meetings.difference")
    kind = kinds.get(notice.kind)

    assert kind.is_wanted(notice)
    assert kind.title(notice) == "Sales states another figure: Orders"
    assert "states 120, the reports say 100" in kind.body(notice)
    assert kind.url(notice) == f"/meetings/{meeting.pk}/figures/#statement-{statement.pk}"

    rule(statement, "stated", owner)
    notice.refresh_from_db()
    assert notice.state == Notice.State.SUPERSEDED


def test_the_heads_read_which_figure_counts_and_why(shop, owner):
    from notices import kinds

    head = factories.lead("sales", name="Li")
    meeting = made.review()
    statement = made.state(meeting, 120, stated_by=head)
    rule(statement, "authoritative", owner)
    notice = Notice.objects.get(kind="meetings.ruled", recipient=head)
    kind = kinds.get(notice.kind)

    assert kind.is_wanted(notice)
    assert kind.title(notice) == "Settled: Orders – the reports' figure counts"
    assert "Reason: Returns count." in kind.body(notice)
