"""What leaks beside the page itself: lists, searches, numbers, choices, fragments, exports, notices, mails."""

import csv
import io

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import Action
from meetings.models import Decision, Note, Participant
from notices import dispatcher
from tests.access import addresses, expected, words
from tests.actions.factories import ActionFactory

pytestmark = pytest.mark.django_db
SECRETS = (
    words.DRAFT_MEETING,
    words.MEETING_OF_A,
    words.RUNNING_OF_A,
    words.ENDED_OF_A,
    words.DRAFT_TEXT,
    words.SUBMITTED_TEXT,
    words.NOTE_OF_A,
    words.DECISION_OF_A,
    words.ISSUE_OF_A,
    words.DRAFT_ACTION,
    words.ACTION_OF_A,
    words.EVIDENCE_OF_A,
    words.COMMENT_OF_A,
    words.FILE_OF_A,
)
SEARCHES = (
    "",
    "?q=sales",
    "?q=Sales-only",
    "?q=草案",
    "?status=all",
    "?status=draft",
    "?status=finished",
    "?page=1",
)


@pytest.fixture
def company(world):
    return world


@pytest.mark.parametrize("who", ["nobody", "b_lead"])
@pytest.mark.parametrize("htmx", [False, True])
def test_outsiders_find_nothing_anywhere(client, company, who, htmx):
    """Every page that lets them in, with every search, whole and as a fragment."""
    client.force_login(company.people[who])
    place = expected.PEOPLE.index(who)
    found = []
    for method, name, what, answers in expected.rows():
        if method != "GET" or answers[place] not in ("200", "286") or name.startswith("account_"):
            continue
        for search in SEARCHES:
            url = reverse(name, args=company.args[what]) + search
            response = client.get(url, headers={"HX-Request": "true"} if htmx else {})
            content = b"".join(response.streaming_content) if response.streaming else response.content
            text = content.decode("utf-8", "replace").replace("&#x27;", "'")
            found += [(url, secret) for secret in SECRETS if secret in text]
            if not addresses.was_heard(response.wsgi_request):
                break  # other searches would get the same answer

    assert found == []


def test_the_numbers_of_an_outsider_are_their_own(client, company):
    client.force_login(company.people["b_lead"])

    page = client.get("/actions/").context

    standing = page["standing"]
    assert (page["shown"], standing.late, standing.due_this_week, standing.to_accept) == (0, 0, 0, 0)
    assert client.get("/meetings/").context["next"] is None


def test_a_filter_by_anothers_meeting_says_nothing(client, company):
    """Neither whether it exists nor what it is called."""
    client.force_login(company.people["b_lead"])

    hidden = client.get("/actions/", {"meeting": company.ended.pk}).text
    absent = client.get("/actions/", {"meeting": 999_999}).text

    assert company.ended.title not in hidden
    assert hidden.replace(str(company.ended.pk), "N") == absent.replace("999999", "N") or (
        "Select a valid choice" in hidden
    ) == ("Select a valid choice" in absent)


def test_the_state_of_a_room_is_not_confirmed_to_who_left(client, company):
    """A page that is still open asks with the tag it knows; after losing access it hears 404, not 304."""
    guest = company.people["nobody"]
    row = Participant.objects.create(meeting=company.running, user=guest)
    client.force_login(guest)
    url = reverse("meetings:live_state", args=company.args["meeting.running"])
    tag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304

    row.delete()

    assert client.get(url, headers={"If-None-Match": tag}).status_code == 404


def test_who_is_taken_off_a_meeting_does_not_get_its_new_link(company, django_capture_on_commit_callbacks):
    from meetings.services.invite import WITHDRAWN
    from notices import services as notices

    meeting, former = company.scheduled, company.people["nobody"]
    meeting.online_url = "https://meet.example/after-they-left"
    meeting.location, meeting.note = "Room behind the mirror", "Only for those who stay"
    meeting.save()
    notices.tell(
        recipient=former,
        subject=meeting,
        kind=WITHDRAWN,
        at=timezone.now(),
        params={"sequence": meeting.sequence + 1},
    )
    dispatcher.run()

    letter = next(message for message in mail.outbox if former.email in message.to[0])
    whole = letter.message().as_string() + letter.body
    calendar = next(part.content for part in letter.alternatives if "calendar" in part.mimetype)

    assert meeting.title in letter.subject
    for secret in (meeting.online_url, meeting.location, meeting.note):
        assert secret not in whole
        assert secret not in calendar.replace("\r\n ", "")


def test_rows_of_a_report_are_for_those_who_may_have_the_file(client, company):
    """They hold the towns of buyers."""
    url = reverse("metrics:upload", args=company.args["upload.refused"])
    seen = {}
    for who in ("nobody", "a_member", "exec", "a_lead", "data"):
        client.force_login(company.people[who])
        seen[who] = words.BROKEN_ROW.partition(",")[0] in client.get(url).text

    assert seen == {"nobody": False, "a_member": False, "exec": False, "a_lead": True, "data": True}


# --- other people's records under one's own address --------------------------------------------------------
def test_records_of_another_meeting_are_no_choice(client, company):
    client.force_login(company.people["runs"])
    other_item, other_decision = company.args["item.ended"][1], company.args["decision.ended"][1]
    running = company.args["meeting.running"]

    answers = [
        client.post(reverse("meetings:add_note", args=running), {"item": other_item, "text": "x"}),
        client.post(reverse("meetings:park", args=running), {"item": other_item, "text": "x"}),
        client.post(reverse("meetings:record_decision", args=running), {"item": other_item, "text": "x"}),
        client.post(reverse("actions:capture", args=running), {"item": other_item, "title": "x"}),
        client.post(
            reverse("actions:capture", args=running),
            {"title": "x", "agenda_item": other_item, "decision": other_decision, "intent": "draft"},
        ),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 422]
    assert not Note.objects.filter(text="x").exists()
    assert not Action.objects.filter(title="x").exists()


def test_parts_of_another_action_are_no_choice(client, company):
    owner = company.people["a_member"]
    mine = ActionFactory(owner=owner, acceptor=company.people["runs"], published_at=timezone.now())
    client.force_login(owner)
    foreign = {"criterion": company.action.criteria.get().pk, "milestone": company.milestone.pk}

    answers = [
        client.post(reverse("actions:act", args=[mine.pk, verb]), foreign | {"is_met": "on", "text": "x"})
        for verb in ("criterion", "reach", "evidence")
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert company.action.criteria.get().met_at is None
    company.milestone.refresh_from_db()
    assert company.milestone.done_at is None


def test_fields_nobody_asked_for_are_not_taken(client, company):
    """Every column of the record posted along with an ordinary change."""
    client.force_login(company.people["a_lead"])
    action = company.action
    extra = {
        "status": "accepted",
        "owner": company.people["a_lead"].pk,
        "acceptor": company.people["a_lead"].pk,
        "accepted_at": "2026-01-01",
        "accepted_by": company.people["a_lead"].pk,
        "meeting": company.draft.pk,
        "created_by": company.people["a_lead"].pk,
        "published_at": "",
        "slips": 99,
        "due_date": "2030-01-01",
    }
    client.post(
        reverse("actions:edit", args=[action.pk]),
        {
            "title": "Lower the ACoS of product 7 to 20 %",
            "criteria": "ACoS ≤ 20 % in week 12",
            "version": action.version,
        }
        | extra,
    )

    fresh = Action.objects.get(pk=action.pk)
    assert fresh.title.startswith("Lower")
    for name in (
        "status",
        "owner_id",
        "acceptor_id",
        "accepted_at",
        "meeting_id",
        "created_by_id",
        "slips",
        "due_at",
    ):
        assert getattr(fresh, name) == getattr(action, name), name


def test_a_decision_keeps_its_number_and_meeting(client, company):
    client.force_login(company.people["runs"])
    meeting, pk = company.args["decision.running"]
    before = Decision.objects.get(pk=pk)

    client.post(
        reverse("meetings:change_decision", args=[meeting, pk]),
        {
            "text": "Changed",
            "kind": "decision",
            "outcome": "decided",
            "decided_by": company.runs.pk,
            "version": before.version,
            "number": 1,
            "year": 1999,
            "meeting": company.ended.pk,
            "recorded_by": company.people["nobody"].pk,
        },
    )

    after = Decision.objects.get(pk=pk)
    assert after.text == "Changed"
    assert (after.number, after.year, after.meeting_id) == (before.number, before.year, before.meeting_id)
    assert after.recorded_by_id == before.recorded_by_id


# --- forged requests ----------------------------------------------------------------------------------------
def test_nothing_is_written_without_the_token(company):
    browsers = {}
    accepted = []
    for method, name, what, answers in expected.rows():
        who = next(
            (
                who
                for who, answer in zip(expected.PEOPLE, answers, strict=True)
                if answer in ("200", "302", "409", "422")
            ),
            None,
        )
        if method != "POST" or who is None:
            continue
        if who not in browsers:
            browsers[who] = Client(enforce_csrf_checks=True)
            if company.people[who]:
                browsers[who].force_login(company.people[who])
        if browsers[who].post(reverse(name, args=company.args[what])).status_code != 403:
            accepted.append((who, name, what))

    assert accepted == []


# --- spreadsheets ---------------------------------------------------------------------------------------------
FORMULAS = (
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    '=HYPERLINK("http://evil")',
    "\ufeff=1",
)


def test_no_text_of_ours_becomes_a_formula(client, company):
    titles = [formula + " as a title" for formula in FORMULAS]
    for title in titles:
        ActionFactory(title=title, owner=company.people["a_member"], published_at=timezone.now())
    company.people["a_member"].name = "=cmd|' /C calc'!A0"
    company.people["a_member"].save()
    client.force_login(company.people["exec"])

    content = b"".join(client.get("/actions/export.csv").streaming_content).decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
    assert [cell for cell in cells if cell.lstrip(" \ufeff").startswith(tuple("=+-@\t\r＝＋－＠"))] == []
    assert sum("as a title" in cell for cell in cells) == len(titles)


def test_the_address_puts_no_formula_into_figures(client, company):
    client.force_login(company.people["exec"])

    response = client.get("/metrics/orders/csv/", {"currency": "=1+1", "shop": "=1+1", "period": "=1+1"})

    rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert [cell for row in rows for cell in row if cell.startswith(("=", "@", "+"))] == []
