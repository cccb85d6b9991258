"""The company's own rules: they start duties, stop with their reason, and are changed on their page."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Company
from meetings import clock_rules, reminders
from meetings.errors import NotAllowed
from meetings.models import ClockRule, Decision, Meeting, Obligation
from meetings.services import company_rules, decisions, obligations
from meetings.services.decisions import Content
from notices.models import Notice
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR = dt.timedelta(hours=1)
TYPED = {
    "name_zh": "法务复核",
    "name_en": "Legal review",
    "hours": "72",
    "applies": "always",
    "department": "finance",
    "reminders": "24, 4",
}


def rule(**fields) -> ClockRule:
    return company_rules.add_rule(
        by=factories.executive(),
        **{
            "name_en": "Legal review",
            "name_zh": "法务复核",
            "offset": 72 * HOUR,
            "applies": "always",
            "department_code": "finance",
            "reminders": [-24 * 3600],
            **fields,
        },
    )


def ended() -> Meeting:
    meeting = make.meeting(status="ended", departments=("sales", "finance"))
    obligations.ensure(meeting=meeting, now=meeting.ended_at)
    return meeting


def budget_decision(meeting, **fields):
    content = Content(text="Spend it", kind=Decision.Kind.BUDGET, decided_by=meeting.host, **fields)
    return decisions.record(meeting=meeting, item=None, content=content, by=meeting.host, now=at(61))


# --- the rules at work --------------------------------------------------------------------------------------------
def test_a_rule_of_the_company_starts_a_duty_with_its_reminders():
    lead, own = factories.lead("finance"), rule()

    duty = ended().obligations.get(kind=own.kind)

    assert (duty.owner, duty.name, duty.due_at) == (lead, "Legal review", at(60) + 72 * HOUR)
    soon = Notice.objects.get(kind="meetings.obligation_soon", subject_id=duty.pk)
    assert (soon.recipient, soon.due_at) == (lead, at(60) + 48 * HOUR)


def test_a_rule_may_start_and_stop_with_a_budget_decision():
    own, meeting = rule(applies="budget_decision"), ended()
    assert not meeting.obligations.filter(kind=own.kind).exists()

    decision = budget_decision(meeting)
    assert meeting.obligations.filter(kind=own.kind).exists()

    withdrawn = Content(text="Spend it", kind=Decision.Kind.BUDGET, outcome=Decision.Outcome.WITHDRAWN)
    decisions.change(decision=decision, content=withdrawn, version=1, by=meeting.host, now=at(62))
    assert not meeting.obligations.filter(kind=own.kind).exists()


def test_a_change_leaves_running_duties_their_deadline():
    own, meeting = rule(), ended()

    company_rules.change_rule(rule=own, by=meeting.host, offset=24 * HOUR)
    obligations.ensure(meeting=meeting, now=at(70))

    assert meeting.obligations.get(kind=own.kind).due_at == at(60) + 72 * HOUR


def test_a_removed_rule_leaves_its_duties_to_be_done():
    own, meeting = rule(), ended()
    duty = meeting.obligations.get(kind=own.kind)

    company_rules.remove_rule(rule=own, by=meeting.host)

    duty = Obligation.objects.get(pk=duty.pk)
    assert duty.name == "Legal review"
    assert {one.kind for one in reminders.wanted_for_obligation(duty, at(61))} == {
        "meetings.obligation_missed"
    }


def test_rules_of_the_program_stay():
    with pytest.raises(NotAllowed):
        company_rules.remove_rule(rule=clock_rules.rule("budget"), by=factories.executive())


def test_missed_to_the_second_though_no_worker_ran():
    duty = ended().obligations.get(kind="action_plan")

    assert not Obligation.objects.breached(duty.due_at).filter(pk=duty.pk).exists()
    assert Obligation.objects.breached(duty.due_at + dt.timedelta(seconds=1)).filter(pk=duty.pk).exists()
    # What executives were promised then still stands in the table for the worker that comes back.
    assert Notice.objects.filter(
        kind="meetings.obligation_missed", subject_id=duty.pk, due_at=duty.due_at, state="pending"
    ).exists()


# --- the page -----------------------------------------------------------------------------------------------------
def test_an_executive_adds_changes_and_removes_a_rule(client):
    factories.lead("finance")
    client.force_login(factories.executive())

    client.post(reverse("meetings:clock_rule_add"), TYPED)
    own = ClockRule.objects.get(name_en="Legal review")
    assert (own.offset, own.department_code, own.reminders) == (72 * HOUR, "finance", [-86400, -14400])

    client.post(reverse("meetings:clock_rule_change", args=[own.pk]), TYPED | {"hours": "96"})
    own.refresh_from_db()
    assert own.amount == 96
    assert "96 hours after the end" in client.get(reverse("meetings:clock_rules")).text

    client.post(reverse("meetings:clock_rule_remove", args=[own.pk]))
    assert not ClockRule.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"hours": ""}, "Say how many hours"),
        ({"hours": "0"}, "at least one hour"),
        ({"hours": "99999"}, "what takes longer is an action"),
        ({"reminders": "soon"}, "Write whole hours"),
        ({"reminders": "72"}, "fewer than 72 hours"),
        ({"name_zh": ""}, "required"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_kept_as_typed(client, typed, words):
    client.force_login(factories.executive())

    page = client.post(reverse("meetings:clock_rule_add"), TYPED | typed)

    assert page.status_code == 422
    assert words in page.text
    assert "Legal review" in page.text
    assert not ClockRule.objects.filter(name_en="Legal review").exists()


def test_the_action_plan_keeps_its_hours_in_the_type_of_meeting(client):
    client.force_login(factories.executive())
    plan = clock_rules.rule("action_plan")

    client.post(reverse("meetings:clock_rule_change", args=[plan.pk]), TYPED | {"reminders": "6"})

    plan.refresh_from_db()
    assert (plan.offset, plan.reminders, plan.applies) == (None, [-6 * 3600], "always")


def test_a_host_reads_the_rules_and_others_do_not_find_them(client):
    client.force_login(factories.host())
    page = client.get(reverse("meetings:clock_rules"))
    assert "Action plan" in page.text
    assert "Add the rule" not in page.text
    assert client.post(reverse("meetings:clock_rule_add"), TYPED).status_code == 403
    client.force_login(factories.UserFactory())
    assert client.get(reverse("meetings:clock_rules")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "typed", "offset", "reminders", "words"),
    [
        (
            "special_meeting",
            {"days": "10", "reminders": "5, 1"},
            dt.timedelta(days=10),
            [-432_000, -86_400],
            "10 d after it was recorded",
        ),
        (
            "kr_review",
            {"days": "0", "reminders": "3"},
            dt.timedelta(0),
            [-259_200],
            "by the end of the quarter",
        ),
        ("incident", {"hours": "2"}, 2 * HOUR, [], "2 h after it was noticed"),
        (
            "progress",
            {"days": "7", "reminders": "2"},
            dt.timedelta(days=7),
            [-172_800],
            "7 d after the last one",
        ),
    ],
)
def test_the_other_clocks_are_changed_in_their_own_unit(client, kind, typed, offset, reminders, words):
    client.force_login(factories.executive())
    own = clock_rules.rule(kind)

    page = client.post(
        reverse("meetings:clock_rule_change", args=[own.pk]),
        {"name_zh": own.name_zh, "name_en": own.name_en, **typed},
        follow=True,
    )

    own.refresh_from_db()
    assert (own.offset, own.reminders) == (offset, reminders)
    assert words in page.text


def test_a_progress_meeting_every_zero_days_is_refused(client):
    client.force_login(factories.executive())
    own = clock_rules.rule("progress")
    page = client.post(
        reverse("meetings:clock_rule_change", args=[own.pk]),
        {"name_zh": "双周", "name_en": "Progress", "days": "0"},
    )
    assert page.status_code == 422
    assert "Give at least one day." in page.text


def test_every_clock_says_what_starts_and_stops_it(client):
    client.force_login(factories.executive())
    page = client.get(reverse("meetings:clock_rules")).text
    assert page.count('class="clock-words"') == ClockRule.objects.count() == 9


def test_the_approval_of_actions_is_switched_on_and_off(client):
    client.force_login(factories.executive())
    address = reverse("meetings:clock_rule_approval")

    client.post(address, {"checks_actions": "on"})
    assert Company.current().checks_actions
    client.post(address, {})
    assert not Company.current().checks_actions


def test_more_rules_need_no_more_queries(client):
    client.force_login(factories.executive())

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("meetings:clock_rules"))
        return len(captured)

    count()  # the first look makes the standard rules
    rule()
    one = count()
    rule()
    rule()
    assert count() == one


# --- handing in ---------------------------------------------------------------------------------------------------
@pytest.fixture
def two_hours_in():
    with time_machine.travel(at(120), tick=False):
        yield


@pytest.mark.usefixtures("two_hours_in")
def test_a_link_without_words_is_enough_and_nothing_is_not(client):
    lead = factories.lead("finance")
    meeting = ended()
    budget_decision(meeting)
    duty = meeting.obligations.get(kind="budget")
    client.force_login(lead)
    address = reverse("meetings:fulfil", args=[duty.pk])

    refused = client.post(address, {"note": " "})
    assert (refused.status_code, "Show what was handed over" in refused.text) == (422, True)
    wrong = client.post(address, {"note": "See there", "link": "javascript:alert(1)"})
    assert (wrong.status_code, "See there" in wrong.text) == (422, True)

    client.post(address, {"link": "https://erp.example/budget/7"})

    duty.refresh_from_db()
    assert (duty.met_by, duty.artefact_url) == (lead, "https://erp.example/budget/7")
    assert "https://erp.example/budget/7" in client.get(reverse("meetings:minutes", args=[meeting.pk])).text


@pytest.mark.usefixtures("two_hours_in")
def test_a_file_is_handed_in_and_taken_away_as_a_download(client):
    lead = factories.lead("finance")
    meeting = ended()
    budget_decision(meeting)
    duty = meeting.obligations.get(kind="budget")
    client.force_login(lead)
    program = SimpleUploadedFile("virus.exe", b"MZ")
    assert client.post(reverse("meetings:fulfil", args=[duty.pk]), {"file": program}).status_code == 422

    file = SimpleUploadedFile("预算.csv", "部门,金额\n".encode())
    client.post(reverse("meetings:fulfil", args=[duty.pk]), {"file": file})

    answer = client.get(reverse("meetings:artefact", args=[duty.pk]))
    assert b"".join(answer.streaming_content) == "部门,金额\n".encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    client.force_login(factories.UserFactory())
    assert client.get(reverse("meetings:artefact", args=[duty.pk])).status_code == 404
