"""What waits for a person, and what others owe them, for the page "my work"."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from actions.models import Action, DeadlineRequest, Milestone, Problem, UpdateRequest
from actions.problems import queries as problems
from actions.queries import approvals, blockers, drafts
from core.unions import MOST, Row, part, together
from core.work import Clock, Task, Urgency
from meetings.models import Meeting
from people.models import User

Status = Action.Status
# An update is asked before a meeting that is still to be held, or is being held.
ALIVE = (Meeting.Status.SCHEDULED, Meeting.Status.IN_PROGRESS)
# Kinds of which a person may have very many → the filter of the list that has them all.
LISTS = {"owed": "mine=on", "accept": "accept=on"}


def tasks_for(user: User, now: datetime) -> list[Task]:
    """What waits for this person."""
    return work_for(user, now)[0]


def waiting_for(user: User, now: datetime) -> list[Task]:
    """What others owe this person: actions they are to accept or have given, and what waits for somebody's answer."""
    return work_for(user, now)[1]


def work_for(user: User, now: datetime) -> tuple[list[Task], list[Task]]:
    """Both; one statement for all that is published, and two or three more for drafts. Each obligation stands in one
    line (`Task.covers`)."""
    clock = Clock(now, user.zone)
    # The statement also names the content type of problems.
    key = ("actions", user.scope, ContentType.objects.get_for_model(Problem).pk)
    rows = together(key, lambda: [one[: MOST + 1] for one in (*_own(user), *_of_others(user))])
    own = [task for kind, write in OWN.items() for task in _written(kind, rows[kind], write, clock)]
    if rows["draft"]:
        own += drafts.tasks_for(user, now)
    own += approvals.tasks_for(user, now)
    return own, [task for kind, write in OTHERS.items() for task in write(rows[kind][:MOST], clock)]


Write = Callable[[Iterable[Row], Clock], Iterable[Task]]


# --- what is asked ------------------------------------------------------------------------------------------
def _own(user: User) -> list[QuerySet[Any, Any]]:
    """The parts of the statement that are this person's to do, each in the order in which it is cut."""
    # Whoever accepts an action may read it; what a head judges for an acceptor who has left goes through the door.
    judged = Action.objects.visible_to(user) if user.led_department_ids else Action.objects.all()
    left = Q(acceptor__is_active=False, department__in=user.led_department_ids) & ~Q(owner=user)
    asked = UpdateRequest.objects.filter(
        person=user, answered_at=None, meeting__status__in=ALIVE, action__owner=user,
        action__status__in=Action.OWED, action__published_at__isnull=False,
    ).order_by("meeting__starts_at", "meeting", "pk")  # fmt: skip
    requests = DeadlineRequest.objects.filter(state=DeadlineRequest.State.OPEN).filter(
        Q(action__acceptor=user)
        | Q(action__acceptor__is_active=False, action__department__in=user.led_department_ids)
        & ~Q(action__owner=user)
    )
    if user.led_department_ids:
        requests = requests.filter(action__in=judged)
    return [
        _of_actions("owed", Action.objects.owed().mine(user).by_deadline(), who="owner__name"),
        _of_actions(
            "accept",
            judged.filter(Q(acceptor=user) | left, status=Status.SUBMITTED).order_by("done_at", "pk"),
            who="owner__name",
        ),
        part(
            "help", blockers.asked_of(user), about="action", text="reason", due="wanted_by", since="helps_by",
            who="by__name", other="action__title",
        ),
        part(
            "milestone", Milestone.objects.open().filter(action__owner=user).order_by("due_at", "pk"),
            about="action", text="title", due="due_at", other="action__title",
        ),
        part(
            "deadline", requests.order_by("asked_at", "pk"), about="action",
            text="action__title", due="old_due_at", since="new_due_at", who="asked_by__name", other="reason",
        ),
        part(
            "update", asked, about="meeting", text="action__title", due="meeting__starts_at",
            held="meeting__title",
        ),
        part("draft", drafts.of(user), about="pk", text="title"),
        part(
            "acknowledge", problems.to_acknowledge(user), about="pk", text="title", who="reported_by__name",
            zh="department__name_zh", en="department__name_en",
        ),
        part(
            "problem", problems.dealt_with_by(user), about="pk", text="title", who="reported_by__name",
            zh="department__name_zh", en="department__name_en",
        ),
        part(
            "special", problems.meetings_to_call(user), about="pk", text="title", due="meeting_due_at",
            held="special_meeting__title",
        ),
    ]  # fmt: skip


def _of_others(user: User) -> list[QuerySet[Any, Any]]:
    seen = Action.objects.visible_to(user).owed()
    promised = seen.filter(Q(acceptor=user) | Q(created_by=user)).exclude(owner=user)
    is_asked = Exists(DeadlineRequest.objects.filter(action=OuterRef("pk"), state="open"))
    handed_in = Action.objects.published().mine(user).filter(status=Status.SUBMITTED)
    return [
        _of_actions("waiting", promised.by_deadline(), who="owner__name"),
        _of_actions("submitted", handed_in.order_by("done_at", "pk"), who="acceptor__name"),
        _of_actions(
            "asked", Action.objects.owed().mine(user).filter(is_asked).by_deadline(), who="acceptor__name"
        ),
    ]


def _of_actions(kind: str, actions: QuerySet[Action], *, who: str) -> QuerySet[Any, Any]:
    """Rows about actions themselves."""
    return part(
        kind, actions, about="pk", text="title", due="due_at", since="done_at", state="status", who=who,
        zh="department__name_zh", en="department__name_en", held="meeting__title",
    )  # fmt: skip


# --- how it is said -------------------------------------------------------------------------------------------
def _written(kind: str, rows: list[Row], write: Write, clock: Clock) -> Iterable[Task]:
    yield from write(rows[:MOST], clock)
    if len(rows) > MOST and kind in LISTS:
        yield Task(
            kind=f"actions.more_{kind}",
            title=_("More than %(n)d; the list has them all") % {"n": MOST},
            url=reverse("actions:list") + f"?{LISTS[kind]}",
            step=_("Look"),
            urgency=Urgency.TODAY,
            icon="list",
        )


def _page(row: Row) -> str:
    return reverse("actions:detail", args=[row.about])


def _owed(rows: Iterable[Row], clock: Clock) -> Iterable[Task]:
    steps = {
        Status.TODO: _("Start"),
        Status.DOING: _("Report progress"),
        Status.BLOCKED: _("See the blocker"),
        Status.RETURNED: _("Rework"),
    }
    for row in rows:
        is_returned, when = row.state == Status.RETURNED, clock.urgency(row.due)
        yield Task(
            kind="actions.returned" if is_returned else "actions.owed",
            title=row.text,
            url=_page(row),
            step=steps[Status(row.state)],
            # What came back needs an answer now, whatever its deadline.
            urgency=min(when, Urgency.TODAY) if is_returned else when,
            due_at=row.due,
            context=row.where_from,
            icon="arrow-back-up" if is_returned else "checkbox",
            covers=row.covers,
        )


def _to_accept(rows: Iterable[Row], _clock: Clock) -> Iterable[Task]:
    for row in rows:
        yield Task(
            kind="actions.accept",
            title=row.text,
            url=_page(row),
            step=_("Check and accept"),
            urgency=Urgency.TODAY,
            context=_("handed in by %(name)s") % {"name": row.who},
            icon="clipboard-check",
            covers=row.covers,
        )


def _help(rows: Iterable[Row], clock: Clock) -> Iterable[Task]:
    """Calls for help without an answer, and what was promised (`since`): until then it only comes up."""
    for row in rows:
        yield Task(
            kind="actions.help",
            title=row.text,
            url=_page(row),
            step=_("Give help") if row.since else _("Answer"),
            urgency=clock.urgency(row.since) if row.since else Urgency.TODAY,
            due_at=row.since or row.due,
            context=f"{row.who} · {row.other}",
            icon="hand-stop",
            covers=row.covers,
        )


def _milestones(rows: Iterable[Row], clock: Clock) -> Iterable[Task]:
    for row in rows:
        yield Task(
            kind="actions.milestone",
            title=_("Milestone: %(title)s") % {"title": row.text},
            url=reverse("actions:detail", args=[row.about], fragment=f"milestone-{row.key}"),
            step=_("Reach it"),
            urgency=clock.urgency(row.due),
            due_at=row.due,
            context=row.other,
            icon="flag",
            covers=row.covers,
        )


def _deadlines(rows: Iterable[Row], _clock: Clock) -> Iterable[Task]:
    for row in rows:
        yield Task(
            kind="actions.deadline",
            title=_("Another deadline for: %(action)s") % {"action": row.text},
            url=reverse("actions:detail", args=[row.about], fragment="asked"),
            step=_("Grant or refuse"),
            urgency=Urgency.TODAY,
            context=f"{row.who} · {row.other[:120]}",
            icon="calendar-time",
            covers=row.covers,
        )


def _updates(rows: Iterable[Row], clock: Clock) -> Iterable[Task]:
    """What is asked before one meeting is answered on one page, so it is one line."""
    for _meeting, group in groupby(rows, key=lambda row: row.about):
        asked = list(group)
        yield Task(
            kind="actions.updates",
            title=ngettext("Say how %(n)d action stands", "Say how %(n)d actions stand", len(asked))
            % {"n": len(asked)},
            url=reverse("actions:updates"),
            step=pgettext("verb", "Answer"),
            urgency=min(clock.urgency(asked[0].due), Urgency.TODAY),
            due_at=asked[0].due,
            context=asked[0].held,
            icon="message",
            covers=tuple(row.covers[0] for row in asked),
        )


def _problems(kind: str, step: Callable[[], str], when: Callable[[Row, Clock], Urgency], icon: str) -> Write:
    def write(rows: Iterable[Row], clock: Clock) -> Iterable[Task]:
        for row in rows:
            yield Task(
                kind=kind,
                title=row.text,
                url=reverse("problems:detail", args=[row.about]),
                step=step(),
                urgency=when(row, clock),
                due_at=row.due,
                context=" · ".join(one for one in (row.label, row.who) if one) or row.held,
                icon=icon,
                covers=row.covers,
            )

    return write


OWN: dict[str, Write] = {
    "owed": _owed,
    "accept": _to_accept,
    "help": _help,
    "milestone": _milestones,
    "deadline": _deadlines,
    "update": _updates,
    "acknowledge": _problems(
        "actions.acknowledge", lambda: _("Take note"), lambda _row, _clock: Urgency.LATE, "alert-triangle"
    ),
    "problem": _problems(
        "actions.problem", lambda: _("Deal with it"), lambda _row, _clock: Urgency.SOON, "alert-circle"
    ),
    "special": _problems(
        "actions.special",
        lambda: _("Hold the special meeting"),
        lambda row, clock: clock.urgency(row.due),
        "calendar-event",
    ),
}


def _waiting(rows: Iterable[Row], clock: Clock) -> Iterable[Task]:
    for row in rows:
        yield Task(
            kind="actions.waiting",
            title=row.text,
            url=_page(row),
            step=_("Look"),
            urgency=Urgency.LATE if clock.urgency(row.due) == Urgency.LATE else Urgency.WAITING,
            due_at=row.due,
            context=row.who,
            icon="user",
        )


def _answer_of(kind: str, words: Callable[[], str], icon: str) -> Write:
    def write(rows: Iterable[Row], _clock: Clock) -> Iterable[Task]:
        for row in rows:
            yield Task(
                kind=kind,
                title=row.text,
                url=_page(row),
                step=_("Look"),
                urgency=Urgency.WAITING,
                context=words() % {"name": row.who},
                icon=icon,
            )

    return write


OTHERS: dict[str, Write] = {
    "waiting": _waiting,
    "submitted": _answer_of("actions.submitted", lambda: _("%(name)s is to accept it"), "clipboard-check"),
    "asked": _answer_of(
        "actions.asked", lambda: _("%(name)s is to answer about the deadline"), "calendar-time"
    ),
}
