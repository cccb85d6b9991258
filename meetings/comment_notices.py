"""Who is told of comments on a pre-read: its department of questions, the asker of answers; ten at once in one mail.

A notice stands for everything that was said within ten minutes from the first word on. What it lists is read when it
goes out: what was taken away or answered meanwhile, and what the recipient may not read, is left out.
"""

from datetime import datetime, timedelta
from typing import cast

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from meetings.models import Meeting, PreRead, PreReadComment
from meetings.models.reading import PreReadCommentQuerySet
from meetings.preread_reminders import whom_to_remind
from notices import kinds, services
from notices.models import Notice
from people.models import User

ASKED = "meetings.preread_asked"
ANSWERED = "meetings.preread_answered"
PAUSE = timedelta(minutes=10)
LONGEST = 200
MOST = 10


# --- promising ----------------------------------------------------------------------------------------------
def tell_department(comment: PreReadComment, *, now: datetime) -> None:
    """Call it under the lock of the pre-read's row."""
    readable = PreReadComment.objects.filter(pk=comment.pk)
    for person in whom_to_remind(comment.preread):
        if person.pk != comment.written_by_id and readable.visible_to(person).exists():
            _promise(comment.preread, ASKED, person, now)


def tell_asker(reply: PreReadComment, *, now: datetime) -> None:
    asker = cast("PreReadComment", reply.parent).written_by
    if asker.pk != reply.written_by_id and asker.is_active:
        _promise(reply.preread, ANSWERED, asker, now)


def _promise(preread: PreRead, kind: str, person: User, now: datetime) -> None:
    """A new notice, unless one that is still waiting takes this word along."""
    waiting = Notice.objects.filter(
        recipient=person,
        subject_type=ContentType.objects.get_for_model(preread),
        subject_id=preread.pk,
        kind=kind,
        state=Notice.State.PENDING,
        due_at__gt=now - PAUSE,
    )
    if not waiting.exists():
        services.promise(recipient=person, subject=preread, kind=kind, due_at=now, send_at=now + PAUSE)


# --- what a notice is about ---------------------------------------------------------------------------------
def said(notice: Notice) -> PreReadCommentQuerySet:
    """The comments that a notice tells of, as its recipient may read them now."""
    rows = PreReadComment.objects.visible_to(notice.recipient).filter(
        preread=notice.subject_id,
        removed_at__isnull=True,
        parent__removed_at__isnull=True,
        written_at__gte=notice.due_at,
        written_at__lt=notice.due_at + PAUSE,
    )
    rows = rows.exclude(written_by=notice.recipient)
    if notice.kind == ANSWERED:
        return rows.filter(parent__written_by=notice.recipient)
    department = cast("PreRead", notice.subject).department_id
    return rows.filter(settled_at__isnull=True).exclude(written_by__memberships__department=department)


def _is_wanted(notice: Notice) -> bool:
    preread = cast("PreRead", notice.subject)
    return preread.meeting.status in Meeting.OPEN and said(notice).exists()


def _body(notice: Notice) -> str:
    rows = list(said(notice).select_related("written_by").order_by("pk")[: MOST + 1])
    lines = [
        (_("%(name)s asks: %(text)s") if row.is_question else pgettext("who: what", "%(name)s: %(text)s"))
        % {"name": row.written_by.name, "text": _short(row.text)}
        for row in rows[:MOST]
    ]
    if len(rows) > MOST:
        lines.append(_("… and more."))
    return "\n\n".join(lines)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _words(notice: Notice) -> dict[str, str]:
    preread = cast("PreRead", notice.subject)
    return {"department": preread.department.name, "meeting": preread.meeting.title}


def _url(notice: Notice) -> str:
    return f"{cast('PreRead', notice.subject).get_absolute_url()}comments/"


def register() -> None:
    """Called once, when the app is ready."""
    kinds.register(
        kinds.Kind(
            code=ASKED,
            category=kinds.Category.COMMENTS,
            label=gettext_lazy("Comment on a pre-read"),
            icon="message",
            related=("meeting", "department"),
            is_wanted=_is_wanted,
            title=lambda n: (
                _("Questions and comments on the pre-read of %(department)s: %(meeting)s") % _words(n)
            ),
            body=_body,
            url=_url,
            button=gettext_lazy("Answer"),
        )
    )
    kinds.register(
        kinds.Kind(
            code=ANSWERED,
            category=kinds.Category.COMMENTS,
            label=gettext_lazy("Answer to your comment"),
            icon="message",
            related=("meeting", "department"),
            is_wanted=_is_wanted,
            title=lambda n: _("Answered: pre-read of %(department)s, %(meeting)s") % _words(n),
            body=_body,
            url=_url,
            button=gettext_lazy("Read the answer"),
        )
    )
