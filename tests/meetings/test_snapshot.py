"""What a meeting works with is frozen once, and whatever comes later stands beside it."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from meetings.errors import NotAllowed
from meetings.models import Snapshot
from meetings.queries import frozen
from meetings.services import room, settling, snapshot
from meetings.services.readiness import declare_ready
from tests import factories
from tests.meetings import room_factories
from tests.meetings import settling_factories as made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = made.NOW
LATER = NOW + dt.timedelta(hours=1)
START = room_factories.START


@pytest.fixture
def shop():
    return made.october(100)


def freeze(meeting, at=NOW):
    return snapshot.freeze(meeting=meeting, cause="host", by=meeting.host, now=at)


def only(meeting):
    meeting.__dict__.pop("_figures", None)
    (figure,) = frozen.frozen_figures(meeting)
    return figure


def test_it_holds_figures_their_sources_and_the_revisions(shop):
    meeting = made.review()
    revision = made.submit(meeting)

    content = freeze(meeting).content

    assert content["period"] == "2026-10"
    (figure,) = content["figures"]
    assert (figure["code"], figure["value"], figure["reported"], figure["previous"]) == (
        "orders",
        figure["reported"],
        figure["value"],
        figure["previous"],
    )
    assert float(figure["value"]) == 100
    assert float(figure["change"]) == 0
    assert figure["uploads"] == list(
        shop.uploads.filter(period_start="2026-10-01").values_list("pk", flat=True)
    )
    assert content["revisions"] == {"sales": revision.pk}


def test_a_ruling_is_applied(shop):
    meeting = made.review()
    statement = made.state(meeting, 120)
    settling.rule(
        statement=statement, verdict="stated", reason="Returns.", by=factories.data_owner(), now=NOW
    )

    (figure,) = freeze(meeting).content["figures"]

    assert (float(figure["value"]), float(figure["reported"]), float(figure["change"])) == (120, 100, 0.2)
    (stated,) = figure["stated"]
    assert (stated["department"], stated["counts"], stated["reason"]) == ("sales", True, "Returns.")


def test_drafts_are_not_frozen_into_view(shop):
    meeting = made.review()
    made.state(meeting, 120)

    assert freeze(meeting).content["figures"][0]["stated"] == []


def test_nothing_that_comes_later_changes_it(shop):
    meeting = made.review()
    made.submit(meeting)
    statement = made.state(meeting, 120)
    content = freeze(meeting).content

    made.set_orders(shop, 150)
    made.submit(meeting, causes=["orders"], at=LATER)
    settling.rule(statement=statement, verdict="stated", reason="Late.", by=factories.data_owner(), now=LATER)
    again = freeze(meeting, LATER)

    assert again.content == content
    assert Snapshot.objects.get().content == content
    with pytest.raises(DatabaseError, match="never rewritten"), connection.cursor() as cursor:
        cursor.execute("UPDATE meetings_snapshot SET content = '{}'")


def test_a_later_import_stands_beside_the_frozen_figure(shop):
    meeting = made.review()
    freeze(meeting)
    assert only(meeting).changed_since is None

    made.set_orders(shop, 150)

    figure = only(meeting)
    assert (figure.row.value, figure.changed_since.value, figure.changed_since.fraction) == (
        100,
        150,
        Decimal("0.5"),
    )


def test_the_pinned_revision_is_read_and_the_later_one_named(shop):
    meeting = made.review()
    made.submit(meeting)
    freeze(meeting)
    made.submit(meeting, at=LATER)
    preread = made.preread(meeting)

    reading = frozen.readings(meeting, [preread], meeting.host)[preread.pk]

    assert (reading.revision.number, reading.later.number, reading.is_after_freeze) == (1, 2, False)


def test_a_preread_that_came_later_says_so(shop):
    meeting = made.review()
    freeze(meeting)
    made.submit(meeting, at=LATER)
    preread = made.preread(meeting)

    reading = frozen.readings(meeting, [preread], meeting.host)[preread.pk]

    assert (reading.revision.number, reading.is_after_freeze) == (1, True)


def test_readings_show_the_frozen_figures(shop):
    meeting = made.review()
    made.submit(meeting)
    made.set_orders(shop, 110)
    freeze(meeting)
    made.set_orders(shop, 130)
    preread = made.preread(meeting)

    (figure,) = frozen.readings(meeting, [preread], meeting.host)[preread.pk].figures

    assert (figure.row.value, figure.changed_since.value) == (110, 130)


def test_beginning_freezes(shop):
    meeting = made.review()
    made.submit(meeting)

    room.start(meeting=meeting, by=meeting.host, now=START)

    found = Snapshot.objects.get(meeting=meeting)
    assert (found.cause, found.taken_at, found.taken_by) == ("start", START, meeting.host)


def test_what_was_frozen_before_stays_when_it_begins(shop):
    meeting = made.review()
    made.submit(meeting)
    earlier = freeze(meeting)

    room.start(meeting=meeting, by=meeting.host, now=START)

    assert Snapshot.objects.get(meeting=meeting).pk == earlier.pk


def test_the_chosen_moment_freezes_by_itself(shop):
    meeting = made.review(freeze_at=LATER)
    assert snapshot.freeze_due(now=NOW) == 0
    assert snapshot.freeze_due(now=LATER) == 1
    assert snapshot.freeze_due(now=LATER) == 0

    found = Snapshot.objects.get(meeting=meeting)
    assert (found.cause, found.taken_by, found.taken_at) == ("chosen", None, LATER)


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_only_a_meeting_that_takes_place_is_frozen(status):
    meeting = room_factories.meeting(status=status, freeze_at=NOW)

    assert snapshot.freeze_due(now=LATER) == 0
    with pytest.raises(NotAllowed):
        freeze(meeting)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_freeze_once():
    meeting = made.review(metrics=())
    gate, found, errors = threading.Barrier(2), [], []

    def run():
        try:
            gate.wait(10)
            found.append(freeze(meeting).pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(set(found)) == 1
    assert Snapshot.objects.count() == 1


def test_a_meeting_without_figures_is_frozen_too():
    meeting = made.review(metrics=(), period_grain="", period_start=None, period_end=None)
    made.submit(meeting)
    declare_ready(meeting=meeting, by=meeting.host, now=NOW)

    content = freeze(meeting).content

    assert (content["period"], content["figures"], list(content["revisions"])) == ("", [], ["sales"])


def test_queries_do_not_grow_with_the_figures(shop, django_assert_max_num_queries):
    one = made.review(metrics=["orders"])
    three = made.review("finance", metrics=["orders", "units_sold", "roas"])
    for meeting in (one, three):
        freeze(meeting)
    with django_assert_max_num_queries(14) as few:
        frozen.frozen_figures(one)
    with django_assert_max_num_queries(14) as many:
        frozen.frozen_figures(three)

    assert len(few) == len(many)
