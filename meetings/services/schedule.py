"""Planning a meeting: draft, change, send, cancel. Each tells the people concerned in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import history
from meetings import agenda_mail, agenda_sources, merge
from meetings import plan as planning
from meetings.errors import NotAllowed
from meetings.merge import Overlap
from meetings.models import (
    AgendaItem,
    ItemReader,
    Meeting,
    MeetingDepartment,
    Participant,
    RequiredDocument,
    SeriesException,
    TemplateDocument,
)
from meetings.plan import ItemPlan, Plan
from meetings.services import carry, circles, invite, plan_revisions, prereads
from people.models import User


class Overlapping(NotAllowed):
    """Somebody else changed the same parts of the plan meanwhile; nothing was stored.

    `overlaps` are the parts, `revision` is the plan's now, `names` says who changed it.
    """

    def __init__(self, overlaps: Sequence[Overlap], revision: int, names: Sequence[str]) -> None:
        super().__init__(
            _("While you were writing, %(names)s changed the same parts of this plan. Nothing was saved yet.")
            % {"names": pgettext("between names", ", ").join(names)}
        )
        self.overlaps, self.revision, self.names = overlaps, revision, names


@transaction.atomic
def draft(*, plan: Plan, by: User, now: datetime) -> Meeting:
    """Keep a planned meeting as a draft: nobody is told yet.

    Raises NotAllowed when it begins in the past or somebody in it has left the company.
    """
    _check_people(plan)
    _check_future(plan.starts_at, now)
    meeting = Meeting(template=plan.template, created_by=by, **plan.columns())
    meeting.full_clean(exclude=["created_by"])
    meeting.save()
    _write_departments(meeting, plan)
    _write_people(meeting, plan)
    _write_items(meeting, plan)
    history.record(actor=by, verb="meetings.drafted", target=meeting, after=_facts(plan))
    return meeting


@transaction.atomic
def change(
    *,
    meeting: Meeting,
    plan: Plan,
    revision: int,
    by: User,
    now: datetime,
    reason: str = "",
    choices: Mapping[str, str] | None = None,
    seen: int = 0,
) -> Meeting:
    """Take over a changed plan. On a scheduled meeting a change of time or place raises the calendar's SEQUENCE and
    is told to everybody; a new time asks for new replies; people who joined or left are told so.

    `revision` is the one the plan began from. What others changed since is joined with it (`meetings.merge`);
    `choices` says whose version is taken where both changed the same, and counts while the plan is still at
    revision `seen`.

    Raises Overlapping where nobody chose yet, NotAllowed when the meeting has begun, and as `draft` does.
    """
    meeting = _claim(meeting)
    before = planning.of_meeting(meeting)
    if meeting.revision != revision:
        plan = _joined(
            meeting, plan, before, revision, choices if choices and seen == meeting.revision else {}
        )
    _check_people(plan)
    if plan.starts_at != meeting.starts_at:
        _check_future(plan.starts_at, now)
    columns = plan.columns()
    moved = [name for name in planning.CALENDAR if columns[name] != getattr(meeting, name)]
    is_sent = meeting.status == Meeting.Status.SCHEDULED
    for name, value in columns.items():
        setattr(meeting, name, value)
    if moved and is_sent:
        meeting.sequence += 1
    meeting.full_clean(exclude=["created_by"])
    plan_revisions.keep(meeting=meeting, before=before, by=by, now=now)
    meeting.save(update_fields=[*columns, "sequence"])
    _write_departments(meeting, plan)
    joined, left = _write_people(meeting, plan)
    _write_items(meeting, plan)
    if is_sent:
        if moved:
            invite.tell_changed(meeting=meeting, before=before, skip=joined, reason=reason, now=now)
        invite.tell_invited(meeting=meeting, users=joined, now=now)
        invite.tell_withdrawn(meeting=meeting, users=left, now=now)
        prereads.open_for(meeting=meeting, now=now)
        agenda_mail.plan(meeting=meeting, now=now)
    history.record(
        actor=by,
        verb="meetings.changed",
        target=meeting,
        before=_facts(before),
        after=_facts(plan),
        note=reason,
    )
    return meeting


@transaction.atomic
def send(*, meeting: Meeting, by: User, now: datetime, tell: bool = True) -> Meeting:
    """Schedule a draft: everybody is invited, the departments get their pre-reads. Without `tell` the caller tells
    people itself, as a series does for all its meetings at once.

    Raises NotAllowed when it was sent already, lies in the past, has no agenda, or somebody in it left.
    """
    plan = planning.of_meeting(meeting)
    _check_people(plan)
    _check_future(meeting.starts_at, now)
    if not plan.items:
        raise NotAllowed(_("The agenda is empty. Add at least one item before the invitations go out."))
    claimed = Meeting.objects.filter(pk=meeting.pk, status=Meeting.Status.DRAFT).update(
        status=Meeting.Status.SCHEDULED, scheduled_at=now
    )
    if not claimed:
        raise NotAllowed(_("This meeting was already sent or cancelled."))
    meeting.refresh_from_db()
    agenda_sources.build(meeting=meeting, now=now)
    prereads.open_for(meeting=meeting, now=now)
    agenda_mail.plan(meeting=meeting, now=now)
    if tell:
        invite.tell_invited(meeting=meeting, users=[person.user for person in plan.people], now=now)
    history.record(actor=by, verb="meetings.scheduled", target=meeting, after=_facts(plan))
    return meeting


@transaction.atomic
def cancel(*, meeting: Meeting, reason: str, by: User, now: datetime, tell: bool = True) -> Meeting:
    """Call a meeting off before it begins. Who was invited is told, with the reason; `tell` as in `send`. In a series
    its date is kept as left out.

    Raises NotAllowed when it has begun or was cancelled already, or without a reason on a scheduled one.
    """
    reason = reason.strip()
    was_sent = meeting.status == Meeting.Status.SCHEDULED
    if was_sent and not reason:
        raise NotAllowed(_("Write why the meeting is cancelled: the reason goes to everybody invited."))
    claimed = Meeting.objects.filter(pk=meeting.pk, status__in=Meeting.PLANNED, status=meeting.status).update(
        status=Meeting.Status.CANCELLED, cancelled_at=now, cancel_reason=reason
    )
    if not claimed:
        raise NotAllowed(
            _("This meeting has begun or was cancelled already; it cannot be cancelled any more.")
        )
    if was_sent:
        Meeting.objects.filter(pk=meeting.pk).update(sequence=meeting.sequence + 1)
    meeting.refresh_from_db()
    prereads.open_for(meeting=meeting, now=now)
    agenda_mail.plan(meeting=meeting, now=now)
    if meeting.series_id and meeting.occurs_at:
        SeriesException.objects.get_or_create(
            series_id=meeting.series_id,
            occurs_at=meeting.occurs_at,
            defaults={
                "cause": SeriesException.Cause.CANCELLED,
                "reason": reason[:300],
                "created_by": by,
            },
        )
    if was_sent and tell:
        invite.tell_cancelled(meeting=meeting, now=now)
        # In a series, what stood on this agenda alone comes to the next one.
        carry.after(meeting=meeting, now=now)
    history.record(actor=by, verb="meetings.cancelled", target=meeting, note=reason)
    return meeting


# --- checks -----------------------------------------------------------------------------------------------
def _claim(meeting: Meeting) -> Meeting:
    """The row, locked."""
    current = (
        Meeting.objects.select_for_update(of=["self"]).select_related("template", "host").get(pk=meeting.pk)
    )
    if not current.is_planned:
        raise NotAllowed(_("This meeting has begun or was cancelled; its plan cannot be changed any more."))
    return current


def _joined(meeting: Meeting, mine: Plan, theirs: Plan, revision: int, choices: Mapping[str, str]) -> Plan:
    """What was planned from an older revision, with what others changed since."""
    base = plan_revisions.base_of(meeting, revision)
    if base is None:
        raise NotAllowed(
            _(
                "Somebody else has just changed this meeting. Nothing of yours was saved: "
                "open the page again in a second tab, see what changed, and save once more."
            )
        )
    merged = merge.merge(base, mine, theirs, choices)
    if merged.overlaps:
        names = [user.name for user in plan_revisions.changed_by(meeting, revision)]
        raise Overlapping(merged.overlaps, meeting.revision, names)
    return merged.plan


def _check_people(plan: Plan) -> None:
    gone = [person.user.name for person in plan.people if not person.user.is_active]
    if gone:
        raise NotAllowed(
            _("%(names)s cannot be invited any more: the account is closed. Choose somebody else.")
            % {"names": pgettext("between names", ", ").join(gone)}
        )


def _check_future(starts_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        raise NotAllowed(_("This time has passed already. Choose a later date or time."))


# --- rows -------------------------------------------------------------------------------------------------
def _write_departments(meeting: Meeting, plan: Plan) -> None:
    wanted = [row.department for row in plan.departments]
    meeting.departments.exclude(department__in=wanted).delete()
    MeetingDepartment.objects.bulk_create(
        [
            MeetingDepartment(
                meeting=meeting,
                department=row.department,
                is_required=row.is_required,
                needs_preread=row.needs_preread,
            )
            for row in plan.departments
        ],
        update_conflicts=True,
        unique_fields=["meeting", "department"],
        update_fields=["is_required", "needs_preread"],
    )


def _write_people(meeting: Meeting, plan: Plan) -> tuple[list[User], list[User]]:
    """Make the participants those of the plan; returns who joined and who left. Replies of those who stay are kept."""
    wanted = {person.user: person for person in plan.people}
    existing = {row.user: row for row in meeting.participants.select_related("user")}
    left = [user for user in existing if user not in wanted]
    meeting.participants.filter(user__in=left).delete()
    # Roles that one person holds change hands in two steps, or the constraint would see two for a moment.
    changed = [row for user, row in existing.items() if user in wanted and row.role != wanted[user].role]
    meeting.participants.filter(pk__in=[row.pk for row in changed], role__in=Participant.SINGLE).update(
        role=Participant.Role.MEMBER
    )
    for user, row in existing.items():
        if user in wanted:
            person = wanted[user]
            if (row.role, row.department) != (person.role, person.department) or row in changed:
                row.role, row.department = person.role, person.department
                row.save(update_fields=["role", "department"])
    joined = [user for user in wanted if user not in existing]
    Participant.objects.bulk_create(
        Participant(meeting=meeting, user=user, role=wanted[user].role, department=wanted[user].department)
        for user in joined
    )
    return joined, left


def _write_items(meeting: Meeting, plan: Plan) -> None:
    """Make the agenda that of the plan. Items that stay keep their row, because texts and notes hang on it."""
    existing = {item.pk: item for item in meeting.items.all()}
    kept = {item.item_id for item in plan.items if item.item_id in existing}
    gone = meeting.items.exclude(pk__in=kept)
    circles.close(items=gone)
    gone.delete()
    documents, readers = [], []
    for order, item in enumerate(plan.items, start=1):
        row = existing.get(item.item_id) if item.item_id else None
        is_new = row is None
        row = row or AgendaItem(
            meeting=meeting, carried_from=item.carried_from, carried_because=item.carried_because
        )
        _fill(row, item, order)
        row.save()
        if is_new and item.module:
            documents += _documents(meeting, row, item)
        readers += [ItemReader(item=row, user=user) for user in item.readers if item.is_confidential]
    RequiredDocument.objects.bulk_create(documents)
    # Those of the whole agenda anew: the circle that was chosen last is the one that counts.
    ItemReader.objects.filter(item__meeting=meeting).delete()
    ItemReader.objects.bulk_create(readers)


def _fill(row: AgendaItem, item: ItemPlan, order: int) -> None:
    row.order, row.kind = order, item.kind
    row.title_en, row.title_zh = item.title_en, item.title_zh
    row.presenter, row.department, row.presenter_user = item.presenter, item.department, item.presenter_user
    row.report_minutes, row.discussion_minutes = item.report, item.discussion
    row.is_pinned = item.is_pinned
    row.questions_en, row.questions_zh = item.questions_en, item.questions_zh
    row.metric_codes = list(item.metric_codes)
    row.template_module = item.module
    row.is_confidential, row.is_recurring = item.is_confidential, item.is_recurring
    row.action_list = item.action_list


def _documents(meeting: Meeting, row: AgendaItem, item: ItemPlan) -> list[RequiredDocument]:
    return [
        RequiredDocument(
            meeting=meeting,
            item=row,
            department=document.department,
            name_en=document.name_en,
            name_zh=document.name_zh,
            order=document.order,
        )
        for document in TemplateDocument.objects.filter(module=item.module).select_related("department")
    ]


def _facts(plan: Plan) -> dict[str, Any]:
    """What history keeps of a plan: its own columns, the agenda in minutes, and who takes part."""
    return {
        "title": plan.title,
        "host": plan.host.pk,
        "starts_at": plan.starts_at,
        "time_zone": plan.time_zone,
        "planned_minutes": plan.planned_minutes,
        "period": plan.period.code if plan.period else "",
        "location": plan.location,
        "online_url": plan.online_url,
        **({"quorum_percent": plan.quorum_percent} if plan.quorum_percent else {}),
        "departments": [row.department.code for row in plan.departments],
        "people": {str(person.user.pk): person.role for person in plan.people},
        **{name: getattr(plan, name) for name in planning.MOMENTS if getattr(plan, name)},
        "agenda": [_item_facts(item) for item in plan.items],
    }


def _item_facts(item: ItemPlan) -> dict[str, Any]:
    """History is read by people outside the circle of a confidential item, so that it keeps no words of one."""
    facts: dict[str, Any] = {"report": item.report, "discussion": item.discussion}
    if item.is_confidential:
        return facts | {"confidential": True}
    if item.presenter_user:
        facts["presenter"] = item.presenter_user.pk
    return {"title": item.title_en or item.title_zh} | facts
