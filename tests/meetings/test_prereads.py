import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.urls import reverse

from meetings.errors import Conflict, NotAllowed
from meetings.models import PreRead, PreReadText, RequiredDocument
from meetings.queries import prereads as queries
from meetings.services import prereads
from meetings.services.prereads import Sent
from notices.models import Notice
from tests import factories
from tests.meetings import room_factories as room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = room.NOW


def question(preread):
    return preread.texts.filter(kind="question").order_by("position").first()


def opened(**fields):
    meeting = room.meeting(**fields)
    return prereads.open_for(meeting=meeting, now=NOW)[0]


def write(preread, text="We sold more.", by=None, now=NOW):
    row = question(preread)
    by = by or factories.member("sales")
    return prereads.save_text(
        preread=preread, sent=Sent(row.kind, row.key, text, row.version), by=by, now=now
    )


# --- opening ----------------------------------------------------------------------------------------------
def test_each_department_gets_its_form_seven_days_before():
    first, second = prereads.open_for(meeting=room.meeting(departments=("sales", "finance")), now=NOW)

    assert [first.department.code, second.department.code] == ["sales", "finance"]
    assert first.due_at == dt.datetime(2026, 11, 17, 6, 0, tzinfo=dt.UTC)
    prompts = list(first.texts.order_by("position").values_list("kind", "prompt_en"))
    assert prompts == [
        ("section", "What worked, and what made it work?"),
        ("section", "What may go wrong next period, and how would you notice?"),
        ("question", "Why did some products take off?"),
        ("question", "Where are new markets?"),
        ("free", ""),
    ]


def test_opening_twice_changes_nothing_and_keeps_what_was_written():
    meeting = room.meeting()
    preread = prereads.open_for(meeting=meeting, now=NOW)[0]
    write(preread)

    again = prereads.open_for(meeting=meeting, now=NOW)[0]

    assert again.pk == preread.pk
    assert again.texts.count() == 5
    assert question(again).text == "We sold more."


def test_a_moved_meeting_moves_the_deadline_and_the_reminders():
    lead = factories.lead("sales")
    meeting = room.meeting()
    prereads.open_for(meeting=meeting, now=NOW)
    meeting.starts_at += dt.timedelta(days=1)
    meeting.save()

    preread = prereads.open_for(meeting=meeting, now=NOW)[0]

    assert preread.due_at == dt.datetime(2026, 11, 18, 6, 0, tzinfo=dt.UTC)
    pending = Notice.objects.filter(recipient=lead, state="pending").order_by("due_at")
    assert [(n.kind, n.due_at.day) for n in pending[:4]] == [
        ("meetings.preread_opens", 15),
        ("meetings.preread_soon", 17),
        ("meetings.preread_soon", 18),
        ("meetings.preread_overdue", 18),
    ]


def test_the_deadline_keeps_its_hour_across_the_change_of_the_clocks():
    """Berlin leaves summer time on 25 October 2026: seven days before 14:00 is 14:00, not 15:00."""
    starts_at = dt.datetime(2026, 10, 28, 13, 0, tzinfo=dt.UTC)  # 14:00 in winter time
    meeting = room.meeting(time_zone="Europe/Berlin", starts_at=starts_at)

    preread = prereads.open_for(meeting=meeting, now=NOW)[0]

    assert preread.due_at == dt.datetime(2026, 10, 21, 12, 0, tzinfo=dt.UTC)  # 14:00 in summer time


def test_a_department_that_is_no_longer_asked_loses_its_empty_form_only():
    meeting = room.meeting(departments=("sales", "finance"))
    sales, _finance = prereads.open_for(meeting=meeting, now=NOW)
    write(sales)
    meeting.departments.update(needs_preread=False)

    prereads.open_for(meeting=meeting, now=NOW)

    assert list(PreRead.objects.values_list("pk", flat=True)) == [sales.pk]


# --- writing ----------------------------------------------------------------------------------------------
def test_a_stale_save_changes_nothing_and_gives_both_texts():
    preread = opened()
    row = question(preread)
    write(preread, "First", by=factories.member("sales", name="Lin"))

    with pytest.raises(Conflict) as caught:
        prereads.save_text(
            preread=preread, sent=Sent(row.kind, row.key, "Second", 0), by=factories.member("sales"), now=NOW
        )

    assert (caught.value.theirs.text, caught.value.yours) == ("First", "Second")
    assert caught.value.theirs.edited_by.name == "Lin"
    assert question(preread).text == "First"


def test_the_same_words_twice_are_no_conflict():
    preread = opened()
    row = question(preread)
    write(preread, "Once")

    stored = prereads.save_text(
        preread=preread, sent=Sent(row.kind, row.key, "Once", 0), by=factories.member("sales"), now=NOW
    )

    assert (stored.text, stored.version) == ("Once", 1)


def test_a_conflict_in_one_text_saves_the_others():
    preread = opened()
    first, second = preread.texts.filter(kind="question").order_by("position")
    write(preread, "Theirs")

    conflicts = prereads.save_texts(
        preread=preread,
        sent=[Sent(first.kind, first.key, "Mine", 0), Sent(second.kind, second.key, "Japan", 0)],
        by=factories.member("sales"),
        now=NOW,
    )

    assert [conflict.yours for conflict in conflicts] == ["Mine"]
    assert list(
        preread.texts.filter(kind="question").order_by("position").values_list("text", flat=True)
    ) == [
        "Theirs",
        "Japan",
    ]


def test_a_cause_is_taken_for_reported_metrics_only():
    meeting = room.meeting()
    meeting.items.filter(department__isnull=False).update(metric_codes=["orders"])
    preread = prereads.open_for(meeting=meeting, now=NOW)[0]
    by = factories.member("sales")

    prereads.save_text(preread=preread, sent=Sent("cause", "orders", "Prime Day", 0), by=by, now=NOW)
    with pytest.raises(NotAllowed):
        prereads.save_text(preread=preread, sent=Sent("cause", "salaries", "x", 0), by=by, now=NOW)

    assert preread.texts.get(kind=PreReadText.Kind.CAUSE).text == "Prime Day"


# --- submitting -------------------------------------------------------------------------------------------
def test_submitting_in_time_freezes_a_revision():
    preread = opened()
    by = factories.member("sales")
    write(preread)

    revision = prereads.submit(preread=preread, by=by, now=preread.due_at)

    preread.refresh_from_db()
    assert (revision.number, revision.is_late, preread.is_late) == (1, False, False)
    assert preread.status == "submitted"
    assert [text["text"] for text in revision.texts if text["text"]] == ["We sold more."]


def test_one_second_after_the_deadline_is_late():
    preread = opened()
    write(preread)

    revision = prereads.submit(
        preread=preread, by=factories.member("sales"), now=preread.due_at + dt.timedelta(seconds=1)
    )

    assert revision.is_late
    assert PreRead.objects.get().is_late


def test_an_empty_pre_read_cannot_be_submitted():
    with pytest.raises(NotAllowed, match="Nothing is written"):
        prereads.submit(preread=opened(), by=factories.member("sales"), now=NOW)


def test_submitting_twice_makes_one_revision():
    preread = opened()
    write(preread)
    prereads.submit(preread=preread, by=factories.member("sales"), now=NOW)

    with pytest.raises(NotAllowed, match="already been submitted"):
        prereads.submit(preread=preread, by=factories.member("sales"), now=NOW)

    assert preread.revisions.count() == 1


def test_reopening_keeps_the_earlier_revision():
    preread = opened()
    write(preread)
    prereads.submit(preread=preread, by=factories.member("sales"), now=NOW)

    prereads.reopen(preread=preread, by=factories.member("sales"), now=NOW)
    write(preread, "We sold less.")
    prereads.submit(preread=preread, by=factories.member("sales"), now=NOW)

    texts = [
        [text["text"] for text in revision.texts if text["text"]]
        for revision in preread.revisions.order_by("number")
    ]
    assert texts == [["We sold more."], ["We sold less."]]


def test_a_submitted_pre_read_takes_no_text_until_it_is_reopened():
    preread = opened()
    write(preread)
    prereads.submit(preread=preread, by=factories.member("sales"), now=NOW)

    with pytest.raises(NotAllowed, match="submitted in the meantime"):
        write(preread, "More")


def test_submitting_withdraws_the_reminders():
    factories.lead("sales")
    preread = opened()
    write(preread)

    prereads.submit(preread=preread, by=factories.member("sales"), now=NOW)

    to_departments = Notice.objects.exclude(recipient=preread.meeting.host)
    assert set(to_departments.values_list("state", flat=True)) == {"superseded"}


# --- nudging ----------------------------------------------------------------------------------------------
def test_a_nudge_tells_the_lead_once_an_hour():
    lead = factories.lead("sales", name="陈晨")
    preread = opened()
    host = preread.meeting.host

    def nudge(minutes):
        now = NOW + dt.timedelta(minutes=minutes)
        return prereads.nudge(meeting=preread.meeting, prereads=[preread], by=host, now=now)[0]

    assert nudge(0).told == [lead]
    assert (nudge(59).told, nudge(59).reason) == ([], "was reminded less than an hour ago")
    assert nudge(61).told == [lead]
    assert Notice.objects.filter(kind="meetings.preread_nudge").count() == 2


def test_a_department_without_lead_or_members_says_so():
    preread = opened()

    nudge = prereads.nudge(meeting=preread.meeting, prereads=[preread], by=preread.meeting.host, now=NOW)[0]

    assert "no active lead" in nudge.reason
    preread.refresh_from_db()
    assert preread.nudged_at is None


# --- the page ---------------------------------------------------------------------------------------------
def url(preread, name="preread"):
    return reverse(f"meetings:{name}", args=[preread.meeting_id, preread.department.code])


def test_the_form_saves_and_submits(client):
    preread = opened(starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=30))
    client.force_login(factories.lead("sales"))
    row = question(preread)
    data = {f"text:question:{row.key}": "爆款 🎉 " + "长" * 300, f"version:question:{row.key}": "0"}

    page = client.post(url(preread), {**data, "do": "submit"}, follow=True)

    assert "爆款 🎉" in page.content.decode()
    preread.refresh_from_db()
    assert preread.status == "submitted"


def test_a_conflict_by_form_shows_both_texts_and_keeps_what_was_typed(client):
    preread = opened()
    write(preread, "<b>stored</b>", by=factories.member("sales", name="Lin"))
    client.force_login(factories.member("sales"))
    row = question(preread)

    page = client.post(
        url(preread), {f"text:question:{row.key}": "typed", f"version:question:{row.key}": "0", "do": "save"}
    )

    html = page.content.decode()
    assert page.status_code == 409
    assert "&lt;b&gt;stored&lt;/b&gt;" in html
    assert "typed</textarea>" in html
    assert "Lin saved this text" in html


def test_autosave_answers_with_the_version_and_with_both_texts(client):
    preread = opened()
    client.force_login(factories.member("sales"))
    row = question(preread)

    def save(text, version):
        return client.post(
            url(preread, "preread_text"), {"kind": row.kind, "key": row.key, "text": text, "version": version}
        )

    assert save("one", 0).json() == {"version": 1}
    assert save("two", 1).json() == {"version": 2}
    conflict = save("three", 1)
    assert conflict.status_code == 409
    assert (conflict.json()["theirs"], conflict.json()["version"]) == ("two", 2)


def test_a_script_in_a_text_is_shown_as_text(client):
    preread = opened()
    by = factories.member("sales")
    write(preread, "<script>alert(1)</script>")
    prereads.submit(preread=preread, by=by, now=NOW)
    client.force_login(by)

    html = client.get(url(preread) + "?as=room").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)" not in html


def test_required_documents_are_ticked_off_by_their_files(client):
    preread = opened(starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=30))
    wanted = RequiredDocument.objects.create(
        meeting=preread.meeting, department=preread.department, name_en="Annual P&L", name_zh="年度利润表"
    )
    other = RequiredDocument.objects.create(
        meeting=preread.meeting,
        department=factories.DepartmentFactory(code="tech"),
        name_en="Theirs",
        name_zh="他们的",
    )
    client.force_login(factories.lead("sales"))
    before = client.get(url(preread)).content.decode()

    def send(document):
        file = SimpleUploadedFile("利润表.csv", f"month,profit,{document.pk}".encode())
        client.post(url(preread, "preread_files"), {"files": file, "document": document.pk})

    send(wanted)
    send(other)

    after = client.get(url(preread)).content.decode()
    sentence = "The document “Annual P&amp;L” is missing."
    assert (sentence in before, sentence in after) == (True, False)
    # The document of another department counts as none: the file is kept, and ticks off nothing.
    assert [file.document for file in preread.attachments.order_by("pk")] == [wanted, None]
    assert "Theirs" not in before


def test_submitting_names_the_required_documents_that_are_missing(client):
    preread = opened(starts_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=30))
    for name in ("Annual P&L", "Monthly sales trend"):
        RequiredDocument.objects.create(
            meeting=preread.meeting, department=preread.department, name_en=name, name_zh=name
        )
    client.force_login(factories.lead("sales"))
    row = question(preread)
    data = {f"text:question:{row.key}": "We sold more.", f"version:question:{row.key}": "0"}

    page = client.post(url(preread), {**data, "do": "submit"}, follow=True).text

    assert "Required documents are missing: Annual P&amp;L, Monthly sales trend." in page


def test_the_board_takes_two_queries_for_one_department_and_for_three(django_assert_num_queries):
    host = factories.host()
    for departments in (("sales",), ("sales", "finance", "tech")):
        meeting = room.meeting(host=host, departments=departments)
        prereads.open_for(meeting=meeting, now=NOW)
        reader = type(host).objects.get(pk=host.pk)

        with django_assert_num_queries(2):  # the reader's departments, the rows with what the reader may open
            board = queries.board(meeting, reader, meeting.starts_at)

        assert (board.total, board.missing, board.overdue) == (len(departments),) * 3


def test_a_revision_is_never_rewritten():
    preread = opened()
    write(preread)
    revision = prereads.submit(preread=preread, by=factories.member("sales"), now=NOW)

    with pytest.raises(DatabaseError, match="never rewritten"):
        type(revision).objects.filter(pk=revision.pk).update(content={})
