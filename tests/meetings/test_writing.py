"""Several writers at once: hints who writes, stamps, and what a browser sends twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse

from meetings import writing
from meetings.models import LiveEvent, Note
from meetings.queries import notes as queries
from meetings.services import notes
from meetings.services import room as rooms
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def meeting():
    cache.clear()
    made = make.meeting()
    rooms.start(meeting=made, by=made.host, now=START, reason="Without the pre-reads")
    return made


def test_a_hint_who_writes_is_for_the_others_of_that_item_and_ends_after_half_a_minute(meeting):
    first, second = meeting.items.order_by("order")[:2]
    rita, bob = factories.UserFactory(name="Rita"), factories.UserFactory(name="Bob")
    writing.note_writer(meeting=meeting.pk, item=first.pk, note=7, by=rita, now=at(1))

    def seen(item, by, now):
        found = writing.writers(meeting=meeting.pk, item=item.pk, now=now, besides=by)
        return [(one.name, one.note) for one in found]

    assert seen(first, bob, at(1) + timedelta(seconds=29)) == [("Rita", 7)]
    assert seen(first, rita, at(1)) == []
    assert seen(second, bob, at(1)) == []
    assert seen(first, bob, at(1) + timedelta(seconds=30)) == []


def test_over_http_a_post_says_that_one_writes_and_a_get_only_looks(client, meeting):
    rita = make.invite(meeting, factories.UserFactory(name="<b>Rita</b>"), "recorder")
    item = meeting.items.order_by("order").first()
    url = reverse("meetings:notes_writing", args=[meeting.pk])
    client.force_login(rita)
    client.get(url, {"item": item.pk})
    client.force_login(meeting.host)
    assert client.get(url, {"item": item.pk}).json()["writing"] == []
    client.force_login(rita)
    client.post(url, {"item": item.pk, "note": "0"})
    client.force_login(meeting.host)

    assert client.get(url, {"item": item.pk}).json()["writing"] == [{"name": "<b>Rita</b>", "note": 0}]


def test_the_stamp_changes_with_every_note_of_the_item(meeting):
    item = meeting.items.order_by("order").first()
    values = {"by": meeting.host, "now": at(1)}
    stamps = [queries.stamp(meeting, item)]

    note = notes.add(meeting=meeting, item=item, text="one", **values)
    stamps.append(queries.stamp(meeting, item))
    notes.save(note=note, text="two", version=1, **values)
    stamps.append(queries.stamp(meeting, item))
    notes.remove(note=note, version=2, **values)
    stamps.append(queries.stamp(meeting, item))
    notes.add(meeting=meeting, item=None, text="elsewhere", **values)

    assert len(set(stamps)) == 4
    assert queries.stamp(meeting, item) == stamps[-1]


def test_a_note_that_is_sent_twice_is_one_note(meeting):
    key = uuid4()

    made = [
        notes.add(meeting=meeting, item=None, text="once", by=meeting.host, now=at(1), key=key)
        for _ in range(2)
    ]

    assert made[0] == made[1]
    assert Note.objects.count() == 1


def test_the_log_holds_every_version_of_a_note_and_that_it_was_taken_away(meeting):
    note = notes.add(meeting=meeting, item=None, text="one", by=meeting.host, now=at(1))
    notes.save(note=note, text="two", version=1, by=meeting.host, now=at(2))
    notes.save(note=note, text="two", version=1, by=meeting.host, now=at(2))
    notes.remove(note=note, version=2, by=meeting.host, now=at(3))

    events = LiveEvent.objects.filter(verb__startswith="note.").order_by("number")

    assert [(one.verb, one.data["row"]["text"], one.data["row"]["version"]) for one in events] == [
        ("note.added", "one", 1),
        ("note.saved", "two", 2),
        ("note.taken_away", "two", 3),
    ]
