"""Problems, resource requests, decision requests and stated figures: versions, order, what is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.amounts import parse
from meetings.errors import Conflict, NotAllowed
from meetings.forms.amounts import AmountField
from meetings.models import DecisionRequest, PreReadProblem, ResourceRequest
from meetings.queries import prereads as queries
from meetings.queries.report import report
from meetings.services import prereads, report_rows, statements
from tests import factories
from tests.meetings import room_factories as room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = room.NOW


@pytest.fixture
def preread():
    meeting = room.meeting(starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=30))
    meeting.items.filter(department__isnull=False).update(metric_codes=["orders", "roas"])
    return prereads.open_for(meeting=meeting, now=NOW)[0]


@pytest.fixture
def lin():
    return factories.lead("sales", name="Lin")


def add(preread, by, kind="problems", **values):
    row = report_rows.add(preread=preread, kind=kind, by=by, now=NOW)
    return report_rows.save(row=row, values=values, version=1, by=by, now=NOW) if values else row


def url(preread, name="preread", *more):
    return reverse(f"meetings:{name}", args=[preread.meeting_id, preread.department.code, *more])


# --- rows -------------------------------------------------------------------------------------------------
def test_a_stale_save_of_a_row_changes_nothing_and_gives_both_sides(preread, lin):
    row = add(preread, lin, problem="Returns rise", solution="New sizes")

    with pytest.raises(Conflict) as caught:
        report_rows.save(
            row=row, values={"problem": "Other", "solution": ""}, version=1, by=factories.member(), now=NOW
        )

    assert (caught.value.theirs.problem, caught.value.yours["problem"]) == ("Returns rise", "Other")
    row.refresh_from_db()
    assert (row.problem, row.version) == ("Returns rise", 2)


def test_the_same_values_twice_are_no_conflict(preread, lin):
    row = add(preread, lin, problem="Returns rise")

    stored = report_rows.save(row=row, values={"problem": "Returns rise"}, version=1, by=lin, now=NOW)

    assert stored.version == 2


def test_a_row_that_was_taken_off_keeps_its_text_and_comes_back_to_its_place(preread, lin):
    first, second = add(preread, lin, problem="One"), add(preread, lin, problem="Two")

    report_rows.remove(row=first, by=lin, now=NOW)
    shown = next(section for section in report(preread, lin).sections if section.key == "problems")
    with pytest.raises(NotAllowed, match="took this row off"):
        report_rows.save(row=first, values={"problem": "More"}, version=2, by=lin, now=NOW)
    report_rows.restore(row=first, by=lin, now=NOW)

    assert ([row.problem for row in shown.rows], [row.problem for row in shown.removed]) == (["Two"], ["One"])
    assert [row.pk for row in PreReadProblem.objects.present()] == [first.pk, second.pk]


def test_rows_change_places_without_a_new_version(preread, lin):
    rows = [add(preread, lin, problem=name) for name in ("a", "b", "c")]

    report_rows.move(row=rows[2], up=True, by=lin, now=NOW)
    report_rows.move(row=rows[0], up=True, by=lin, now=NOW)

    found = PreReadProblem.objects.present().values_list("problem", "version")
    assert list(found) == [("a", 2), ("c", 2), ("b", 2)]


def test_an_empty_row_is_offered_again_instead_of_a_second(preread, lin):
    assert add(preread, lin).pk == add(preread, lin).pk


def test_a_row_of_a_submitted_pre_read_is_refused(preread, lin):
    row = add(preread, lin, problem="One", solution="Do it")
    prereads.submit(preread=preread, by=lin, now=NOW)

    with pytest.raises(NotAllowed, match="submitted in the meantime"):
        report_rows.save(row=row, values={"problem": "Two"}, version=2, by=lin, now=NOW)


# --- what submitting waits for ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "values", "missing"),
    [
        ("problems", {"problem": "Returns rise"}, ["propose a solution"]),
        (
            "resources",
            {"what": "Ads"},
            ["state the cost", "choose the past figures", "state the expected increment"],
        ),
        (
            "resources",
            {"what": "Ads", "cost": Decimal(100), "is_first": True, "expected_increment": Decimal(50)},
            [],
        ),
        (
            "decisions",
            {"question": "Clear the old stock?", "options": [{"text": "Yes", "effect": ""}]},
            ["at least two options", "recommend one", "who may decide"],
        ),
    ],
)
def test_submitting_names_what_is_half_written(preread, lin, kind, values, missing):
    add(preread, lin, kind, **values)

    if not missing:
        assert prereads.submit(preread=preread, by=lin, now=NOW).number == 1
        return
    with pytest.raises(prereads.Incomplete) as caught:
        prereads.submit(preread=preread, by=lin, now=NOW)

    words = [lack.words for lack in caught.value.lacks]
    assert len(words) == len(missing)
    assert all(part in sentence for part, sentence in zip(missing, words, strict=True))
    preread.refresh_from_db()
    assert preread.status == "draft"


def test_an_empty_row_is_no_obstacle_and_not_handed_in(preread, lin):
    add(preread, lin, "problems", problem="One", solution="Do it")
    add(preread, lin, "decisions")

    revision = prereads.submit(preread=preread, by=lin, now=NOW)

    assert [row["problem"] for row in revision.content["problems"]] == ["One"]
    assert revision.content["decisions"] == []


def test_a_revision_keeps_its_rows_as_they_were(preread, lin):
    boss = factories.executive(name="Boss")
    add(preread, lin, "problems", problem="One", solution="Do it", whys=["because", "so"])
    add(
        preread,
        lin,
        "decisions",
        question="Clear the stock?",
        options=[{"text": "Yes", "effect": "cash"}, {"text": "No", "effect": ""}],
        recommended=1,
        decider_id=boss.pk,
    )
    add(
        preread,
        lin,
        "resources",
        what="Ads",
        cost=Decimal(100),
        expected_increment=Decimal(50),
        is_first=True,
    )
    prereads.submit(preread=preread, by=lin, now=NOW)
    PreReadProblem.objects.update(problem="Changed")

    reading = queries.latest_reading(preread, boss)

    assert (reading.problems[0].problem, reading.problems[0].whys) == ("One", ["because", "so"])
    decision = reading.decisions[0]
    assert (decision.recommended_option["text"], decision.decider.name) == ("No", "Boss")
    assert (reading.resources[0].payback_months, reading.resources[0].lacks) == (2, [])


# --- stated figures ----------------------------------------------------------------------------------------
def stated(preread, by, value="12", version=0, source="ERP"):
    return statements.state(
        preread=preread,
        metric_code="roas",
        value=Decimal(value),
        currency="",
        source=source,
        definition="",
        version=version,
        by=by,
        now=NOW,
    )


def test_a_figure_without_a_report_is_stated_with_its_source(preread, lin):
    first = stated(preread, lin)
    again = stated(preread, lin)
    second = stated(preread, lin, "13.5", version=1)

    assert (first.version, again.version, second.version, second.value) == (1, 1, 2, Decimal("13.5"))
    with pytest.raises(Conflict) as caught:
        stated(preread, factories.member(), "14", version=1)
    assert caught.value.theirs.value == Decimal("13.5")
    statements.retract(preread=preread, metric_code="roas", version=2, by=lin, now=NOW)
    assert not preread.statements.exists()


def test_a_figure_needs_a_source_and_a_metric_of_this_pre_read(preread, lin):
    with pytest.raises(NotAllowed, match="comes from"):
        stated(preread, lin, source="  ")
    with pytest.raises(NotAllowed, match="does not belong"):
        statements.state(
            preread=preread,
            metric_code="salaries",
            value=Decimal(1),
            currency="",
            source="x",
            definition="",
            version=0,
            by=lin,
            now=NOW,
        )


def test_metrics_that_no_report_fills_stand_in_the_table_and_say_so(preread, lin, client):
    client.force_login(lin)

    html = client.get(url(preread)).content.decode()

    assert [figure.row.metric.code for figure in queries.figures(preread)] == ["orders", "roas"]
    assert (html.count("no report fills it yet"), html.count("no figures for this period")) == (1, 1)
    assert 'name="statement-roas-value"' in html


# --- fields ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,234.50", "1234.50"),
        ("１２万", "120000"),
        ("1.2亿", "120000000"),
        ("¥300", "300"),
        ("−4", "-4"),
        (" 7 ", "7"),
    ],
)
def test_numbers_are_taken_as_people_type_them(typed, number):
    assert parse(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["abc", "1e9", "NaN", "", "1.2.3", "12 %"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError):
        parse(typed)


def test_a_share_is_typed_in_percent_and_kept_as_a_fraction():
    field = AmountField(is_share=True, places=6)

    assert (field.clean("12.5%"), field.clean("12.5")) == (Decimal("0.125"), Decimal("0.125"))
    assert field.prepare_value(Decimal("0.125")) == "12.5"


# --- the page ----------------------------------------------------------------------------------------------
def test_buttons_store_the_whole_form_first(preread, lin, client):
    client.force_login(lin)
    row = add(preread, lin)

    answer = client.post(
        url(preread),
        {
            "do": "add:decisions",
            "text:section:risks": "Stock runs out",
            "version:section:risks": "0",
            f"version:problems-{row.pk}": "1",
            f"problems-{row.pk}-problem": "Returns rise",
            f"problems-{row.pk}-why_2": "Sizes run small",
            "version:statement-roas": "0",
            "statement-roas-value": "4.2",
            "statement-roas-source": "Console",
            "effort-hours": "2.5",
        },
    )

    row.refresh_from_db()
    preread.refresh_from_db()
    decision = DecisionRequest.objects.get()
    assert answer.headers["Location"] == f"{url(preread)}#decisions-{decision.pk}"
    assert preread.texts.get(key="risks").text == "Stock runs out"
    assert (row.problem, row.whys) == ("Returns rise", ["Sizes run small"])
    assert preread.statements.get().value == Decimal("4.2")
    assert preread.preparation_minutes == 150


def test_what_cannot_be_kept_is_shown_again_with_its_sentence(preread, lin, client):
    client.force_login(lin)
    row = add(preread, lin, "resources")

    answer = client.post(
        url(preread),
        {
            "do": "submit",
            f"version:resources-{row.pk}": "1",
            f"resources-{row.pk}-what": "Ads",
            f"resources-{row.pk}-cost": "a lot",
            "version:statement-roas": "0",
            "statement-roas-value": "4.2",
        },
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert ("“a lot” is no number" in html, "Say where the figure comes from" in html) == (True, True)
    assert ('value="a lot"' in html, 'value="4.2"' in html) == (True, True)
    assert not preread.revisions.exists()


def test_submitting_half_of_it_leads_to_what_is_missing(preread, lin, client):
    client.force_login(lin)
    row = add(preread, lin, problem="Returns rise")

    answer = client.post(url(preread), {"do": "submit"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert f'<a href="#problems-{row.pk}">Problem 1: propose a solution.</a>' in html


def test_autosave_of_a_row_answers_with_what_it_comes_to(preread, lin, client):
    client.force_login(lin)
    row = add(preread, lin, "resources")
    address = url(preread, "preread_row", "resources", row.pk)
    data = {
        f"resources-{row.pk}-{name}": value
        for name, value in {
            "what": "Ads",
            "currency": "USD",
            "cost": "2万",
            "expected_increment": "5,000",
            "is_first": "on",
        }.items()
    }

    answer = client.post(address, {**data, "version": "1"}).json()
    wrong = client.post(address, {**data, f"resources-{row.pk}-cost": "-1", "version": "2"})
    stale = client.post(address, {**data, f"resources-{row.pk}-what": "Other", "version": "1"})

    assert (answer["version"], answer["out"]["payback"]) == (2, "4.0 months")
    assert wrong.status_code == 422
    assert list(wrong.json()["errors"]) == [f"resources-{row.pk}-cost"]
    assert stale.status_code == 409
    assert (stale.json()["by"], stale.json()["theirs"]) == ("Lin", {f"resources-{row.pk}-what": "Ads"})
    assert ResourceRequest.objects.get().what == "Ads"


def test_the_form_needs_as_many_queries_for_three_rows_as_for_one(preread, lin, client):
    client.force_login(lin)

    def count():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(url(preread)).status_code == 200
        return len(caught)

    for kind in report_rows.KINDS:
        add(preread, lin, kind, **_said(kind))
    one = count()
    for kind in report_rows.KINDS:
        add(preread, lin, kind, **_said(kind))
        add(preread, lin, kind, **_said(kind))

    assert count() == one


def _said(kind):
    return {"problems": {"problem": "x"}, "resources": {"what": "x"}, "decisions": {"question": "x"}}[kind]


def test_the_preview_shows_the_working_text_and_stores_nothing(preread, lin, client):
    client.force_login(lin)
    add(preread, lin, problem="Returns rise", solution="New sizes")

    html = client.get(url(preread) + "?as=preview").content.decode()

    assert ("Returns rise" in html, "Not submitted yet" in html) == (True, True)
    assert not preread.revisions.exists()


def test_the_second_of_two_who_submit_reads_who_was_first(preread, lin, client):
    add(preread, lin, problem="Returns rise", solution="New sizes")
    prereads.submit(preread=preread, by=lin, now=NOW)
    client.force_login(factories.member("sales"))

    submitted = client.post(url(preread), {"do": "submit"}, follow=True)
    saved = client.post(url(preread), {"do": "save"}, follow=True)

    assert "already been submitted by Lin, as revision 1" in submitted.content.decode()
    assert "submitted in the meantime" in saved.content.decode()
    assert preread.revisions.count() == 1
