"""The pack is made in the background once, by whichever worker lives."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting, Pack
from meetings.packs import content
from meetings.queries import packs as queries
from meetings.services import packs
from tests import factories
from tests.meetings import pack_factories as make
from tests.meetings import room_factories as room
from tests.meetings.pack_factories import ask, made
from tests.metrics import builders

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_the_same_content_is_not_made_twice_and_a_change_makes_it_anew():
    meeting = make.meeting()
    first = made(meeting)

    assert ask(meeting).pk == first.pk
    assert queries.standing(meeting, meeting.host).is_fresh

    make.submit(meeting, "sales")
    again = ask(meeting)

    assert again.pk != first.pk
    assert again.state == Pack.State.QUEUED
    standing = queries.standing(meeting, meeting.host)
    assert (standing.done, standing.is_fresh, standing.making) == (first, False, again)
    assert ask(meeting).pk == again.pk


@pytest.mark.parametrize(
    "change",
    [
        lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(location="Elsewhere"),
        lambda meeting: meeting.items.filter(department__code="sales").update(report_minutes=25),
        lambda meeting: room.invite(meeting, factories.UserFactory()),
        lambda meeting: builders.covered(builders.shop(), "2026-10"),
        lambda meeting: make.certify(
            meeting.prereads.get(department__code="finance"), factories.data_owner()
        ),
    ],
    ids=["place", "minutes", "people", "figures", "certified"],
)
def test_a_change_of_what_it_says_makes_a_pack_old(change):
    meeting = make.meeting()
    make.submit(meeting, "finance")
    before = queries.fingerprint(meeting, language="en", reader=None)

    change(meeting)
    meeting.refresh_from_db()

    assert queries.fingerprint(meeting, language="en", reader=None) != before


def test_languages_have_packs_of_their_own():
    meeting = make.meeting()

    assert ask(meeting, language="en").pk != ask(meeting, language="zh-hans").pk


def test_progress_is_written_for_departments_and_pages(monkeypatch):
    meeting = make.meeting()
    make.submit(meeting, "sales")
    monkeypatch.setattr(packs, "BEAT", timedelta(0))
    steps = []
    original = packs._Reporter.__call__

    def note(self, step, percent, *, always=False):
        original(self, step, percent, always=always)
        row = Pack.objects.get()
        steps.append((row.step, row.progress))

    monkeypatch.setattr(packs._Reporter, "__call__", note)

    assert made(meeting).progress == 100

    words = [step for step, _percent in steps]
    assert words[:2] == ["department:sales", "department:finance"]
    assert "layout:1" in words
    assert "layout:3" in words
    assert words[-1] == "writing"
    percents = [percent for step, percent in steps]
    assert percents == sorted(percents)


def test_only_one_worker_takes_a_pack():
    pack = ask(make.meeting())
    twin = Pack.objects.get(pk=pack.pk)

    assert packs.claim(pack=pack, now=NOW)
    assert not packs.make(pack=twin, clock=timezone.now)


def test_a_pack_whose_worker_died_is_taken_up_again_and_the_dead_one_writes_no_more():
    pack = ask(make.meeting())
    packs.claim(pack=pack, now=NOW)
    assert packs.resume(now=NOW + timedelta(minutes=1)) == []

    later = NOW + packs.SILENCE + timedelta(seconds=1)
    assert packs.resume(now=later) == [pack.pk]

    other = Pack.objects.get(pk=pack.pk)
    assert packs.make(pack=other, clock=timezone.now)
    with pytest.raises(packs.Superseded):
        packs._Reporter(pack, timezone.now)("layout:1", 60)
    assert Pack.objects.get().state == Pack.State.DONE


def test_a_pack_that_kills_its_workers_is_given_up():
    pack = ask(make.meeting())
    at = NOW
    for _attempt in range(packs.MOST_ATTEMPTS):
        assert packs.claim(pack=pack, now=at)
        at += packs.SILENCE + timedelta(seconds=1)
        packs.resume(now=at)

    pack.refresh_from_db()
    assert (pack.state, pack.problem) == (Pack.State.FAILED, packs.GAVE_UP)


def test_a_lost_ring_is_made_good_once():
    pack = ask(make.meeting())

    assert packs.resume(now=NOW + timedelta(seconds=5)) == []
    assert packs.resume(now=NOW + timedelta(seconds=31)) == [pack.pk]
    assert packs.resume(now=NOW + timedelta(seconds=35)) == []


def test_a_fault_of_the_program_ends_as_failed_and_may_be_tried_again(monkeypatch):
    meeting = make.meeting()
    pack = ask(meeting)
    monkeypatch.setattr(content, "gather", lambda *a, **k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        packs.make(pack=pack, clock=timezone.now)

    pack.refresh_from_db()
    assert (pack.state, pack.problem) == (Pack.State.FAILED, packs.FAULT)
    assert ask(meeting).pk != pack.pk


def test_old_packs_are_deleted_with_their_files():
    meeting = make.meeting()
    pack = made(meeting)
    name, storage = pack.file.name, pack.file.storage
    assert storage.exists(name)

    assert packs.clear(now=timezone.now() + packs.KEEP - timedelta(hours=1)) == 0
    assert packs.clear(now=timezone.now() + packs.KEEP + timedelta(hours=1)) == 1

    assert not storage.exists(name)
    assert not Pack.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_makes_it_after_the_commit(celery_worker, client):
    meeting = make.meeting()
    make.submit(meeting, "sales")
    client.force_login(meeting.host)

    client.post(reverse("meetings:pack_ask", args=[meeting.pk]))
    from config.processes import wait_until

    assert wait_until(lambda: Pack.objects.filter(state="done").exists(), seconds=40, every=0.3)

    answer = client.get(reverse("meetings:pack_file", args=[Pack.objects.get().pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_it_waits_and_says_so(client, settings, monkeypatch):
    from meetings import tasks

    def away(*arguments, **options):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.make_pack, "apply_async", away)
    meeting = make.meeting()
    client.force_login(meeting.host)

    page = client.post(reverse("meetings:pack_ask", args=[meeting.pk]), headers={"HX-Request": "true"})

    assert page.status_code == 200
    assert "Waiting for a free worker" in page.content.decode()
    assert Pack.objects.get().state == Pack.State.QUEUED
