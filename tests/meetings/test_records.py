import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.errors import Conflict, NotAllowed
from meetings.models import Decision, LiveEvent, Meeting, Note, PreReadRevision
from meetings.services import attachments, decisions, notes, prereads
from meetings.services import room as rooms
from meetings.services.decisions import Content
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW, START, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def running(**fields):
    return make.meeting(status="in_progress", **fields)


def note(meeting, text="Germany was out of stock", item=None):
    return notes.add(
        meeting=meeting, item=item or meeting.items.first(), text=text, by=meeting.host, now=at(1)
    )


def decide(meeting, text="Replenish 45 days ahead", **fields):
    fields.setdefault("decided_by", meeting.host)
    return decisions.record(
        meeting=meeting,
        item=meeting.items.order_by("order").first(),
        content=Content(text=text, **fields),
        by=meeting.host,
        now=at(1),
    )


# --- notes ----------------------------------------------------------------------------------------------
def test_a_stale_note_changes_nothing_and_gives_both_texts():
    meeting = running()
    block = note(meeting)
    notes.save(note=block, text="first", version=1, by=meeting.host, now=at(2))

    with pytest.raises(Conflict) as caught:
        notes.save(note=block, text="second", version=1, by=meeting.host, now=at(3))

    assert (caught.value.theirs.text, caught.value.yours) == ("first", "second")
    assert Note.objects.get().text == "first"


def test_a_removed_note_says_so_and_stays_in_the_database():
    meeting = running()
    block = note(meeting)
    notes.remove(note=block, version=1, by=meeting.host, now=at(2))

    with pytest.raises(NotAllowed, match="removed in the meantime"):
        notes.save(note=block, text="late", version=2, by=meeting.host, now=at(3))

    assert list(Note.objects.present()) == []
    assert Note.objects.get().text == "Germany was out of stock"


def test_a_changed_note_is_not_removed_by_a_stale_press():
    meeting = running()
    block = note(meeting)
    notes.save(note=block, text="more", version=1, by=meeting.host, now=at(2))

    with pytest.raises(Conflict):
        notes.remove(note=block, version=1, by=meeting.host, now=at(3))


@pytest.mark.parametrize("status", ["scheduled", "draft", "cancelled"])
def test_nothing_is_recorded_before_the_meeting_begins(status):
    meeting = make.meeting(status=status)

    with pytest.raises(NotAllowed, match="once the meeting has begun"):
        note(meeting)
    with pytest.raises(NotAllowed, match="once the meeting has begun"):
        decide(meeting)


def test_notes_over_http_answer_with_version_conflict_and_reason(client):
    meeting = running()
    block = note(meeting)
    client.force_login(meeting.host)
    url = reverse("meetings:save_note", args=[meeting.pk, block.pk])
    json = {"Accept": "application/json"}

    assert client.post(url, {"text": "one", "version": 1}, headers=json).json() == {"version": 2}
    conflict = client.post(url, {"text": "two", "version": 1}, headers=json)
    empty = client.post(url, {"text": "  ", "version": 2}, headers=json)
    page = client.post(url, {"text": "<i>two</i>", "version": 1})

    assert (conflict.status_code, conflict.json()["theirs"], conflict.json()["version"]) == (409, "one", 2)
    assert (empty.status_code, "Write something" in empty.json()["message"]) == (422, True)
    assert page.status_code == 409
    assert "&lt;i&gt;two&lt;/i&gt;</textarea>" in page.content.decode()


def test_adding_a_note_by_htmx_gives_the_block_and_an_empty_one_the_reason(client):
    meeting = running()
    client.force_login(meeting.host)
    url = reverse("meetings:add_note", args=[meeting.pk])
    htmx = {"HX-Request": "true"}

    added = client.post(url, {"text": "فلوس 🎉 <script>", "item": meeting.items.first().pk}, headers=htmx)
    refused = client.post(url, {"text": " "}, headers=htmx)

    assert "فلوس 🎉 &lt;script&gt;" in added.content.decode()
    assert added["HX-Trigger-After-Settle"] == "fupan:note-added"
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#note-refused")


# --- decisions --------------------------------------------------------------------------------------------
def test_decisions_are_numbered_through_the_year_and_over_meetings():
    first, second = running(), running()

    codes = [decide(first).code, decide(second).code, decide(first).code]

    assert codes == ["2026-001", "2026-002", "2026-003"]


def test_the_year_is_that_of_the_meetings_zone():
    new_year = dt.datetime(2026, 12, 31, 23, 0, tzinfo=dt.UTC)  # 1 January 2027 in Shanghai
    meeting = make.meeting(status="in_progress", starts_at=new_year, started_at=new_year)

    assert decide(meeting).code == "2027-001"


def test_a_refused_decision_leaves_no_gap():
    meeting = running()
    decide(meeting)
    with pytest.raises(ValidationError):
        decide(meeting, decided_by=None)
    with pytest.raises(ValidationError):
        decide(meeting, outcome=Decision.Outcome.DEFERRED)
    with transaction.atomic():
        decide(meeting)
        transaction.set_rollback(True)

    assert decide(meeting).code == "2026-002"


def test_a_correction_keeps_the_number_and_refuses_a_stale_one():
    meeting = running()
    decision = decide(meeting)
    change = {"decision": decision, "by": meeting.host, "now": at(2)}
    decisions.change(content=Content(text="60 days", decided_by=meeting.host), version=1, **change)

    with pytest.raises(Conflict) as caught:
        decisions.change(content=Content(text="90 days", decided_by=meeting.host), version=1, **change)

    assert (caught.value.theirs.text, caught.value.theirs.code) == ("60 days", "2026-001")


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(client):
    meeting = running()
    client.force_login(meeting.host)
    url = reverse("meetings:record_decision", args=[meeting.pk])
    item = meeting.items.order_by("order").first()

    page = client.post(
        url,
        {"text": "To Japan", "kind": "decision", "outcome": "deferred", "item": item.pk},
        headers={"HX-Request": "true"},
    )

    html = page.content.decode()
    assert page.status_code == 422
    assert "Say until when it is deferred" in html
    assert "To Japan</textarea>" in html
    assert Decision.objects.count() == 0


def test_recording_and_correcting_by_plain_form(client):
    meeting = running()
    client.force_login(meeting.host)
    item = meeting.items.order_by("order").first()
    data = {"text": "Yes", "kind": "decision", "outcome": "decided", "decided_by": meeting.host.pk}

    client.post(reverse("meetings:record_decision", args=[meeting.pk]), {**data, "item": item.pk})
    decision = Decision.objects.get()
    url = reverse("meetings:change_decision", args=[meeting.pk, decision.pk])
    assert client.get(url).status_code == 200
    client.post(url, {**data, "text": "No", "version": 1})
    stale = client.post(url, {**data, "text": "Perhaps", "version": 1})

    decision.refresh_from_db()
    assert (decision.text, decision.agenda_item, decision.version) == ("No", item, 2)
    assert stale.status_code == 409
    assert "Perhaps</textarea>" in stale.content.decode()


def test_a_stranger_cannot_be_named_as_the_one_who_decided(client):
    meeting = running()
    client.force_login(meeting.host)
    data = {"text": "Yes", "kind": "decision", "outcome": "decided", "decided_by": factories.UserFactory().pk}

    page = client.post(reverse("meetings:record_decision", args=[meeting.pk]), data)

    assert page.status_code == 422


# --- many at once -----------------------------------------------------------------------------------------
def at_once(count, work):
    """Run `work(number)` in so many threads, all let go at the same moment; returns what each gave."""
    gate = threading.Barrier(count)

    def one(number):
        gate.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_eight_writers_with_100_edits_each_keep_all_800():
    meeting = running()
    block = note(meeting, "begin")

    def writer(number):
        for edit in range(100):
            version, text = block.version, "begin"
            while True:
                try:
                    notes.save(
                        note=block, text=f"{text}\n{number}:{edit}", version=version, by=meeting.host, now=NOW
                    )
                    break
                except Conflict as conflict:
                    version, text = conflict.theirs.version, conflict.theirs.text

    at_once(8, writer)

    stored = Note.objects.get(pk=block.pk)
    assert sorted(stored.text.split("\n")[1:]) == sorted(f"{w}:{e}" for w in range(8) for e in range(100))
    assert stored.version == 801


@pytest.mark.django_db(transaction=True)
def test_eight_decisions_at_once_get_eight_numbers_without_a_gap():
    meeting = running()

    at_once(8, lambda number: decide(meeting, f"Decision {number}"))

    assert sorted(Decision.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.django_db(transaction=True)
def test_of_four_hosts_who_start_and_end_at_once_one_wins():
    meeting = make.meeting()

    def start(_number):
        try:
            rooms.start(meeting=Meeting.objects.get(pk=meeting.pk), by=meeting.host, now=START)
        except NotAllowed:
            return "lost"
        return "won"

    def end(_number):
        try:
            fresh = Meeting.objects.select_related("template", "host").get(pk=meeting.pk)
            rooms.end(meeting=fresh, press=rooms.Press(meeting.host, at(60), 1))
        except (NotAllowed, Conflict):
            return "lost"
        return "won"

    assert sorted(at_once(4, start)) == ["lost", "lost", "lost", "won"]
    make.roll_call(Meeting.objects.select_related("host").get(pk=meeting.pk))
    assert sorted(at_once(4, end)) == ["lost", "lost", "lost", "won"]
    assert [
        verb
        for verb in LiveEvent.objects.order_by("number").values_list("verb", flat=True)
        if "." not in verb
    ] == [
        "start",
        "end",
    ]
    assert meeting.obligations.filter(kind="action_plan").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_pre_read_submitted_four_times_at_once_is_one_revision():
    meeting = make.meeting()
    preread = prereads.open_for(meeting=meeting, now=NOW)[0]
    by = factories.lead("sales")
    row = preread.texts.first()
    prereads.save_text(preread=preread, sent=prereads.Sent(row.kind, row.key, "x", 0), by=by, now=NOW)

    def submit(_number):
        try:
            return prereads.submit(
                preread=type(preread).objects.select_related("meeting").get(), by=by, now=NOW
            ).number
        except NotAllowed:
            return "lost"

    assert sorted(map(str, at_once(4, submit))) == ["1", "lost", "lost", "lost"]
    assert PreReadRevision.objects.count() == 1


# --- minutes ----------------------------------------------------------------------------------------------
def submitted(meeting):
    for preread in prereads.open_for(meeting=meeting, now=NOW):
        row = preread.texts.order_by("position").first()
        by = factories.member(preread.department.code)
        sent = prereads.Sent(row.kind, row.key, f"From {preread.department.code}", 0)
        prereads.save_text(preread=preread, sent=sent, by=by, now=NOW)
        prereads.submit(preread=preread, by=by, now=NOW)


def held(departments, each):
    """An ended meeting with submitted pre-reads and so many notes, decisions and parked matters per item."""
    meeting = make.meeting(departments=departments)
    submitted(meeting)
    rooms.start(meeting=meeting, by=meeting.host, now=START)
    for item in meeting.items.all():
        for number in range(each):
            notes.add(
                meeting=meeting, item=item, text=f"Note {number}", by=factories.UserFactory(), now=at(1)
            )
            notes.park(meeting=meeting, item=item, text="Later", by=factories.UserFactory(), now=at(1))
            decisions.record(
                meeting=meeting,
                item=item,
                content=Content(text="Yes", decided_by=factories.UserFactory()),
                by=meeting.host,
                now=at(1),
            )
    make.end(meeting, 60)
    return meeting


def queries_for(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_minutes_hold_everything_of_the_meeting(client):
    meeting = held(("sales", "finance"), each=1)
    client.force_login(factories.executive())

    html = client.get(reverse("meetings:minutes", args=[meeting.pk])).content.decode()

    for words in (
        "3 decisions",
        "3 notes",
        "From sales",
        "From finance",
        "2026-003",
        "Later",
        "60 of 60 min",
    ):
        assert words in html
    assert "not reached" in html


def test_the_minutes_take_as_many_queries_for_three_as_for_one(client):
    small, large = held(("sales",), each=1), held(("sales", "finance", "tech"), each=3)
    client.force_login(factories.executive())
    client.get(reverse("meetings:minutes", args=[small.pk]))

    counts = [queries_for(client, reverse("meetings:minutes", args=[one.pk])) for one in (small, large)]

    assert counts[0] == counts[1]


def test_the_room_takes_as_many_queries_for_three_as_for_one(client):
    counts = []
    for departments, each in ((("sales",), 1), (("sales", "finance", "tech"), 3)):
        meeting = make.meeting(departments=departments)
        submitted(meeting)
        rooms.start(meeting=meeting, by=meeting.host, now=START)
        item = meeting.items.order_by("order").first()
        for _ in range(each):
            notes.add(meeting=meeting, item=item, text="Note", by=factories.UserFactory(), now=at(1))
            decide(meeting)
        client.force_login(meeting.host)
        client.get(reverse("meetings:live", args=[meeting.pk]))
        counts.append(queries_for(client, reverse("meetings:live", args=[meeting.pk])))

    assert counts[0] == counts[1]


def test_the_pre_read_takes_as_many_queries_for_three_files_as_for_one(client):
    meeting = make.meeting(starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=20))
    preread = prereads.open_for(meeting=meeting, now=NOW)[0]
    lead = factories.lead("sales")
    client.force_login(lead)
    url = preread.get_absolute_url()

    def add(number):
        file = SimpleUploadedFile(f"{number}.txt", f"file {number}".encode())
        attachments.attach(preread=preread, file=file, by=factories.UserFactory(), now=NOW)

    add(1)
    client.get(url)
    one = queries_for(client, url)
    add(2)
    add(3)

    assert queries_for(client, url) == one
