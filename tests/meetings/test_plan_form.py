"""What the form of a meeting makes of what people type: times, periods, people, and everything that is wrong."""

import pytest
import time_machine

from meetings.models import Meeting, Participant
from tests.factories import UserFactory, executive, host, lead, member
from tests.meetings import factories
from tests.meetings.factories import NOW
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
def typed(client, planner):
    """The form as it comes, filled in by default."""
    factories.template()
    return form_of(client.get(URL))


def save(client, data, **changes):
    return client.post(URL, {**data, "do": "save", **changes})


@pytest.mark.parametrize(
    ("zone", "day", "hour", "utc"),
    [
        ("Asia/Shanghai", "2026-12-02", "14:00", "2026-12-02T06:00"),
        ("Europe/Berlin", "2027-03-28", "01:59", "2027-03-28T00:59"),
        ("Europe/Berlin", "2027-03-28", "03:00", "2027-03-28T01:00"),
        ("America/Los_Angeles", "2027-03-14", "03:00", "2027-03-14T10:00"),
    ],
)
def test_start_is_the_instant_the_walls_clock_shows(client, typed, zone, day, hour, utc):
    save(client, typed, time_zone=zone, date=day, time=hour)

    assert Meeting.objects.get().starts_at.isoformat()[:16] == utc


@pytest.mark.parametrize(
    ("zone", "day", "hour", "before", "after"),
    [
        ("Europe/Berlin", "2027-03-28", "02:00", "01:59", "03:00"),
        ("Europe/Berlin", "2027-03-28", "02:59", "01:59", "03:00"),
        ("America/Los_Angeles", "2027-03-14", "02:30", "01:59", "03:00"),
        ("Australia/Lord_Howe", "2027-10-03", "02:15", "01:59", "02:30"),
    ],
)
def test_hour_that_does_not_exist_gets_a_sentence(client, typed, zone, day, hour, before, after):
    response = save(client, typed, time_zone=zone, date=day, time=hour)

    (error,) = response.context["forms"].schedule.errors["time"]
    assert f"{hour} does not exist" in error
    assert f"from {before} straight to {after}" in error
    assert f'value="{hour}"' in response.text
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("zone", "day", "hour", "fold", "utc"),
    [
        ("Europe/Berlin", "2027-10-31", "02:30", "0", "2027-10-31T00:30"),
        ("Europe/Berlin", "2027-10-31", "02:30", "1", "2027-10-31T01:30"),
        ("America/Los_Angeles", "2027-11-07", "01:15", "0", "2027-11-07T08:15"),
        ("America/Los_Angeles", "2027-11-07", "01:15", "1", "2027-11-07T09:15"),
    ],
)
def test_hour_that_comes_twice_is_asked_for_and_then_taken(client, typed, zone, day, hour, fold, utc):
    asked = save(client, typed, time_zone=zone, date=day, time=hour)
    assert "comes twice" in asked.context["forms"].schedule.errors["time"][0]
    assert not Meeting.objects.exists()

    save(client, typed, time_zone=zone, date=day, time=hour, fold=fold)

    assert Meeting.objects.get().starts_at.isoformat()[:16] == utc


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"date": "2026-11-21"}, "date", "passed already"),
        ({"date": "2026-11-22", "time": "09:00"}, "date", "passed already"),
        ({"date": "24.11."}, "date", "year-month-day"),
        ({"date": ""}, "date", "Choose the day"),
        (
            {"date": "9999-12-31", "time": "23:59", "time_zone": "America/Los_Angeles"},
            "date",
            "five years ahead",
        ),
        ({"time": "25:00"}, "time", "hours:minutes"),
        ({"planned_minutes": "-30"}, "planned_minutes", "end before it starts"),
        ({"planned_minutes": "0"}, "planned_minutes", "end before it starts"),
        ({"planned_minutes": "1441"}, "planned_minutes", "24 hours"),
        ({"planned_minutes": "four"}, "planned_minutes", "whole minutes"),
        ({"time_zone": "Mars/Base"}, "time_zone", "not one of the available choices"),
        ({"title": " "}, "title", "Give the meeting a title"),
        ({"title": "长" * 300}, "title", "at most 200"),
        ({"online_url": "javascript:alert(1)"}, "online_url", "https://"),
        ({"period": "own"}, "period_from", "first and the last day"),
        (
            {"period": "own", "period_from": "2026-10-02", "period_to": "2026-10-01"},
            "period_to",
            "before it begins",
        ),
        ({"host": ""}, "host", "Choose who runs"),
        ({"host": "999999"}, "host", "cannot be chosen"),
    ],
)
def test_wrong_input_gets_a_sentence_and_is_kept(client, typed, changes, field, words):
    response = save(client, typed, **changes)

    assert response.status_code == 200
    assert words in response.context["forms"].schedule.errors[field][0]
    assert response.context["forms"].schedule[field].value() == changes.get(field)
    assert not Meeting.objects.exists()


def test_own_period_is_taken_with_both_days(client, typed):
    save(client, typed, period="own", period_from="2026-09-15", period_to="2026-10-14")

    period = Meeting.objects.get().period
    assert (period.code, period.days) == ("2026-09-15..2026-10-14", 30)


def test_somebody_who_left_cannot_be_chosen(client, typed):
    gone = UserFactory(is_active=False)

    response = save(client, typed, members=[str(gone.pk)])

    assert "account is closed" in response.context["forms"].schedule.errors["members"][0]
    assert not Meeting.objects.exists()


def test_one_person_in_two_roles_is_named(client, typed):
    boss = executive(name="王总")

    response = save(client, typed, executives=[str(boss.pk)], recorder=str(boss.pk))

    assert "王总 is chosen twice" in response.context["forms"].schedule.errors["recorder"][0]


def test_speaker_of_a_department_is_invited_as_presenter(client, planner):
    factories.template()
    speaker, colleague = lead("sales"), member("sales")
    data = form_of(client.get(URL))
    prefix = next(key for key, value in data.items() if key.endswith("-speaker") and value == str(speaker.pk))

    save(client, {**data, prefix: str(colleague.pk)})

    meeting = Meeting.objects.get()
    assert meeting.participants.get(user=colleague).role == Participant.Role.PRESENTER
    assert not meeting.participants.filter(user=speaker).exists()


def test_department_that_is_unticked_brings_nobody(client, planner):
    factories.template()
    speaker = lead("sales")
    data = form_of(client.get(URL))
    prefix = next(key for key, value in data.items() if value == str(speaker.pk)).removesuffix("speaker")
    data.pop(f"{prefix}takes_part")

    save(client, data)

    meeting = Meeting.objects.get()
    assert not meeting.departments.filter(department__code="sales").exists()
    assert not meeting.participants.filter(user=speaker).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"items-1-title": ""}, "Give the agenda item a title."),
        ({"items-1-report": "-5"}, "Minutes cannot be negative."),
        ({"items-1-discussion": "ten"}, "Write whole minutes"),
        ({"items-1-report": "9999"}, "at most 24 hours"),
    ],
)
def test_wrong_agenda_row_is_marked(client, typed, changes, words):
    response = save(client, typed, **changes)

    assert words in response.text
    assert not Meeting.objects.exists()


def test_empty_agenda_is_refused(client, typed):
    response = save(client, typed, **{"items-count": "0"})

    assert "The agenda is empty" in response.context["forms"].schedule.non_field_errors()[0]


def test_rows_add_up_in_the_order_typed_and_can_be_removed(client, typed):
    added = form_of(client.post(URL, {**typed, "do": "add"}))
    removed = form_of(client.post(URL, {**added, "items-8-title": "特别议题 🚀", "do": "remove-0"}))

    save(client, removed)

    titles = [item.title for item in Meeting.objects.get().items.in_order()]
    assert titles[0] == "Sales"
    assert titles[-1] == "特别议题 🚀"
    assert len(titles) == 8


def test_dragged_rows_are_stored_in_their_new_order(client, typed):
    swapped = {**typed, "items-0-order": "1", "items-1-order": "0"}

    save(client, swapped)

    titles = [item.title_en for item in Meeting.objects.get().items.in_order()]
    assert titles[:2] == ["Sales", "Opening: purpose and expectations"]


def test_untouched_texts_keep_both_languages_and_typed_ones_are_one(client, typed):
    save(client, {**typed, "items-1-title": "Sales and shops"})

    first, second = Meeting.objects.get().items.in_order()[:2]
    assert (first.title_en, first.title_zh) == (
        "Opening: purpose and expectations",
        "开场：会议目的与高层期望",
    )
    assert (second.title_en, second.title_zh) == ("Sales and shops", "Sales and shops")
    assert "哪些产品起量了" in second.questions_zh


def test_pinned_row_is_left_alone_by_the_fit(client, typed):
    response = client.post(URL, {**typed, "items-0-is_pinned": "on", "do": "fit"})

    rows = response.context["agenda"].rows
    assert (rows[0]["report"], rows[0]["discussion"]) == (15, 0)
    assert response.context["agenda"].total == 240


def test_impossible_fit_says_why_and_changes_nothing(client, typed):
    response = client.post(URL, {**typed, "planned_minutes": "30", "do": "fit"})

    assert "need at least 5 each" in response.context["agenda"].problem
    assert response.context["agenda"].total == 295


@pytest.mark.parametrize("do", ["fit", "undo", "add", "up-99", "down-x", "remove-", "nonsense", "up-0"])
def test_steps_survive_half_a_form(client, typed, do):
    broken = {**typed, "items-1-report": "x", "planned_minutes": "", "date": "", "items-count": "3"}

    response = client.post(URL, {**broken, "do": do})

    assert response.status_code == 200
    assert not Meeting.objects.exists()


def test_right_to_left_and_emoji_titles_are_shown_as_typed(client, typed):
    title = "مراجعة الأعمال 🚀 <script>alert(1)</script>"

    saved = save(client, typed, title=title)

    page = client.get(saved.url).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert 'dir="auto"' in page


def test_live_sum_answers_with_the_clock_times(client, typed):
    response = client.post(
        "/meetings/new/agenda/", {**typed, "items-0-report": "20"}, headers={"HX-Request": "true"}
    )

    assert "300 min, 60 over" in response.text
    assert 'id="clock-1" hx-swap-oob="true">14:20–15:20<' in response.text
    assert "<html" not in response.text


def test_step_by_htmx_answers_with_the_agenda_alone(client, typed):
    response = client.post(URL, {**typed, "do": "fit"}, headers={"HX-Request": "true"})

    assert 'id="agenda"' in response.text
    assert 'id="agenda-sum"' in response.text
    assert "<html" not in response.text
