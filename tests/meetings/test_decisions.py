"""Decisions in full: what they replace, whom they answer, and the register."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action
from meetings.errors import NotAllowed
from meetings.models import Decision, DecisionRequest, LiveEvent
from meetings.queries import requests
from meetings.services import decisions, prereads
from meetings.services import room as rooms
from meetings.services.decisions import Content
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW, START, at
from tests.meetings.test_records import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def running(**fields):
    return make.meeting(status="in_progress", **fields)


def decide(meeting, text="Replenish 45 days ahead", **fields):
    fields.setdefault("decided_by", meeting.host)
    item = fields.pop("item", meeting.items.order_by("order").first())
    request, by = fields.pop("request", None), fields.pop("by", meeting.host)
    content = Content(text=text, **fields)
    return decisions.record(meeting=meeting, item=item, content=content, by=by, now=at(1), request=request)


def marks(decision):
    return Decision.objects.with_marks().get(pk=decision.pk).replaced_by_code


# --- replacing ------------------------------------------------------------------------------------------
def test_a_decision_says_all_that_was_weighed(client):
    meeting = running()
    client.force_login(meeting.host)
    data = {
        "text": "Air freight",
        "kind": "budget",
        "outcome": "decided",
        "decided_by": meeting.host.pk,
        "options": "1. Sea\n2. Air",
        "recommendation": "Air, for the season",
        "chosen": "Air",
        "dissent": "<b>Finance</b>: too dear",
        "item": meeting.items.order_by("order").first().pk,
    }

    client.post(reverse("meetings:record_decision", args=[meeting.pk]), data)

    stored = Decision.objects.get()
    assert (stored.chosen, stored.recommendation, stored.kind) == ("Air", "Air, for the season", "budget")
    page = client.get(reverse("meetings:minutes", args=[meeting.pk])).content.decode()
    assert "&lt;b&gt;Finance&lt;/b&gt;: too dear" in page


def test_what_was_replaced_is_marked_until_the_later_one_is_withdrawn():
    meeting = running()
    first = decide(meeting)
    later = decide(meeting, "60 days", supersedes=first)

    assert marks(first) == later.code
    assert marks(later) == ""
    withdrawn = Content(text="60 days", outcome="withdrawn", supersedes=first)
    decisions.change(decision=later, content=withdrawn, version=1, by=meeting.host, now=at(2))
    assert marks(first) == ""


def test_a_decision_is_replaced_once_never_by_itself_and_never_in_a_circle():
    meeting = running()
    first = decide(meeting)
    second = decide(meeting, "60 days", supersedes=first)

    with pytest.raises(NotAllowed, match=f"replaced by {second.code} already"):
        decide(meeting, "90 days", supersedes=first)
    circle = Content(text="x", decided_by=meeting.host, supersedes=second)
    with pytest.raises(NotAllowed, match="replaces this one itself"):
        decisions.change(decision=first, content=circle, version=1, by=meeting.host, now=at(2))


def test_an_unknown_or_unreadable_decision_cannot_be_replaced(client):
    secret = decide(running())
    outsider_meeting = make.meeting(status="in_progress", host=factories.UserFactory())
    client.force_login(outsider_meeting.host)
    url = reverse("meetings:record_decision", args=[outsider_meeting.pk])
    data = {"text": "x", "kind": "decision", "outcome": "decided", "decided_by": outsider_meeting.host.pk}

    answers = [
        client.post(url, {**data, "replaces": code}).content.decode()
        for code in (secret.code, "2026-999", "=1+1")
    ]

    assert all("that you may read" in page for page in answers)
    with pytest.raises(NotAllowed, match="may read"):
        decide(outsider_meeting, supersedes=secret)
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_replace_the_same_at_once_keep_numbers_without_a_gap():
    meeting = running()
    first = decide(meeting)

    def replace(number):
        try:
            return decide(meeting, f"version {number}", supersedes=first).number
        except NotAllowed:
            return "lost"

    found = at_once(4, replace)

    assert sorted(map(str, found)) == ["2", "lost", "lost", "lost"]
    assert decide(meeting).number == 3


@pytest.mark.django_db(transaction=True)
def test_two_meetings_that_decide_and_correct_at_once_leave_no_gap():
    meetings = [running() for _ in range(4)]
    for meeting in meetings:
        rooms.RoomClock.objects.get_or_create(meeting=meeting)

    def work(number):
        meeting = meetings[number % 4]
        made = decide(meeting, f"from {number}")
        decisions.change(
            decision=made,
            content=Content(text="corrected", decided_by=meeting.host),
            version=1,
            by=meeting.host,
            now=at(2),
        )
        try:
            decide(meeting, decided_by=None)
        except ValidationError:
            return made.number
        return None

    numbers = at_once(8, work)

    assert sorted(numbers) == list(range(1, 9))
    assert LiveEvent.objects.filter(verb__startswith="decision.").count() == 16


# --- what departments asked for ----------------------------------------------------------------------------
@pytest.fixture
def asked():
    """A running meeting in which sales asks for a decision, with two options and a recommendation."""
    meeting = make.meeting()
    boss = make.invite(meeting, factories.executive(name="Boss"), "executive")
    preread = prereads.open_for(meeting=meeting, now=NOW)[0]
    lead = factories.lead("sales")
    row = preread.texts.first()
    prereads.save_text(preread=preread, sent=prereads.Sent(row.kind, row.key, "x", 0), by=lead, now=NOW)
    request = DecisionRequest.objects.create(
        preread=preread,
        question="How do we ship?",
        options=[{"text": "Sea", "effect": "30 days"}, {"text": "Air", "effect": "dear"}],
        recommended=1,
        reason="The season",
        decider=boss,
        edited_by=lead,
        edited_at=NOW,
    )
    prereads.submit(preread=preread, by=lead, now=NOW)
    rooms.start(meeting=meeting, by=meeting.host, now=START, reason="Go")
    meeting.refresh_from_db()
    return meeting, request


def test_one_press_takes_an_option_with_everything_the_department_wrote(client, asked):
    meeting, request = asked
    item = meeting.items.order_by("order").first()
    client.force_login(meeting.host)
    page = client.get(
        reverse("meetings:room_decisions", args=[meeting.pk]), {"item": item.pk}
    ).content.decode()
    assert "How do we ship?" in page

    url = reverse("meetings:decide_request", args=[meeting.pk, request.pk])
    assert "1. Sea — 30 days" in client.get(url).content.decode()
    client.post(url, {"option": "1"})
    again = client.post(url, {"option": "0"})

    decision = Decision.objects.get()
    request.refresh_from_db()
    assert request.decision == decision
    assert (decision.text, decision.chosen) == ("How do we ship?\nAir", "Air")
    assert decision.options == "1. Sea — 30 days\n2. Air — dear"
    assert decision.recommendation == "Air\nThe season"
    assert (decision.decided_by.name, decision.agenda_item) == ("Boss", item)
    assert again.status_code == 302
    assert requests.waiting(meeting, meeting.host) == []


def test_a_request_can_be_put_off_in_its_form(client, asked):
    meeting, request = asked
    client.force_login(meeting.host)
    url = reverse("meetings:decide_request", args=[meeting.pk, request.pk])
    data = {"text": "How do we ship?", "kind": "decision", "outcome": "deferred"}

    refused = client.post(url, data)
    client.post(url, {**data, "deferred_until": "2026-12-05"})

    assert refused.status_code == 422
    assert (Decision.objects.get().outcome, Decision.objects.get().request) == ("deferred", request)


def test_the_words_are_those_that_were_handed_in_and_two_answers_are_one_too_many(asked):
    meeting, request = asked
    DecisionRequest.objects.filter(pk=request.pk).update(question="Changed since")
    assert [one.question for one in requests.waiting(meeting, meeting.host)] == ["How do we ship?"]

    decide(meeting, request=request)
    with pytest.raises(NotAllowed, match="in the meantime"):
        decide(meeting, request=request)


# --- the register ------------------------------------------------------------------------------------------
@pytest.fixture
def register(client):
    boss = factories.executive(name="Boss")
    client.force_login(boss)

    def read(**filters):
        return client.get(reverse("meetings:decisions"), filters).content.decode()

    return read


def test_the_register_filters_by_each_of_its_fields(register):
    meeting = running(departments=("sales", "finance"))
    sales, finance, _summary = meeting.items.order_by("order")
    old = decide(meeting, "Stop A12", item=sales)
    decide(
        meeting,
        "Budget for the season",
        item=finance,
        kind="budget",
        decided_by=factories.UserFactory(name="Zoe"),
    )
    new = decide(meeting, "Keep A12 after all", item=sales, supersedes=old)
    decide(meeting, "Japan", item=sales, outcome="deferred", deferred_until=at(9999).date())

    def codes(**filters):
        page = register(**filters)
        return [code for code in ("2026-001", "2026-002", "2026-003", "2026-004") if f">{code}</a>" in page]

    assert codes() == ["2026-001", "2026-002", "2026-003", "2026-004"]
    assert codes(kind="budget") == ["2026-002"]
    assert codes(outcome="deferred") == ["2026-004"]
    assert codes(outcome="replaced") == [old.code]
    assert codes(department=finance.department_id) == ["2026-002"]
    assert codes(q="a12") == ["2026-001", "2026-003"]
    assert codes(q=new.code) == [new.code]
    assert codes(q="zoe season") == ["2026-002"]
    assert codes(year="2026") == codes()
    assert "No decision fits this filter" in register(q="nothing of the kind")
    assert f"replaced by {new.code}" in register(q=old.code)


def test_the_register_shows_nobody_what_they_may_not_read(client):
    decide(running(), "Secret plan")
    client.force_login(factories.UserFactory())

    assert "Secret plan" not in client.get(reverse("meetings:decisions")).content.decode()
    assert b"Secret plan" not in b"".join(client.get(reverse("meetings:decisions_export")).streaming_content)


def test_the_file_runs_no_formula(client):
    decide(running(), '=HYPERLINK("http://x")', chosen="+1", dissent="-2", options="@x")
    client.force_login(factories.executive())

    body = b"".join(client.get(reverse("meetings:decisions_export")).streaming_content).decode("utf-8-sig")

    header, row = csv.reader(io.StringIO(body))
    found = dict(zip(header, row, strict=True))
    assert found["Decision"] == '\'=HYPERLINK("http://x")'
    assert (found["Chosen"], found["Dissent"], found["Options considered"]) == ("'+1", "'-2", "'@x")
    assert found["Number"] == "2026-001"


def test_the_register_takes_as_many_queries_for_three_rows_as_for_one(client):
    client.force_login(factories.executive())
    url = reverse("meetings:decisions")

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    first = decide(running())
    count()
    one = count()
    decide(running(departments=("tech",)), supersedes=first)
    decide(running(departments=("finance",)))

    assert count() == one


def test_an_action_of_a_decision_that_was_replaced_says_so(client):
    meeting = running()
    first = decide(meeting)
    action = Action.objects.create(
        title="Order 45 days ahead", meeting=meeting, decision=first, created_by=meeting.host, time_zone="UTC"
    )
    client.force_login(meeting.host)
    assert "replaced by" not in client.get(action.get_absolute_url()).content.decode()

    later = decide(meeting, "60 days", supersedes=first)

    assert f"replaced by {later.code}" in client.get(action.get_absolute_url()).content.decode()
