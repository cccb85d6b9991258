"""The form of a meeting that is there: presenters, breaks, windows, and any edits of its rows."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings import agenda as arithmetic
from meetings.forms.rows import AgendaRows
from meetings.models import AgendaItem, Meeting, Participant
from meetings.plan import PersonPlan
from meetings.services.reply import reply
from tests.factories import UserFactory, executive, host, lead
from tests.meetings import factories
from tests.meetings.factories import NOW, START
from tests.meetings.plan_page import edit_url, opened, save
from tests.meetings.test_plan_pages import URL, form_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def planner(client):
    user = host(name="何静", language="en")
    client.force_login(user)
    return user


@pytest.fixture
def meeting(planner):
    return factories.draft(host=planner)


# --- presenters, breaks ---------------------------
def test_named_presenter_is_invited_and_shown(client, meeting):
    speaker = UserFactory(name="李娜")

    save(client, meeting, opened(client, meeting), **{"items-1-person": "李娜"})

    assert meeting.items.get(order=2).presenter_user == speaker
    assert meeting.participants.get(user=speaker).role == Participant.Role.PRESENTER
    again = opened(client, meeting)
    assert again["items-1-person"] == "李娜"
    assert not again.get("presenters")

    save(client, meeting, again, **{"items-1-person": ""})
    assert not meeting.participants.filter(user=speaker).exists()


def test_two_people_of_one_name_are_told_apart(client, meeting):
    first, second = (
        UserFactory(name="王伟", email="a@example.com"),
        UserFactory(name="王伟", email="b@example.com"),
    )
    data = opened(client, meeting)

    assert "Nobody is known as" in save(client, meeting, data, **{"items-1-person": "王伟 x"}).text
    save(client, meeting, data, **{"items-1-person": "b@example.com"})

    assert meeting.items.get(order=2).presenter_user == second
    assert first != second
    save(client, meeting, opened(client, meeting), title="Again")
    assert meeting.items.get(order=2).presenter_user == second


def test_break_is_added_pinned_and_left_alone_by_a_fit(client, planner):
    factories.template()
    data = form_of(client.get(URL))
    with_break = form_of(client.post(URL, {**data, "do": "break"}))
    fitted = client.post(URL, {**with_break, "do": "fit"})
    assert fitted.context["agenda"].total == 240

    client.post(URL, {**form_of(fitted), "do": "save"})

    item = Meeting.objects.get().items.in_order().last()
    assert (item.kind, item.title, item.discussion_minutes, item.is_pinned) == ("break", "Break", 10, True)
    assert item.department is None


def test_declined_presenter_is_shown_with_a_way_out(client, planner):
    speaker = UserFactory(name="李娜")
    meeting = factories.scheduled(host=planner, people=[PersonPlan(user=speaker, role="presenter")])
    meeting.items.filter(order=2).update(presenter_user=speaker)
    page = client.get(meeting.get_absolute_url())
    assert "does not come" not in page.text

    reply(participant=meeting.participants.get(user=speaker), to="declined", note="", now=NOW)

    page = client.get(meeting.get_absolute_url())
    assert "李娜 presents this and does not come." in page.text
    assert "李娜 presents “Sales” but has declined" in page.text
    assert "Choose another" in page.text
    client.force_login(speaker)
    assert "Choose another" not in client.get(meeting.get_absolute_url()).text


def test_speaker_of_a_department_who_declined_counts_unless_another_comes(client, planner):
    first, second = lead("sales", name="李娜"), UserFactory(name="赵敏")
    sales = first.memberships.get().department
    meeting = factories.scheduled(
        host=planner,
        departments=[factories.department("sales")],
        people=[PersonPlan(user=user, role="presenter", department=sales) for user in (first, second)],
    )
    reply(participant=meeting.participants.get(user=first), to="declined", note="", now=NOW)
    assert "does not come" not in client.get(meeting.get_absolute_url()).text

    reply(participant=meeting.participants.get(user=second), to="declined", note="", now=NOW)
    assert "does not come" in client.get(meeting.get_absolute_url()).text


# --- windows ---------------------------
def test_windows_are_typed_on_the_meetings_clock(client, meeting):
    save(
        client,
        meeting,
        opened(client, meeting),
        time_zone="Europe/Berlin",
        preread_due_at="2026-11-27T18:00",
        freeze_at="2026-12-02T09:00",
    )

    meeting.refresh_from_db()
    berlin = ZoneInfo("Europe/Berlin")
    assert meeting.preread_due_at.astimezone(berlin).isoformat() == "2026-11-27T18:00:00+01:00"
    assert meeting.freeze_at.astimezone(berlin).isoformat() == "2026-12-02T09:00:00+01:00"
    assert (meeting.preread_opens_at, meeting.corrections_until) == (None, None)


def test_rules_of_the_type_are_shown_in_words_with_their_zone(client, meeting):
    page = client.get(edit_url(meeting))

    shown = {one.field.name: (one.at, one.is_rule) for one in page.context["forms"].moments}
    assert shown["preread_due_at"] == (START - timedelta(days=7), True)
    assert shown["freeze_at"] == (START, True)
    assert "Wed 25 Nov, 14:00 (Shanghai" in page.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("preread_due_at", "2026-12-02T14:01", "after the meeting begins"),
        ("freeze_at", "2026-12-03T00:00", "after the meeting begins"),
        ("preread_due_at", "tomorrow", "Write the day and the time"),
        ("corrections_until", "2026-11-20T10:00", "before “Pre-reads due”"),
    ],
)
def test_wrong_windows_get_a_sentence(client, meeting, field, value, words):
    typed = {"preread_due_at": "2026-11-25T14:00", field: value}

    response = save(client, meeting, opened(client, meeting), **typed)

    assert words in response.context["forms"].schedule.errors[field][0]
    assert response.context["forms"].schedule[field].value() == value


# --- who and what is taken ---------------------------
def look(client, data) -> str:
    return client.post("/meetings/new/look/?template=business-review", data).text


def test_busy_people_and_places_are_said_while_typing(client, planner):
    boss = executive(name="王总")
    factories.scheduled(title="Board", people=[PersonPlan(user=boss, role="executive")], location="Room 3")
    data = form_of(client.get(URL)) | {"date": "2026-12-02", "time": "15:00", "location": "room  3"}

    text = look(client, data)
    assert "王总 is in “Board” from 14:00 to 18:00." in text
    assert "The place is taken by “Board” from 14:00 to 18:00." in text
    assert "is in “Board”" not in look(client, {**data, "time": "18:00"})
    assert "is in “Board”" not in look(client, {**data, "executives": []})
    assert look(client, {**data, "date": "nonsense", "time": "99"})
    assert look(client, {**data, "planned_minutes": "-5", "host": "x", "time_zone": "Mars"})


def test_meeting_one_may_not_read_stays_without_a_name(client):
    planner = UserFactory(name="何静", language="en")
    client.force_login(planner)
    boss = executive(name="王总")
    factories.scheduled(title="Board", people=[PersonPlan(user=boss, role="executive")])
    meeting = factories.draft(host=planner, people=[PersonPlan(user=boss, role="executive")])

    for url in (edit_url(meeting), reverse("meetings:check", args=[meeting.pk])):
        text = client.get(url).text
        assert "王总 is busy from 14:00 to 18:00." in text
        assert "Board" not in text


def test_checklist_of_the_planner_names_what_is_taken(client, planner):
    boss = executive(name="王总")
    people = [PersonPlan(user=boss, role="executive")]
    meeting = factories.scheduled(host=planner, title="First", people=people)
    assert "is in “Second”" not in client.get(meeting.get_absolute_url()).text
    factories.scheduled(title="Second", people=people)

    assert "王总 is in “Second” from 14:00 to 18:00." in client.get(meeting.get_absolute_url()).text
    client.force_login(boss)
    assert "is in “Second”" not in client.get(meeting.get_absolute_url()).text


def test_a_meeting_that_takes_many_away_is_named_once(client, planner):
    people = [
        PersonPlan(user=executive(name=f"王{name}", name_sort=name), role="executive") for name in "abcde"
    ]
    meeting = factories.scheduled(host=planner, title="First", people=people)
    second = factories.scheduled(title="Second", people=people[:4])

    page = client.get(meeting.get_absolute_url())
    assert "王a, 王b, 王c, 王d are in “Second” from 14:00 to 18:00." in page.text
    Participant.objects.create(meeting=second, user=people[4].user, role="executive")
    page = client.get(meeting.get_absolute_url())
    assert "王a, 王b, 王c and 2 more are in “Second” from 14:00 to 18:00." in page.text


def test_items_without_minutes_are_named(client, meeting):
    save(client, meeting, opened(client, meeting), **{"items-1-report": "0", "items-1-discussion": "0"})

    assert (
        "No minutes are planned for “Sales”." in client.get(reverse("meetings:check", args=[meeting.pk])).text
    )
    assert "without minutes: Sales" in client.get(edit_url(meeting)).text


# --- many rows ---------------------------
@pytest.mark.parametrize("page", ["edit", "check", "detail"])
def test_pages_need_as_many_queries_for_many_rows_as_for_few(client, planner, page):
    def meeting(count: int) -> Meeting:
        people = [factories.guest(Participant.Role.PRESENTER) for _number in range(count)]
        found = factories.draft(host=planner, people=people, location="Room 3")
        items = found.items.in_order()
        for item, person in zip(items, people, strict=False):
            AgendaItem.objects.filter(pk=item.pk).update(presenter_user=person.user, is_confidential=True)
            item.readers.create(user=person.user)
        factories.scheduled(people=people)
        return found

    def queries(of: Meeting) -> int:
        url = reverse(f"meetings:{page}", args=[of.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    assert queries(meeting(1)) == queries(meeting(3))


# --- any edits of the rows ---------------------------
steps = st.lists(
    st.one_of(
        st.sampled_from(["add", "break", "fit", "undo", "take-all"]),
        st.tuples(st.sampled_from(["up", "down", "remove", "take", "pin"]), st.integers(0, 9)).map(
            lambda pair: f"{pair[0]}-{pair[1]}"
        ),
    ),
    max_size=14,
)
minutes = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=8)


def posted(rows: AgendaRows, length: int) -> dict:
    data = {"items-count": len(rows.rows), "undo": rows.undo, "planned_minutes": length}
    for row in rows.rows:
        data |= {f"items-{row['index']}-{name}": value for name, value in row.items()}
    return data


@given(minutes, steps, st.integers(5, 400))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_steps_never_lose_an_item_and_the_sum_is_what_stands_there(parts, steps, length):
    start = {"items-count": len(parts), "planned_minutes": length}
    for index, (report, discussion) in enumerate(parts):
        start |= {
            f"items-{index}-{name}": value
            for name, value in {
                "key": f"i{index}",
                "title": f"T{index}",
                "report": report,
                "discussion": discussion,
            }.items()
        }
    rows = AgendaRows.of_post(start)
    expected = [f"T{index}" for index in range(len(parts))]
    for step in steps:
        before = {row["key"]: (row["report"], row["discussion"]) for row in rows.rows}
        verb, _dash, number = step.partition("-")
        place = int(number) if number.isdecimal() else -1
        rows = AgendaRows.of_post(posted(rows, length))
        if verb == "pin" and place < len(rows.rows):
            rows.rows[place]["is_pinned"] = "" if rows.rows[place]["is_pinned"] else "on"
            rows = AgendaRows.of_post(posted(rows, length))
        rows.step("" if verb == "pin" else step)
        if verb == "remove" and 0 <= place < len(expected):
            expected.pop(place)
        if verb in ("add", "break"):
            expected.append("" if verb == "add" else "Break")
        if verb == "up" and 0 < place < len(expected):
            expected.insert(place - 1, expected.pop(place))
        if verb == "down" and 0 <= place < len(expected) - 1:
            expected.insert(place + 1, expected.pop(place))
        assert [row["title"] for row in rows.rows] == expected
        assert rows.total == sum(int(row["report"]) + int(row["discussion"]) for row in rows.rows)
        assert len({row["key"] for row in rows.rows}) == len(rows.rows)
        if verb == "fit" and not rows.problem:
            assert rows.total == length
            undone = AgendaRows.of_post(posted(rows, length))
            undone.rows.reverse()
            undone.step("undo")
            assert {row["key"]: (row["report"], row["discussion"]) for row in undone.rows} == {
                key: (int(one), int(other)) for key, (one, other) in before.items()
            }


@given(minutes, st.integers(5, 400))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sum_shown_is_the_sum_of_the_slots(parts, length):
    data = {"items-count": len(parts), "planned_minutes": length}
    for index, (report, discussion) in enumerate(parts):
        data |= {f"items-{index}-report": report, f"items-{index}-discussion": discussion}
    rows = AgendaRows.of_post(data)

    assert rows.total == arithmetic.planned_sum(rows.slots) == sum(one + other for one, other in parts)
    assert rows.over == rows.total - length


def test_sum_shown_is_the_sum_saved(client, planner):
    factories.template()
    fitted = client.post(URL, {**form_of(client.get(URL)), "planned_minutes": "233", "do": "fit"})
    assert "233 min, fits exactly" in fitted.text

    client.post(URL, {**form_of(fitted), "do": "save"})

    saved = Meeting.objects.get().items.all()
    assert arithmetic.planned_sum(arithmetic.slots(saved)) == 233
