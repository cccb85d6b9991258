"""Incidents go up the line: who is told when, who takes note, what is late, and the special meeting."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.errors import NotPossible
from actions.models import Action, Problem
from actions.problems import chain, queries, services, telling
from actions.problems.services import Report
from meetings import clock_rules, library
from meetings.models import Meeting
from notices import dispatcher
from notices import services as notices
from notices.kinds import Priority
from notices.models import Notice
from people.models import Membership
from tests.factories import DepartmentFactory, UserFactory, executive, host, lead, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def line():
    """Reporter, their lead, a deputy, two executives and a host."""

    class Line:
        boss = lead("supply", name="Ben Boss")
        reporter = member("supply", name="Rae Reporter")
        deputy = UserFactory(name="Dan Deputy")
        top, second = executive(name="Ada Top"), executive(name="Zoe Second")
        chair = host(name="Hal Host")

    Membership.objects.create(
        user=Line.deputy, department=DepartmentFactory(code="supply"), role=Membership.Role.DEPUTY
    )
    return Line


def report(line, *, ago=5 * MINUTE, kind="supply", now=None, **fields) -> Problem:
    now = now or timezone.now()
    told = {
        "title": "B0C123 is out of stock in DE",
        "kind": kind,
        "department": DepartmentFactory(code="supply"),
        "noticed_at": now - ago,
        "what": "The container is held at customs.",
        **fields,
    }
    return services.report(report=Report(**told), by=line.reporter, now=now)


def told(problem):
    rows = Notice.objects.filter(subject_id=problem.pk, kind__startswith="problems.")
    return {(one.kind, one.recipient_id, one.due_at) for one in rows.exclude(state="superseded")}


# --- up the line --------------------------------------------------------------------------------------------------
def test_a_superior_and_an_executive_at_once_and_the_others_level_by_level(line):
    problem = report(line)

    at = problem.reported_at
    assert told(problem) == {
        ("problems.incident", line.boss.pk, at),
        ("problems.incident", line.top.pk, at),
        ("problems.unheard", line.deputy.pk, at + 10 * MINUTE),
        ("problems.unheard", line.second.pk, at + 10 * MINUTE),
        ("problems.unheard", line.chair.pk, at + 20 * MINUTE),
    }
    assert set(Notice.objects.filter(subject_id=problem.pk).values_list("priority", flat=True)) == {
        Priority.EMERGENCY
    }


def test_the_lead_of_the_reporters_own_department_where_it_is_another(line):
    own = lead("sales")
    reporter = member("sales")
    problem = Problem(reported_by=reporter, department=DepartmentFactory(code="supply"))
    assert chain.of(problem).superiors == (own,)
    problem.reported_by = line.boss
    assert line.boss not in chain.of(problem).everybody, "nobody is told what they have reported"


def test_taking_note_stops_the_calls_and_is_told(line):
    problem = report(line)

    services.acknowledge(problem=problem, by=line.boss, now=timezone.now())
    services.acknowledge(problem=problem, by=line.top, now=timezone.now())

    problem.refresh_from_db()
    assert problem.acknowledged_by == line.boss
    assert not [row for row in told(problem) if row[0] == "problems.unheard"]
    assert ("problems.heard", line.reporter.pk, problem.acknowledged_at) in told(problem)
    assert notices.reconcile() == 0


def test_reached_when_both_ends_were_and_measured_from_noticing(line):
    problem = report(line, ago=90 * MINUTE)
    assert services.settle_all() == 0
    dispatcher.run()
    assert services.settle_all() == 1

    problem.refresh_from_db()
    sent = Notice.objects.filter(kind="problems.incident").values_list("sent_at", flat=True)
    assert problem.told_at == max(sent)
    standing = queries.standing(problem, timezone.now())
    assert standing.is_late
    assert standing.due_at == problem.noticed_at + HOUR
    in_time = report(line, ago=10 * MINUTE)
    dispatcher.run()
    services.settle(problem=in_time)
    assert not queries.standing(in_time, timezone.now() + 9 * HOUR).is_late


def test_one_end_alone_is_not_enough(line):
    problem = report(line)
    Notice.objects.filter(recipient=line.boss).update(state="sent", sent_at=timezone.now())
    assert telling.reached_at(problem) is None
    seen = timezone.now()
    Notice.objects.filter(recipient=line.top).update(read_at=seen)
    assert telling.reached_at(problem) == seen


@pytest.mark.parametrize(
    ("ago", "words"), [(-5 * MINUTE, "later than now"), (400 * DAY, "more than a year ago")]
)
def test_a_moment_that_makes_no_sense_is_refused(line, ago, words):
    with pytest.raises(NotPossible, match=words):
        report(line, ago=ago)
    assert not Problem.objects.exists()


# --- the special meeting ------------------------------------------------------------------------------------------
def test_a_strategic_deviation_asks_for_a_meeting_until_it_was_held(line):
    library.ensure()
    problem = report(line, kind="strategic", is_emergency=False)
    assert problem.meeting_due_at == problem.reported_at + 15 * DAY
    soon = {row[2] - problem.meeting_due_at for row in told(problem) if row[0] == telling.MEETING_SOON}
    assert soon == {-7 * DAY, -3 * DAY, -1 * DAY}
    with pytest.raises(NotPossible, match="special meeting has not been held"):
        services.close(problem=problem, outcome="Over", by=line.boss, now=timezone.now())

    meeting = services.call_meeting(problem=problem, by=line.chair, now=timezone.now())

    assert (meeting.status, meeting.host, meeting.template.code) == (
        "draft",
        line.chair,
        "special-adjustment",
    )
    assert timezone.now() < meeting.starts_at < problem.meeting_due_at
    assert meeting.items.count() == meeting.template.modules.count()
    people = set(meeting.participants.values_list("user", flat=True))
    assert people >= {line.chair.pk, line.boss.pk, line.top.pk, line.reporter.pk}
    with pytest.raises(NotPossible, match="planned already"):
        services.call_meeting(problem=problem, by=line.chair, now=timezone.now())
    missed = Notice.objects.get(kind=telling.MEETING_MISSED, recipient=line.top)
    assert missed.behaviour.is_wanted(missed), "being planned is not enough"
    Meeting.objects.filter(pk=meeting.pk).update(
        status="ended", started_at=timezone.now(), ended_at=timezone.now()
    )
    missed = Notice.objects.get(pk=missed.pk)
    assert not missed.behaviour.is_wanted(missed)
    problem = Problem.objects.get()
    services.close(problem=problem, outcome="New course", by=line.boss, now=timezone.now())
    assert not Notice.objects.filter(kind=telling.MEETING_MISSED, state="pending").exists()


def test_the_company_says_how_many_days(line):
    rule = clock_rules.rule("special_meeting")
    rule.offset = 5 * DAY
    rule.save()
    assert report(line, kind="strategic").meeting_due_at - timezone.now() < 5 * DAY


# --- the pages ----------------------------------------------------------------------------------------------------
def typed(**fields):
    return {
        "title": "Reviews explode",
        "kind": "operations",
        "department": DepartmentFactory(code="supply").pk,
        "noticed_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "what": "One star, forty times",
        "is_emergency": "on",
        **fields,
    }


def test_reported_taken_note_of_and_closed_on_its_pages(client, line):
    client.force_login(line.reporter)
    page = client.post(reverse("problems:new"), typed(), follow=True)
    problem = Problem.objects.get()
    assert "Reviews explode" in page.text
    assert "Nobody has taken note yet." in page.text
    assert page.text.index('id="line"') < page.text.index('id="closing"'), "who is told comes before the end"
    assert client.post(reverse("problems:acknowledge", args=[problem.pk])).status_code == 403
    client.force_login(line.boss)
    page = client.post(reverse("problems:acknowledge", args=[problem.pk]), follow=True)
    assert "Ben Boss has taken note." in page.text
    page = client.post(
        reverse("problems:hand_over", args=[problem.pk]), {"owner": line.deputy.pk}, follow=True
    )
    assert "Dan Deputy" in page.text
    empty = client.post(reverse("problems:close", args=[problem.pk]), {"outcome": " "})
    assert (empty.status_code, "Say what came of it." in empty.text) == (422, True)
    client.post(reverse("problems:close", args=[problem.pk]), {"outcome": "Answered all"})
    assert "Reviews explode" not in client.get(reverse("problems:list")).text
    assert "Reviews explode" in client.get(reverse("problems:list") + "?state=closed").text


def test_a_report_with_a_fault_keeps_what_was_typed(client, line):
    client.force_login(line.reporter)
    later = (timezone.localtime() + DAY).strftime("%Y-%m-%dT%H:%M")
    page = client.post(reverse("problems:new"), typed(noticed_at=later))
    assert page.status_code == 422
    assert "It cannot have been noticed later than now." in page.text
    assert "One star, forty times" in page.text


def test_an_action_is_written_down_for_it(client, line):
    problem = report(line)
    client.force_login(line.boss)
    page = client.post(
        reverse("problems:action", args=[problem.pk]),
        {"title": "Answer the 40 reviews of B0C123", "criteria": "All 40 answered", "intent": "draft"},
        follow=True,
    )
    assert Action.objects.get().problem == problem
    assert "Answer the 40 reviews" in page.text


def test_strangers_find_nothing(client, line):
    problem = report(line)
    client.force_login(member("tech"))
    assert client.get(problem.get_absolute_url()).status_code == 404
    assert problem.title not in client.get(reverse("problems:list")).text


def test_more_problems_need_no_more_queries(client, line):
    client.force_login(line.boss)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("problems:list"))
        return len(captured)

    report(line)
    count()
    one = count()
    report(line)
    report(line, kind="strategic")
    assert count() == one
