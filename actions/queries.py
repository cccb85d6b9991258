"""Reads: the numbers of the list, what waits for a person, the plan of a meeting."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from actions import services
from actions.approval import CHECK, Chain, Step
from actions.models import Action, Blocker
from actions.vagueness import Finding
from core.models import Company
from core.work import Task, Urgency, urgency
from meetings.models import AgendaItem, Meeting, Obligation
from meetings.queries import confidential
from people.models import User

Status = Action.Status
WEEK = timedelta(days=7)
# A page of work shows no more than this of one kind; the list of actions has them all.
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The top line of the list: among all actions one sees."""

    late: int
    due_this_week: int
    to_accept: int
    open: int

    @property
    def tone(self) -> str:
        return "red" if self.late else "yellow" if self.due_this_week or self.to_accept else "green"


def standing(user: User, now: datetime) -> Standing:
    owed = Q(published_at__isnull=False, status__in=Action.OWED)
    numbers = Action.objects.visible_to(user).aggregate(
        late=Count("pk", filter=owed & Q(due_at__lt=now)),
        due_this_week=Count("pk", filter=owed & Q(due_at__gte=now, due_at__lt=now + WEEK)),
        to_accept=Count("pk", filter=Q(acceptor=user, status=Status.SUBMITTED)),
        open=Count("pk", filter=Q(published_at__isnull=False, status__in=Action.OPEN)),
    )
    return Standing(**numbers)


# --- my work --------------------------------------------------------------------------------------------------
def tasks_for(user: User, now: datetime) -> list[Task]:
    """What waits for this person: own actions, what to accept, whom to help, plans to complete."""
    today_ends_at = datetime.combine(now.astimezone(user.zone).date(), time.max, user.zone)
    return [
        *_owed_by(user, now, today_ends_at),
        *_to_accept(user),
        *_help_wanted_from(user),
        *_plans_of(user, now),
        *_to_approve(user, now),
    ]


def _owed_by(user: User, now: datetime, today_ends_at: datetime) -> list[Task]:
    steps = {
        Status.TODO: _("Start"),
        Status.DOING: _("Report progress"),
        Status.BLOCKED: _("See the blocker"),
        Status.RETURNED: _("Rework"),
    }
    return [
        Task(
            kind="actions.returned" if action.status == Status.RETURNED else "actions.owed",
            title=action.title,
            url=action.get_absolute_url(),
            step=steps[Status(action.status)],
            # What came back needs an answer now, whatever its deadline.
            urgency=min(urgency(action.due_at, now, today_ends_at), Urgency.TODAY)
            if action.status == Status.RETURNED
            else urgency(action.due_at, now, today_ends_at),
            due_at=action.due_at,
            context=_where_from(action),
            icon="arrow-back-up" if action.status == Status.RETURNED else "checkbox",
        )
        for action in Action.objects.owed().mine(user).in_brief().by_deadline()[:MOST]
    ]


def _to_accept(user: User) -> list[Task]:
    left = Q(acceptor__is_active=False, department__in=user.led_department_ids) & ~Q(owner=user)
    waiting = Action.objects.visible_to(user).filter(Q(acceptor=user) | left, status=Status.SUBMITTED)
    return [
        Task(
            kind="actions.accept",
            title=action.title,
            url=action.get_absolute_url(),
            step=_("Check and accept"),
            urgency=Urgency.TODAY,
            context=_("handed in by %(name)s") % {"name": action.owner},
            icon="clipboard-check",
        )
        for action in waiting.in_brief().order_by("done_at", "pk")[:MOST]
    ]


def _help_wanted_from(user: User) -> list[Task]:
    asked = Blocker.objects.filter(
        Q(needs_person=user) | Q(needs_person=None, needs_department__in=user.led_department_ids),
        lifted_at=None,
        action__status=Status.BLOCKED,
        action__in=Action.objects.visible_to(user),
    ).exclude(action__owner=user)
    return [
        Task(
            kind="actions.help",
            title=blocker.reason,
            url=blocker.action.get_absolute_url(),
            step=_("Give help"),
            urgency=Urgency.TODAY,
            context=f"{blocker.by.name} · {blocker.action.title}",
            icon="hand-stop",
        )
        for blocker in asked.select_related("action", "by").order_by("since", "pk")
    ]


def _plans_of(user: User, now: datetime) -> list[Task]:
    """Meetings that the person hosted, that have ended, and whose drafts are incomplete."""
    drafts = (
        Action.objects.drafts()
        .filter(meeting__host=user, meeting__status=Meeting.Status.ENDED)
        .with_people()
        .prefetch_related("criteria")
        .order_by("-meeting__ended_at", "pk")
    )
    gaps: dict[Meeting, int] = {}
    for draft in drafts:
        if draft.meeting is not None and services.check(action=draft, now=now):
            gaps[draft.meeting] = gaps.get(draft.meeting, 0) + 1
    return [
        Task(
            kind="actions.plan",
            title=ngettext(
                "Complete %(number)d action of the plan", "Complete %(number)d actions of the plan", number
            )
            % {"number": number},
            url=reverse("actions:for_meeting", args=[meeting.pk]),
            step=_("Complete it"),
            urgency=Urgency.TODAY,
            context=meeting.title,
            icon="list-check",
        )
        for meeting, number in gaps.items()
    ]


def _to_approve(user: User, now: datetime) -> list[Task]:
    """Complete proposals that wait for this person's word, those of a meeting in one line."""
    if not (user.headed_department_ids or user.has_role(User.Role.EXECUTIVE)):
        return []
    if not Company.current().checks_actions:
        return []
    drafts = list(
        Action.objects.visible_to(user)
        .drafts()
        .filter(sent_back_because="", confirmed_at=None)
        .with_people()
        .prefetch_related("criteria")
        .order_by("pk")[:MOST]
    )
    chain = Chain.of(drafts)
    waiting = [
        (draft, step)
        for draft in drafts
        if (step := chain.next_step(draft))
        and user in step.people
        and not services.check(action=draft, now=now)
    ]
    single = [
        _word_wanted(draft.title, draft.get_absolute_url(), _where_from(draft), step.kind)
        for draft, step in waiting
        if draft.meeting is None
    ]
    numbers = Counter(draft.meeting for draft, _step in waiting if draft.meeting is not None)
    return single + [
        _word_wanted(
            ngettext("%(number)d proposal of the plan", "%(number)d proposals of the plan", number)
            % {"number": number},
            reverse("actions:for_meeting", args=[meeting.pk]),
            meeting.title,
            next(step.kind for draft, step in waiting if draft.meeting == meeting),
        )
        for meeting, number in numbers.items()
    ]


def _word_wanted(title: str, url: str, context: str, kind: str) -> Task:
    return Task(
        kind="actions.approve",
        title=title,
        url=url,
        step=pgettext("proposal", "Check") if kind == CHECK else pgettext("proposal", "Confirm"),
        urgency=Urgency.TODAY,
        context=context,
        icon="user-check",
    )


def waiting_for(user: User, now: datetime) -> list[Task]:
    """What others owe this person: actions they are to accept or have given, and their own that wait for acceptance."""
    owed = (
        Action.objects.visible_to(user)
        .owed()
        .filter(Q(acceptor=user) | Q(created_by=user))
        .exclude(owner=user)
    )
    handed_in = Action.objects.published().mine(user).filter(status=Status.SUBMITTED)
    tasks = [
        Task(
            kind="actions.waiting",
            title=action.title,
            url=action.get_absolute_url(),
            step=_("Look"),
            urgency=Urgency.LATE if action.is_late(now) else Urgency.WAITING,
            due_at=action.due_at,
            context=str(action.owner),
            icon="user",
        )
        for action in owed.in_brief().by_deadline()[:MOST]
    ]
    tasks += [
        Task(
            kind="actions.submitted",
            title=action.title,
            url=action.get_absolute_url(),
            step=_("Look"),
            urgency=Urgency.WAITING,
            context=_("%(name)s is to accept it") % {"name": action.acceptor},
            icon="clipboard-check",
        )
        for action in handed_in.in_brief().order_by("done_at", "pk")[:MOST]
    ]
    return tasks


def _where_from(action: Action) -> str:
    """The department, and the meeting it was promised in."""
    return " · ".join(str(one) for one in (action.department, action.meeting) if one is not None)


# --- the plan of a meeting -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One action of a plan; `findings` what a draft still lacks, `waits` whose word where the company checks them."""

    action: Action
    findings: list[Finding]
    waits: Step | None = None
    is_mine_to_approve: bool = False

    @property
    def may_approve(self) -> bool:
        """Complete, not sent back, and the next word is the reader's."""
        return self.is_mine_to_approve and not self.findings and not self.action.sent_back_because


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    meeting: Meeting
    item: AgendaItem | None
    lines: list[Line]
    duty: Obligation | None
    now: datetime

    @property
    def drafts(self) -> int:
        return sum(line.action.is_draft for line in self.lines)

    @property
    def incomplete(self) -> int:
        return sum(bool(line.findings) for line in self.lines)

    @property
    def waiting(self) -> int:
        """Complete drafts that somebody has to check or confirm."""
        return sum(line.waits is not None and not line.findings for line in self.lines)

    @property
    def to_approve(self) -> list[str]:
        """Those that wait for the reader, for one press: each with the version of its words, as "id-version"."""
        return [f"{line.action.pk}-{line.action.version}" for line in self.lines if line.may_approve]

    @property
    def late(self) -> int:
        return sum(line.action.is_late(self.now) for line in self.lines)

    @property
    def promised(self) -> int:
        """Published and not cancelled: what the bar is measured against."""
        return sum(not line.action.is_draft and line.action.status != Status.CANCELLED for line in self.lines)

    @property
    def accepted(self) -> int:
        return sum(line.action.status == Status.ACCEPTED for line in self.lines)

    @property
    def is_over(self) -> bool:
        return self.meeting.status == Meeting.Status.ENDED

    @property
    def waits_for_publication(self) -> bool:
        """Whether the host has to press the button: drafts, or the duty of an empty plan."""
        return self.is_over and (self.drafts > 0 or (self.duty is not None and self.duty.met_at is None))


def plan_of(meeting: Meeting, now: datetime, reader: User, item: AgendaItem | None = None) -> Plan:
    """What this person may read of a meeting's actions, or of one item's, in the order of the agenda."""
    actions = Action.objects.visible_to(reader).for_meeting(meeting)
    if item is not None:
        actions = actions.filter(agenda_item=item)
    shown = (
        actions.select_related("owner", "acceptor", "department", "agenda_item", "decision")
        .prefetch_related("criteria")
        .order_by("agenda_item__order", "pk")
    )
    rows = list(shown)
    chain = Chain.of(rows)
    steps = {action.pk: step for action in rows if (step := chain.next_step(action))}
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=reader)
    for action in rows:
        if action.agenda_item_id in hidden:
            action.agenda_item = action.decision = None
    lines = [
        Line(
            action=action,
            findings=services.check(action=action, now=now) if action.is_draft else [],
            waits=steps.get(action.pk),
            is_mine_to_approve=reader in steps[action.pk].people if action.pk in steps else False,
        )
        for action in rows
    ]
    duty = meeting.obligations.filter(kind="action_plan").first()
    return Plan(meeting=meeting, item=item, lines=lines, duty=duty, now=now)
