"""A small company in which everything exists once: people of every kind, and objects in every state.

Department A is sales, department B is tech. Everything belongs to A and to the host who runs its meetings; whoever
else sees it must have a reason, and the table in `expected.py` says which.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from meetings import library
from meetings.models import (
    AgendaItem,
    Decision,
    FloorRequest,
    Issue,
    Meeting,
    Note,
    Obligation,
    ParkedItem,
    Participant,
    RoomClock,
    Series,
)
from meetings.services import minutes
from people.departments import ensure_standard
from people.models import User
from tests import factories
from tests.access.followed import follow
from tests.access.prepared import prepare
from tests.access.words import (
    DECISION_OF_A,
    DRAFT_MEETING,
    ENDED_OF_A,
    ISSUE_OF_A,
    MEETING_OF_A,
    MINUTES_OF_A,
    NOTE_OF_A,
    OBJECTION_OF_A,
    RUNNING_OF_A,
    SERIES_OF_A,
)
from tests.meetings import room_factories
from tests.metrics import builders


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
        prepare(self)
        self._records()
        self._minutes()
        follow(self)
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
