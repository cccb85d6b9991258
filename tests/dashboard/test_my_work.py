import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.work import Urgency, urgency
from tests.factories import UserFactory, host, member

pytestmark = pytest.mark.django_db


def test_a_new_person_is_told_what_belongs_here(client):
    client.force_login(UserFactory())

    page = client.get("/").content.decode()

    assert "Nothing waits for you today." in page
    assert "No figures yet" in page


def test_my_work_answers_get_only(client):
    client.force_login(UserFactory())

    assert client.post("/").status_code == 405


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(-1, Urgency.LATE), (2, Urgency.TODAY), (30, Urgency.SOON), (24 * 9, Urgency.LATER)],
)
def test_urgency_follows_the_deadline(hours, expected):
    now = timezone.now()

    assert urgency(now + timedelta(hours=hours), now, now + timedelta(hours=8)) == expected
    assert urgency(None, now, now) == Urgency.LATER


def test_queries_do_not_grow_with_the_work(client, action_of):
    user = member("sales")
    client.force_login(user)

    numbers = []
    for count in (1, 3):
        while action_of.made < count:
            action_of(owner=user, acceptor=host())
        client.get("/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get("/").content.decode()
        assert len(re.findall('class="task ', page)) == count
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_a_long_group_shows_twenty_and_leads_to_the_rest(client, action_of):
    user, acceptor = member("sales"), host()
    for _number in range(22):
        action_of(owner=user, acceptor=acceptor)
    client.force_login(user)

    page = client.get("/").text
    group = re.search(r'href="(\?all=\w+)#work-\w+">Show all 22<', page)

    assert len(re.findall('class="task ', page)) == 20
    assert group
    whole = client.get("/" + group[1]).text
    assert len(re.findall('class="task ', whole)) == 22
    assert "Show all" not in whole


def test_what_others_owe_too_late_stands_at_the_top(client, action_of):
    user = host()
    action_of(owner=member("sales"), acceptor=user, due_at=timezone.now() - timedelta(days=2))
    client.force_login(user)

    page = client.get("/").text

    assert "1 late with others" in page
    # Only what waits for oneself has the prominent button.
    assert "btn-primary" not in page[page.index('id="work-waiting"') : page.index('id="work-coming"')]


@pytest.fixture
def action_of():
    from tests.actions.factories import ActionFactory

    def make(**fields):
        make.made += 1
        return ActionFactory(**fields)

    make.made = 0
    return make


def test_what_a_view_does_not_find_gets_our_own_page_with_debug_too(client, settings):
    settings.DEBUG = True
    client.force_login(UserFactory())

    response = client.get("/meetings/999999/")

    assert response.status_code == 404
    assert "URLconf" not in response.content.decode()
    assert "404.html" in [template.name for template in response.templates]
