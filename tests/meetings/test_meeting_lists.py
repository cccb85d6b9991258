"""The list and the page of a meeting: what they show, and that their queries do not grow."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings import queries
from meetings.models import Meeting, Participant
from meetings.queries import lists
from meetings.services import schedule
from meetings.services.reply import reply
from tests.factories import UserFactory, executive, host, lead
from tests.meetings import factories
from tests.meetings.factories import NOW, START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def count(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as context:
        assert client.get(url).status_code == 200
    return len(context)


@pytest.mark.parametrize("who", ["host", "guest"])
def test_list_asks_as_much_for_three_as_for_one(client, who):
    person = host(language="en") if who == "host" else UserFactory(language="en")

    def add(number: int) -> None:
        when = START + timedelta(days=number)
        guests = [factories.PersonPlan(user=person)] if who == "guest" else []
        owner = person if who == "host" else host()
        common = {"host": owner, "people": guests, "departments": [factories.department("sales")]}
        factories.scheduled(starts_at=when, **common)
        over = factories.scheduled(starts_at=when, **common)
        schedule.cancel(meeting=over, reason="x", by=owner, now=NOW)

    client.force_login(person)
    add(0)
    one = count(client, "/meetings/")
    add(1)
    add(2)

    assert count(client, "/meetings/") == one


def test_meeting_page_asks_as_much_for_many_as_for_few(client):
    owner = host(language="en")
    client.force_login(owner)
    kind = factories.template("weekly-operations")
    few = factories.scheduled(
        host=owner, template=kind, people=[factories.guest()], departments=[factories.department("sales")]
    )
    many = factories.scheduled(
        host=owner,
        people=[factories.guest() for _number in range(12)],
        departments=[factories.department(code) for code in ("sales", "tech", "finance", "supply")],
    )

    assert count(client, many.get_absolute_url()) == count(client, few.get_absolute_url())
    assert count(client, many.get_absolute_url()) < 25


def test_plan_form_asks_as_much_for_many_people_as_for_few(client):
    owner = host(language="en")
    client.force_login(owner)
    meeting = factories.scheduled(host=owner, people=[factories.guest()])
    url = f"/meetings/{meeting.pk}/edit/"
    few = count(client, url)
    for _number in range(10):
        lead("sales")

    assert count(client, url) == few


def test_list_shows_what_is_next_and_how_ready_it_is(client):
    owner = host(language="en")
    guest = factories.guest()
    meeting = factories.scheduled(host=owner, people=[guest], departments=[factories.department("sales")])
    reply(participant=meeting.participants.get(user=guest.user), to="accepted", note="", now=NOW)
    client.force_login(owner)

    page = client.get("/meetings/")

    assert page.context["next"] == meeting
    assert (page.context["next"].prereads_in, page.context["next"].prereads_total) == (0, 1)
    assert (page.context["next"].replied, page.context["next"].asked) == (1, 1)
    assert page.context["next"].agenda_minutes == 295
    assert "agenda too long" in page.text


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=berlin", {"Berlin talk"}),
        ("q=talk+BERLIN", {"Berlin talk"}),
        ("q=nothing", set()),
        ("type=weekly-operations", {"Weekly"}),
        ("status=draft", {"Draft"}),
        ("type=bogus", {"Berlin talk", "Weekly", "Draft"}),
        ("q=%00", {"Berlin talk", "Weekly", "Draft"}),
    ],
)
def test_filters(client, query, titles):
    owner = host(language="en")
    client.force_login(owner)
    factories.scheduled(host=owner, title="Berlin talk")
    factories.scheduled(host=owner, title="Weekly", template=factories.template("weekly-operations"))
    factories.draft(host=owner, title="Draft")

    page = client.get(f"/meetings/?{query}")

    assert {row.record.title for row in page.context["upcoming"].rows} == titles


def test_filter_by_htmx_answers_with_the_tables_alone(client):
    client.force_login(host())

    page = client.get("/meetings/?q=x", headers={"HX-Request": "true"})

    assert "<html" not in page.text
    assert 'id="meeting-lists"' in page.text


def test_ten_thousand_meetings_are_paged(client):
    owner = host(language="en")
    factories.simple(10_000, host=owner)
    client.force_login(owner)

    with CaptureQueriesContext(connection) as context:
        page = client.get("/meetings/?q=Review+99")

    assert page.status_code == 200
    assert len(list(page.context["upcoming"].page.object_list)) == 15
    assert len(context) < 15
    assert sum(float(query["time"]) for query in context) < 0.5


def test_page_of_a_meeting_answers_whether_it_is_ready(client):
    owner = host(language="en")
    speaker = lead("sales")
    meeting = factories.scheduled(
        host=owner,
        people=[factories.PersonPlan(user=speaker, role=Participant.Role.PRESENTER)],
        departments=[factories.department("sales"), factories.department("tech")],
    )
    client.force_login(owner)

    checks = {check.code: check for check in client.get(meeting.get_absolute_url()).context["checks"]}

    assert {code: check.is_ok for code, check in checks.items()} == {
        "prereads": False,
        "agenda": False,
        "replies": False,
        "departments": False,
        "figures": False,
    }
    assert checks["prereads"].words == "0 of 2 pre-reads in"
    assert checks["agenda"].words == "The agenda takes 295 min, 55 over the planned 240"
    assert checks["departments"].words == "Nobody comes for Technology / product"


def test_department_whose_speaker_declines_is_not_represented(client):
    owner = host(language="en")
    speaker = lead("sales")
    meeting = factories.scheduled(
        host=owner,
        people=[factories.PersonPlan(user=speaker, role=Participant.Role.PRESENTER)],
        departments=[factories.department("sales")],
    )
    reply(participant=meeting.participants.get(user=speaker), to="declined", note="", now=NOW)
    client.force_login(owner)

    checks = {check.code: check.is_ok for check in client.get(meeting.get_absolute_url()).context["checks"]}

    assert not checks["departments"]
    assert not checks["replies"]


def test_times_stand_in_the_readers_zone_and_in_the_meetings(client):
    guest = UserFactory(language="en", time_zone="Europe/Berlin")
    meeting = factories.scheduled(people=[factories.PersonPlan(user=guest)])
    client.force_login(guest)

    page = client.get(meeting.get_absolute_url()).text

    assert "07:00–07:15" in page
    assert "14:00–14:15" in page
    assert "On the meeting's clock" in page.replace("&#x27;", "'")


def test_doubts_are_said_before_sending(client):
    owner = host(language="en")
    meeting = factories.draft(
        host=owner, starts_at=NOW + timedelta(days=2), departments=[factories.department("sales")]
    )
    client.force_login(owner)

    doubts = " ".join(client.get(f"/meetings/{meeting.pk}/check/").context["doubts"])

    assert "55 minutes more than planned" in doubts
    assert "Sales must be present" in doubts
    assert "usual day for the pre-reads has passed" in doubts
    assert "recorder" in doubts


def test_next_for_is_the_persons_own_next_meeting():
    guest = UserFactory()
    later = factories.scheduled(
        people=[factories.PersonPlan(user=guest)], starts_at=START + timedelta(days=1)
    )
    factories.scheduled()

    assert queries.next_for(guest, NOW) == later
    assert queries.next_for(executive(), NOW) is None
    assert lists.next_visible(executive(), NOW).starts_at == START


def test_draft_and_invitation_are_tasks():
    owner, guest = host(language="en"), UserFactory(language="en")
    factories.draft(host=owner, title="Unsent")
    factories.scheduled(host=owner, people=[factories.PersonPlan(user=guest)])

    assert [task.kind for task in queries.tasks_for(owner, NOW)] == ["meetings.draft"]
    assert [task.kind for task in queries.tasks_for(guest, NOW)] == ["meetings.reply"]
    assert Meeting.objects.count() == 2
