"""A note or an issue becomes something else; the original stays and says what became of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action
from meetings.models import Decision, Issue, Meeting, Note, ParkedItem
from meetings.queries import lineage, minutes
from tests import factories
from tests.meetings import issue_factories as made
from tests.meetings.issue_factories import NOW, SOLUTION

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def meeting():
    return made.running()


def noted(meeting: Meeting, text: str = "Boxes break\non the way", **fields) -> Note:
    who = {"created_by": meeting.host, "edited_by": meeting.host, "created_at": NOW, "edited_at": NOW}
    return Note.objects.create(meeting=meeting, text=text, **{**who, **fields})


def become(client, user, source, what: str, method: str = "post", **data):
    client.force_login(user)
    name = "convert_note" if isinstance(source, Note) else "convert_issue"
    url = reverse(f"meetings:{name}", args=[source.meeting_id, source.pk, what])
    return getattr(client, method)(url, data)


def became(note: Note, reader) -> list[tuple[str, str]]:
    (found,) = lineage.attach([note], reader)
    return [(one.kind, one.words) for one in found.became]


# --- notes --------------------------------------------------------------------------------------------------
def test_a_note_becomes_an_issue_and_stays(client, meeting):
    note = noted(meeting, item=meeting.items.first())

    become(client, meeting.host, note, "issue")

    issue = Issue.objects.get()
    assert (issue.text, issue.source_note, issue.item) == ("Boxes break on the way", note, note.item)
    assert became(note, meeting.host) == [("issue", "Boxes break on the way")]
    assert Note.objects.present().filter(pk=note.pk).exists()


def test_a_note_goes_to_the_parking_lot(client, meeting):
    note = noted(meeting)

    become(client, meeting.host, note, "parked")

    assert ParkedItem.objects.get().source_note == note
    assert became(note, meeting.host)[0][0] == "parked"


def test_a_note_becomes_a_decision_by_a_form_that_begins_with_it(client, meeting):
    note = noted(meeting)
    sent = {"kind": "decision", "outcome": "decided", "decided_by": meeting.host.pk, "options": ""}

    form = become(client, meeting.host, note, "decision", "get")
    become(client, meeting.host, note, "decision", text="We take thicker boxes", **sent)

    decision = Decision.objects.get()
    assert "Boxes break" in form.content.decode()
    assert (decision.text, decision.source_note) == ("We take thicker boxes", note)
    assert became(note, meeting.host) == [("decision", decision.code)]


def test_what_the_decision_lacks_is_said_and_what_was_typed_stays(client, meeting):
    page = become(
        client, meeting.host, noted(meeting), "decision", text="Thicker", kind="decision", outcome="decided"
    )

    assert page.status_code == 422
    assert "Say who decided it." in page.content.decode()
    assert "Thicker" in page.content.decode()
    assert not Decision.objects.exists()


def test_a_note_becomes_an_action_by_the_plans_form(client, meeting):
    note = noted(meeting)
    way = become(client, meeting.host, note, "action")

    form = client.get(way.url)
    sent = {
        "title": "Order thicker boxes",
        "source_note": note.pk,
        "time_zone": "Asia/Shanghai",
        "intent": "draft",
    }
    client.post(reverse("actions:capture", args=[meeting.pk]), sent)

    action = Action.objects.get()
    assert f'name="source_note" value="{note.pk}"' in form.content.decode()
    assert 'value="Boxes break"' in form.content.decode()
    assert action.source_note == note
    assert became(note, meeting.host) == [("action", action.reference)]


# --- issues -------------------------------------------------------------------------------------------------
def test_an_issue_becomes_a_decision_and_an_action(client, meeting):
    issue = made.issue(meeting, state="solved", settled_at=NOW, **SOLUTION)
    sent = {"kind": "decision", "outcome": "decided", "decided_by": meeting.host.pk, "options": ""}

    become(client, meeting.host, issue, "decision", text="Promotions are entered", **sent)
    form = client.get(become(client, meeting.host, issue, "action").url)
    terms = {"title": "Enter promotions", "issue": issue.pk, "time_zone": "Asia/Shanghai", "intent": "draft"}
    client.post(reverse("actions:capture", args=[meeting.pk]), terms)

    decision, action = Decision.objects.get(), Action.objects.get()
    assert SOLUTION["solution"] in form.content.decode()
    assert (decision.issue, action.issue) == (issue, issue)
    page = client.get(reverse("meetings:room_issues", args=[meeting.pk])).content.decode()
    assert decision.code in page
    assert action.reference in page


def test_issues_stand_in_the_minutes_of_their_item(client, meeting):
    item = meeting.items.first()
    made.issue(meeting, "Returns double", item=item, state="solved", settled_at=NOW, **SOLUTION)
    client.force_login(meeting.host)

    page = client.get(reverse("meetings:minutes", args=[meeting.pk])).content.decode()
    chapter = minutes.chapters(meeting, [item], meeting.host)[0]

    assert [entry.issue.text for entry in chapter.issues] == ["Returns double"]
    assert SOLUTION["process"] in page


# --- who, and how many queries --------------------------------------------------------------------------------
@pytest.mark.parametrize("what", ["issue", "parked", "decision", "action"])
def test_only_who_keeps_the_record_converts(client, meeting, what):
    note = noted(meeting)

    assert become(client, made.person(meeting), note, what).status_code == 403
    assert become(client, factories.UserFactory(), note, what).status_code == 404


def test_what_does_not_exist_is_404(client, meeting):
    assert become(client, meeting.host, noted(meeting), "nonsense").status_code == 404
    assert become(client, meeting.host, made.issue(meeting), "parked").status_code == 404


def test_a_page_is_no_press(client, meeting):
    assert become(client, meeting.host, noted(meeting), "issue", "get").status_code == 405
    assert not Issue.objects.exists()


def test_what_became_of_a_note_is_kept_from_whoever_may_not_see_it(meeting):
    note, member = noted(meeting), made.person(meeting)
    secret = meeting.items.first()
    secret.is_confidential = True
    secret.save()
    made.issue(meeting, "Pay gap", item=secret, source_note=note)

    assert became(note, meeting.host) == [("issue", "Pay gap")]
    assert became(note, member) == []


def test_lineage_takes_as_many_queries_for_three_notes_as_for_one(meeting):
    def asked(notes) -> int:
        with CaptureQueriesContext(connection) as queries:
            lineage.attach(notes, meeting.host)
        return len(queries)

    notes = [noted(meeting, text) for text in ("a", "b", "c")]
    for note in notes:
        made.issue(meeting, note.text, source_note=note)
    asked(notes)

    assert asked(notes) == asked(notes[:1])
