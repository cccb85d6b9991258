"""Is this meeting ready? The answer on top, what is open first, one next step."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings import agenda_mail
from meetings.models import Meeting, Participant
from meetings.queries import ready_page
from notices.models import Notice
from tests import factories
from tests.meetings import pack_factories as make
from tests.meetings import room_factories as room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def meeting(departments=("sales",), **fields):
    """A meeting ten days ahead of the real clock, which the page looks at."""
    made = make.meeting(
        departments=departments, **{"starts_at": timezone.now() + timedelta(days=10), **fields}
    )
    return Meeting.objects.select_related("template", "host").get(pk=made.pk)


def board(of, user=None, now=None):
    return ready_page.page(meeting=of, user=user or of.host, now=now or timezone.now())


def tiles(of, **options):
    return {tile.code: tile for tile in board(of, **options)["tiles"]}


def settled(**fields):
    """Nothing is open: the pre-read is in, everybody said yes, there is a place, and figures are not looked at."""
    made = meeting(
        location="Room 3", planned_minutes=90, period_grain="", period_start=None, period_end=None, **fields
    )
    make.submit(made, "sales", by=factories.lead("sales"))
    lead = factories.lead("sales")
    Participant.objects.create(
        meeting=made, user=lead, role="presenter", reply="accepted", replied_at=timezone.now()
    )
    agenda_mail.plan(meeting=made, now=timezone.now())
    return made


# --- the page -------------------------------------------------------------------------------------------------
def test_what_is_open_stands_first_and_is_counted(client):
    made = meeting(departments=("sales", "finance"))
    room.invite(made, factories.UserFactory(name="Wang Fang"), "member")
    client.force_login(made.host)

    page = client.get(reverse("meetings:ready", args=[made.pk])).content.decode()

    states = re.findall(r'data-tile="(\w+)" data-state="(\w+)"', page)
    flags = [state == "open" for _code, state in states]
    assert flags == sorted(flags, reverse=True)
    open_codes = {code for code, state in states if state == "open"}
    assert open_codes == {"prereads", "replies", "departments", "figures", "place"}
    assert "5 things are not ready" in page
    assert "No reply yet: Wang Fang" in page
    assert page.count("btn btn-primary") == 1
    assert "Remind all who are missing" in page


def test_a_meeting_with_nothing_open_says_ready_and_offers_to_declare_it(client):
    made = settled()
    client.force_login(made.host)

    page = client.get(reverse("meetings:ready", args=[made.pk])).content.decode()

    assert 'data-state="open"' not in page
    assert "Ready. Begins in 9 days." in page or "Ready. Begins in 10 days." in page
    assert "Declare it ready" in page
    assert "1 of 1 pre-reads in · 0 certified" in page


def test_missing_pre_reads_are_named_with_a_nudge_each(client):
    made = meeting(departments=("sales", "finance"))
    client.force_login(made.host)
    factories.lead("finance")

    page = client.get(reverse("meetings:ready", args=[made.pk])).content.decode()
    assert page.count('name="department" value="finance"') == 1

    client.post(reverse("meetings:nudge", args=[made.pk]), {"department": "finance"})

    page = client.get(reverse("meetings:ready", args=[made.pk])).content.decode()
    assert 'name="department" value="finance"' not in page
    assert "reminded just now" in page


def test_the_page_is_for_those_who_run_the_meeting(client):
    made = meeting()
    address = reverse("meetings:ready", args=[made.pk])
    deputy = room.invite(made, factories.UserFactory(), "deputy_host")
    guest = room.invite(made, factories.UserFactory())

    answers = {}
    for name, person in {"deputy": deputy, "guest": guest, "stranger": factories.UserFactory()}.items():
        client.force_login(person)
        answers[name] = client.get(address).status_code

    assert answers == {"deputy": 200, "guest": 403, "stranger": 404}


def test_a_meeting_that_is_over_leads_to_its_page(client):
    made = room.meeting(status="ended")
    client.force_login(made.host)

    assert client.get(reverse("meetings:ready", args=[made.pk])).url == made.get_absolute_url()


# --- its tiles ----------------------------------------------------------------------------------------------------
def test_the_agenda_mail_says_when_it_goes_out_and_to_how_many_it_went():
    made = settled()
    words = tiles(made)["mail"].words
    assert re.match(r"The agenda mail goes out \w+ \d+ \w+, \d\d:\d\d, in \d days?, to 2 people", words), (
        words
    )

    Notice.objects.filter(kind=agenda_mail.AGENDA).update(state="sent")
    assert tiles(made)["mail"].words == "The agenda mail went to 2 people"

    Notice.objects.filter(kind=agenda_mail.AGENDA, recipient=made.host).update(state="bounced")
    tile = tiles(made)["mail"]
    assert (tile.state, tile.words) == ("open", "The agenda mail did not surely reach 1 person")


def test_an_agenda_over_the_length_is_open():
    made = settled()
    Meeting.objects.filter(pk=made.pk).update(planned_minutes=60)
    made.refresh_from_db()

    tile = tiles(made)["agenda"]

    assert tile.state == "open"
    assert "over the planned 60" in tile.words


def test_somebody_in_two_meetings_at_once_is_named():
    made = settled()
    other = meeting(starts_at=made.starts_at, title="Another one")
    other.participants.create(user=made.host, role="member")
    made.refresh_from_db()

    tile = tiles(made)["conflicts"]

    assert tile.state == "open"
    assert made.host.name in tile.words


def test_the_next_step_of_a_draft_is_to_send_it_and_of_a_due_one_to_go_in():
    draft = meeting(status="draft")
    assert board(draft)["step"].url == reverse("meetings:check", args=[draft.pk])

    due = meeting(starts_at=timezone.now() + timedelta(minutes=10))
    assert board(due)["step"].url == reverse("meetings:live", args=[due.pk])


def test_confidential_items_are_counted_but_not_named():
    made = settled()
    make.make_confidential(made, "Commission of the sales team")
    admin = factories.UserFactory(roles=["admin"])

    shown = " ".join(tile.words + " ".join(tile.lines) for tile in tiles(made, user=admin).values())

    assert "Commission" not in shown


def test_the_queries_do_not_grow_with_departments_and_people():
    def cost(departments, guests):
        made = meeting(departments=departments)
        for _number in range(guests):
            room.invite(made, factories.UserFactory())
        host = type(made.host).objects.get(pk=made.host_id)
        with CaptureQueriesContext(connection) as found:
            board(made, user=host)
        return len(found)

    assert cost(("sales",), 1) == cost(("finance", "tech", "supply"), 6)
