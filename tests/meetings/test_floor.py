import pytest
from django.urls import reverse

from meetings import replay
from meetings.errors import NotAllowed
from meetings.models import FloorRequest
from meetings.queries import floor as queries
from meetings.services import floor as services
from meetings.services import room as rooms
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def meeting():
    made = make.meeting(departments=("sales", "finance"))
    rooms.start(meeting=made, by=made.host, now=START)
    return made


@pytest.fixture
def wang(meeting):
    return make.invite(meeting, factories.lead("sales"))


@pytest.fixture
def li(meeting):
    return make.invite(meeting, factories.member("finance"))


def ask(meeting, user, minutes, kind="question", text=""):
    return services.ask(meeting=meeting, kind=kind, text=text, by=user, now=at(minutes))


def test_points_of_order_come_first_then_whoever_asked_earlier(meeting, wang, li):
    ask(meeting, wang, 1)
    ask(meeting, meeting.host, 2)
    ask(meeting, li, 3, kind="order")

    queue = queries.waiting(meeting, wang)

    assert [(one.request.asked_by, one.is_order, one.is_own) for one in queue] == [
        (li, True, False),
        (wang, False, True),
        (meeting.host, False, False),
    ]


def test_asking_again_keeps_the_place_and_takes_the_new_words(meeting, wang, li):
    first = ask(meeting, wang, 1, text="About returns")
    ask(meeting, li, 2)
    again = ask(meeting, wang, 3, text="About returns in Germany")

    assert again == first
    assert [(one.request.asked_by, one.text) for one in queries.waiting(meeting, wang)] == [
        (wang, "About returns in Germany"),
        (li, ""),
    ]


def test_a_settled_request_leaves_the_queue_once(meeting, wang):
    request = ask(meeting, wang, 1)
    services.settle(request=request, outcome="called", by=meeting.host, now=at(2))

    with pytest.raises(NotAllowed, match="no longer waiting"):
        services.settle(request=request, outcome="dismissed", by=meeting.host, now=at(3))

    stored = FloorRequest.objects.get()
    assert (stored.outcome, stored.settled_by, stored.settled_at) == ("called", meeting.host, at(2))
    assert queries.waiting(meeting, wang) == []
    assert ask(meeting, wang, 4) != request


def test_what_was_asked_in_a_confidential_item_is_for_its_circle(meeting, wang, li):
    item = meeting.items.get(department__code="sales")
    item.is_confidential = True
    item.save()
    ask(meeting, wang, 1, text="Why is the bonus of Li lower?")

    assert [one.text for one in queries.waiting(meeting, li)] == [""]
    assert [one.text for one in queries.waiting(meeting, wang)] == ["Why is the bonus of Li lower?"]
    assert [one.text for one in queries.waiting(meeting, meeting.host)] == ["Why is the bonus of Li lower?"]


def test_at_the_end_nobody_waits_and_the_log_rebuilds_the_queue(meeting, wang, li):
    services.settle(request=ask(meeting, wang, 1), outcome="withdrawn", by=wang, now=at(2))
    ask(meeting, li, 3, kind="order", text="Off the topic")

    make.end(meeting, 60)

    assert set(FloorRequest.objects.values_list("outcome", flat=True)) == {"withdrawn", "dismissed"}
    assert replay.differences(meeting, replay.rebuild(replay.events_of(meeting))) == []


# --- pages --------------------------------------------------------------------------------------------------
def settle_url(meeting, request):
    return reverse("meetings:settle_floor", args=[meeting.pk, request.pk])


def test_participants_ask_and_the_host_calls(client, meeting, wang):
    ask_url = reverse("meetings:ask_floor", args=[meeting.pk])
    client.force_login(wang)
    page = client.post(ask_url, {"kind": "question", "text": "<b>Returns</b>"}, headers=HTMX).content.decode()
    assert "&lt;b&gt;Returns&lt;/b&gt;" in page
    assert "Take back" in page
    assert "Call" not in page

    client.force_login(meeting.host)
    request = FloorRequest.objects.get()
    page = client.post(settle_url(meeting, request), {"outcome": "called"}, headers=HTMX).content.decode()

    assert "Nobody is waiting." in page
    assert FloorRequest.objects.get().outcome == "called"


def test_too_many_words_are_kept_and_told(client, meeting, wang):
    client.force_login(wang)
    long = "word " * 60

    answer = client.post(
        reverse("meetings:ask_floor", args=[meeting.pk]), {"kind": "order", "text": long}, headers=HTMX
    )

    assert answer.status_code == 422
    assert "Say it in 200 characters" in answer.content.decode()
    assert long in answer.content.decode()
    assert not FloorRequest.objects.exists()


def test_nobody_settles_what_is_not_theirs_to_settle(client, meeting, wang, li):
    request = ask(meeting, wang, 1)
    client.force_login(li)
    assert client.post(settle_url(meeting, request), {"outcome": "called"}).status_code == 403
    assert client.post(settle_url(meeting, request), {"outcome": "withdrawn"}).status_code == 403
    assert client.post(settle_url(meeting, request), {"outcome": "eaten"}).status_code == 404
    client.force_login(factories.member("operations"))
    assert client.post(settle_url(meeting, request), {"outcome": "called"}).status_code == 404
    # Nor does the host take back somebody else's word.
    client.force_login(meeting.host)
    assert client.post(settle_url(meeting, request), {"outcome": "withdrawn"}).status_code == 403
    assert FloorRequest.objects.waiting().count() == 1


def test_a_request_belongs_to_its_meeting(client, meeting, wang):
    other = make.meeting(title="Another", host=meeting.host)
    request = ask(meeting, wang, 1)
    client.force_login(meeting.host)

    url = reverse("meetings:settle_floor", args=[other.pk, request.pk])

    assert client.post(url, {"outcome": "called"}).status_code == 404


def test_who_only_reads_does_not_ask(client, meeting):
    client.force_login(factories.data_owner())
    url = reverse("meetings:ask_floor", args=[meeting.pk])

    assert client.post(url, {"kind": "question"}).status_code == 403
    client.force_login(meeting.host)
    assert client.post(url, {"kind": "speech"}).status_code == 404
