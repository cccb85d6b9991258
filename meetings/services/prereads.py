"""Pre-reads: opened with the meeting, written in small versioned texts, submitted as revisions that never change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import history
from meetings import clock_rules, rules
from meetings import preread_reminders as reminders
from meetings.errors import Conflict, NotAllowed
from meetings.library import report_forms
from meetings.library.report_forms import Kind, SectionForm
from meetings.models import (
    AgendaItem,
    Meeting,
    MeetingDepartment,
    PreRead,
    PreReadRevision,
    PreReadText,
    Template,
)
from meetings.queries import confidential
from meetings.queries import prereads as queries
from meetings.queries.report import Lack, lacks_of
from meetings.services import receipts
from notices import services as notices
from people.models import Department, User

# What a pre-read keeps of its window.
WINDOW = ["opens_at", "due_at", "corrections_until"]


class Incomplete(NotAllowed):
    """Something that submitting waits for is missing; `lacks` names it all, with its places on the page."""

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__(
            _("Not submitted yet, something is still missing:") + " " + " ".join(lack.words for lack in lacks)
        )
        self.lacks = lacks


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
    _put_texts(meeting, opened)
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


def _put_texts(meeting: Meeting, prereads: list[PreRead]) -> None:
    """One text per section of the form, per guiding question of the items a department presents, and a free one."""
    items = list(AgendaItem.objects.filter(meeting=meeting).in_order())
    wanted = [
        text
        for preread in prereads
        for text in _texts(
            preread,
            report_forms.sections(meeting.template.preread_form),
            [item for item in items if item.department_id == preread.department_id],
        )
    ]
    PreReadText.objects.filter(preread__in=prereads, text="", version=0).exclude(
        key__in={text.key for text in wanted}
    ).exclude(kind=PreReadText.Kind.CAUSE).delete()
    PreReadText.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["preread", "kind", "key"],
        update_fields=["item", "position", "heading_en", "heading_zh", "prompt_en", "prompt_zh"],
    )


def _texts(
    preread: PreRead, sections: Iterable[SectionForm], items: list[AgendaItem]
) -> Iterable[PreReadText]:
    """The texts of a form in its order."""
    texts = [text for section in sections for text in _texts_of(section, items)]
    for position, text in enumerate(texts, start=1):
        text.preread, text.position = preread, position
    return texts


def _texts_of(section: SectionForm, items: list[AgendaItem]) -> list[PreReadText]:
    if section.kind == Kind.TEXT:
        return [_section_text(section)]
    if section.kind == Kind.QUESTIONS:
        return list(_question_texts(items))
    return [PreReadText(kind=PreReadText.Kind.FREE, key="free")] if section.kind == Kind.FREE else []


def _section_text(section: SectionForm) -> PreReadText:
    return PreReadText(
        kind=PreReadText.Kind.SECTION,
        key=section.key,
        heading_en=section.title[0],
        heading_zh=section.title[1],
        prompt_en=section.ask[0],
        prompt_zh=section.ask[1],
    )


def _question_texts(items: list[AgendaItem]) -> Iterable[PreReadText]:
    for item in items:
        english, chinese = item.questions_en.splitlines(), item.questions_zh.splitlines()
        for place in range(max(len(english), len(chinese))):
            yield PreReadText(
                kind=PreReadText.Kind.QUESTION,
                key=f"{item.pk}-{place + 1}",
                item=item,
                heading_en=item.title_en,
                heading_zh=item.title_zh,
                prompt_en=english[place].strip() if place < len(english) else "",
                prompt_zh=chinese[place].strip() if place < len(chinese) else "",
            )


# --- writing ------------------------------------------------------------------------------------------
@transaction.atomic
def save_text(*, preread: PreRead, sent: Sent, by: User, now: datetime) -> PreReadText:
    """Store one text if nobody saved another one since `sent.version`; returns the stored row.

    The same words again, however old the version, are no conflict: an autosave whose answer was lost is sent twice.
    Raises Conflict (both texts are kept by the caller's page) and NotAllowed (already submitted, unknown text).
    """
    claim_draft(preread=preread, now=now)
    row = _text_row(preread, sent, by)
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


def _text_row(preread: PreRead, sent: Sent, by: User) -> PreReadText:
    """The row of a text. Causes and sections come into being with their first word, for this pre-read's only."""
    gone = NotAllowed(_("This question is no longer part of the pre-read. Reload the page; keep your text."))
    defaults: dict[str, object] | None = None
    if sent.kind == PreReadText.Kind.CAUSE and sent.key in queries.metric_codes(preread):
        defaults = {"position": 0, "item_id": queries.metric_items(preread)[sent.key]}
    elif sent.kind == PreReadText.Kind.SECTION:
        section = report_forms.section(preread.meeting.template.preread_form, sent.key)
        if section and section.kind == Kind.TEXT:
            made = _section_text(section)
            named = ("heading_en", "heading_zh", "prompt_en", "prompt_zh")
            defaults = {name: getattr(made, name) for name in named}
    rows = PreReadText.objects.filter(preread=preread, kind=sent.kind, key=sent.key)
    row = rows.first()
    if row is None:
        if defaults is None:
            raise gone
        row, _created = PreReadText.objects.get_or_create(
            preread=preread, kind=sent.kind, key=sent.key, defaults=defaults
        )
    if not confidential.texts_for([row], meeting=preread.meeting_id, user=by):
        raise gone
    return row


def claim_draft(*, preread: PreRead, now: datetime) -> None:
    """Mark it as begun. No row matches when somebody has submitted it meanwhile."""
    if not PreRead.objects.filter(pk=preread.pk, status__in=PreRead.WRITABLE).update(
        status=PreRead.Status.DRAFT, saved_at=now
    ):
        raise NotAllowed(_("This pre-read was submitted in the meantime. Reopen it to change it."))
    preread.status, preread.saved_at = PreRead.Status.DRAFT, now


# --- submitting ---------------------------------------------------------------------------------------
@transaction.atomic
def submit(*, preread: PreRead, by: User, now: datetime) -> PreReadRevision:
    """Hand it in: freezes texts, figures, rows and files as the next revision and withdraws the reminders.

    Late when the first revision comes after the deadline; later revisions are late by the same clock.
    Raises NotAllowed when it is submitted already, says nothing at all or may no longer be corrected, and Incomplete
    (with all that is missing) when a move has no cause or a row of the report is only half written.
    """
    locked = PreRead.objects.select_for_update().get(pk=preread.pk)
    if PreRead.Status.SUBMITTED not in PreRead.NEXT[locked.status]:
        raise NotAllowed(_already_submitted(preread))
    if locked.status == PreRead.Status.DRAFT:
        _check_corrections(locked, now)
    content = queries.content(preread)
    rows = ("attachments", "statements", "problems", "resources", "decisions")
    if not any(text["text"].strip() for text in content["texts"]) and not any(content[name] for name in rows):
        raise NotAllowed(
            _("Nothing is written yet. Answer at least one question or attach a file, then submit.")
        )
    if lacks := lacks_of(preread, by):
        raise Incomplete(lacks)
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
    receipts.ask_again(revision=revision, now=now)
    history.record(
        actor=by, verb="meetings.preread_submitted", target=preread, after={"revision": revision.number}
    )
    return revision


def _already_submitted(preread: PreRead) -> str:
    last = preread.revisions.select_related("submitted_by").order_by("-number").first()
    if last is None:
        return _("This pre-read has already been submitted.")
    return _("This pre-read has already been submitted by %(name)s, as revision %(number)d.") % {
        "name": last.submitted_by.name,
        "number": last.number,
    }


def _check_corrections(preread: PreRead, now: datetime) -> None:
    """After the window for corrections a new revision needs the data owner's leave: an extension, or a return."""
    if not rules.takes_revision(preread, now):
        raise NotAllowed(
            _(
                "The time for corrections is over. Ask the data owner to extend it; what you submitted stays as it is."
            )
        )


@transaction.atomic
def reopen(*, preread: PreRead, by: User, now: datetime) -> None:
    """Write on after submitting. What was handed in stays readable until the next revision replaces it.

    Raises NotAllowed when it is open already, or the time for corrections is over.
    """
    _check_corrections(preread, now)
    closed = [PreRead.Status.SUBMITTED, PreRead.Status.CERTIFIED]
    if not PreRead.objects.filter(pk=preread.pk, status__in=closed).update(status=PreRead.Status.DRAFT):
        raise NotAllowed(_("This pre-read is already open for writing."))
    preread.status = PreRead.Status.DRAFT
    history.record(actor=by, verb="meetings.preread_reopened", target=preread)


@transaction.atomic
def say_effort(*, preread: PreRead, minutes: int | None, by: User, now: datetime) -> None:
    """Keep how many person-minutes the report took; None takes the template's usual preparation again."""
    claim_draft(preread=preread, now=now)
    PreRead.objects.filter(pk=preread.pk).update(preparation_minutes=minutes)
    preread.preparation_minutes = minutes


# --- reminding by hand --------------------------------------------------------------------------------
def nudge(*, meeting: Meeting, prereads: Iterable[PreRead], by: User, now: datetime) -> list[Nudge]:
    """Remind the heads of departments whose pre-read is missing or was returned, each at most once an hour."""
    return [_nudge_one(preread=preread, by=by, now=now) for preread in prereads]


@transaction.atomic
def _nudge_one(*, preread: PreRead, by: User, now: datetime) -> Nudge:
    department = preread.department
    if not PreRead.objects.owed().filter(pk=preread.pk).exists():
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
