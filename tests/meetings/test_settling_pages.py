"""The page of a meeting's figures, and what may be pressed on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.work import Urgency
from meetings.models import Review, Ruling, Snapshot
from meetings.queries import tasks
from meetings.services import settling, snapshot
from tests import factories
from tests.meetings import settling_factories as made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = made.NOW


@pytest.fixture
def shop():
    return made.october(100)


@pytest.fixture
def owner(client):
    person = factories.data_owner()
    client.force_login(person)
    return person


def text(response) -> str:
    return response.content.decode()


def figures(client, meeting, part=""):
    return client.get(f"/meetings/{meeting.pk}/figures/{part}")


def rule(client, statement, **values):
    url = f"/meetings/{statement.preread.meeting_id}/figures/{statement.pk}/rule/"
    sent = {"verdict": "stated", "reason": "Returns count.", "stated": "120", "reported": "100"}
    return client.post(url, sent | values)


def test_both_sides_stand_beside_each_other(client, shop, owner):
    meeting = made.review()
    made.state(meeting, 120)

    page = text(figures(client, meeting))

    assert "<b>1 difference</b> to settle" in page
    for part in ("120", "100", "our own sheet", "by the day of the order", "amazon_transactions-2026-10.csv"):
        assert part in page


def test_a_new_difference_comes_with_the_next_look(client, shop, owner):
    meeting = made.review()
    page = text(figures(client, meeting))
    seen = page.split('data-version="')[1].split('"')[0]
    assert figures(client, meeting, f"news/?seen={seen}").status_code == 204

    made.state(meeting, 120)

    news = figures(client, meeting, f"news/?seen={seen}")
    assert news.status_code == 200
    assert "to settle" in text(news)
    assert "<html" not in text(news)


def test_ruling_on_the_page(client, shop, owner):
    meeting = made.review()
    statement = made.state(meeting, 120)

    response = rule(client, statement)

    assert response.status_code == 302
    assert Ruling.objects.get().ruled_by == owner
    assert "Returns count." in text(figures(client, meeting))


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"reason": ""}, "Give the reason"), ({"verdict": ""}, "Choose which figure counts.")],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(client, shop, owner, sent, words):
    statement = made.state(made.review(), 120)

    response = rule(client, statement, **({"reason": "Half a thought"} | sent))

    assert response.status_code == 422
    assert words in text(response)
    assert ("Half a thought" in text(response)) == ("reason" not in sent)
    assert not Ruling.objects.exists()


def test_a_figure_that_changed_meanwhile_is_not_ruled_on_unseen(client, shop, owner):
    statement = made.state(made.review(), 120)
    made.set_orders(shop, 90)

    response = rule(client, statement)

    assert response.status_code == 409
    assert "Returns count." in text(response)
    assert 'value="90' in text(response)
    assert not Ruling.objects.exists()


def test_others_see_that_one_waits_and_not_what_it_says(client, shop):
    meeting = made.review("sales", "finance")
    made.state(meeting, 137)
    client.force_login(meeting.host)

    page = text(figures(client, meeting))

    assert "<b>1 difference</b> waits for the data owner" in page
    assert "137" not in page
    assert "our own sheet" not in page


def test_the_department_sees_its_own(client, shop):
    meeting = made.review("sales", "finance")
    made.state(meeting, 137)
    made.state(meeting, 139, "finance")
    client.force_login(factories.member("sales"))

    page = text(figures(client, meeting))

    assert "137" in page
    assert "Waits for the data owner." in page


def test_certify_and_return_on_the_page(client, owner):
    meeting = made.review(metrics=())
    revision = made.submit(meeting)
    url = f"/meetings/{meeting.pk}/preread/sales/review/"
    assert "<b>1 pre-read</b> to check" in text(figures(client, meeting))

    refused = client.post(url, {"do": "return", "revision": revision.pk, "comment": " "})
    assert refused.status_code == 302
    assert not Review.objects.exists()
    client.post(url, {"do": "certify", "revision": revision.pk})
    client.post(url, {"do": "return", "revision": revision.pk, "comment": "Explain the fall."})

    assert list(Review.objects.order_by("pk").values_list("verdict", flat=True)) == ["certified", "returned"]
    assert "Explain the fall." in text(figures(client, meeting))


def test_the_host_freezes(client, shop):
    meeting = made.review()
    client.force_login(meeting.host)

    assert client.post(f"/meetings/{meeting.pk}/freeze/").status_code == 302

    assert Snapshot.objects.get().cause == "host"
    made.set_orders(shop, 150)
    page = text(figures(client, meeting))
    assert "Changed since the freeze: 100 → 150" in page
    assert "<b>1 figure</b> has changed since" in page


def test_the_room_shows_the_frozen_figures(client, shop):
    meeting = made.review()
    made.submit(meeting)
    snapshot.freeze(meeting=meeting, cause="host", by=meeting.host, now=NOW)
    made.set_orders(shop, 150)
    client.force_login(meeting.host)
    item = meeting.items.get(department__code="sales")

    panel = text(client.get(f"/meetings/{meeting.pk}/live/item/{item.pk}/"))

    assert "Changed since the freeze: 100 → 150" in panel


def test_my_work_of_the_data_owner(client, shop, owner):
    meeting = made.review()
    statement = made.state(meeting, 120)

    (task,) = [task for task in tasks.tasks_for(owner, NOW) if task.kind == "meetings.differences"]

    assert (task.title, task.url, task.urgency) == (
        "1 difference to settle",
        f"/meetings/{meeting.pk}/figures/",
        Urgency.TODAY,
    )
    settling.rule(statement=statement, verdict="stated", reason="Yes.", by=owner, now=NOW)
    assert not [task for task in tasks.tasks_for(owner, NOW) if task.kind == "meetings.differences"]


def test_queries_do_not_grow_with_departments(client, shop, owner):
    one, three = made.review(), made.review("sales", "finance", "tech")

    def queries(meeting) -> int:
        for department in meeting.departments.values_list("department__code", flat=True):
            made.state(meeting, 120, department)
            made.submit(meeting, department)
        with CaptureQueriesContext(connection) as captured:
            assert figures(client, meeting).status_code == 200
        return len(captured)

    figures(client, one)
    assert queries(one) == queries(three)


def test_what_is_typed_is_found_again_after_the_page_renewed_itself(client, shop, owner):
    """htmx keeps an element by an id that is a plain selector: no dots in it."""
    meeting = made.review()
    statement = made.state(meeting, "120.5")

    page = text(figures(client, meeting))

    assert f'id="rule-{statement.pk}-120_5-100_000000"' in page
