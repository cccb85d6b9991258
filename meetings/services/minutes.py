"""The life of a meeting's minutes: written, circulated, objected to, approved by named people, locked, corrected.

What is circulated is kept as an edition with the digest of its content. While it is out nobody changes the records it
was made of: an objection that is taken over, or the host, brings the minutes back to draft, and the next circulation
makes the next edition, which everybody approves anew. Once locked the database refuses every change; what is found
wrong afterwards is added as a numbered correction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from core import history
from meetings import minutes_mail
from meetings.errors import Conflict, NotAllowed
from meetings.models import (
    AgendaItem,
    ClockRule,
    Correction,
    Meeting,
    Minutes,
    MinutesApproval,
    MinutesEdition,
    MinutesText,
    Objection,
    Obligation,
)
from meetings.queries import minutes_content
from meetings.services import log, obligations, open_minutes
from meetings.services.notes import check_length
from people.models import User

State = Minutes.State
# For how long people may object when nobody says otherwise.
USUAL = timedelta(days=3)


def begin(meeting: Meeting) -> Minutes:
    """The row of a meeting's minutes, made the first time somebody needs it."""
    return Minutes.objects.get_or_create(meeting=meeting)[0]


# --- writing ------------------------------------------------------------------------------------------------
@transaction.atomic
def write(
    *, meeting: Meeting, item: AgendaItem | None, text: str, version: int, by: User, now: datetime
) -> MinutesText:
    """Store the summary (no item) or the passage that stands for an item's notes, if nobody saved since `version` (0:
    there was none); an empty text lets the notes speak again. Returns the stored text.

    Raises Conflict (`theirs` is the stored text) and NotAllowed once the minutes are circulated.
    """
    check_length(text)
    minutes = Minutes.objects.select_for_update().get(pk=begin(meeting).pk)
    open_minutes.check(meeting.pk)
    if meeting.status != Meeting.Status.ENDED:
        raise NotAllowed(_("The minutes are edited when the meeting has ended."))
    stored = (
        MinutesText.objects.select_related("edited_by")
        .filter(minutes=minutes, item=item)
        .select_for_update(of=["self"])
        .first()
    )
    if stored is None:
        stored = MinutesText(minutes=minutes, item=item, version=0)
    if stored.text == text and stored.pk:
        return stored
    if stored.version != version:
        raise Conflict(_("Someone else saved this text in the meantime."), theirs=stored, yours=text)
    stored.text, stored.version, stored.edited_by, stored.edited_at = text, stored.version + 1, by, now
    stored.save()
    Minutes.objects.filter(pk=minutes.pk).update(version=F("version") + 1)
    return stored


# --- circulating --------------------------------------------------------------------------------------------
@transaction.atomic
def circulate(
    *,
    meeting: Meeting,
    approvers: Sequence[User],
    objections_until: datetime,
    version: int,
    by: User,
    now: datetime,
) -> MinutesEdition:
    """Keep what the minutes say as the next edition, ask these people to approve it, and tell everybody, each in one
    mail. The first circulation is what the duty of the minutes asked for.

    Raises NotAllowed before the end of the meeting, without anybody who approves, with an end of the objections that
    has passed, and when the minutes are not at `version` any more.
    """
    if meeting.status != Meeting.Status.ENDED:
        raise NotAllowed(_("The minutes are circulated when the meeting has ended."))
    if not approvers:
        raise NotAllowed(_("Name at least one person who approves the minutes."))
    if objections_until <= now:
        raise NotAllowed(_("The end of the objections has passed already. Choose a later time."))
    minutes = begin(meeting)
    _move(
        minutes,
        State.CIRCULATED,
        version,
        circulated_at=now,
        circulated_by=by,
        objections_until=objections_until,
    )
    content = minutes_content.build(meeting, now=now)
    edition = _keep(minutes, content, MinutesEdition.Cause.CIRCULATED, by, now)
    minutes.approvals.exclude(user__in=approvers).delete()
    minutes.approvals.update(approved_at=None, edition=None, asked_at=now)
    for person in approvers:
        MinutesApproval.objects.get_or_create(minutes=minutes, user=person, defaults={"asked_at": now})
    for duty in Obligation.objects.open().filter(meeting=meeting, kind=ClockRule.Kind.MINUTES):
        obligations.fulfil(obligation=duty, at=now, by=by)
    minutes_mail.tell_circulated(edition=edition, now=now)
    _note(minutes, "circulated", by, now, edition=edition.number, digest=edition.digest)
    return edition


@transaction.atomic
def take_back(*, minutes: Minutes, reason: str, version: int, by: User, now: datetime) -> None:
    """Back to draft, to be mended and circulated anew. Raises NotAllowed without a reason."""
    if not reason.strip():
        raise NotAllowed(_("Say why they are taken back: it is kept with the minutes."))
    check_length(reason)
    _move(minutes, State.DRAFT, version)
    minutes_mail.withdraw(minutes)
    _note(minutes, "taken_back", by, now, words=reason.strip())


# --- objections ---------------------------------------------------------------------------------------------
@transaction.atomic
def object_to(*, minutes: Minutes, item: AgendaItem | None, text: str, by: User, now: datetime) -> Objection:
    """Hold something against the circulated minutes. Raises NotAllowed without words, or after the time for it."""
    if not text.strip():
        raise NotAllowed(_("Say what is wrong and how it should read."))
    check_length(text)
    held = Minutes.objects.select_for_update().get(pk=minutes.pk)
    if held.state != State.CIRCULATED:
        raise NotAllowed(_("Objections are raised while the minutes are circulated."))
    if held.objections_until and now > held.objections_until:
        raise NotAllowed(_("The time for objections is over. Ask the host for a correction."))
    objection = Objection.objects.create(
        minutes=held, item=item, text=text.strip(), raised_by=by, raised_at=now
    )
    minutes_mail.tell_objection(objection, now=now)
    _note(held, "objection_raised", by, now, objection=objection.pk)
    return objection


@transaction.atomic
def answer(*, objection: Objection, answer: str, words: str, by: User, now: datetime) -> Objection:
    """Take an objection over (the minutes go back to draft), or note it and say why the text stays; who raised it may
    take it back. The first answer counts.

    Raises NotAllowed where it is answered already, and for a note without its reason.
    """
    if answer not in Objection.Answer.values:
        raise NotAllowed(_("Choose what becomes of the objection."))
    if answer == Objection.Answer.NOTED and not words.strip():
        raise NotAllowed(_("Say why the text stays as it is."))
    check_length(words)
    minutes = Minutes.objects.select_for_update().get(pk=objection.minutes_id)
    if minutes.state not in (State.DRAFT, State.CIRCULATED):
        raise NotAllowed(_("The minutes are approved; nothing is answered any more."))
    answered = Objection.objects.open().filter(pk=objection.pk)
    if not answered.update(answer=answer, answer_text=words.strip(), answered_by=by, answered_at=now):
        raise NotAllowed(_("This objection is answered already."))
    objection.refresh_from_db()
    if answer == Objection.Answer.TAKEN and minutes.state == State.CIRCULATED:
        _move(minutes, State.DRAFT, minutes.version)
        minutes_mail.withdraw(minutes)
    if by.pk != objection.raised_by_id:
        minutes_mail.tell_answer(objection, now=now)
    _note(minutes, "objection_answered", by, now, objection=objection.pk, answer=answer)
    settle(minutes=minutes, now=now)
    return objection


# --- approving ----------------------------------------------------------------------------------------------
@transaction.atomic
def approve(*, minutes: Minutes, edition: MinutesEdition, by: User, now: datetime) -> None:
    """One named person's yes to an edition. Raises NotAllowed for anybody else, and for an edition that is not the
    newest any more."""
    held = Minutes.objects.select_for_update().get(pk=minutes.pk)
    if held.state != State.CIRCULATED or held.editions.filter(number__gt=edition.number).exists():
        raise NotAllowed(_("These are not the newest minutes. Read the new edition, then approve it."))
    asked = held.approvals.filter(user=by)
    if not asked.exists():
        raise NotAllowed(_("You are not among the people who approve these minutes."))
    if asked.filter(approved_at=None).update(approved_at=now, edition=edition):
        _note(held, "approval_given", by, now, edition=edition.number)
    settle(minutes=held, now=now)


@transaction.atomic
def settle(*, minutes: Minutes, now: datetime) -> bool:
    """Approved, once everybody who was asked has said yes, every objection is answered and the time for them is over;
    True when that is now."""
    held = Minutes.objects.select_for_update().select_related("meeting").get(pk=minutes.pk)
    is_due = (
        held.state == State.CIRCULATED
        and held.objections_until is not None
        and now >= held.objections_until
        and not held.approvals.filter(approved_at=None).exists()
        and held.approvals.exists()
        and not held.objections.open().exists()
    )
    if is_due:
        _move(held, State.APPROVED, held.version, approved_at=now)
        _note(held, "approved", held.circulated_by or held.meeting.host, now)
    return is_due


def settle_due(*, now: datetime) -> int:
    """For the tick: approve all minutes whose time for objections has run out; returns how many were."""
    due = Minutes.objects.filter(state=State.CIRCULATED, objections_until__lte=now)
    due = due.exclude(approvals__approved_at=None).exclude(objections__answer="")
    return sum(settle(minutes=minutes, now=now) for minutes in due.order_by("pk"))


# --- locking ------------------------------------------------------------------------------------------------
@transaction.atomic
def lock(*, minutes: Minutes, by: User, now: datetime) -> MinutesEdition:
    """Close the approved minutes for good. The locked edition says what was approved, with who approved it, which
    objections were noted, what the meeting cost and how it was rated; its digest is what one cites.

    Raises NotAllowed before they are approved.
    """
    settle(minutes=minutes, now=now)
    held = (
        Minutes.objects.select_for_update()
        .select_related("meeting__template", "meeting__host")
        .get(pk=minutes.pk)
    )
    if held.state != State.APPROVED:
        raise NotAllowed(
            _(
                "The minutes are locked when everybody named has approved them and the time for objections is over."
            )
        )
    approved = held.editions.latest("number")
    fresh = minutes_content.build(held.meeting, now=now)
    content = {
        **approved.content,
        "cost": fresh["cost"],
        "rating": fresh["rating"],
        "approvals": [
            {"name": one.user.name, "at": one.approved_at.isoformat() if one.approved_at else ""}
            for one in held.approvals.select_related("user").order_by("approved_at", "pk")
        ],
        "objections": [
            {
                "item": one.item_id,
                "text": one.text,
                "by": one.raised_by.name,
                "answer": one.answer,
                "answer_text": one.answer_text,
            }
            for one in held.objections.filter(answer=Objection.Answer.NOTED)
            .select_related("raised_by")
            .order_by("pk")
        ],
        "approved_digest": approved.digest,
    }
    edition = _keep(held, content, MinutesEdition.Cause.LOCKED, by, now)
    # Approving itself raised the version; whoever presses locks what they saw approved.
    _move(held, State.LOCKED, held.version, locked_at=now, locked_by=by)
    _note(held, "locked", by, now, edition=edition.number, digest=edition.digest)
    return edition


@transaction.atomic
def correct(*, minutes: Minutes, item: AgendaItem | None, text: str, by: User, now: datetime) -> Correction:
    """Add the next numbered correction to locked minutes, and tell who takes part. It is never changed again."""
    if not text.strip():
        raise NotAllowed(_("Say what is put right, and how it reads now."))
    check_length(text)
    held = Minutes.objects.select_for_update().get(pk=minutes.pk)
    if held.state != State.LOCKED:
        raise NotAllowed(_("Minutes that are not locked are mended themselves, not corrected."))
    last = held.corrections.aggregate(last=Max("number"))["last"] or 0
    correction = Correction.objects.create(
        minutes=held, number=last + 1, item=item, text=text.strip(), made_by=by, made_at=now
    )
    minutes_mail.tell_correction(correction, now=now)
    _note(held, "corrected", by, now, correction=correction.number)
    return correction


# --- shared -------------------------------------------------------------------------------------------------
def _move(minutes: Minutes, to: str, version: int, **values: object) -> None:
    """The only way a state changes. Raises NotAllowed when somebody was faster or the step is none."""
    before = [state for state, following in Minutes.NEXT.items() if to in following]
    moved = Minutes.objects.filter(pk=minutes.pk, state__in=before, version=version).update(
        state=to, version=F("version") + 1, **values
    )
    minutes.refresh_from_db()
    if not moved:
        raise NotAllowed(_("The minutes have changed in the meantime. Look at them again, then decide."))


def _keep(
    minutes: Minutes, content: minutes_content.Content, cause: str, by: User, now: datetime
) -> MinutesEdition:
    last = minutes.editions.aggregate(last=Max("number"))["last"] or 0
    return MinutesEdition.objects.create(
        minutes=minutes,
        number=last + 1,
        cause=cause,
        content=content,
        digest=minutes_content.digest(content),
        made_at=now,
        made_by=by,
    )


def _note(minutes: Minutes, what: str, by: User, now: datetime, words: str = "", **after: object) -> None:
    """History and the room's log; the log holds no words of people."""
    minutes.refresh_from_db()
    history.record(actor=by, verb=f"meetings.minutes_{what}", target=minutes.meeting, after=after, note=words)
    data = {"row": log.row(minutes), **after}
    log.write(meeting=minutes.meeting, verb=f"minutes.{what}", data=data, by=by, now=now)
