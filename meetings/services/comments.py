"""Comments and questions on the sections of a pre-read, before and while it is discussed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings import comment_notices, rules
from meetings.errors import NotAllowed
from meetings.models import Meeting, PreRead, PreReadComment
from meetings.queries import reading
from people.models import User

LONGEST = 4000


@transaction.atomic
def add(
    *, preread: PreRead, section: str, text: str, by: User, now: datetime, is_question: bool = False
) -> PreReadComment:
    """Comment on one section of what was handed in, or ask the department something about it.

    The department's heads are told, many comments within ten minutes in one mail.
    Raises NotAllowed for an empty or overlong text, a section that is not (or not for this person) in the newest
    revision, before anything was handed in, and once the meeting is over.
    """
    locked = _lock(preread)
    _check_open(locked.meeting, _check_text(text))
    places = reading.places(locked, by)
    if section not in places:
        raise NotAllowed(_("This section is not in the newest revision. Reload the page; keep your text."))
    comment = PreReadComment.objects.create(
        preread=preread,
        section=section,
        item_id=places[section],
        text=text.strip(),
        is_question=is_question,
        written_by=by,
        written_at=now,
    )
    comment_notices.tell_department(comment, now=now)
    return comment


@transaction.atomic
def answer(*, comment: PreReadComment, text: str, by: User, now: datetime) -> PreReadComment:
    """Reply in a thread. The department's answer settles a question; whoever began the thread is told.

    A reply to a reply joins its thread. Raises NotAllowed as `add` does, and when the thread was taken away.
    """
    locked = _lock(comment.preread)
    _check_open(locked.meeting, _check_text(text))
    top = comment.parent or comment
    # Under the lock: nobody answers what is being taken away.
    top = PreReadComment.objects.select_related("written_by").get(pk=top.pk)
    if top.removed_at:
        raise NotAllowed(_("This comment was taken away in the meantime."))
    reply = PreReadComment.objects.create(
        preread=locked,
        section=top.section,
        item_id=top.item_id,
        parent=top,
        text=text.strip(),
        written_by=by,
        written_at=now,
    )
    is_answer = rules.is_of_department(by, locked)
    if is_answer and top.is_question and top.settled_at is None:
        _settle(top, by, now)
    if not is_answer:
        comment_notices.tell_department(reply, now=now)
    comment_notices.tell_asker(reply, now=now)
    return reply


@transaction.atomic
def settle(*, comment: PreReadComment, by: User, now: datetime) -> None:
    """A question is answered, a remark taken up. Raises NotAllowed when it is already, or the meeting is over."""
    _check_open(_lock(comment.preread).meeting)
    if not _settle(comment, by, now):
        raise NotAllowed(_("This is settled already."))


@transaction.atomic
def unsettle(*, comment: PreReadComment, by: User, now: datetime) -> None:
    """The answer was none: the question is open again and its department is told."""
    _check_open(_lock(comment.preread).meeting)
    if not PreReadComment.objects.filter(pk=comment.pk, settled_at__isnull=False).update(
        settled_at=None, settled_by=None
    ):
        raise NotAllowed(_("This question is open already."))
    comment.settled_at = comment.settled_by = None
    history.record(actor=by, verb="meetings.comment_reopened", target=comment)


@transaction.atomic
def remove(*, comment: PreReadComment, by: User, now: datetime) -> None:
    """Take a comment away, with its replies; the row stays. Raises NotAllowed once the meeting is over."""
    _check_open(_lock(comment.preread).meeting)
    if PreReadComment.objects.filter(pk=comment.pk, removed_at__isnull=True).update(removed_at=now):
        history.record(actor=by, verb="meetings.comment_removed", target=comment)
    comment.removed_at = now


def _lock(preread: PreRead) -> PreRead:
    """The row, locked: what is said on one pre-read comes one after the other, and so do the mails about it."""
    found = PreRead.objects.select_for_update(of=["self"]).select_related("meeting__template", "department")
    return found.get(pk=preread.pk)


def _check_text(text: str) -> str:
    if not text.strip():
        return _("Write something first.")
    if len(text.strip()) > LONGEST:
        return _("A comment has at most %(n)d characters; attach longer texts as a file.") % {"n": LONGEST}
    return ""


def _check_open(meeting: Meeting, refusal: str = "") -> None:
    if meeting.status not in Meeting.OPEN:
        refusal = _("The meeting is over; its comments can only be read.")
    if refusal:
        raise NotAllowed(refusal)


def _settle(comment: PreReadComment, by: User, now: datetime) -> bool:
    changed = PreReadComment.objects.filter(pk=comment.pk, settled_at__isnull=True).update(
        settled_at=now, settled_by=by
    )
    comment.settled_at, comment.settled_by = now, by
    return bool(changed)
