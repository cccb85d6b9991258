"""The plan of a meeting: writing down in the room, publishing within its obligation."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import queries, services
from actions.models import Action
from actions.services import NotPossible, PlanIncomplete
from meetings.models import AgendaItem, Meeting, Participant
from meetings.services import obligations
from notices.models import Notice
from tests.actions.factories import NOW, ActionFactory, draft, meeting
from tests.factories import DepartmentFactory, UserFactory, executive, host, lead, member

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def ended(**fields) -> Meeting:
    made = meeting(**fields)
    obligations.ensure(meeting=made, now=made.ended_at)
    return made


def complete_draft(review, **fields) -> Action:
    return draft(meeting=review, **fields)


# --- publishing --------------------------------------------------------------------------------------------------
def test_plan_is_published_whole_and_meets_the_obligation():
    review, owner = ended(), UserFactory()
    first, second = complete_draft(review, owner=owner), complete_draft(review, owner=owner)
    other = complete_draft(review)
    at = NOW + timedelta(hours=3)

    published = services.publish_plan(meeting=review, by=review.host, now=at)

    assert published == [first, second, other]
    assert set(Action.objects.values_list("published_at", flat=True)) == {at}
    assert review.obligations.get(kind="action_plan").met_at == at
    told = Notice.objects.filter(kind="actions.plan")
    assert {notice.recipient: notice.params["actions"] for notice in told} == {
        owner: [first.pk, second.pk],
        other.owner: [other.pk],
    }
    assert not Notice.objects.filter(kind="actions.assigned").exists()


def test_second_press_does_nothing():
    review = ended()
    complete_draft(review)
    services.publish_plan(meeting=review, by=review.host, now=NOW + timedelta(hours=1))

    assert services.publish_plan(meeting=review, by=review.host, now=NOW + timedelta(hours=2)) == []

    assert Notice.objects.filter(kind="actions.plan").count() == 1
    assert review.obligations.get(kind="action_plan").met_at == NOW + timedelta(hours=1)


def test_incomplete_drafts_are_listed_and_nothing_is_published():
    review = ended()
    complete_draft(review)
    gap = draft(meeting=review, title="优化广告", owner=None, due_at=None, criteria=[])

    with pytest.raises(PlanIncomplete) as refused:
        services.publish_plan(meeting=review, by=review.host, now=NOW)

    ((action, findings),) = refused.value.gaps
    assert action == gap
    assert [one.code for one in findings] == [
        "title.which",
        "title.result",
        "owner.missing",
        "due.missing",
        "criteria.missing",
    ]
    assert not Action.objects.published().exists()
    assert review.obligations.get(kind="action_plan").met_at is None
    assert not Notice.objects.filter(kind="actions.plan").exists()


def test_owner_who_left_since_holds_the_plan_up():
    review = ended()
    complete_draft(review, owner=UserFactory(is_active=False))

    with pytest.raises(PlanIncomplete) as refused:
        services.publish_plan(meeting=review, by=review.host, now=NOW)

    assert [one.code for one in refused.value.gaps[0][1]] == ["owner.left"]


def test_empty_plan_is_an_answer():
    review = ended()

    assert services.publish_plan(meeting=review, by=review.host, now=NOW) == []
    assert review.obligations.get(kind="action_plan").met_at == NOW


def test_no_plan_before_the_end():
    review = meeting(status=Meeting.Status.IN_PROGRESS)

    with pytest.raises(NotPossible, match="has not ended"):
        services.publish_plan(meeting=review, by=review.host, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does():
    review = ended()
    complete_draft(review)
    barrier, published = threading.Barrier(2), []

    def press():
        barrier.wait(timeout=10)
        try:
            published.append(len(services.publish_plan(meeting=review, by=review.host, now=NOW)))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(published) == [0, 1]
    assert Notice.objects.filter(kind="actions.plan").count() == 1


# --- in the room ---------------------------------------------------------------------------------------------------
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


def test_fragment_needs_as_many_queries_for_three_as_for_one(client):
    review = ended()
    client.force_login(review.host)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("actions:for_meeting", args=[review.pk]), headers=HTMX)
        return len(captured)

    draft(meeting=review)
    one = count()
    draft(meeting=review)
    ActionFactory(meeting=review, due_at=timezone.now() + timedelta(days=3))
    assert (count(), one <= 14) == (one, True)


def test_host_publishes_by_the_button(client):
    review = ended(ended_at=timezone.now() - timedelta(hours=1))
    complete_draft(review, due_at=timezone.now() + timedelta(days=5))
    client.force_login(review.host)
    assert "Publish the plan" in client.get(reverse("actions:for_meeting", args=[review.pk])).text

    response = client.post(reverse("actions:publish_plan", args=[review.pk]), headers=HTMX)

    assert "The plan is published" in response.text
    assert "Publish the plan</button>" not in response.text
    assert Action.objects.published().count() == 1


def test_button_says_what_is_missing(client):
    review = ended(ended_at=timezone.now() - timedelta(hours=1))
    draft(meeting=review, owner=None, due_at=timezone.now() + timedelta(days=5))
    client.force_login(review.host)

    response = client.post(reverse("actions:publish_plan", args=[review.pk]), headers=HTMX)

    assert response.status_code == 422
    assert "1 action is incomplete" in response.text
    assert "Name the one person who will do it." in response.text


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
        services.capture(title="x", meeting=ended(), agenda_item=item, by=UserFactory(), now=NOW)


# --- my work --------------------------------------------------------------------------------------------------------
def test_every_obligation_of_a_person_appears_once():
    user = lead("sales")
    mine = ActionFactory(owner=user, due_at=NOW + timedelta(hours=2))
    late = ActionFactory(owner=user, due_at=NOW - timedelta(hours=2))
    returned = ActionFactory(owner=user, status=Action.Status.RETURNED)
    to_accept = ActionFactory(acceptor=user, status=Action.Status.SUBMITTED, done_at=NOW)
    orphan = ActionFactory(acceptor=UserFactory(is_active=False), status=Action.Status.SUBMITTED, done_at=NOW)
    asking = ActionFactory(department=DepartmentFactory(code="finance"))
    services.block(
        action=asking,
        by=asking.owner,
        now=NOW,
        reason="Prices?",
        needs_department=DepartmentFactory(code="sales"),
    )
    review = ended(host=user)
    draft(meeting=review, owner=None)
    ActionFactory(department=DepartmentFactory(code="finance"))  # nobody asks this user

    tasks = queries.tasks_for(user, NOW)

    assert sorted((task.kind, task.url, task.urgency.name) for task in tasks) == sorted(
        [
            ("actions.owed", mine.get_absolute_url(), "TODAY"),
            ("actions.owed", late.get_absolute_url(), "LATE"),
            ("actions.returned", returned.get_absolute_url(), "TODAY"),
            ("actions.accept", to_accept.get_absolute_url(), "TODAY"),
            ("actions.accept", orphan.get_absolute_url(), "TODAY"),
            ("actions.help", asking.get_absolute_url(), "TODAY"),
            ("actions.plan", reverse("actions:for_meeting", args=[review.pk]), "TODAY"),
        ]
    )


def test_what_others_owe_me():
    user = UserFactory()
    given = ActionFactory(created_by=user, due_at=NOW - timedelta(hours=1))
    accepted_by_me = ActionFactory(acceptor=user)
    handed_in = ActionFactory(owner=user, status=Action.Status.SUBMITTED, done_at=NOW)
    ActionFactory(owner=user, created_by=user)
    draft(created_by=user)

    waiting = queries.waiting_for(user, NOW)

    assert [(task.url, task.urgency.name) for task in waiting] == [
        (given.get_absolute_url(), "LATE"),
        (accepted_by_me.get_absolute_url(), "WAITING"),
        (handed_in.get_absolute_url(), "WAITING"),
    ]


def test_tasks_need_no_query_per_row():
    user = lead("sales")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.tasks_for(user, NOW)
            queries.waiting_for(user, NOW)
        return len(captured)

    def add():
        ActionFactory(owner=user)
        ActionFactory(acceptor=user, status=Action.Status.SUBMITTED, done_at=NOW)
        ActionFactory(created_by=user)
        draft(meeting=ended(host=user), owner=None)

    _ = user.led_department_ids
    add()
    count()  # what a process reads once is read
    one = count()
    add()
    add()
    assert count() == one


def test_the_plan_page_shows_how_its_promises_stand_and_whose_they_are(client):
    runner = host()
    review = meeting(host=runner)
    han, li = UserFactory(name="Han Mei"), UserFactory(name="Li Lei")
    now = timezone.now()
    ahead, past = now + timedelta(days=3), now - timedelta(days=3)
    common = {"meeting": review, "acceptor": runner}
    ActionFactory(owner=han, due_at=ahead, **common)
    ActionFactory(owner=li, due_at=past, **common)
    ActionFactory(owner=li, due_at=past, status=Action.Status.SUBMITTED, done_at=now, **common)
    ActionFactory(owner=li, due_at=ahead, status=Action.Status.CANCELLED, cancel_reason="No need", **common)
    draft(owner=han, **common)

    plan = queries.plan_of(review, now, runner)

    assert [(part.code, part.count, part.start) for part in plan.bar] == [
        ("handed_in", 1, 0.0),
        ("open", 1, 33.333),
        ("late", 1, 66.667),
    ]
    assert [(share.owner, share.promised, share.late) for share in plan.shares] == [(li, 2, 1), (han, 1, 0)]
    client.force_login(runner)
    page = client.get(reverse("actions:for_meeting", args=[review.pk])).text
    assert 'class="plan-bar-late" x="66.667"' in page
    assert "By owner" in page
