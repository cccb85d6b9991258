"""Pre-reads: opened with the meeting, written in small versioned texts, submitted as revisions that never change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import history
from meetings import clock_rules
from meetings import preread_reminders as reminders
from meetings.errors import Conflict, NotAllowed
from meetings.models import (
    AgendaItem,
    Meeting,
    MeetingDepartment,
    PreRead,
    PreReadRevision,
    PreReadText,
    Template,
)
from meetings.queries import prereads as queries
from notices import services as notices
from people.models import Department, User


# What a pre-read keeps of its window.
WINDOW = ["opens_at", "due_at", "corrections_until"]


class Sent(NamedTuple):
    """One text as it came from a page: which one, what it says, and the version it began from."""

    kind: str
    key: str
    text: str
    version: int


@dataclass(frozen=True, slots=True)
class Nudge:
    """What became of reminding one department: the people told, or why nobody was."""

    department: Department
    told: list[User]
    reason: str = ""


# --- opening ------------------------------------------------------------------------------------------
@transaction.atomic
def open_for(*, meeting: Meeting, now: datetime) -> list[PreRead]:
    """Give every department that owes a pre-read its form, deadline and reminders; safe to call again.

    Call it when the meeting is scheduled and after each change of its time, departments or agenda. Takes over a
    moved deadline, adds questions that are new, drops what nobody has begun and is no longer wanted; a text that
    somebody wrote always stays.
    """
    wanted = _departments_that_report(meeting)
    _drop_unwanted(meeting, wanted)
    existing = {preread.department_id: preread for preread in meeting.prereads.select_related("department")}
    opened = []
    for department in wanted:
        preread = existing.get(department.pk)
        window = clock_rules.window_of(preread, meeting, now)
        instants = {name: getattr(window, name) for name in WINDOW}
        if preread is None:
            preread, _created = PreRead.objects.get_or_create(
                meeting=meeting, department=department, defaults=instants
            )
        elif any(getattr(preread, name) != moment for name, moment in instants.items()):
            for name, moment in instants.items():
                setattr(preread, name, moment)
            preread.save(update_fields=WINDOW)
        opened.append(preread)
    _put_questions(meeting, opened)
    for preread in opened:
        preread.meeting = meeting
        reminders.plan_preread(preread, now=now)
    reminders.plan_host(meeting, now=now)
    return opened


def _departments_that_report(meeting: Meeting) -> list[Department]:
    if meeting.status not in Meeting.OPEN or meeting.template.preread_form == Template.PreReadForm.NONE:
        return []
    rows = MeetingDepartment.objects.filter(meeting=meeting, needs_preread=True).select_related("department")
    return [row.department for row in rows.order_by("department__position", "pk")]


def _drop_unwanted(meeting: Meeting, wanted: list[Department]) -> None:
    for preread in meeting.prereads.exclude(department__in=wanted):
        notices.withdraw(subject=preread)
        if preread.status == PreRead.Status.NOT_STARTED and not preread.attachments.exists():
            preread.delete()


def _put_questions(meeting: Meeting, prereads: list[PreRead]) -> None:
    """One text per guiding question of the items a department presents, and one for anything else."""
    items = list(AgendaItem.objects.filter(meeting=meeting).in_order())
    wanted = [
        text
        for preread in prereads
        for text in _texts(preread, [item for item in items if item.department_id == preread.department_id])
    ]
    PreReadText.objects.filter(
        preread__in=prereads, kind=PreReadText.Kind.QUESTION, text="", version=0
    ).exclude(key__in={text.key for text in wanted}).delete()
    PreReadText.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["preread", "kind", "key"],
        update_fields=["position", "heading_en", "heading_zh", "prompt_en", "prompt_zh"],
    )


def _texts(preread: PreRead, items: list[AgendaItem]) -> Iterable[PreReadText]:
    position = 0
    for item in items:
        english, chinese = item.questions_en.splitlines(), item.questions_zh.splitlines()
        for place in range(max(len(english), len(chinese))):
            position += 1
            yield PreReadText(
                preread=preread,
                kind=PreReadText.Kind.QUESTION,
                key=f"{item.pk}-{place + 1}",
                position=position,
                heading_en=item.title_en,
                heading_zh=item.title_zh,
                prompt_en=english[place].strip() if place < len(english) else "",
                prompt_zh=chinese[place].strip() if place < len(chinese) else "",
            )
    yield PreReadText(preread=preread, kind=PreReadText.Kind.FREE, key="free", position=position + 1)


# --- writing ------------------------------------------------------------------------------------------
@transaction.atomic
def save_text(*, preread: PreRead, sent: Sent, by: User, now: datetime) -> PreReadText:
    """Store one text if nobody saved another one since `sent.version`; returns the stored row.

    The same words again, however old the version, are no conflict: an autosave whose answer was lost is sent twice.
    Raises Conflict (both texts are kept by the caller's page) and NotAllowed (already submitted, unknown text).
    """
    _claim_draft(preread=preread, now=now)
    row = _text_row(preread, sent)
    changed = PreReadText.objects.filter(pk=row.pk, version=sent.version).update(
        text=sent.text, version=F("version") + 1, edited_by=by, edited_at=now
    )
    row = PreReadText.objects.select_related("edited_by").get(pk=row.pk)
    if not changed and row.text != sent.text:
        raise Conflict(_("Someone else saved this text in the meantime."), theirs=row, yours=sent.text)
    return row


def save_texts(*, preread: PreRead, sent: Iterable[Sent], by: User, now: datetime) -> list[Conflict]:
    """Store all texts of a form that changed; returns the conflicts, the other texts are stored.

    Raises NotAllowed when the pre-read is not open for writing.
    """
    current = {(row.kind, row.key): row for row in preread.texts.all()}
    conflicts = []
    for one in sent:
        known = current.get((one.kind, one.key))
        if one.text == (known.text if known else ""):
            continue
        try:
            save_text(preread=preread, sent=one, by=by, now=now)
        except Conflict as conflict:
            conflicts.append(conflict)
    return conflicts


def _text_row(preread: PreRead, sent: Sent) -> PreReadText:
    """The row of a text. Causes come into being with their first word, for metrics of this pre-read only."""
    if sent.kind == PreReadText.Kind.CAUSE and sent.key in queries.metric_codes(preread):
        row, _created = PreReadText.objects.get_or_create(
            preread=preread, kind=sent.kind, key=sent.key, defaults={"position": 0}
        )
        return row
    row_or_none = PreReadText.objects.filter(preread=preread, kind=sent.kind, key=sent.key).first()
    if row_or_none is None:
        raise NotAllowed(
            _("This question is no longer part of the pre-read. Reload the page; keep your text.")
        )
    return row_or_none


def _claim_draft(*, preread: PreRead, now: datetime) -> None:
    """Mark it as begun. No row matches when somebody has submitted it meanwhile."""
    if not PreRead.objects.filter(pk=preread.pk, status__in=PreRead.WRITABLE).update(
        status=PreRead.Status.DRAFT, saved_at=now
    ):
        raise NotAllowed(_("This pre-read was submitted in the meantime. Reopen it to change it."))
    preread.status, preread.saved_at = PreRead.Status.DRAFT, now


# --- submitting ---------------------------------------------------------------------------------------
@transaction.atomic
def submit(*, preread: PreRead, by: User, now: datetime) -> PreReadRevision:
    """Hand it in: freezes texts, figures and files as the next revision and withdraws the reminders.

    Late when the first revision comes after the deadline; later revisions are late by the same clock.
    Raises NotAllowed when it is submitted already or says nothing at all.
    """
    locked = PreRead.objects.select_for_update().get(pk=preread.pk)
    if PreRead.Status.SUBMITTED not in PreRead.NEXT[locked.status]:
        raise NotAllowed(_("This pre-read has already been submitted."))
    content = queries.content(preread)
    if not any(text["text"].strip() for text in content["texts"]) and not content["attachments"]:
        raise NotAllowed(
            _("Nothing is written yet. Answer at least one question or attach a file, then submit.")
        )
    revision = PreReadRevision.objects.create(
        preread=preread,
        number=preread.revisions.count() + 1,
        content=content,
        submitted_by=by,
        submitted_at=now,
        is_late=now > locked.due_at,
    )
    preread.status = PreRead.Status.SUBMITTED
    preread.submitted_at = now
    preread.first_submitted_at = locked.first_submitted_at or now
    preread.save(update_fields=["status", "submitted_at", "first_submitted_at"])
    notices.withdraw(subject=preread)
    reminders.plan_host(preread.meeting, now=now)
    history.record(
        actor=by, verb="meetings.preread_submitted", target=preread, after={"revision": revision.number}
    )
    return revision


@transaction.atomic
def reopen(*, preread: PreRead, by: User, now: datetime) -> None:
    """Write on after submitting. What was handed in stays readable until the next revision replaces it."""
    if not PreRead.objects.filter(pk=preread.pk, status=PreRead.Status.SUBMITTED).update(
        status=PreRead.Status.DRAFT
    ):
        raise NotAllowed(_("This pre-read is already open for writing."))
    preread.status = PreRead.Status.DRAFT
    history.record(actor=by, verb="meetings.preread_reopened", target=preread)


# --- reminding by hand --------------------------------------------------------------------------------
def nudge(*, meeting: Meeting, prereads: Iterable[PreRead], by: User, now: datetime) -> list[Nudge]:
    """Remind the leads of departments whose pre-read is missing, each at most once an hour."""
    return [_nudge_one(preread=preread, by=by, now=now) for preread in prereads]


@transaction.atomic
def _nudge_one(*, preread: PreRead, by: User, now: datetime) -> Nudge:
    department = preread.department
    if preread.submitted_at is not None:
        return Nudge(department, [], _("has submitted"))
    people = reminders.whom_to_remind(preread)
    if not people:
        return Nudge(department, [], _("has no active lead or member; appoint one in the administration"))
    # Claim: two hosts who press at once remind once.
    free = PreRead.objects.filter(pk=preread.pk).exclude(nudged_at__gt=now - PreRead.NUDGE_PAUSE)
    if not free.update(nudged_at=now):
        return Nudge(department, [], _("was reminded less than an hour ago"))
    preread.nudged_at = now
    for person in people:
        notices.tell(
            recipient=person,
            subject=preread,
            kind=reminders.NUDGE,
            at=now,
            params={"by": by.name},
        )
    history.record(actor=by, verb="meetings.preread_nudged", target=preread, after=[p.name for p in people])
    return Nudge(department, people)
