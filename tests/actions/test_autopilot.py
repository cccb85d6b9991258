"""The progress meeting builds its own agenda, asks for updates, and takes up what nobody answers."""

from datetime import timedelta

import pytest

from actions import autopilot, carry, services
from actions.models import Action, Blocker, Progress, UpdateRequest
from actions.services import agenda, updates
from meetings.models import AgendaItem, Decision, ItemReader, Meeting, Series
from meetings.services import schedule
from notices import kinds
from notices.models import Notice
from tests.actions.factories import ActionFactory
from tests.factories import DepartmentFactory, UserFactory, executive, host, lead, member
from tests.meetings import factories as meetings
from tests.meetings.factories import NOW, START

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Status = Action.Status


@pytest.fixture
def progress() -> Meeting:
    """Sales and finance, half an hour, ten days ahead."""
    return meetings.scheduled(
        template=meetings.template("biweekly-progress"),
        period=None,
        departments=[meetings.department("sales"), meetings.department("finance")],
    )


def make(title: str, code: str = "sales", **values) -> Action:
    values.setdefault("published_at", NOW - 30 * DAY)
    return ActionFactory(title=title, department=DepartmentFactory(code=code), **values)


def blocked(title: str, code: str = "sales", since=NOW, helping: str = "finance", **values) -> Blocker:
    action = make(title, code, status=Status.BLOCKED, due_at=START + 60 * DAY, **values)
    return Blocker.objects.create(
        action=action,
        reason=f"{title}: no budget",
        by=action.owner,
        since=since,
        needs_department=DepartmentFactory(code=helping),
    )


def minutes(meeting: Meeting) -> dict[str, int]:
    rows = meeting.items.order_by("order")
    return {item.action_list or "other": item.report_minutes + item.discussion_minutes for item in rows}


# --- the agenda -----------------------------------------------------------------------------------------------
def test_the_lists_share_the_half_hour_by_what_they_need(progress):
    for number in range(3):
        blocked(f"blocked {number}")
    for number in range(4):
        make(f"late {number}", due_at=NOW - DAY)
    make("due", due_at=START + DAY)
    make("elsewhere", "tech", due_at=NOW - DAY)

    assert agenda.follow(meeting=progress, now=NOW)

    found = minutes(progress)
    assert sum(found.values()) == 30
    assert found["other"] == 3
    assert found["blocked"] >= 9
    assert found["late"] >= 8
    assert found["blocked"] > found["due"] >= 1
    assert progress.items.count() == 6
    assert not agenda.follow(meeting=progress, now=NOW), "nothing changed, nothing is written"


def test_what_has_no_room_is_named_least_urgent_first_and_rather_what_was_said(progress):
    for number in range(8):
        blocked(f"blocked {number}")
    silent = [make(f"due {number}", due_at=START + 2 * DAY) for number in range(6)]
    Progress.objects.create(
        action=silent[0], text="", answer="doing", status=Status.DOING, by=silent[0].owner, at=NOW
    )

    built = autopilot.built(meeting=progress, now=NOW)

    assert not built.fits
    assert (built.needs, built.available) == (24 + 6 + 3, 27)
    assert {action.title for action in built.left_out} >= {"due 0"}
    assert all(action.title.startswith("due") for action in built.left_out[-5:])
    assert built.left_out[-1].title == "due 0"
    assert sum(one.gets for one in built.lists) == 27


def test_a_pinned_item_keeps_its_time_and_a_meeting_that_began_its_agenda(progress):
    progress.items.filter(action_list="late").update(is_pinned=True)
    for number in range(5):
        make(f"due {number}", due_at=START + DAY)
    agenda.follow(meeting=progress, now=NOW)
    found = minutes(progress)
    assert found["late"] == 5
    assert found["due"] > 5

    Meeting.objects.filter(pk=progress.pk).update(status="in_progress", started_at=START)
    blocked("new")
    assert not agenda.follow(meeting=Meeting.objects.get(pk=progress.pk), now=START)
    assert minutes(progress) == found


def test_confidential_work_moves_no_minutes(progress):
    hidden = AgendaItem.objects.create(
        meeting=meetings.scheduled(), order=90, title_en="Pay", is_confidential=True
    )
    make("pay", due_at=START + DAY, agenda_item=hidden)
    assert autopilot.built(meeting=progress, now=NOW).is_empty


def test_a_meeting_is_built_when_it_is_sent():
    for number in range(6):
        blocked(f"blocked {number}")
    drafted = meetings.draft(
        template=meetings.template("biweekly-progress"),
        period=None,
        departments=[meetings.department("sales")],
    )
    before = minutes(drafted)
    schedule.send(meeting=drafted, by=drafted.host, now=NOW)
    assert minutes(drafted)["blocked"] > before["blocked"]


def test_what_was_finished_since_the_meeting_before_is_a_list(progress):
    Meeting.objects.filter(pk=meetings.scheduled(template=progress.template, period=None).pk).update(
        status="ended", starts_at=START - 14 * DAY, started_at=START - 14 * DAY, ended_at=START - 14 * DAY
    )
    person = UserFactory()
    done = {"status": Status.ACCEPTED, "accepted_by": person}
    make("new", done_at=NOW, accepted_at=START - DAY, **done)
    make("old", done_at=NOW, accepted_at=START - 20 * DAY, **done)
    make("handed in", status=Status.SUBMITTED, done_at=START - DAY)
    rows = carry.listed(kind="finished", meeting=progress, user=executive(), now=START)
    assert {action.title for action in rows} == {"new", "handed in"}


@pytest.mark.usefixtures("english")
def test_the_meeting_does_not_say_that_it_fits_where_only_its_items_do(client, progress):
    for number in range(20):
        make(f"late {number}", due_at=NOW - DAY)
    agenda.follow(meeting=progress, now=NOW)
    assert sum(minutes(progress).values()) == progress.planned_minutes
    assert not autopilot.built(meeting=progress, now=NOW).fits
    client.force_login(host())

    page = client.get(progress.get_absolute_url()).text

    assert "The items add up to 30 of 30 min; the agenda says whether its actions fit" in page
    assert "The agenda fits" not in page


# --- every open action has an update or a blocker -------------------------------------------------------------------
def test_the_duty_of_the_meeting_counts_updates_and_blockers(progress):
    make("without a word", due_at=START + DAY)
    said = make("said", due_at=START + DAY)
    blocked("blocked")
    make("promised yesterday", due_at=START + DAY, published_at=START - DAY)
    services.give_update(action=said, answer="doing", by=said.owner, now=START - DAY)

    found = autopilot.coverage(meeting=progress)

    assert [action.title for action in found.missing] == ["without a word"]
    assert (found.given, found.total) == (3, 4)


# --- updates ------------------------------------------------------------------------------------------------------
def test_updates_are_asked_two_days_before_in_one_mail_per_person(progress):
    owner = member("sales")
    actions = [make(f"due {number}", owner=owner, due_at=START + DAY) for number in range(3)]
    make("far and fresh", owner=owner, due_at=START + 60 * DAY, published_at=START - DAY)
    said = make("said yesterday", owner=owner, due_at=START + DAY)
    Progress.objects.create(action=said, text="x", status="doing", by=owner, at=START - 3 * DAY)

    assert agenda.ask(meeting=progress, now=START - 3 * DAY) == 0
    assert agenda.ask(meeting=progress, now=START - 2 * DAY) == 3
    assert agenda.ask(meeting=progress, now=START - 2 * DAY) == 0

    notice = Notice.objects.get(kind="actions.update_wanted")
    assert (notice.recipient, notice.subject) == (owner, progress)
    assert set(UpdateRequest.objects.values_list("action", flat=True)) == {one.pk for one in actions}
    # One more on the day before: no second mail.
    make("late comer", owner=owner, due_at=START + DAY)
    assert agenda.ask(meeting=progress, now=START - DAY) == 1
    assert Notice.objects.filter(kind="actions.update_wanted").count() == 1


@pytest.mark.usefixtures("english")
def test_the_mail_counts_what_is_still_open(progress):
    owner = member("sales")
    first, *_others = [make(f"due {number}", owner=owner, due_at=START + DAY) for number in range(3)]
    agenda.ask(meeting=progress, now=START - 2 * DAY)
    notice = Notice.objects.get(kind="actions.update_wanted")
    title = kinds.get(notice.kind).title
    assert title(notice).startswith("How do your 3 actions stand?")

    services.give_update(action=first, answer="doing", by=owner, now=START - DAY)

    assert title(notice).startswith("How do your 2 actions stand?")
    Action.objects.update(status=Status.CANCELLED, cancel_reason="x")
    assert title(notice).startswith("How do your 3 actions stand?")


def test_an_answer_closes_every_open_request(progress):
    action = make("due", due_at=START + DAY)
    updates.ask(meeting=progress, actions=[action], now=START - 2 * DAY)
    given = services.give_update(
        action=action, answer="doing", next_step="Call the agent", by=action.owner, now=START - DAY
    )
    request = UpdateRequest.objects.get()
    assert (request.answer, request.answered_at) == (given.line, START - DAY)
    assert Action.objects.get().status == Status.DOING
    assert given.line.next_step == "Call the agent"


# --- unanswered calls for help ------------------------------------------------------------------------------------
def raised(now=NOW) -> list[AgendaItem]:
    agenda.run(now=now)
    return list(AgendaItem.objects.filter(carried_because="blocked"))


def test_after_48_hours_it_goes_on_the_next_meeting_of_both_departments_once():
    both = meetings.scheduled(departments=[meetings.department("sales"), meetings.department("finance")])
    meetings.scheduled(departments=[meetings.department("finance")])
    head = lead("finance")
    blocker = blocked("ACoS", since=NOW)
    assert raised(NOW + timedelta(hours=47)) == []

    (item,) = raised(NOW + timedelta(hours=49))
    raised(NOW + timedelta(hours=50))

    assert item.meeting == both
    assert "ACoS" in item.title_en
    assert "卡点" in item.title_zh
    assert "no budget" in item.questions_en
    blocker.refresh_from_db()
    assert blocker.raised_item == item
    assert AgendaItem.objects.filter(carried_because="blocked").count() == 1
    told = Notice.objects.filter(kind="actions.help_raised").values_list("recipient", flat=True)
    assert list(told) == [head.pk]
    # The host takes it off: it does not come back by itself.
    item.delete()
    assert raised(NOW + timedelta(hours=51)) == []


@pytest.mark.usefixtures("english")
def test_the_action_names_the_meeting_that_takes_it_up_to_whoever_may_see_it(client, progress):
    blocker = blocked("ACoS")
    raised(NOW + 3 * DAY)
    words = "No answer for 48 hours: it is on the "

    client.force_login(host())
    page = client.get(blocker.action.get_absolute_url()).text
    assert f'{words}agenda of <a href="{progress.get_absolute_url()}" dir="auto">{progress.title}</a>' in page
    client.force_login(blocker.action.owner)
    page = client.get(blocker.action.get_absolute_url()).text
    assert words in page
    assert progress.title not in page


def test_the_list_of_blocked_actions_takes_it_up_without_a_second_item(progress):
    blocker = blocked("ACoS")
    assert raised(NOW + 3 * DAY) == []
    blocker.refresh_from_db()
    assert blocker.raised_item == progress.items.get(action_list="blocked")


def make_decision(meeting: Meeting, **values) -> Decision:
    return Decision.objects.create(
        meeting=meeting, year=2026, number=77, text="Cut it", decided_by=meeting.host, recorded_by=meeting.host,
        recorded_at=NOW, **values,
    )  # fmt: skip


def test_the_series_of_the_action_comes_first():
    person = host()
    ended, following = (meetings.scheduled(host=person) for _number in range(2))
    series = Series.objects.create(
        title="Review",
        template=ended.template,
        host=person,
        rule="FREQ=WEEKLY",
        starts_on=START.date(),
        starts_at=START.time(),
        created_by=person,
    )
    Meeting.objects.filter(pk=following.pk).update(series=series, occurs_at=START)
    Meeting.objects.filter(pk=ended.pk).update(
        series=series, occurs_at=START - 14 * DAY, starts_at=NOW - DAY, status="ended", started_at=NOW - DAY,
        ended_at=NOW - DAY,
    )  # fmt: skip
    meetings.scheduled(
        departments=[meetings.department("sales"), meetings.department("finance")], starts_at=NOW + 4 * DAY
    )
    pay = AgendaItem.objects.create(meeting=ended, order=90, title_en="Pay", is_confidential=True)
    friend = UserFactory()
    ItemReader.objects.create(item=pay, user=friend)
    blocked("open", meeting=Meeting.objects.get(pk=ended.pk))
    blocked("secret", meeting=Meeting.objects.get(pk=ended.pk), agenda_item=pay)
    # Confidential only by the decision that it follows from.
    decided = make_decision(ended, agenda_item=pay)
    blocked("hushed", meeting=Meeting.objects.get(pk=ended.pk), decision=decided)

    items = raised(NOW + 3 * DAY)

    assert {item.meeting_id for item in items} == {following.pk}
    closed = [item for item in items if "secret" in item.title_en or "hushed" in item.title_en]
    assert len(closed) == 2
    for item in closed:
        assert item.is_confidential
        assert list(item.readers.values_list("user", flat=True)) == [friend.pk]


def test_without_a_meeting_the_host_is_told_once_and_an_answer_ends_it():
    person = host()
    blocker = blocked("ACoS")
    for hours in (49, 50):
        raised(NOW + timedelta(hours=hours))
    notice = Notice.objects.get(kind="actions.help_waits")
    assert notice.recipient == person

    both = meetings.scheduled(departments=[meetings.department("sales"), meetings.department("finance")])
    services.answer(
        blocker=blocker, text="Tomorrow", helps_by=NOW + 5 * DAY, by=lead("finance"), now=NOW + 2 * DAY
    )
    raised(NOW + timedelta(hours=51))
    assert not both.items.filter(carried_because="blocked").exists()
