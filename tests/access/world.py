"""A small company in which everything exists once: people of every kind, and objects in every state.

Department A is sales, department B is tech. Everything belongs to A and to the host who runs its meetings; whoever
else sees it must have a reason, and the table in `expected.py` says which.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.models import (
    Action,
    ActionImport,
    Attachment,
    Comment,
    EscalationStep,
    Evidence,
    Milestone,
    Problem,
)
from actions.verbs import VERBS
from meetings import library
from meetings.models import (
    AgendaItem,
    Decision,
    FloorRequest,
    Issue,
    Meeting,
    Note,
    Obligation,
    Pack,
    ParkedItem,
    Participant,
    PreRead,
    PreReadComment,
    PreReadProblem,
    RoomClock,
    Series,
    Statement,
)
from meetings.queries import packs
from meetings.services import attachments, minutes, prereads
from meetings.services.prereads import Sent
from metrics.models import Upload
from metrics.services import uploads
from notices.models import Address, Notice
from people.departments import ensure_standard
from people.models import User
from tests import factories
from tests.access import endpoints
from tests.actions.factories import ActionFactory
from tests.meetings import room_factories
from tests.metrics import builders

# Words that stand in exactly one place; a page that shows them to the wrong person leaks them.
DRAFT_MEETING = "草案 Zürich reorganisation"
MEETING_OF_A = "Sales-only margin talk"
SERIES_OF_A = "Sales-only fortnightly"
RUNNING_OF_A = "Sales-only room"
ENDED_OF_A = "Sales-only aftermath"
DRAFT_TEXT = "Draft words of sales: margin 12 %"
SUBMITTED_TEXT = "Submitted words of sales: margin 13 %"
STATED_SOURCE = "Sheet of the sales department, never shown"
MINUTES_OF_A = "Sales-only retrospect"
OBJECTION_OF_A = "Objection raised in sales"
NOTE_OF_A = "Note kept in the sales room"
DECISION_OF_A = "Decision taken in the sales room"
ISSUE_OF_A = "Issue raised in the sales room"
DRAFT_ACTION = "Draft action of the sales meeting"
ACTION_OF_A = "Published action of sales"
EVIDENCE_OF_A = "Evidence of sales"
COMMENT_OF_A = "Word said among sales"
FILE_OF_A = "Specification of sales.pdf"
NOTICE_OF_A = ACTION_OF_A
PROBLEM_OF_A = "Problem of the sales department"
BROKEN_ROW = "10115 Berlin, buyer's town"


class World:
    """`people` by the column of the table, `args` of URLs by the object named in a row of it."""

    def __init__(self) -> None:
        now = timezone.now()
        self.now = now
        # Tests that commit flush the tables, and with them what the migrations brought.
        ensure_standard()
        library.ensure()
        builders.dictionary()
        self.people = _people()
        self.runs = self.people["runs"]
        self.args: dict[str, list[Any]] = {"-": [], "?": [999_999]}
        self._meetings()
        self._series()
        self._prereads()
        self._packs()
        self._records()
        self._minutes()
        self._actions()
        self._uploads()
        self._notices()
        self._problems()
        self.args["link"] = ["1", "set-password"]
        self.args["type"] = ["business-review"]
        self.args["type.version"] = ["business-review", 1]
        self.args["type.unused"] = ["kr-reset"]
        self.args["type.none"] = ["no-such-type"]
        self.args["token.wrong"] = ["no-such-token"]

    def _minutes(self) -> None:
        """A meeting of department A whose minutes are circulated; there is an objection to them."""
        ended_at = self.now - timedelta(hours=20)
        started_at = ended_at - timedelta(hours=1)
        meeting = self._meeting(MINUTES_OF_A, "ended", started_at, started_at=started_at, ended_at=ended_at)
        edition = minutes.circulate(
            meeting=meeting,
            approvers=[self.runs],
            objections_until=self.now + timedelta(days=1),
            version=minutes.begin(meeting).version,
            by=self.runs,
            now=self.now,
        )
        objection = minutes.object_to(
            minutes=edition.minutes, item=None, text=OBJECTION_OF_A, by=self.runs, now=self.now
        )
        self.minuted = meeting
        self.args["meeting.minuted"] = [meeting.pk]
        self.args["edition.minuted"] = [meeting.pk, edition.number]
        self.args["edition.none"] = [meeting.pk, 99]
        self.args["objection.minuted"] = [meeting.pk, objection.pk]
        self.args["objection.other"] = [self.ended.pk, objection.pk]
        self.args["file.minuted"] = [meeting.pk, "md"]
        self.args["file.unknown"] = [meeting.pk, "exe"]

    # --- meetings -------------------------------------------------------------------------------------
    def _meetings(self) -> None:
        now = self.now
        self.draft = self._meeting(DRAFT_MEETING, "draft", now + timedelta(days=20))
        self.scheduled = self._meeting(MEETING_OF_A, "scheduled", now + timedelta(days=10))
        self.running = self._meeting(RUNNING_OF_A, "in_progress", now, started_at=now - timedelta(minutes=20))
        self.ended = self._meeting(
            ENDED_OF_A,
            "ended",
            now - timedelta(hours=5),
            started_at=now - timedelta(hours=5),
            ended_at=now - timedelta(hours=1),
        )
        for name in ("draft", "scheduled", "running", "ended"):
            meeting = getattr(self, name)
            item = meeting.items.order_by("order").first()
            self.args[f"meeting.{name}"] = [meeting.pk]
            self.args[f"item.{name}"] = [meeting.pk, item.pk]
        self.args["item.other"] = [self.running.pk, self.args["item.ended"][1]]
        RoomClock.objects.create(
            meeting=self.running, item=self.running.items.order_by("order").first(), is_running=False
        )
        asked = FloorRequest.objects.create(
            meeting=self.running, kind="question", asked_by=self.people["a_member"], asked_at=now
        )
        self.args["floor.running"] = [self.running.pk, asked.pk]
        self.args["floor.other"] = [self.ended.pk, asked.pk]

    def _meeting(self, title: str, status: str, starts_at: Any, **fields: Any) -> Meeting:
        made = room_factories.meeting(
            status=status, host=self.runs, departments=("sales",), title=title, starts_at=starts_at, **fields
        )
        Participant.objects.create(meeting=made, user=self.people["recorder"], role=Participant.Role.RECORDER)
        return made

    def _series(self) -> None:
        """A series of department A with one planned meeting, into which an item was brought."""
        starts_at = self.now + timedelta(days=12)
        meeting = self._meeting(SERIES_OF_A, "scheduled", starts_at)
        series = Series.objects.create(
            title=SERIES_OF_A,
            template=meeting.template,
            host=self.runs,
            rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            starts_on=starts_at.date(),
            starts_at=starts_at.time(),
            created_by=self.runs,
        )
        Meeting.objects.filter(pk=meeting.pk).update(series=series, occurs_at=starts_at)
        item = meeting.items.order_by("order").last()
        meeting.items.filter(pk=item.pk).update(carried_because="parked")
        parked = ParkedItem.objects.create(
            meeting=meeting, text="Parked in sales", parked_by=self.runs, parked_at=self.now
        )
        for order, kind in enumerate(("blocked", "late"), start=1):
            AgendaItem.objects.create(meeting=meeting, order=90 + order, title_en=kind, action_list=kind)
        self.args["series"] = [series.pk]
        self.args["meeting.of_series"] = [meeting.pk]
        self.args["item.carried"] = [meeting.pk, item.pk]
        self.args["item.not_carried"] = [meeting.pk, self.args["item.running"][1]]
        self.args["parked.of_series"] = [meeting.pk, parked.pk]
        self.args["parked.other"] = [self.scheduled.pk, parked.pk]
        self.args["list.draft"] = [self.draft.pk, "blocked"]
        self.args["list.scheduled"] = [self.scheduled.pk, "blocked"]
        self.args["list.unknown"] = [self.scheduled.pk, "nonsense"]

    # --- pre-reads ------------------------------------------------------------------------------------
    def _prereads(self) -> None:
        self.draft_preread = self._preread(self.scheduled, DRAFT_TEXT)
        statement = Statement.objects.create(
            preread=self.draft_preread,
            metric_code="orders",
            value=42,
            source=STATED_SOURCE,
            stated_by=self.people["a_lead"],
            stated_at=self.now,
        )
        self.args["statement.draft"] = [self.scheduled.pk, statement.pk]
        self.args["preread.draft"] = [self.scheduled.pk, "sales"]
        self.scheduled.items.filter(department__isnull=False).update(metric_codes=["orders"])
        self.args["figure.draft"] = [self.scheduled.pk, "sales", "orders"]
        self.args["figure.other"] = [self.scheduled.pk, "sales", "units"]
        problem = PreReadProblem.objects.create(
            preread=self.draft_preread,
            problem=DRAFT_TEXT,
            edited_by=self.people["a_lead"],
            edited_at=self.now,
        )
        self.args["row.draft"] = [self.scheduled.pk, "sales", "problems", problem.pk]
        self.args["row.other"] = [self.running.pk, "sales", "problems", problem.pk]
        self.args["attachment.draft"] = [self._attach(self.draft_preread, "draft.pdf").pk]
        submitted = self._preread(self.running, SUBMITTED_TEXT)
        shown = self._attach(submitted, "submitted.pdf")
        # Corrections are still open, so that it can be written anew beside what was submitted.
        submitted.corrections_until = self.now + timedelta(days=1)
        submitted.is_extended = True
        submitted.save(update_fields=["corrections_until", "is_extended"])
        prereads.submit(preread=submitted, by=self.people["a_lead"], now=self.now)
        prereads.reopen(preread=submitted, by=self.people["a_lead"], now=self.now)
        later = self._attach(submitted, "later.pdf")
        self.args["preread.submitted"] = [self.running.pk, "sales"]
        self._readers(submitted)
        self.args["preread.other"] = [self.running.pk, "tech"]
        self.args["attachment.submitted"] = [shown.pk]
        self.args["attachment.later"] = [later.pk]

    def _readers(self, submitted: PreRead) -> None:
        """A second revision, equal to the first, and a question on the whole."""
        first = submitted.revisions.get()
        submitted.revisions.create(
            number=2,
            content=first.content,
            submitted_by=first.submitted_by,
            submitted_at=self.now,
            is_late=False,
        )
        asked = PreReadComment.objects.create(
            preread=submitted,
            text="Why is that?",
            is_question=True,
            written_by=self.people["runs"],
            written_at=self.now,
        )
        self.args["revision.shown"] = [self.running.pk, "sales", 2]
        self.args["revision.none"] = [self.scheduled.pk, "sales", 1]
        self.args["comment.shown"] = [self.running.pk, "sales", asked.pk]
        self.args["comment.other"] = [self.scheduled.pk, "sales", asked.pk]

    def _preread(self, meeting: Meeting, words: str) -> PreRead:
        (preread,) = prereads.open_for(meeting=meeting, now=self.now)
        row = preread.texts.filter(kind="question").order_by("position").first()
        prereads.save_text(
            preread=preread,
            sent=Sent(row.kind, row.key, words, row.version),
            by=self.people["a_lead"],
            now=self.now,
        )
        return preread

    def _attach(self, preread: PreRead, name: str) -> Any:
        file = SimpleUploadedFile(name, b"%PDF-1.7 " + name.encode())
        return attachments.attach(preread=preread, file=file, by=self.people["a_lead"], now=self.now)

    # --- packs --------------------------------------------------------------------------------------------
    def _packs(self) -> None:
        """One for all and one for the host alone, of the scheduled meeting."""
        for name, reader in (("all", None), ("personal", self.runs)):
            pack = Pack(
                meeting=self.scheduled,
                reader=reader,
                language="en",
                fingerprint=packs.fingerprint(self.scheduled, language="en", reader=reader),
                state=Pack.State.DONE,
                pages=1,
                size=8,
                asked_at=self.now,
                finished_at=self.now,
            )
            pack.file.save("pack.pdf", ContentFile(b"%PDF-1.7"), save=False)
            pack.save()
            self.args[f"pack.{name}"] = [pack.pk]

    # --- what rooms leave behind ------------------------------------------------------------------------
    def _records(self) -> None:
        for name in ("running", "ended"):
            meeting = getattr(self, name)
            item = meeting.items.order_by("order").first()
            note = Note.objects.create(
                meeting=meeting,
                item=item,
                text=NOTE_OF_A,
                created_by=self.runs,
                created_at=self.now,
                edited_by=self.runs,
                edited_at=self.now,
            )
            decision = Decision.objects.create(
                meeting=meeting,
                agenda_item=item,
                year=2026,
                number=len(self.args),
                text=DECISION_OF_A,
                decided_by=self.runs,
                recorded_by=self.runs,
                recorded_at=self.now,
            )
            self.args[f"note.{name}"] = [meeting.pk, note.pk]
            self.args[f"decision.{name}"] = [meeting.pk, decision.pk]
            issue = Issue.objects.create(
                meeting=meeting, item=item, text=ISSUE_OF_A, raised_by=self.runs, raised_at=self.now
            )
            self.args[f"issue.{name}"] = [meeting.pk, issue.pk]
        self.args["issue.other"] = [self.running.pk, self.args["issue.ended"][1]]
        for what in ("decision", "action", "issue"):
            self.args[f"issue.{what}"] = [*self.args["issue.running"], what]
            self.args[f"note.{what}"] = [*self.args["note.running"], what]
        self.args["request.none"] = [self.running.pk, 0]
        self.args["note.other"] = [self.running.pk, self.args["note.ended"][1]]
        self.args["decision.other"] = [self.running.pk, self.args["decision.ended"][1]]
        for kind in ("budget", "action_plan"):
            duty = Obligation.objects.create(
                meeting=self.ended,
                kind=kind,
                anchor_at=self.ended.ended_at,
                due_at=self.now + timedelta(hours=20),
                owner=self.runs,
            )
            self.args[f"duty.{kind}"] = [duty.pk]

    # --- actions ----------------------------------------------------------------------------------------
    def _actions(self) -> None:
        people, sales = self.people, factories.DepartmentFactory(code="sales")
        common = {
            "owner": people["a_member"],
            "acceptor": people["runs"],
            "created_by": people["runs"],
            "department": sales,
            "due_at": self.now + timedelta(days=7),
        }
        self.draft_action = ActionFactory(title=DRAFT_ACTION, meeting=self.ended, published_at=None, **common)
        self.action = ActionFactory(title=ACTION_OF_A, published_at=self.now, **common)
        evidence = Evidence(
            action=self.action,
            criterion=self.action.criteria.get(),
            text=EVIDENCE_OF_A,
            by=people["a_member"],
            at=self.now,
            file_name="证据.pdf",
            file_size=9,
        )
        evidence.file.save("evidence.pdf", ContentFile(b"%PDF-1.7 "), save=False)
        evidence.save()
        self.milestone = Milestone.objects.create(
            action=self.action, title="Halfway", due_at=self.now + timedelta(days=3)
        )
        spoken = Comment.objects.create(
            action=self.action, text=COMMENT_OF_A, by=people["a_member"], at=self.now
        )
        attached = Attachment(
            action=self.action,
            comment=spoken,
            file_name=FILE_OF_A,
            file_size=9,
            by=people["a_member"],
            at=self.now,
        )
        attached.file.save("specification.pdf", ContentFile(b"%PDF-1.7 "), save=False)
        attached.save()
        self.args["action-file.published"] = [self.action.pk, attached.pk]
        self.args["action-file.other"] = [self.draft_action.pk, attached.pk]
        brought = ActionImport.objects.create(
            source="sheet", file_name="a.csv", by=people["runs"], at=self.now
        )
        self.args["import"] = [brought.pk]
        self.args["spoken.running"] = [self.running.pk, "due", self.action.pk]
        self.args["spoken.scheduled"] = [self.scheduled.pk, "due", self.action.pk]
        self.args["spoken.unknown"] = [self.running.pk, "nonsense", self.action.pk]
        self.args["action.draft"] = [self.draft_action.pk]
        self.args["action.published"] = [self.action.pk]
        self.args["evidence.published"] = [self.action.pk, evidence.pk]
        self.args["evidence.other"] = [self.draft_action.pk, evidence.pk]
        for verb in (*VERBS, "no-such-step"):
            self.args[f"step.{verb}"] = [self.action.pk, verb]
            self.args[f"draft-step.{verb}"] = [self.draft_action.pk, verb]

    # --- figures ------------------------------------------------------------------------------------------
    def _uploads(self) -> None:
        shop = builders.shop()
        (stored,) = builders.covered(shop, "2025-10")
        stored.file.save("report.csv", ContentFile(b"a,b\n1,2\n"), save=True)
        data = f"no report, {BROKEN_ROW}\n".encode() * 40
        refused = uploads.receive_upload(
            file=io.BytesIO(data), name="未知.csv", size=len(data), by=self.people["a_lead"], now=self.now
        )
        Upload.objects.filter(pk=refused.pk).update(state=Upload.State.REJECTED)
        for line in (3, 4):
            refused.problems.create(
                level="error",
                line=line,
                column="city",
                code="row_width",
                text=BROKEN_ROW,
                params={"found": 2, "expected": 3},
            )
        self.args["upload.stored"] = [stored.pk]
        self.args["upload.refused"] = [refused.pk]
        self.args["metric"] = ["orders"]
        self.args["metric.none"] = ["no-such-metric"]

    # --- the ladder, and problems -----------------------------------------------------------------------
    def _problems(self) -> None:
        """An emergency of department A, reported by a member, and a rung of the ladder."""
        problem = Problem.objects.create(
            title=PROBLEM_OF_A,
            kind=Problem.Kind.STRATEGIC,
            what="Container held",
            department=factories.DepartmentFactory(code="sales"),
            owner=self.people["a_member"],
            noticed_at=self.now - timedelta(minutes=20),
            reported_by=self.people["a_member"],
            reported_at=self.now,
            meeting_due_at=self.now + timedelta(days=15),
        )
        self.args["problem"] = [problem.pk]
        rung, _is_new = EscalationStep.objects.get_or_create(whom="acceptor", offset=timedelta(days=9))
        self.args["ladder"] = [rung.pk]

    # --- notices ------------------------------------------------------------------------------------------
    def _notices(self) -> None:
        notice = Notice.objects.create(
            recipient=self.people["a_member"],
            subject_type=ContentType.objects.get_for_model(Action),
            subject_id=self.action.pk,
            kind="actions.assigned",
            due_at=self.now,
            send_at=self.now,
            shown_at=self.now,
            state=Notice.State.SENT,
        )
        self.args["notice"] = [notice.pk]
        doubtful = Notice.objects.create(
            recipient=self.people["a_member"],
            subject_type=notice.subject_type,
            subject_id=self.action.pk,
            kind="actions.plan",
            due_at=self.now,
            send_at=self.now,
            state=Notice.State.UNCERTAIN,
        )
        refused = Address.objects.create(
            email=self.people["a_member"].email, refusals=3, flagged_at=self.now, last_refused_at=self.now
        )
        self.args["notice.doubtful"] = [doubtful.pk, "arrived"]
        self.args["notice.doubtful.again"] = [doubtful.pk, "again"]
        self.args["notice.doubtful.nonsense"] = [doubtful.pk, "nonsense"]
        self.args["address"] = [refused.pk]
        self.args |= endpoints.args(notice)
        self.args["told.action"] = ["actions.action", self.action.pk]
        self.args["told.draft"] = ["actions.action", self.draft_action.pk]
        self.args["told.person"] = ["person", self.people["a_member"].pk]
        self.args["told.nothing"] = ["notices.notice", notice.pk]
        self.args["department.sales"] = ["sales"]


def _people() -> dict[str, User | None]:
    """The columns of the table. Whoever is inactive would see and do everything if they were not."""
    inactive = factories.lead("sales", roles=list(User.Role.values), is_staff=True, is_superuser=True)
    return {
        "anon": None,
        "inactive": inactive,
        "nobody": factories.UserFactory(),
        "b_lead": factories.lead("tech"),
        "a_member": factories.member("sales"),
        "a_lead": factories.lead("sales"),
        "host": factories.host(),
        "exec": factories.executive(),
        "data": factories.data_owner(),
        "admin": factories.UserFactory(roles=[User.Role.ADMIN]),
        "recorder": factories.UserFactory(),
        # The host of these very meetings; without a company role, so that it is the meeting that gives the rights.
        "runs": factories.UserFactory(),
    }
