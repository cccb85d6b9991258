"""Taking in replies that came by mail. Each counts once, by whatever way and however often it arrives."""

import hashlib
import logging
from dataclasses import astuple
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.templatetags.times import moment_words
from meetings.errors import NotAllowed
from meetings.mailbox import letters, sender
from meetings.mailbox.letters import Answer, Letter, NoReplyError
from meetings.models import CalendarReply, Meeting, Participant, Series
from meetings.plan import TIMES
from meetings.queries import told as known
from meetings.services.reply import reply

logger = logging.getLogger(__name__)

Outcome = CalendarReply.Outcome
ANSWERS = {
    "ACCEPTED": Participant.Reply.ACCEPTED,
    "TENTATIVE": Participant.Reply.TENTATIVE,
    "DECLINED": Participant.Reply.DECLINED,
}


class RefusedError(Exception):
    """Why a reply does not count."""

    def __init__(self, outcome: str, note: str) -> None:
        super().__init__(note)
        self.outcome, self.note = outcome, note


def take_in(*, raw: bytes, now: datetime) -> list[CalendarReply]:
    """Read one mail (RFC 822) and keep what became of each answer in it; nothing is raised for a bad mail.

    An answer is believed only from the address that was invited.
    """
    if len(raw) > settings.MAX_REPLY_BYTES:
        return [_keep_refused(raw, now, _("The mail is larger than a reply can be."))]
    try:
        letter = letters.read(raw)
    except NoReplyError as reason:
        return [_keep_refused(raw, now, str(reason))]
    return [_take_in_answer(letter, answer, now) for answer in letter.answers]


def keep_unread(*, key: str, note: str, now: datetime) -> CalendarReply:
    """Keep that there was a mail which could not be read; `key` tells it from others."""
    return _keep_refused(key.encode(), now, note)


def _keep_refused(raw: bytes, now: datetime, note: str) -> CalendarReply:
    row, _is_new = CalendarReply.objects.get_or_create(
        digest=hashlib.sha256(raw).hexdigest(),
        defaults={"received_at": now, "sender": "", "outcome": Outcome.REFUSED, "note": note[:300]},
    )
    return row


@transaction.atomic
def _take_in_answer(letter: Letter, answer: Answer, now: datetime) -> CalendarReply:
    """The row comes first: of two that take in the same answer at once, the second waits and finds it."""
    # The sender and the verdicts belong to it: a forged mail must not use up the place of the true one.
    identity = repr((letter.sender, _is_verified(letter), astuple(answer)))
    row, is_new = CalendarReply.objects.get_or_create(
        digest=hashlib.sha256(identity.encode()).hexdigest(),
        defaults={
            "received_at": now,
            "sender": letter.sender,
            "uid": answer.uid,
            "answer": answer.partstat,
            "outcome": Outcome.REFUSED,
        },
    )
    if not is_new:
        return row
    try:
        row.meeting = _apply(letter, answer, now)
        row.outcome = Outcome.APPLIED
    except RefusedError as refusal:
        row.outcome, row.note = refusal.outcome, refusal.note[:300]
        logger.info("A reply from %s was not taken over: %s", letter.sender, refusal.outcome)
    row.save(update_fields=["meeting", "outcome", "note"])
    return row


def _is_verified(letter: Letter) -> bool:
    authserv_id = settings.REPLY_AUTHSERV_ID
    return not authserv_id or sender.is_verified(
        letter.verdicts, authserv_id=authserv_id, sender=letter.sender
    )


def _apply(letter: Letter, answer: Answer, now: datetime) -> Meeting:
    """Write the answer; returns the (next) meeting it is about. Raises RefusedError."""
    if answer.attendee != letter.sender:
        raise RefusedError(
            Outcome.REFUSED, _("The mail does not come from the person whose answer it holds.")
        )
    if not _is_verified(letter):
        raise RefusedError(Outcome.REFUSED, _("The mail server could not verify who sent this mail."))
    rows = _participants(answer, now)
    problems: list[RefusedError] = []
    done: list[Meeting] = []
    for row in rows:
        try:
            _write(row, answer, now)
            done.append(row.meeting)
        except RefusedError as refusal:
            problems.append(refusal)
    if done:
        return done[0]
    raise problems[0]


def _participants(answer: Answer, now: datetime) -> list[Participant]:
    """Whose answers these are, locked: one meeting, one date of a series, or all its dates to come."""
    mine = (
        Participant.objects.select_for_update(of=["self"])
        .select_related("meeting__host", "meeting__series", "user")
        .filter(user__email__iexact=answer.attendee, user__is_active=True)
        .exclude(meeting__status=Meeting.Status.DRAFT)
        .order_by("meeting__starts_at", "pk")
    )
    if not answer.key:
        raise RefusedError(Outcome.UNKNOWN, _("The invitation does not come from here."))
    series = Series.objects.filter(uid=answer.key).first()
    if series is None:
        rows = list(mine.filter(meeting__uid=answer.key))
    elif answer.recurrence is None:
        rows = list(
            mine.filter(
                meeting__series=series, meeting__status=Meeting.Status.SCHEDULED, meeting__starts_at__gt=now
            )
        )
    else:
        rows = [
            row for row in mine.filter(meeting__series=series) if _is_date(row.meeting, answer.recurrence)
        ]
    if not rows:
        raise RefusedError(
            Outcome.UNKNOWN, _("There is no such meeting, or this person is not invited to it.")
        )
    return rows


def _is_date(meeting: Meeting, recurrence: datetime | date) -> bool:
    assert meeting.series is not None
    assert meeting.occurs_at is not None
    if isinstance(recurrence, datetime):
        return meeting.occurs_at == recurrence
    return meeting.occurs_at.astimezone(meeting.series.zone).date() == recurrence


def _write(row: Participant, answer: Answer, now: datetime) -> None:
    _check_fresh(row, answer)
    to = ANSWERS.get(answer.partstat)
    note = answer.comment
    if answer.method == "COUNTER":
        if to is None:
            to = (
                Participant.Reply.TENTATIVE
                if row.reply == Participant.Reply.NONE
                else Participant.Reply(row.reply)
            )
        note = _proposal(row.meeting, answer)
    if to is None:
        raise RefusedError(Outcome.REFUSED, _("The answer is neither yes, no nor perhaps."))
    # A calendar's clock may be ahead of ours.
    at = min(answer.stamped_at or now, now)
    try:
        reply(participant=row, to=to, note=note, now=at)
    except NotAllowed as reason:
        raise RefusedError(Outcome.REFUSED, str(reason)) from reason


def _check_fresh(row: Participant, answer: Answer) -> None:
    """An answer counts for the time that the person was told, and only the newest one counts."""
    told = known.last_told_of(row.meeting, [row.user_id]).get(row.user_id)
    if told is not None and told.facts and not told.is_off:
        facts = known.facts_of(row.meeting, row.role)
        if any(told.facts.get(name) != facts[name] for name in TIMES):
            raise RefusedError(
                Outcome.STALE, _("The meeting has another time since; the person is being told.")
            )
        if answer.sequence is not None and answer.sequence < told.sequence:
            raise RefusedError(Outcome.STALE, _("The answer is to an earlier time of the meeting."))
    if row.replied_at and answer.stamped_at and answer.stamped_at < row.replied_at.replace(microsecond=0):
        raise RefusedError(Outcome.STALE, _("The person has given a newer answer."))


def _proposal(meeting: Meeting, answer: Answer) -> str:
    """The note to the host, in the host's words and time."""
    with translation.override(meeting.host.language):
        if answer.proposed_at is None or answer.proposed_at == meeting.starts_at:
            return answer.comment
        words = _("Proposes %(time)s.") % {"time": moment_words(answer.proposed_at, meeting.host)}
    return f"{words} {answer.comment}".strip()[:300]
