"""What readers are told of pre-reads: that one waits to be read, and that one they had read was changed."""

from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.times import moment_words
from meetings.models import Meeting, PreRead, PreReadRevision, ReadReceipt
from notices import kinds
from notices.models import Notice
from people.models import User

ASKED = "meetings.preread_to_read"
REVISED = "meetings.preread_revised"


def _revision(notice: Notice) -> PreReadRevision:
    return cast("PreReadRevision", notice.subject)


def is_unread(notice: Notice) -> bool:
    """Still the newest, not read since, the meeting still to come, and the recipient may still read it."""
    revision = _revision(notice)
    return (
        revision.preread.meeting.status == Meeting.Status.SCHEDULED
        and bool(readable(notice.recipient, {revision.pk}))
        and not revision.preread.revisions.filter(number__gt=revision.number).exists()
        and not ReadReceipt.objects.filter(revision=revision, reader=notice.recipient_id).exists()
    )


def readable(user: User, ids: set[int]) -> set[int]:
    """Of these revisions, those of pre-reads that somebody may open."""
    rows = PreReadRevision.objects.filter(pk__in=ids, preread__in=PreRead.objects.visible_to(user))
    return set(rows.values_list("pk", flat=True))


def _words(notice: Notice) -> dict[str, str]:
    preread = _revision(notice).preread
    return {
        "department": preread.department.name,
        "meeting": preread.meeting.title,
        "start": moment_words(preread.meeting.starts_at),
        "number": str(_revision(notice).number),
        "by": notice.params.get("by", ""),
    }


def _url(notice: Notice) -> str:
    revision = _revision(notice)
    args = [revision.preread.meeting_id, revision.preread.department.code, revision.number]
    return reverse("meetings:preread_revision", args=args)


def register() -> None:
    """Called once, when the app is ready."""
    about: dict[str, Any] = {
        "icon": "file-text",
        "related": ("preread__meeting", "preread__department"),
        "is_wanted": is_unread,
        "may_read": readable,
        "url": _url,
        "button": gettext_lazy("Read it"),
    }
    kinds.register(
        kinds.Kind(
            code=ASKED,
            category=kinds.Category.PREREADS,
            label=gettext_lazy("Pre-read to read"),
            title=lambda n: _("Please read the pre-read of %(department)s: %(meeting)s") % _words(n),
            body=lambda n: (
                _("%(by)s asks you to read it before “%(meeting)s” begins, %(start)s.") % _words(n)
            ),
            **about,
        )
    )
    kinds.register(
        kinds.Kind(
            code=REVISED,
            category=kinds.Category.PREREADS,
            label=gettext_lazy("Pre-read changed"),
            title=lambda n: (
                _("The pre-read of %(department)s was changed: %(meeting)s, revision %(number)s") % _words(n)
            ),
            body=lambda n: (
                _("You had read an earlier revision. The page shows what changed since then.") % _words(n)
            ),
            **about,
        )
    )
