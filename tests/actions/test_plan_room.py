"""The plan of a meeting: writing down in the room, and who is proposed to accept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.models import Action
from actions.services import NotPossible
from meetings.models import AgendaItem, Meeting, Participant
from notices.models import Notice
from tests.actions.factories import NOW, draft, meeting
from tests.factories import DepartmentFactory, UserFactory, executive, lead, member

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def room():
    recorder, guest = member("sales"), member("sales")
    review = meeting(guest, status=Meeting.Status.IN_PROGRESS, roles={recorder: Participant.Role.RECORDER})
    item = AgendaItem.objects.create(
        meeting=review, order=1, title_en="Sales", title_zh="销售", report_minutes=20, discussion_minutes=40
    )
    return review, item, recorder, guest


def told(owner, **changed):
    return {
        "title": "Lower the ACoS of the air fryer in Germany to 25 %",
        "owner": owner.pk,
        "due_date": (timezone.localdate() + timedelta(days=10)).isoformat(),
        "time_zone": "Asia/Shanghai",
        "criteria": "ACoS ≤ 25 % in week 12",
    } | changed


def test_recorder_writes_an_action_down(client, room):
    review, item, recorder, guest = room
    client.force_login(recorder)

    fields = told(guest, item=item.pk, agenda_item=item.pk)
    response = client.post(reverse("actions:capture", args=[review.pk]), fields, headers=HTMX)

    made = Action.objects.get()
    assert (made.is_draft, made.meeting, made.agenda_item, made.acceptor) == (True, review, item, review.host)
    assert made.title in response.text
    assert "<html" not in response.text
    assert not Notice.objects.exists()


def test_vague_is_refused_with_the_reasons_and_kept(client, room):
    review, _item, recorder, guest = room
    client.force_login(recorder)

    fields = told(guest, title="优化广告", criteria="", due_date="")
    response = client.post(reverse("actions:capture", args=[review.pk]), fields, headers=HTMX)

    assert response.status_code == 422
    assert Action.objects.count() == 0
    for words in (
        "does not say what it is about",
        "Say until when",
        "at least one acceptance criterion",
        "优化广告",
    ):
        assert words in response.text


def test_incomplete_is_kept_as_a_draft_that_says_what_it_lacks(client, room):
    review, _item, recorder, _guest = room
    client.force_login(recorder)

    fields = {
        "title": "Lower the ACoS of the air fryer to 25 %",
        "intent": "draft",
        "time_zone": "Asia/Shanghai",
    }
    response = client.post(reverse("actions:capture", args=[review.pk]), fields, headers=HTMX)

    assert response.status_code == 200
    assert Action.objects.get().is_draft
    assert "Say until when" in response.text
    assert "Incomplete" in response.text


def test_plain_form_works_without_a_script(client, room):
    review, item, recorder, guest = room
    client.force_login(recorder)

    response = client.post(
        reverse("actions:capture", args=[review.pk]), told(guest, item=item.pk), follow=True
    )

    assert response.redirect_chain == [(f"/actions/meeting/{review.pk}/?item={item.pk}", 302)]
    assert "<html" in response.text


def test_guest_reads_but_does_not_write(client, room):
    review, _item, _recorder, guest = room
    client.force_login(guest)

    page = client.get(reverse("actions:for_meeting", args=[review.pk]))
    assert (page.status_code, page.context["may_capture"]) == (200, False)
    assert client.post(reverse("actions:capture", args=[review.pk]), told(guest)).status_code == 403
    assert client.post(reverse("actions:publish_plan", args=[review.pk])).status_code == 403


def test_stranger_finds_no_meeting(client, room):
    review, _item, *_people = room
    client.force_login(member("finance"))

    assert client.get(reverse("actions:for_meeting", args=[review.pk])).status_code == 404
    assert client.post(reverse("actions:capture", args=[review.pk])).status_code == 404
    assert client.post(reverse("actions:publish_plan", args=[review.pk])).status_code == 404


@pytest.mark.parametrize("item", ["999999", "abc", "-1"])
def test_item_of_another_meeting_is_not_found(client, room, item):
    review, *_rest = room
    client.force_login(review.host)

    assert (
        client.get(reverse("actions:for_meeting", args=[review.pk], query={"item": item})).status_code == 404
    )


@pytest.mark.parametrize("name", ["capture", "publish_plan"])
def test_writing_is_a_post(client, room, name):
    review, *_rest = room
    client.force_login(review.host)

    assert client.get(reverse(f"actions:{name}", args=[review.pk])).status_code == 405


def test_item_shows_its_own_actions_only(client, room):
    review, item, recorder, _guest = room
    here, elsewhere = draft(meeting=review, agenda_item=item), draft(meeting=review, title="Elsewhere B0C1")
    client.force_login(recorder)

    response = client.get(
        reverse("actions:for_meeting", args=[review.pk], query={"item": item.pk}), headers=HTMX
    )

    assert here.title in response.text
    assert elsewhere.title not in response.text


# --- proposals and other meetings -----------------------------------------------------------------------------------
def test_acceptor_is_never_proposed_to_be_the_owner():
    boss = lead("sales")
    review = meeting(host=boss)
    sales = DepartmentFactory(code="sales")
    chief = executive()

    def proposed(owner, meeting=None, by=None):
        made = services.capture(
            title="x", owner=owner, department=sales, meeting=meeting, by=by or UserFactory(), now=NOW
        )
        return made.acceptor

    worker = member("sales")
    assert proposed(worker, meeting=review) == boss
    assert proposed(worker) == boss
    other_writer = UserFactory()
    assert proposed(boss, meeting=review, by=other_writer) == other_writer
    assert proposed(boss, by=boss) == chief


def test_item_and_decision_belong_to_the_meeting(room):
    _review, item, *_rest = room

    with pytest.raises(NotPossible, match="another meeting"):
        services.capture(title="x", meeting=meeting(), agenda_item=item, by=UserFactory(), now=NOW)
