"""The form of a meeting that is there: nothing changes by itself, two people at once, confidential items."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from meetings import merge
from meetings import plan as planning
from meetings.models import AgendaItem, Meeting, Participant
from meetings.plan import PersonPlan
from people.models import User
from tests.factories import UserFactory, host, lead
from tests.meetings import factories
from tests.meetings.factories import NOW, START
from tests.meetings.plan_page import edit_url, opened, save
from tests.meetings.test_plan_pages import form_of

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


# --- nothing changes by itself ---------------------------
@pytest.mark.parametrize("code", ["business-review", "weekly-operations", "year-end-review"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_form_saved_as_it_comes_changes_nothing(client, planner, code, language):
    planner.language = language
    planner.save(update_fields=["language"])
    sales = lead("sales", name="李娜")
    reader = UserFactory(name="吴芳")
    people = [
        PersonPlan(
            user=sales, role=Participant.Role.PRESENTER, department=sales.memberships.get().department
        ),
        factories.guest(Participant.Role.EXECUTIVE),
        factories.guest(Participant.Role.PRESENTER),
        factories.guest(Participant.Role.RECORDER),
    ]
    meeting = factories.draft(
        host=planner,
        template=factories.template(code),
        people=people,
        departments=[factories.department("sales")],
        location="Room 3",
        preread_due_at=START - timedelta(days=6, seconds=17),
        freeze_at=START - timedelta(hours=1),
    )
    item = meeting.items.in_order().first()
    AgendaItem.objects.filter(pk=item.pk).update(
        presenter_user=sales, is_confidential=True, is_recurring=True, action_list="late"
    )
    item.readers.create(user=reader)
    before = planning.of_meeting(meeting)

    response = save(client, meeting, opened(client, meeting))

    assert response.status_code == 302
    after = planning.of_meeting(Meeting.objects.get(pk=meeting.pk))
    assert merge.content(after) == merge.content(before)


# --- two people at once ---------------------------
def test_two_open_forms_are_joined(client, meeting):
    mine, theirs = opened(client, meeting), opened(client, meeting)
    added = form_of(client.post(edit_url(meeting), {**theirs, "do": "add"}))
    save(client, meeting, {**added, "items-8-title": "Theirs", "items-1-report": "25"})

    response = save(client, meeting, mine, title="Mine", **{"items-1-title": "Sales figures"})

    assert response.status_code == 302
    meeting.refresh_from_db()
    assert meeting.title == "Mine"
    items = list(meeting.items.in_order())
    assert [one.title_en for one in items][-1] == "Theirs"
    assert (items[1].title_en, items[1].report_minutes) == ("Sales figures", 25)
    # The other language of what nobody touched is still there.
    assert (items[2].title_en, items[2].title_zh) == ("Marketing", "市场")
    assert items[1].metric_codes
    page = client.get(response.url)
    assert "Their changes and yours are both in it" in page.text


def test_overlap_is_asked_for_and_nothing_typed_is_lost(client, meeting):
    mine, theirs = opened(client, meeting), opened(client, meeting)
    save(client, meeting, theirs, title="Theirs", **{"items-1-report": "25", "items-2-report": "20"})
    typed = {**mine, "title": "Mine", "items-1-report": "5", "items-3-title": "Typed & kept"}

    asked = save(client, meeting, typed)

    assert asked.status_code == 409
    assert meeting.host.name in asked.text
    assert [(one.label, one.mine, one.theirs) for one in asked.context["overlaps"]] == [
        ("Title", "Mine", "Theirs"),
        ("“Sales”: Report and discussion", "5 + 40 min", "25 + 40 min"),
    ]
    assert 'value="Typed &amp; kept"' in asked.text
    assert Meeting.objects.get().title == "Theirs"

    again = form_of(asked)
    paths = [one.path for one in asked.context["overlaps"]]
    chosen = {
        f"choose-{paths[0]}": "mine",
        f"choose-{paths[1]}": "theirs",
        "seen": asked.context["clash"].revision,
    }
    assert save(client, meeting, again, **chosen).status_code == 302

    items = list(meeting.items.in_order())
    assert Meeting.objects.get().title == "Mine"
    assert [one.report_minutes for one in items[1:4]] == [25, 20, 15]
    assert items[3].title_en == "Typed & kept"


@pytest.mark.parametrize(("side", "title"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_one_button_answers_for_all_overlaps(client, meeting, side, title):
    mine, theirs = opened(client, meeting), opened(client, meeting)
    save(client, meeting, theirs, title="Theirs")
    asked = save(client, meeting, mine, title="Mine")

    again = {**form_of(asked), "seen": 2, "overlap": ["field.title"], "choose_all": side}
    assert client.post(edit_url(meeting), again).status_code == 302

    assert Meeting.objects.get().title == title


def test_both_languages_survive_a_join(client, meeting):
    mine, theirs = opened(client, meeting), opened(client, meeting)
    first = meeting.items.in_order().first()
    save(client, meeting, theirs, **{"items-0-title": "Opening by the boss"})

    save(client, meeting, mine, **{"items-0-report": "10"})

    first.refresh_from_db()
    assert (first.title_en, first.report_minutes) == ("Opening by the boss", 10)
    second = meeting.items.in_order()[1]
    assert (second.title_en, second.title_zh) == ("Sales", "销售")
    assert second.metric_codes


# --- confidential items ---------------------------
@pytest.fixture
def secret(meeting):
    AgendaItem.objects.filter(meeting=meeting, order=2).update(
        is_confidential=True, title_en="Pay rise", title_zh="加薪", questions_en="How much?"
    )
    return meeting.items.get(order=2)


def test_planner_outside_the_circle_sees_only_the_minutes(client, meeting, secret):
    client.force_login(UserFactory(roles=[User.Role.ADMIN], language="en"))
    page = client.get(edit_url(meeting))
    assert "Pay rise" not in page.text
    assert "加薪" not in page.text
    assert "How much?" not in page.text

    save(client, meeting, form_of(page), **{"items-1-report": "25"})

    secret.refresh_from_db()
    assert (secret.title_en, secret.title_zh, secret.report_minutes) == ("Pay rise", "加薪", 25)
    assert secret.questions_en == "How much?"
    assert "Pay rise" not in client.get(reverse("meetings:check", args=[meeting.pk])).text


def test_planner_outside_the_circle_cannot_take_it_out_or_open_it(client, meeting, secret):
    client.force_login(UserFactory(roles=[User.Role.ADMIN], language="en"))
    data = opened(client, meeting)
    without = {name: value for name, value in data.items() if not name.startswith("items-1-")}

    save(client, meeting, without)
    save(
        client, meeting, opened(client, meeting), **{"items-1-title": "Opened", "items-1-is_confidential": ""}
    )

    secret.refresh_from_db()
    assert (secret.title_en, secret.is_confidential) == ("Pay rise", True)
    assert meeting.items.count() == 8


def test_circle_is_named_and_kept(client, meeting):
    reader = UserFactory(name="吴芳")
    data = opened(client, meeting)

    wrong = save(
        client, meeting, data, **{"items-1-is_confidential": "on", "items-1-readers": "Nobody Known"}
    )
    assert "Nobody is known as “Nobody Known”" in wrong.text

    save(
        client, meeting, data, **{"items-1-is_confidential": "on", "items-1-readers": f"吴芳；{reader.email}"}
    )

    item = meeting.items.get(order=2)
    assert item.is_confidential
    assert [row.user for row in item.readers.all()] == [reader]
    assert AgendaItem.objects.visible_to(reader).filter(pk=item.pk).exists() is False
    assert opened(client, meeting)["items-1-readers"] == "吴芳"

    save(client, meeting, opened(client, meeting), **{"items-1-is_confidential": ""})
    assert not item.readers.exists()
