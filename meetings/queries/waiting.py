"""What meetings ask of a person, as parts of one statement (`core.unions`); `queries.tasks` says it in words."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from core.unions import Given, part
from meetings.models import (
    Meeting,
    Minutes,
    MinutesApproval,
    Objection,
    Obligation,
    Participant,
    PreRead,
    PreReadComment,
    PreReadRevision,
    ReadReceipt,
)
from people.models import User

# When it is, and when the start of a meeting comes up.
NOW, SOON = Given("now"), Given("soon")


def parts(user: User) -> Iterator[QuerySet[Any, Any]]:
    """One of each kind that may concern this person."""
    yield from _of_rooms(user)
    if user.headed_department_ids:
        yield from _of_heads(user)
    yield _to_read(user)
    yield from _of_minutes(user)
    yield _missing(user)
    yield part(
        "reply",
        Participant.objects.filter(
            user=user,
            reply=Participant.Reply.NONE,
            meeting__status=Meeting.Status.SCHEDULED,
            meeting__starts_at__gt=NOW,
        )
        .exclude(meeting__host=F("user"))
        .order_by("meeting__starts_at", "pk"),
        about="meeting",
        text="meeting__title",
        due="meeting__starts_at",
        other="meeting__series",
    )


def _of_rooms(user: User) -> Iterator[QuerySet[Any, Any]]:
    """Meetings that run, for everybody in them; those that should begin, for their hosts; drafts of one's own."""
    invited = Exists(Participant.objects.filter(meeting=OuterRef("pk"), user=user))
    meetings = Meeting.objects.order_by("starts_at", "pk")
    columns = {"about": "pk", "text": "title", "due": "starts_at"}
    running = meetings.filter(Q(host=user) | invited, status=Meeting.Status.IN_PROGRESS)
    yield part("room", running, **columns)
    beginning = meetings.filter(status=Meeting.Status.SCHEDULED, host=user, starts_at__lte=SOON)
    yield part("start", beginning, **columns)
    drafts = meetings.filter(Q(host=user) | Q(created_by=user), status=Meeting.Status.DRAFT)
    yield part("draft", drafts, **columns)


def _of_heads(user: User) -> Iterator[QuerySet[Any, Any]]:
    """For leads and deputies: what their department owes to meetings still to come, what they have reopened, and what
    readers ask about it."""
    headed = user.headed_department_ids
    prereads = PreRead.objects.filter(
        department__in=headed,
        status__in=PreRead.WRITABLE,
        meeting__status=Meeting.Status.SCHEDULED,
        meeting__starts_at__gt=NOW,
    )
    # As `preread_reminders.deadline`.
    due = Case(
        When(submitted_at__isnull=False, then=Greatest("due_at", "corrections_until")), default="due_at"
    )
    yield part(
        "preread",
        prereads.order_by("due_at", "pk"),
        about="meeting",
        text="meeting__title",
        due=due,
        since="submitted_at",
        state="status",
        zh="department__name_zh",
        en="department__name_en",
        code="department__code",
    )
    questions = PreReadComment.objects.visible_to(user).filter(
        preread__department__in=headed,
        preread__meeting__status=Meeting.Status.SCHEDULED,
        preread__meeting__starts_at__gt=NOW,
        is_question=True,
        parent__isnull=True,
        settled_at__isnull=True,
        removed_at__isnull=True,
    )
    yield part(
        "question",
        questions.order_by("preread__meeting__starts_at", "preread", "pk"),
        about="preread__meeting",
        text="preread__meeting__title",
        due="preread__meeting__starts_at",
        zh="preread__department__name_zh",
        en="preread__department__name_en",
        code="preread__department__code",
    )


def _to_read(user: User) -> QuerySet[Any, Any]:
    """For whoever is invited: what other departments handed in and they have not read."""
    later = PreReadRevision.objects.filter(preread=OuterRef("preread"), number__gt=OuterRef("number"))
    invited = Participant.objects.filter(user=user).exclude(role=Participant.Role.OPTIONAL)
    revisions = PreReadRevision.objects.filter(
        ~Exists(later),
        ~Exists(ReadReceipt.objects.filter(revision=OuterRef("pk"), reader=user)),
        preread__meeting__in=invited.values("meeting"),
        preread__meeting__status=Meeting.Status.SCHEDULED,
        preread__meeting__starts_at__gt=NOW,
    ).exclude(preread__department__in=user.department_ids)
    return part(
        "read",
        revisions.order_by("preread__meeting__starts_at", "preread__meeting", "pk"),
        about="preread__meeting",
        text="preread__meeting__title",
        due="preread__meeting__starts_at",
    )


def _of_minutes(user: User) -> Iterator[QuerySet[Any, Any]]:
    """Duties of a meeting that was held; minutes that wait for a yes; what is held against one's own minutes."""
    duties = Obligation.objects.open().filter(owner=user)
    yield part(
        "duty",
        duties.order_by("due_at", "pk"),
        about="meeting",
        text="meeting__title",
        due="due_at",
        state="kind",
        zh="name_zh",
        en="name_en",
        **_told_apart_by("meeting"),
    )
    waiting = MinutesApproval.objects.filter(
        user=user,
        approved_at__isnull=True,
        minutes__state=Minutes.State.CIRCULATED,
        minutes__meeting__in=Meeting.objects.visible_to(user),
    )
    yield part(
        "minutes",
        waiting.order_by("minutes__objections_until", "pk"),
        about="minutes__meeting",
        text="minutes__meeting__title",
        due="minutes__objections_until",
    )
    objections = Objection.objects.open().filter(
        minutes__meeting__host=user, minutes__state__in=[Minutes.State.DRAFT, Minutes.State.CIRCULATED]
    )
    yield part(
        "objection",
        objections.order_by("minutes__meeting", "pk"),
        about="minutes__meeting",
        text="minutes__meeting__title",
        **_told_apart_by("minutes__meeting"),
    )


def _missing(user: User) -> QuerySet[Any, Any]:
    """For hosts: the pre-reads of meetings of which one is missing after its deadline; `state` says of which."""
    is_late = Q(submitted_at=None, due_at__lt=NOW)
    late = PreRead.objects.filter(is_late, meeting=OuterRef("meeting"))
    prereads = PreRead.objects.filter(
        Exists(late), meeting__host=user, meeting__status=Meeting.Status.SCHEDULED, meeting__starts_at__gt=NOW
    )
    return part(
        "missing",
        prereads.order_by("meeting__starts_at", "meeting", "pk"),
        about="meeting",
        text="meeting__title",
        state=Case(When(is_late, then=Value("late")), default=Value("")),
    )


def _told_apart_by(path: str) -> dict[str, Any]:
    """The meetings of a series share their title: when it is, and in which zone, for those (see `_told_apart`)."""
    is_one_of_many = Q(**{f"{path}__series__isnull": False})
    return {"since": Case(When(is_one_of_many, then=f"{path}__starts_at")), "code": f"{path}__time_zone"}
