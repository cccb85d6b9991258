"""A planted word in everything a live room takes down of a confidential item: screens, files, mails, search, log.

Everything is written by the services of the room, so that its log, which the replay reads, holds the words, too.
"""

import io
import json
import zipfile
from copy import deepcopy
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from actions import services as action_services
from meetings import minutes_letter, minutes_mail, replay
from meetings.models import (
    AgendaItem,
    ItemReader,
    Meeting,
    MinutesEdition,
    Participant,
    RoomClock,
    SpeakingTurn,
)
from meetings.packs import minutes_text
from meetings.queries import evidence, live, minutes_paper, speaking
from meetings.services import (
    closing,
    decisions,
    floor,
    issues,
    minutes,
    notes,
    priority,
    wall,
)
from meetings.services import speaking as speaking_services
from notices.models import Notice
from tests import factories
from tests.access.test_confidential import MARK, body
from tests.access.world import World

pytestmark = pytest.mark.django_db
WORD = "quartzite"
OUTSIDERS = ["nobody", "b_lead", "a_member", "a_lead", "host", "exec", "data", "admin", "recorder", "partner"]
READERS = [one for one in OUTSIDERS if one not in ("nobody", "b_lead")]
# Addresses of one meeting that answer a GET, by name.
OF_A_MEETING = [
    "live",
    "live_state",
    "live_stream",
    "minutes",
    "room_notes",
    "room_decisions",
    "room_parked",
    "room_issues",
    "notes_writing",
    "capture_people",
    "live_attendance",
    "live_speaking",
    "live_floor",
    "live_roles",
    "live_needed",
    "live_wall",
    "wall_screen",
    "live_remote",
    "live_replan",
    "live_priority",
    "close",
    "replay",
    "detail",
    "print",
    "ready",
    "open_points",
    "figures",
    "minutes_circulate",
    "minutes_print",
    "minutes_pack",
    "pack",
]


class Room:
    """A running meeting with its clock on a confidential item, in which every kind of record was made; once more ended,
    with minutes that were circulated, objected to, approved, locked and corrected."""

    def __init__(self) -> None:
        self.world = World()
        self.now, self.people, self.runs = self.world.now, self.world.people, self.world.runs
        self.circle = factories.UserFactory(name="In the circle")
        partner = factories.DepartmentFactory(code="agency", is_external=True)
        self.people["partner"] = factories.UserFactory(name="Partner")
        partner.memberships.create(user=self.people["partner"], role="member")
        self.running, self.running_item = self._fill(self.world.running)
        self.ended, self.ended_item = self._fill(self._second())
        self._finish()

    def _second(self) -> Meeting:
        made = self.world._meeting(
            "Second room", "in_progress", self.now, started_at=self.now - timedelta(minutes=30)
        )
        RoomClock.objects.create(meeting=made, item=made.items.in_order().first(), is_running=False)
        return made

    def _fill(self, meeting: Meeting) -> tuple[Meeting, AgendaItem]:
        now, by = self.now, self.circle
        item = AgendaItem.objects.create(
            meeting=meeting,
            order=50,
            title_en=f"{MARK} {WORD} title",
            title_zh=f"{MARK} {WORD} 标题",
            department=factories.DepartmentFactory(code="finance"),
            discussion_minutes=15,
            questions_en=f"{MARK} question",
            questions_zh=f"{MARK} 问题",
            is_confidential=True,
        )
        ItemReader.objects.create(item=item, user=by)
        for person in (by, self.people["partner"], self.people["a_member"]):
            Participant.objects.get_or_create(meeting=meeting, user=person)
        RoomClock.objects.filter(meeting=meeting).update(item=item)
        words = f"{MARK} {WORD}"
        floor.ask(meeting=meeting, kind="question", text=f"{words} asked", by=by, now=now)
        priority.save(
            meeting=meeting,
            text=f"{words} priority",
            item=item,
            said_by=self.people["exec"].pk,
            version=0,
            by=by,
            now=now,
        )
        speaking_services.start(meeting=meeting, department=item.department, by=by, now=now)
        note = notes.add(meeting=meeting, item=item, text=f"{words} note", by=by, now=now)
        issue, _new = issues.raise_issue(
            meeting=meeting, item=None, found=evidence.of_note(note), note=note, by=by, now=now
        )
        issues.work_on(issue=issue, by=by, now=now)
        issue.refresh_from_db()
        issues.save(
            issue=issue,
            work=issues.Work(
                text=f"{words} issue",
                whys=[f"{words} why"],
                root_cause=f"{words} cause",
                process=f"{words} process",
                solution=f"{words} solution",
            ),
            version=issue.version,
            by=by,
            now=now,
        )
        decision = decisions.record(
            meeting=meeting,
            item=item,
            content=decisions.Content(
                text=f"{words} decision",
                options=f"{words} option",
                recommendation=f"{words} recommendation",
                chosen=f"{words} chosen",
                dissent=f"{words} dissent",
                decided_by=self.runs,
            ),
            issue=issue,
            by=by,
            now=now,
        )
        notes.park(meeting=meeting, item=item, text=f"{words} parked", source_note=note, by=by, now=now)
        # An action that names where it comes from alone is the item's as well.
        for source in (
            {"agenda_item": item},
            {"issue": issue},
            {"source_note": note},
            {"decision": decision},
        ):
            action_services.capture(title=f"{words} action", by=by, now=now, meeting=meeting, **source)
        return meeting, item

    def _finish(self) -> None:
        meeting, item, later = self.ended, self.ended_item, self.now + timedelta(days=5)
        closing.settle_for_end(meeting=meeting, by=self.people["exec"], now=self.now, reason="Late.")
        closing.empty_room(meeting=meeting, by=self.runs, now=self.now)
        Meeting.objects.filter(pk=meeting.pk).update(status="ended", ended_at=self.now)
        meeting.refresh_from_db()
        say = {"by": self.circle, "now": self.now}
        minutes.write(meeting=meeting, item=item, text=f"{MARK} {WORD} passage", version=0, **say)
        self.edition = minutes.circulate(
            meeting=meeting,
            approvers=[self.runs],
            objections_until=self.now + timedelta(days=2),
            version=minutes.begin(meeting).version,
            by=self.runs,
            now=self.now,
        )
        held = self.edition.minutes
        objection = minutes.object_to(minutes=held, item=item, text=f"{MARK} {WORD} objection", **say)
        minutes.answer(
            objection=objection, answer="noted", words=f"{MARK} {WORD} answer", by=self.runs, now=self.now
        )
        minutes.approve(minutes=held, edition=self.edition, by=self.runs, now=self.now)
        minutes.lock(minutes=held, by=self.runs, now=later)
        minutes.correct(minutes=held, item=item, text=f"{MARK} {WORD} correction", by=self.circle, now=later)

    def browser(self, who: str) -> Client:
        client = Client()
        client.force_login(self.people.get(who) or self.circle)
        return client

    def urls(self) -> list[str]:
        found = [reverse("meetings:decisions"), reverse("meetings:decisions_export")]
        found += [reverse("dashboard:search") + f"?q={WORD}"]
        for meeting, item in ((self.running, self.running_item), (self.ended, self.ended_item)):
            pk = meeting.pk
            found += [reverse(f"meetings:{name}", args=[pk]) for name in OF_A_MEETING]
            for name in ("live", "room_notes", "room_decisions", "room_parked", "notes_writing"):
                found.append(reverse(f"meetings:{name}", args=[pk]) + f"?item={item.pk}")
            found += [
                reverse(f"meetings:{name}", args=[pk, item.pk]) for name in ("live_panel", "live_record")
            ]
            found += [reverse("actions:for_meeting", args=[pk])]
            found += [reverse("actions:for_meeting", args=[pk]) + f"?item={item.pk}"]
            found += [
                reverse("actions:for_meeting", args=[pk]) + f"?issue={one.pk}" for one in meeting.issues.all()
            ]
            found += [
                reverse("actions:for_meeting", args=[pk]) + f"?note={one.pk}" for one in meeting.notes.all()
            ]
            for one in meeting.issues.all():
                found.append(reverse("meetings:convert_issue", args=[pk, one.pk, "decision"]))
            for one in meeting.notes.all():
                found.append(reverse("meetings:convert_note", args=[pk, one.pk, "decision"]))
            for one in meeting.decisions.all():
                found.append(reverse("meetings:change_decision", args=[pk, one.pk]))
            newest = len(replay.events_of(meeting))
            found.append(reverse("meetings:replay", args=[pk]) + f"?event={newest // 2}")
            found.append(reverse("meetings:live_state", args=[pk]) + "?after=0")
            for code in ("finance", "sales", "agency"):
                found.append(reverse("meetings:minutes_print", args=[pk]) + f"?department={code}")
            found += [reverse("meetings:minutes_file", args=[pk, form]) for form in ("md", "docx")]
            found.append(reverse("meetings:minutes_file", args=[pk, "md"]) + "?department=sales")
        for edition in MinutesEdition.objects.filter(minutes__meeting=self.ended):
            found.append(reverse("meetings:minutes_edition", args=[self.ended.pk, edition.number]))
        return found


def text_of(response) -> str:
    """What it says, a Word document unpacked."""
    if "officedocument" in response.headers.get("Content-Type", ""):
        with zipfile.ZipFile(io.BytesIO(response.content)) as document:
            return "".join(document.read(name).decode("utf-8", "replace") for name in document.namelist())
    return body(response)


@pytest.fixture(scope="module")
def shared_room(kept_for_module):
    return Room()


@pytest.fixture
def room(shared_room):
    return deepcopy(shared_room)


def test_no_address_of_the_room_tells_an_outsider(room):
    told, answers, urls = [], {}, room.urls()
    for who in OUTSIDERS:
        browser = room.browser(who)
        for url in urls:
            response = browser.get(url)
            answers.setdefault(response.status_code, url)
            if MARK in text_of(response):
                told.append((who, url))

    assert told == []
    assert max(answers) < 500


def test_the_circle_reads_it_all(room):
    """Without this the tests of this module would hold for a site that shows nothing."""
    browser = room.browser("circle")
    said = {}
    for url in room.urls():
        text = text_of(browser.get(url)).replace("\\", "")
        for word in (
            "asked",
            "priority",
            "note",
            "issue",
            "why",
            "cause",
            "decision",
            "recommendation",
            "chosen",
            "dissent",
            "parked",
            "action",
            "passage",
            "objection",
            "answer",
            "correction",
        ):
            if f"{MARK} {WORD} {word}" in text:
                said.setdefault(word, url)
    missing = {
        "asked",
        "priority",
        "note",
        "issue",
        "decision",
        "recommendation",
        "chosen",
        "dissent",
        "parked",
        "action",
        "passage",
        "correction",
    } - set(said)
    assert missing == set()


def test_the_fragments_that_htmx_fetches(room):
    told = []
    for who in ("a_member", "recorder"):
        browser = room.browser(who)
        for url in room.urls():
            answer = browser.get(url, headers={"HX-Request": "true"})
            told += [(who, url)] if MARK in text_of(answer) else []
    assert told == []


def test_what_goes_out_by_itself(room):
    """The wall by its link, what streams send, paper for everybody, speaking time."""
    for meeting in (room.running, room.ended):
        assert MARK not in json.dumps(live.message(meeting, after=0))
        for reader in (None, *(room.people[who] for who in READERS)):
            paper = minutes_paper.paper(meeting, reader=reader, now=room.now)
            assert MARK not in minutes_text.markdown(paper) + repr(paper.content), reader
    token = wall.create(meeting=room.running, by=room.runs, now=room.now)
    for part in ("", "screen/", "state/?after=0", "stream/"):
        response = Client().get(f"/wall/{token}/{part}")
        assert response.status_code in (200, 204)
        assert MARK not in body(response), part
    later = room.now + timedelta(minutes=5)
    assert SpeakingTurn.objects.filter(meeting=room.running).exists()
    totals = [
        speaking.speaking(room.running, later, who).total > timedelta()
        for who in (None, room.people["a_member"], room.circle)
    ]
    assert totals == [False, False, True]


def test_mails_and_notices(room):
    edition = room.edition
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for who in OUTSIDERS:
                for kind in minutes_mail.CIRCULATED:
                    notice = Notice(recipient=room.people[who], subject=edition, kind=kind)
                    said = minutes_letter.body(notice) + str(minutes_letter.names(notice))
                    assert MARK not in said, (who, kind)
            for_circle = Notice(recipient=room.circle, subject=edition, kind=minutes_letter.PRESENT)
            assert f"{MARK} {WORD} decision" in minutes_letter.body(for_circle)
    # Whatever was promised to anybody, as if it had been shown already.
    Notice.objects.update(shown_at=room.now, send_at=room.now, state=Notice.State.SENT)
    told = []
    for who in READERS:
        browser = room.browser(who)
        pages = [browser.get(reverse(f"notices:{name}")) for name in ("list", "bell")]
        told += [who] if any(MARK in body(page) for page in pages) else []
    assert told == []
