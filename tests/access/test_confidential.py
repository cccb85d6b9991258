"""A planted word in everything that belongs to a confidential item must reach nobody outside its circle.

Every address of the site that a person can open is asked for, as are the words of every kind of notice, the calendar
entries and the tasks of "my work".
"""

import io
import itertools
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from actions.models import Action
from actions.talk_notices import MENTIONED
from actions.verbs import VERBS
from actions.verdict_notices import JUDGED
from meetings import calendar, invitations
from meetings.models import (
    AgendaItem,
    Decision,
    ItemReader,
    Note,
    ParkedItem,
    PreReadComment,
    PreReadProblem,
    PreReadText,
    RequiredDocument,
    Statement,
)
from meetings.queries import minutes, prereads, tasks
from meetings.services import attachments
from meetings.services import prereads as preread_services
from meetings.services.prereads import Sent
from notices import kinds
from notices.models import Notice
from tests import factories
from tests.access import addresses, expected, follow_up
from tests.access.world import World

pytestmark = pytest.mark.django_db
MARK = "zqSalaryOfWang"
_numbers = itertools.count(900)


class Planted:
    """The company of the access tests, with a confidential item in its running and its ended meeting."""

    def __init__(self) -> None:
        self.world = World()
        self.now = self.world.now
        self.people = self.world.people
        self.circle = factories.UserFactory(name="In the circle")
        self.items = [self._plant(meeting) for meeting in (self.world.running, self.world.ended)]
        self.actions = [self._promise(item) for item in self.items]
        follow_up.plant(self, MARK)

    def _plant(self, meeting) -> AgendaItem:
        runs = self.world.runs
        item = AgendaItem.objects.create(
            meeting=meeting,
            order=50,
            title_en=f"{MARK} title",
            title_zh=f"{MARK} 标题",
            department=factories.DepartmentFactory(code="finance"),
            discussion_minutes=15,
            questions_en=f"{MARK} question",
            questions_zh=f"{MARK} 问题",
            is_confidential=True,
        )
        ItemReader.objects.create(item=item, user=self.circle)
        meeting.participants.create(user=self.circle)
        RequiredDocument.objects.create(
            meeting=meeting,
            item=item,
            department=factories.DepartmentFactory(code="finance"),
            name_en=f"{MARK} document",
            name_zh=f"{MARK} 文件",
        )
        stamps = {"created_by": runs, "created_at": self.now, "edited_by": runs, "edited_at": self.now}
        Note.objects.create(meeting=meeting, item=item, text=f"{MARK} note", **stamps)
        decision = Decision.objects.create(
            meeting=meeting,
            agenda_item=item,
            year=2026,
            number=next(_numbers),
            text=f"{MARK} decision",
            options=f"{MARK} option",
            decided_by=runs,
            recorded_by=runs,
            recorded_at=self.now,
        )
        item.planted_decision = decision
        ParkedItem.objects.create(
            meeting=meeting, item=item, text=f"{MARK} parked", parked_by=runs, parked_at=self.now
        )
        return item

    def _promise(self, item: AgendaItem) -> Action:
        return Action.objects.create(
            title=f"{MARK} action",
            description=f"{MARK} description",
            meeting=item.meeting,
            agenda_item=item,
            decision=item.planted_decision,
            owner=self.circle,
            acceptor=self.world.runs,
            created_by=self.people["recorder"],
            department=factories.DepartmentFactory(code="sales"),
            due_at=self.now,
            published_at=self.now,
        )

    def outsiders(self) -> list[str]:
        return ["nobody", "b_lead", "a_member", "a_lead", "host", "exec", "data", "admin", "recorder"]


@pytest.fixture(scope="module")
def planted(kept_for_module):
    """Planted once for a module; what a test changes is rolled back after it."""
    return Planted()


def own_addresses(planted) -> list[str]:
    """Every address of the table with its objects, and those of the planted ones themselves."""
    urls = set()
    for method, name, what, _answers in expected.rows():
        if method == "GET" and name in addresses.names():
            urls.add(reverse(name, args=planted.world.args[what]))
    for item, action in zip(planted.items, planted.actions, strict=True):
        pk = item.meeting_id
        urls |= {
            reverse("meetings:live_panel", args=[pk, item.pk]),
            reverse("meetings:live_record", args=[pk, item.pk]),
            reverse("meetings:live", args=[pk]) + f"?item={item.pk}",
            reverse("meetings:change_decision", args=[pk, item.planted_decision.pk]),
            reverse("actions:for_meeting", args=[pk]),
            reverse("actions:for_meeting", args=[pk]) + f"?item={item.pk}",
            reverse("actions:detail", args=[action.pk]),
            reverse("actions:edit", args=[action.pk]),
            reverse("actions:list") + f"?q={MARK}",
            reverse("meetings:list") + f"?q={MARK}",
        }
    urls |= follow_up.addresses(planted)
    return sorted(url for url in urls if "/accounts/" not in url)


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):  # a workbook
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


# In parts, so that several processes share the walk through every address.
PARTS = (("nobody", "b_lead", "a_member", "a_lead", "host"), ("recorder", "exec", "data", "admin"))


def test_every_outsider_walks(planted):
    assert sorted(who for part in PARTS for who in part) == sorted(planted.outsiders())


@pytest.mark.parametrize("part", PARTS, ids="-".join)
def test_no_page_tells_an_outsider(planted, part):
    told = []
    urls = own_addresses(planted)
    for who in part:
        browser = Client()
        browser.force_login(planted.people[who])
        for url in urls:
            if "?q=" in url:
                # The page repeats what was searched for, and finds nothing.
                continue
            if MARK in body(browser.get(url)):
                told.append((who, url))

    assert told == []


def test_searching_finds_nothing(planted):
    browser = Client()
    browser.force_login(planted.people["exec"])
    page = body(browser.get(reverse("actions:list") + "?q=action"))

    assert f"{MARK} action" not in page


def test_the_circle_reads_all_of_it(planted):
    """Without this the tests above would hold for a site that shows nothing at all."""
    browser = Client()
    browser.force_login(planted.circle)
    running, ended = planted.items

    panel = body(browser.get(reverse("meetings:live_panel", args=[running.meeting_id, running.pk])))
    for part in ("title", "question", "note", "decision", "parked"):
        assert f"{MARK} {part}" in panel
    page = body(browser.get(reverse("meetings:minutes", args=[ended.meeting_id])))
    assert f"{MARK} decision" in page
    page = body(browser.get(reverse("actions:detail", args=[planted.actions[1].pk])))
    for part in ("action", *follow_up.PARTS):
        assert f"{MARK} {part}" in page, part
    for ending in follow_up.ENDINGS.values():
        if ending != "_calendar":  # names nothing confidential to anybody
            found = body(browser.get(reverse(f"actions:export{ending}") + "?status=all"))
            assert f"{MARK} action" in found, ending


def test_paper_holds_what_its_reader_may_read(planted):
    """The words in a PDF are packed; what it is made of is not."""
    browser = Client()
    shown = {}
    for person in (planted.people["exec"], planted.circle):
        browser.force_login(person)
        answer = browser.get(reverse("actions:export_paper") + "?status=all")
        assert answer["Content-Type"] == "application/pdf"
        shown[person] = {action.pk for action, _criteria in answer.context["lines"]}
        assert body(answer).startswith("%PDF")

    hidden = {action.pk for action in planted.actions}
    assert not shown[planted.people["exec"]] & hidden
    assert hidden <= shown[planted.circle]


def test_robots_of_groups_are_not_told(planted):
    """Neither the group of the action's own department, nor the company's."""
    from notices.channels import texts

    for post in planted.posts:
        message = texts.compose(post)
        assert message is None or MARK not in str(message), post.endpoint.name
    for who in ("a_lead", "admin"):
        browser = Client()
        browser.force_login(planted.people[who])
        for post in planted.posts:
            page = body(browser.get(reverse("notices:endpoint", args=[post.endpoint_id])))
            assert MARK not in page, (who, post.endpoint.name)


def test_the_map_of_calls_for_help_does_not_count_it(planted):
    from actions.queries import blockers

    hidden = {action.pk for action in planted.actions}
    for who in (*planted.outsiders(), "b_lead"):
        person = planted.people[who]
        counted = blockers._counted(person).values_list("action", flat=True)
        assert not hidden & set(counted), who
    assert hidden <= set(blockers._counted(planted.circle).values_list("action", flat=True))


def test_outsiders_change_nothing_of_it_and_hear_nothing(planted):
    """Every step, many at once, the board, the import: as if it were not there."""
    kept = str(
        list(Action.objects.filter(pk__in=[one.pk for one in planted.actions]).order_by("pk").values())
    )
    for who in ("host", "exec", "admin", "a_lead"):
        browser = Client()
        browser.force_login(planted.people[who])
        for action in planted.actions:
            words = {"reason": "r", "text": "t", "to": "cancelled", "asked": "1"}
            for verb in sorted(VERBS):
                answer = browser.post(reverse("actions:act", args=[action.pk, verb]), words)
                assert answer.status_code == 404, (who, verb)
            for name in ("move", "split", "merge", "part", "give_update"):
                assert browser.post(reverse(f"actions:{name}", args=[action.pk]), words).status_code == 404
        keys = [action.pk for action in planted.actions]
        answer = browser.post(
            reverse("actions:bulk"), {"action": keys, "change": "cancel", "reason": "r"}, follow=True
        )
        assert MARK not in body(answer)
    answer = Client()
    answer.force_login(planted.people["exec"])
    page = answer.post(reverse("actions:import_take_over", args=[planted.imported.pk]), {}, follow=True)
    # The file's own title is theirs; what stood here is not.
    assert f"{MARK} description" not in body(page)

    assert kept == str(
        list(Action.objects.filter(pk__in=[one.pk for one in planted.actions]).order_by("pk").values())
    )


def test_outsiders_write_nothing_on_it(planted):
    browser = Client()
    browser.force_login(planted.people["recorder"])
    item = planted.items[0]
    before = Note.objects.count()

    added = browser.post(
        reverse("meetings:add_note", args=[item.meeting_id]), {"item": item.pk, "text": "Guessed."}
    )

    assert (added.status_code, Note.objects.count()) == (404, before)


def test_the_owner_outside_the_circle_knows_the_task_not_the_item(planted):
    owner = planted.people["a_member"]
    action = planted.actions[0]
    Action.objects.filter(pk=action.pk).update(owner=owner, title="Prepare a paper", description="")
    browser = Client()
    browser.force_login(owner)

    page = body(browser.get(reverse("actions:detail", args=[action.pk])))

    assert "Prepare a paper" in page
    for part in ("title", "question", "note", "decision", "option", "parked", "document"):
        assert f"{MARK} {part}" not in page, part


# --- what goes out by itself --------------------------------------------------------------------------------
def test_calendar_entries_are_for_everybody(planted):
    for item in planted.items:
        entry = calendar.entry(
            meeting=item.meeting,
            method="REQUEST",
            sequence=1,
            participants=list(item.meeting.participants.in_order()),
            stamped_at=planted.now,
        )
        assert MARK not in entry.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_invitations_name_it_to_its_circle_only(planted, language):
    meeting = planted.items[0].meeting

    def agenda(person) -> str:
        return invitations._agenda(meeting, Notice(recipient=person))

    with translation.override(language):
        assert MARK not in agenda(planted.people["a_lead"])
        assert MARK in agenda(planted.circle)


def test_every_notice_about_it_stays_in_the_circle(planted):
    """Whatever was promised to an outsider is not said once it is their turn: neither mailed nor shown."""
    action = planted.actions[0]
    lead = planted.people["a_lead"]
    subjects = {MENTIONED: action.comments.get(), JUDGED: action.criteria.get()}
    assert action.blockers.exists()
    for kind in [code for code in sorted(kinds._kinds) if code.startswith("actions.")]:
        if kind in ("actions.plan", "actions.milestone_soon", "actions.milestone_missed"):
            continue
        notice = Notice.objects.create(
            recipient=lead,
            subject=subjects.get(kind, action),
            kind=kind,
            due_at=planted.now,
            send_at=planted.now,
            shown_at=planted.now,
            state=Notice.State.SENT,
        )
        assert notice.pk
    browser = Client()
    browser.force_login(lead)

    assert MARK not in body(browser.get(reverse("notices:list")))
    assert MARK not in body(browser.get(reverse("notices:bell")))


def test_my_work_of_outsiders_does_not_name_it(planted):
    from actions import queries as action_queries

    now = timezone.now()
    for who in planted.outsiders():
        person = planted.people[who]
        found = [
            *tasks.tasks_for(person, now),
            *action_queries.tasks_for(person, now),
            *action_queries.waiting_for(person, now),
        ]
        assert not [task for task in found if MARK in f"{task.title} {task.context}"], who


# --- pre-reads ------------------------------------------------------------------------------------------------
def test_texts_and_files_of_a_preread_stay_in_the_circle(planted):
    meeting = planted.world.scheduled
    sales = factories.DepartmentFactory(code="sales")
    item = AgendaItem.objects.create(
        meeting=meeting,
        order=60,
        title_en=f"{MARK} pay",
        title_zh=f"{MARK} 薪酬",
        department=sales,
        discussion_minutes=5,
        questions_en=f"{MARK} why?",
        is_confidential=True,
    )
    lead, member = planted.people["a_lead"], planted.people["a_member"]
    (preread,) = preread_services.open_for(meeting=meeting, now=planted.now)
    text = preread.texts.get(kind=PreReadText.Kind.QUESTION, key=f"{item.pk}-1")
    preread_services.save_text(
        preread=preread,
        sent=Sent(text.kind, text.key, f"{MARK} answer", text.version),
        by=lead,
        now=planted.now,
    )
    from django.core.files.uploadedfile import SimpleUploadedFile

    secret = attachments.attach(
        preread=preread,
        file=SimpleUploadedFile(f"{MARK}.pdf", b"%PDF-1.7 secret"),
        by=lead,
        now=planted.now,
    )
    type(secret).objects.filter(pk=secret.pk).update(is_confidential=True)
    PreReadProblem.objects.filter(preread=preread).update(removed_at=planted.now)
    preread_services.submit(preread=preread, by=lead, now=planted.now)

    def seen(person) -> str:
        browser = Client()
        browser.force_login(person)
        pages = [
            reverse("meetings:preread", args=[meeting.pk, "sales"]),
            reverse("meetings:preread", args=[meeting.pk, "sales"]) + "?as=room",
            reverse("meetings:attachment", args=[secret.pk]),
            reverse("meetings:minutes", args=[meeting.pk]),
        ]
        answers = [browser.get(url) for url in pages]
        return "".join(body(one) + str(one.headers) for one in answers)

    reading = prereads.latest_reading(preread, lead)
    assert [answer.text for answer in reading.answers if MARK in answer.text] == [f"{MARK} answer"]
    assert MARK in seen(lead)
    for person in (member, planted.people["exec"], planted.people["data"], planted.people["recorder"]):
        assert MARK not in seen(person), person
    assert MARK not in str(prereads.latest_reading(preread).answers)


def test_comments_on_it_stay_in_the_circle(planted):
    meeting = planted.world.running
    preread = meeting.prereads.get(department__code="sales")
    item = planted.items[0]
    PreReadComment.objects.create(
        preread=preread,
        item=item,
        section=f"question:{item.pk}-1",
        text=f"{MARK} comment",
        written_by=planted.circle,
        written_at=planted.now,
    )
    for who in ("a_member", "exec", "data", "host"):
        browser = Client()
        browser.force_login(planted.people[who])
        for name in ("meetings:preread", "meetings:preread_comments"):
            url = reverse(name, args=[meeting.pk, "sales"])
            assert MARK not in body(browser.get(url)), (who, name)


def test_chapters_of_the_minutes_leave_no_loose_ends(planted):
    """What belongs to a masked item must not fall to "without an item"."""
    from meetings.queries import room

    item = planted.items[1]
    person = planted.people["a_lead"]
    shown = minutes.chapters(item.meeting, room.room(item.meeting, person).items, person)

    assert not [chapter for chapter in shown if MARK in repr([n.text for n in chapter.notes])]
    assert all(chapter.item is not None for chapter in shown)


def test_statements_of_its_figures_are_nobody_elses(planted):
    preread = planted.world.draft_preread
    Statement.objects.filter(preread=preread).update(source=f"{MARK} sheet")
    for who in ("b_lead", "host", "exec", "admin", "runs", "recorder"):
        browser = Client()
        browser.force_login(planted.people[who])
        for name in ("meetings:figures", "meetings:figures_news", "meetings:open_points"):
            url = reverse(name, args=[planted.world.scheduled.pk])
            assert MARK not in body(browser.get(url)), (who, name)
