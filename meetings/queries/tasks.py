"""What meetings ask of a person now, for the page "my work"."""

from collections.abc import Iterator
from datetime import datetime, time
from itertools import groupby

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.templatetags.times import day_words
from core.work import Task, Urgency, urgency
from meetings import preread_reminders, rules
from meetings.models import (
    ClockRule,
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
from meetings.queries import differences
from people.models import User

MOST_TO_SETTLE = 5
# Where on the page of the minutes a duty is done; the others are noted there as done.
DUTY_PLACES: dict[str, str] = {ClockRule.Kind.ACTION_PLAN: "all-actions", ClockRule.Kind.MINUTES: "standing"}


def tasks_for(user: User, now: datetime) -> list[Task]:
    """Everything that waits for this person in meetings, unsorted; as many queries for many rows as for one."""
    today_ends_at = datetime.combine(now.astimezone(user.zone).date(), time.max, user.zone)
    return [
        *_rooms(user, now),
        *_prereads_to_write(user, now, today_ends_at),
        *_questions_to_answer(user, now, today_ends_at),
        *_prereads_to_read(user, now, today_ends_at),
        *_duties(user, now, today_ends_at),
        *_minutes_to_approve(user, now, today_ends_at),
        *_objections(user),
        *_missing_prereads(user, now),
        *_to_settle(user, now, today_ends_at),
        *_invitations(user, now, today_ends_at),
        *_drafts(user, now, today_ends_at),
    ]


def _rooms(user: User, now: datetime) -> Iterator[Task]:
    """A meeting that runs, for everybody in it; one that should begin, for its host."""
    running = Q(status=Meeting.Status.IN_PROGRESS) & (Q(host=user) | Q(participants__user=user))
    due = Q(status=Meeting.Status.SCHEDULED, host=user, starts_at__lte=now + rules.START_AHEAD)
    for meeting in Meeting.objects.filter(running | due).distinct().order_by("starts_at", "pk"):
        is_running = meeting.status == Meeting.Status.IN_PROGRESS
        yield Task(
            kind="meetings.room" if is_running else "meetings.start",
            title=_("“%(meeting)s” is being held") % {"meeting": meeting.title}
            if is_running
            else _("“%(meeting)s” should begin") % {"meeting": meeting.title},
            url=reverse("meetings:live", args=[meeting.pk]),
            step=_("Into the room") if is_running else _("Start"),
            urgency=Urgency.LATE if not is_running and meeting.starts_at < now else Urgency.TODAY,
            due_at=None if is_running else meeting.starts_at,
            icon="player-play",
            covers=(f"room:{meeting.pk}",),
        )


def _prereads_to_write(user: User, now: datetime, today_ends_at: datetime) -> Iterator[Task]:
    """For leads and deputies: what their department owes to meetings still to come, and what they have reopened."""
    if not user.headed_department_ids:
        return
    open_ones = PreRead.objects.filter(
        department__in=user.headed_department_ids,
        status__in=PreRead.WRITABLE,
        meeting__status=Meeting.Status.SCHEDULED,
        meeting__starts_at__gt=now,
    )
    for preread in open_ones.select_related("meeting", "department").order_by("due_at", "pk"):
        is_begun = preread.status == PreRead.Status.DRAFT
        is_returned = preread.status == PreRead.Status.RETURNED
        is_in = preread.submitted_at is not None and not is_returned
        due_at = preread_reminders.deadline(preread)
        yield Task(
            kind="meetings.preread",
            title=_("Pre-read of %(department)s") % {"department": preread.department.name},
            url=preread.get_absolute_url(),
            step=_("Mend it") if is_returned else _("Go on writing") if is_begun else _("Write"),
            # One that was submitted before is not late: its last revision stands until the next one.
            urgency=Urgency.LATER if is_in else urgency(due_at, now, today_ends_at),
            due_at=None if is_in else due_at,
            context=preread.meeting.title,
            icon="file-text",
            covers=(f"preread:{preread.pk}",),
        )


def _questions_to_answer(user: User, now: datetime, today_ends_at: datetime) -> Iterator[Task]:
    """For leads and deputies: what readers ask about their department's pre-reads."""
    if not user.headed_department_ids:
        return
    rows = (
        PreReadComment.objects.visible_to(user)
        .filter(
            preread__department__in=user.headed_department_ids,
            preread__meeting__status=Meeting.Status.SCHEDULED,
            preread__meeting__starts_at__gt=now,
            is_question=True,
            parent__isnull=True,
            settled_at__isnull=True,
            removed_at__isnull=True,
        )
        .select_related("preread__meeting", "preread__department")
        .order_by("preread__meeting__starts_at", "preread", "pk")
    )
    for preread, group in groupby(rows, key=lambda row: row.preread):
        asked = list(group)
        count = len(asked)
        yield Task(
            kind="meetings.questions",
            title=ngettext(
                "%(n)d question on the pre-read of %(department)s",
                "%(n)d questions on the pre-read of %(department)s",
                count,
            )
            % {"n": count, "department": preread.department.name},
            url=reverse(
                "meetings:preread_comments",
                args=[preread.meeting_id, preread.department.code],
                query={"open": 1},
            ),
            step=pgettext("verb", "Answer"),
            urgency=min(Urgency.SOON, urgency(preread.meeting.starts_at, now, today_ends_at)),
            due_at=preread.meeting.starts_at,
            context=preread.meeting.title,
            icon="message",
            covers=tuple(f"question:{row.pk}" for row in asked),
        )


def _prereads_to_read(user: User, now: datetime, today_ends_at: datetime) -> Iterator[Task]:
    """For whoever is invited: what other departments handed in and they have not read, one line per meeting."""
    later = PreReadRevision.objects.filter(preread=OuterRef("preread"), number__gt=OuterRef("number"))
    revisions = (
        PreReadRevision.objects.filter(
            ~Exists(later),
            ~Exists(ReadReceipt.objects.filter(revision=OuterRef("pk"), reader=user)),
            preread__meeting__in=Participant.objects.filter(user=user)
            .exclude(role=Participant.Role.OPTIONAL)
            .values("meeting"),
            preread__meeting__status=Meeting.Status.SCHEDULED,
            preread__meeting__starts_at__gt=now,
        )
        .exclude(preread__department__in=user.department_ids)
        .select_related("preread__meeting")
        .defer("content")
        .order_by("preread__meeting__starts_at", "preread__meeting", "pk")
    )
    for meeting, group in groupby(revisions, key=lambda row: row.preread.meeting):
        rows = list(group)
        count = len(rows)
        yield Task(
            kind="meetings.to_read",
            title=ngettext("%(n)d pre-read to read", "%(n)d pre-reads to read", count) % {"n": count},
            url=reverse("meetings:detail", args=[meeting.pk], fragment="prereads"),
            step=pgettext("verb", "Read"),
            urgency=urgency(meeting.starts_at, now, today_ends_at),
            due_at=meeting.starts_at,
            context=meeting.title,
            icon="file-text",
            covers=tuple(f"read:{row.pk}" for row in rows),
        )


def _duties(user: User, now: datetime, today_ends_at: datetime) -> Iterator[Task]:
    rows = Obligation.objects.open().filter(owner=user).select_related("meeting").order_by("due_at", "pk")
    for duty in rows:
        place = DUTY_PLACES.get(duty.kind, "duties")
        yield Task(
            kind=f"meetings.{duty.kind}",
            title=_("Publish: %(what)s") % {"what": duty.name},
            url=reverse("meetings:minutes", args=[duty.meeting_id], fragment=place),
            step=_("Publish"),
            urgency=urgency(duty.due_at, now, today_ends_at),
            due_at=duty.due_at,
            context=_told_apart(duty.meeting),
            icon="clipboard-list",
            covers=(f"duty:{duty.pk}",),
        )


def _minutes_to_approve(user: User, now: datetime, today_ends_at: datetime) -> Iterator[Task]:
    """For those who were named: minutes that wait for their yes, due when the time for objections is over."""
    waiting = MinutesApproval.objects.filter(
        user=user,
        approved_at__isnull=True,
        minutes__state=Minutes.State.CIRCULATED,
        minutes__meeting__in=Meeting.objects.visible_to(user),
    )
    for row in waiting.select_related("minutes__meeting").order_by("minutes__objections_until", "pk"):
        due_at = row.minutes.objections_until
        yield Task(
            kind="meetings.minutes",
            title=_("Minutes of “%(meeting)s”") % {"meeting": row.minutes.meeting.title},
            url=reverse("meetings:minutes", args=[row.minutes.meeting_id]),
            step=_("Read and approve"),
            urgency=urgency(due_at, now, today_ends_at),
            due_at=due_at,
            icon="file-check",
            covers=(f"minutes:{row.pk}",),
        )


def _objections(user: User) -> Iterator[Task]:
    """For hosts: what is held against their minutes and waits for an answer, one line for each meeting."""
    rows = (
        Objection.objects.open()
        .filter(
            minutes__meeting__host=user, minutes__state__in=[Minutes.State.DRAFT, Minutes.State.CIRCULATED]
        )
        .select_related("minutes__meeting")
        .order_by("minutes__meeting", "pk")
    )
    for meeting, group in groupby(rows, key=lambda row: row.minutes.meeting):
        held = list(group)
        yield Task(
            kind="meetings.objections",
            title=ngettext("%(n)d objection to the minutes", "%(n)d objections to the minutes", len(held))
            % {"n": len(held)},
            url=reverse("meetings:minutes", args=[meeting.pk], fragment="objections"),
            step=pgettext("verb", "Answer"),
            urgency=Urgency.TODAY,
            context=_told_apart(meeting),
            icon="message",
            covers=tuple(f"objection:{row.pk}" for row in held),
        )


def _missing_prereads(user: User, now: datetime) -> Iterator[Task]:
    """For hosts: meetings whose deadline has passed with pre-reads missing."""
    meetings = (
        Meeting.objects.filter(host=user, status=Meeting.Status.SCHEDULED, starts_at__gt=now)
        .annotate(
            total=Count("prereads"),
            late=Count("prereads", filter=Q(prereads__submitted_at=None, prereads__due_at__lt=now)),
        )
        .filter(late__gt=0)
        .order_by("starts_at", "pk")
    )
    for meeting in meetings:
        yield Task(
            kind="meetings.missing_prereads",
            title=ngettext(
                "%(late)d of %(total)d pre-reads is late",
                "%(late)d of %(total)d pre-reads are late",
                meeting.late,
            )
            % {"late": meeting.late, "total": meeting.total},
            url=reverse("meetings:detail", args=[meeting.pk], fragment="prereads"),
            step=_("Remind"),
            urgency=Urgency.TODAY,
            context=meeting.title,
            icon="bell",
            covers=(f"missing:{meeting.pk}",),
        )


def _to_settle(user: User, now: datetime, today_ends_at: datetime) -> Iterator[Task]:
    """For data owners: per meeting what differs, and what was handed in and not looked at.

    The next MOST_TO_SETTLE of them: each is compared by itself.
    """
    if not rules.can_settle(user):
        return
    meetings = (
        Meeting.objects.filter(status=Meeting.Status.SCHEDULED, starts_at__gt=now)
        .annotate(
            waiting=Count("prereads", filter=Q(prereads__status=PreRead.Status.SUBMITTED), distinct=True),
            stated=Count("prereads__statements", distinct=True),
        )
        .filter(Q(waiting__gt=0) | Q(stated__gt=0))
        .select_related("template")
        .order_by("starts_at", "pk")[:MOST_TO_SETTLE]
    )
    for meeting in meetings:
        url = reverse("meetings:figures", args=[meeting.pk])
        open_ones = len(differences.open_differences(meeting)) if meeting.stated else 0
        if open_ones:
            yield Task(
                kind="meetings.differences",
                title=ngettext("%(n)d difference to settle", "%(n)d differences to settle", open_ones)
                % {"n": open_ones},
                url=url,
                step=_("Settle"),
                urgency=Urgency.TODAY,
                due_at=None,
                context=meeting.title,
                icon="scale",
                covers=(f"differences:{meeting.pk}",),
            )
        if meeting.waiting:
            yield Task(
                kind="meetings.review",
                title=ngettext("%(n)d pre-read to check", "%(n)d pre-reads to check", meeting.waiting)
                % {"n": meeting.waiting},
                url=url + "#prereads",
                step=_("Check"),
                urgency=urgency(meeting.starts_at, now, today_ends_at),
                due_at=meeting.starts_at,
                context=meeting.title,
                icon="shield-check",
                covers=(f"review:{meeting.pk}",),
            )


def _told_apart(meeting: Meeting) -> str:
    """The meetings of a series share their title; the day tells which one."""
    if meeting.series_id is None:
        return meeting.title
    return f"{meeting.title} · {day_words(meeting.starts_at.astimezone(meeting.zone).date())}"


def _invitations(user: User, now: datetime, today_ends_at: datetime) -> Iterator[Task]:
    """Invitations without a reply, to meetings that are still to come; of a series the next one."""
    rows = (
        Participant.objects.filter(
            user=user,
            reply=Participant.Reply.NONE,
            meeting__status=Meeting.Status.SCHEDULED,
            meeting__starts_at__gt=now,
        )
        .exclude(meeting__host=F("user"))
        .select_related("meeting")
        .order_by("meeting__starts_at", "pk")
    )
    asked: set[int] = set()
    for row in rows:
        if row.meeting.series_id is not None:
            if row.meeting.series_id in asked:
                continue
            asked.add(row.meeting.series_id)
        yield Task(
            kind="meetings.reply",
            title=_("Will you come to “%(meeting)s”?") % {"meeting": row.meeting.title},
            url=row.meeting.get_absolute_url(),
            step=_("Reply"),
            urgency=urgency(row.meeting.starts_at, now, today_ends_at),
            due_at=row.meeting.starts_at,
            icon="calendar-event",
            covers=(f"reply:{row.pk}",),
        )


def _drafts(user: User, now: datetime, today_ends_at: datetime) -> Iterator[Task]:
    """Meetings that the person planned and has not sent: nobody knows of them yet."""
    drafts = Meeting.objects.filter(Q(host=user) | Q(created_by=user), status=Meeting.Status.DRAFT)
    for meeting in drafts.order_by("starts_at", "pk"):
        yield Task(
            kind="meetings.draft",
            title=_("“%(meeting)s” is a draft") % {"meeting": meeting.title},
            url=reverse("meetings:check", args=[meeting.pk]),
            step=_("Check and send"),
            urgency=urgency(meeting.starts_at, now, today_ends_at),
            due_at=meeting.starts_at,
            icon="send",
            covers=(f"meeting:{meeting.pk}",),
        )
