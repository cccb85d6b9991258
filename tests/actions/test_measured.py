"""Criteria that figures judge: read as people type them, judged when figures come, again when they change."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from actions import bell, services
from actions.models import Criterion
from actions.queries import measured
from actions.queries.changes import changes_of
from actions.services import criteria
from core.models import HistoryEntry, RowChange
from metrics import arrivals
from metrics.intake import store
from metrics.models import DailyTotal, Upload
from notices import kinds
from notices.models import Notice
from tests.actions.pages import post, url
from tests.factories import member
from tests.metrics.builders import covered, metric, shop, totals

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 3, 4, 0, tzinfo=UTC)
Verdict = Criterion.Verdict


@pytest.fixture
def us():
    return shop()


def share(action, us, *, value="0.25", comparator="le", now=NOW) -> Criterion:
    """TACoS of October is to be at most a quarter."""
    return services.add_measured(
        action=action,
        metric=metric("tacos"),
        comparator=comparator,
        value=Decimal(value),
        shop=us,
        window_start=date(2025, 10, 1),
        window_end=date(2025, 10, 31),
        by=action.acceptor,
        now=now,
    )


def told(criterion) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind="actions.judged", subject_id=criterion.pk).exclude(state="superseded")
    return sorted((row.recipient.name, row.params["verdict"]) for row in rows)


def test_waits_until_every_day_is_known_and_is_judged_then(action, us):
    criterion = share(action, us)
    assert (criterion.verdict, told(criterion)) == (Verdict.WAITING, [])
    covered(us, "2025-10-01..2025-10-20")
    totals(us, "2025-10-05", ad_cost=-24, product_sales=100)
    criteria.judge_all(now=NOW)
    criterion.refresh_from_db()
    assert criterion.verdict == Verdict.WAITING  # a part of the window says nothing for good
    (reading,) = measured.readings([criterion]).values()
    assert (reading.value, reading.is_complete) == (Decimal("0.24"), False)

    covered(us, "2025-10-21..2025-10-31")
    changed = criteria.judge_all(now=NOW, shop_id=us.pk)

    criterion.refresh_from_db()
    assert (changed, criterion.verdict, criterion.judged_value, criterion.judged_at) == (
        1,
        "met",
        Decimal("0.24"),
        NOW,
    )
    assert told(criterion) == [("Han Mei", "met"), ("Li Lei", "met")]
    assert criteria.judge_all(now=NOW + timedelta(hours=1)) == 0  # twice is once
    assert len(told(criterion)) == 2


def test_changed_figures_judge_again_and_the_old_verdict_stays_in_the_history(action, us):
    covered(us, "2025-10")
    totals(us, "2025-10-05", ad_cost=-24, product_sales=100)
    criterion = share(action, us)
    assert criterion.verdict == Verdict.MET

    DailyTotal.objects.filter(measure__code="ad_cost").update(value=-26)
    later = NOW + timedelta(days=1)
    criteria.judge_all(now=later)

    criterion.refresh_from_db()
    assert (criterion.verdict, criterion.judged_at) == (Verdict.MISSED, later)
    assert told(criterion) == [("Han Mei", "missed"), ("Li Lei", "missed")]
    entry = HistoryEntry.objects.filter(verb="actions.verdict").order_by("-pk").first()
    assert (entry.before["verdict"], entry.after["verdict"]) == ("met", "missed")
    kept = RowChange.objects.filter(table="actions_criterion", row_id=criterion.pk).order_by("-pk").first()
    assert kept.changes["verdict"] == ["met", "missed"]
    facts = [(fact.before, fact.after) for change in changes_of(action) for fact in change.facts]
    assert ("24.00%", "26.00%") in facts
    # Figures that are taken out leave no verdict behind, and nobody is told of nothing.
    Upload.objects.update(state=Upload.State.SUPERSEDED)
    criteria.judge_all(now=later)
    criterion.refresh_from_db()
    assert (criterion.verdict, criterion.judged_at, told(criterion)) == (Verdict.WAITING, None, [])


@pytest.mark.parametrize(
    ("comparator", "value", "verdict"),
    [("ge", "0.25", "met"), ("gt", "0.25", "missed"), ("le", "0.25", "met"), ("lt", "0.25", "missed")],
)
def test_comparison_at_the_edge(action, us, comparator, value, verdict):
    covered(us, "2025-10")
    totals(us, "2025-10-05", ad_cost=-25, product_sales=100)

    assert share(action, us, comparator=comparator, value=value).verdict == verdict


def test_what_is_over_keeps_the_verdict_it_was_accepted_with(action, us):
    covered(us, "2025-10")
    totals(us, "2025-10-05", ad_cost=-24, product_sales=100)
    criterion = share(action, us)
    services.add_evidence(
        action=action, criterion=action.criteria.get(metric=None), text="x", by=action.owner, now=NOW
    )
    services.submit(action=action, by=action.owner, now=NOW)  # the figures prove the measured one
    services.accept(action=action, by=action.acceptor, now=NOW)
    DailyTotal.objects.filter(measure__code="ad_cost").update(value=-90)

    assert criteria.judge_all(now=NOW) == 0
    criterion.refresh_from_db()
    assert criterion.verdict == Verdict.MET


def test_missed_criterion_needs_a_reason_before_it_is_handed_in(action, us):
    covered(us, "2025-10")
    totals(us, "2025-10-05", ad_cost=-40, product_sales=100)
    criterion = share(action, us)
    services.add_evidence(
        action=action, criterion=action.criteria.get(metric=None), text="x", by=action.owner, now=NOW
    )
    with pytest.raises(services.NotPossible, match="TACoS"):
        services.submit(action=action, by=action.owner, now=NOW)
    action.refresh_from_db()
    services.mark_criterion(
        criterion=criterion, is_met=True, no_evidence_because="stock-out", by=action.owner, now=NOW
    )
    services.submit(action=action, by=action.owner, now=NOW)
    assert action.status == "submitted"


def test_word_alone_proves_nothing(action):
    criterion = action.criteria.get()
    with pytest.raises(services.NotPossible, match="why there is nothing to show"):
        services.mark_criterion(criterion=criterion, is_met=True, by=action.owner, now=NOW)
    criterion.refresh_from_db()
    assert criterion.met_at is None


def test_a_stored_report_rings_for_its_shop(monkeypatch, us, django_capture_on_commit_callbacks):
    rung: list[int] = []
    monkeypatch.setattr(arrivals, "_LISTENERS", [*arrivals._LISTENERS, rung.append])
    assert bell.figures_changed in arrivals._LISTENERS
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        (upload,) = covered(us, "2025-10")
        store.rebuild(us, [upload.period])
    for call in callbacks[1:]:
        call()

    assert rung == [us.pk]


TYPED = [
    ("tacos", "25 %", "0.25", ""),
    ("tacos", "25％", "0.25", ""),
    ("tacos", "25", "0.25", ""),
    ("tacos", "0.5", None, "Write it with the sign"),
    ("orders", "3万", "30000", ""),
    ("orders", "1,200", "1200", ""),
    ("orders", "5 %", None, "no share"),
    ("orders", "many", None, "is no number"),
    ("sales_net", "99999999999999999", None, "too large"),
]


@pytest.mark.parametrize(("code", "typed", "value", "words"), TYPED)
def test_value_is_typed_as_people_say_it(client, action, us, code, typed, value, words):
    client.force_login(action.acceptor)
    fields = {
        "metric": metric(code).pk,
        "comparator": "le",
        "value": typed,
        "shop": us.pk,
        "window_start": "2025-10-01",
        "window_end": "2025-10-31",
    }

    response = post(client, action, "measure", **fields)

    found = action.criteria.filter(metric__code=code).first()
    if value is None:
        assert response.status_code == 422
        assert found is None
        assert words in response.text
        assert f'value="{typed}"' in response.text
    else:
        assert response.status_code == 302
        assert found.value == Decimal(value)


def test_window_of_a_monthly_figure_is_whole_months(client, action, us):
    client.force_login(action.acceptor)
    fields = {"metric": metric("storage_fee").pk, "comparator": "le", "value": "500", "shop": us.pk}

    half = post(client, action, "measure", **fields, window_start="2025-10-05", window_end="2025-10-31")
    turned = post(client, action, "measure", **fields, window_start="2025-10-31", window_end="2025-10-01")
    whole = post(client, action, "measure", **fields, window_start="2025-10-01", window_end="2025-11-30")

    assert "choose whole months" in half.text
    assert "lies before the first" in turned.text
    assert whole.status_code == 302


def test_page_shows_value_target_course_and_verdict(client, action, us):
    covered(us, "2025-09", "2025-10")
    totals(us, "2025-09-05", ad_cost=-30, product_sales=100)
    totals(us, "2025-10-05", ad_cost=-24, product_sales=100)
    share(action, us)
    client.force_login(action.owner)

    page = client.get(url(action)).text

    assert "(TACoS) ≤ 25.00%" in page
    assert "met by the figures" in page
    assert "24.00%" in page
    assert 'class="aim"' in page


def test_editing_the_words_leaves_measured_criteria_alone(client, action, us):
    criterion = share(action, us)
    client.force_login(action.acceptor)
    form = client.get(f"{url(action)}edit/").context["form"]
    assert "TACoS" not in form.initial["criteria"]

    services.edit(
        action=action,
        version=action.version,
        title=action.title,
        description="",
        criteria=["A report of 5 pages", criterion.text],
        by=action.acceptor,
        now=timezone.now(),
    )

    assert [one.text for one in action.criteria.order_by("position")] == [
        "A report of 5 pages",
        criterion.text,
    ]
    assert action.criteria.get(metric__isnull=False).pk == criterion.pk


def test_measured_criterion_is_taken_off_unless_something_was_shown(client, action, us):
    criterion = share(action, us)
    services.add_evidence(action=action, criterion=criterion, text="x", by=action.owner, now=NOW)
    client.force_login(action.acceptor)
    assert post(client, action, "drop-measure", criterion=criterion.pk).status_code == 422
    other = share(action, us, value="0.2")

    assert post(client, action, "drop-measure", criterion=other.pk).status_code == 302
    assert list(action.criteria.filter(metric__isnull=False)) == [criterion]


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [("en", "missed by the figures", "before it was 24.00%"), ("zh-hans", "未达标", "此前为 24.00%")],
)
def test_notice_says_what_was_measured_and_what_it_was_before(action, us, language, title, body):
    covered(us, "2025-10")
    totals(us, "2025-10-05", ad_cost=-24, product_sales=100)
    criterion = share(action, us)
    DailyTotal.objects.filter(measure__code="ad_cost").update(value=-26)
    criteria.judge_all(now=NOW + timedelta(days=1))
    notice = Notice.objects.get(kind="actions.judged", recipient=action.owner, state="pending")
    kind = kinds.get("actions.judged")

    with translation.override(language):
        assert title in kind.title(notice)
        assert "26.00%" in kind.body(notice)
        assert body in kind.body(notice)
    assert kind.url(notice) == f"{url(action)}#criterion-{criterion.pk}"
    assert kind.is_wanted(notice)
    assert kind.may_read(member("finance"), {criterion.pk}) == set()
    Criterion.objects.filter(pk=criterion.pk).update(verdict="met")
    assert not kind.is_wanted(Notice.objects.get(pk=notice.pk))
