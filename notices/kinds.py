"""What kinds of notices there are: each app registers its own in its AppConfig.ready().

    kinds.register(
        Kind(
            code="meetings.invitation",
            label=_("Invitation"),
            is_wanted=lambda notice: notice.subject.status == "scheduled",
            title=lambda notice: gettext("Invitation: %(title)s") % {"title": notice.subject.title},
            body=…, url=…, attachments=…,
        )
    )

The hooks get the Notice (`.recipient`, `.subject`, `.due_at`, `.params`) and are called when it is sent or shown, with
the recipient's language and time zone active, so they speak with `gettext`, not `gettext_lazy`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from notices.models import Notice
    from people.models import User


NOTICE, OPEN = _("Notice"), _("Open in Fupan")
# The collected mail, see notices.digests.
DIGEST = "notices.digest"


class Category(TextChoices):
    """What people choose by, on their page of preferences."""

    MEETINGS = "meetings", _("meetings and invitations")
    PREREADS = "prereads", _("pre-reads and figures")
    MINUTES = "minutes", _("decisions and minutes")
    ACTIONS = "actions", _("actions: what is asked of me")
    REMINDERS = "reminders", _("reminders of deadlines")
    COMMENTS = "comments", _("comments and mentions")
    EMERGENCIES = "emergencies", _("incidents")
    OTHER = "other", _("everything else")


# What is asked of somebody: when they are gone, the next above has to know.
DUTIES = (Category.ACTIONS, Category.REMINDERS, Category.PREREADS, Category.EMERGENCIES)


class Priority(IntEnum):
    """Which notices go out first when many are due. An emergency overtakes what a dispatcher has already taken up."""

    EMERGENCY = 1
    URGENT = 10
    NORMAL = 50


class Attachment(NamedTuple):
    """Something that goes with the mail.

    Without a `filename` it is one more form of the same message, as a calendar invitation is
    (`mimetype="text/calendar; charset=utf-8; method=REQUEST"`); with one it is an attached file.
    """

    content: str | bytes
    mimetype: str
    filename: str = ""


def _always(notice: Notice) -> bool:
    return True


def _nothing(notice: Notice) -> str:
    return ""


def _no_details(notice: Notice) -> Sequence[str]:
    return ()


def _end_of_use(notice: Notice) -> datetime | None:
    return notice.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one kind of notice is decided on, worded and sent.

    code: "<app>.<what>", at most 60 signs; stands in the rows, so it never changes.
    title, body: plain text; the title is also the mail's subject, the body may have paragraphs (empty lines).
    url: a path on this site, with a leading slash.
    is_wanted: asked again at the last moment; False withdraws the notice. Not asked when the subject is gone.
    together: what stands with others of the same word for one person goes into one mail, however few they are; the
        plan of a meeting is one thing, though it has many actions. "" for nothing.
    details: lines of a collected mail that stand below the title, where the title alone leaves out what matters.
    deadline: the instant past which nobody may put the notice off; by default `expires_at`.
    may_read: of the subjects with these ids, those that the person may read now; once for many notices. By default
        what the model's `visible_to` says, and all of a model that has none. Whoever may not read it any more finds
        the notice in their list without the record's present words.
    closed_title: what stands there instead of a neutral sentence; made of `params` alone, never of the subject.
    attachments: Attachment values (or plain tuples in that order).
    reply_to: the address that an answer goes to ("": the sender's).
    related: what the hooks read through the subject, in the words of select_related, so that a list of notices
        needs no query per row.
    prefetch: what `body` reads besides, in the words of prefetch_related; read for many mails at once.
    priority: URGENT passes all the others and is never collected with others in one mail.
    bundle: may be a line in a collected mail when more than three are due for one person. Kinds with attachments
        are never collected.
    category: what people choose by; see `notices.models.Preference`.
    is_required: nobody can turn its mail off (invitations, incidents); quiet hours hold it back all the same, unless
        it is an emergency.
    is_news: asks its recipient for nothing, so nobody above them has to know of it when they have left.
    email: False for what belongs only into the list of notices.
    resend_doubtful: when the mail server may or may not have taken the message before we lost sight of it: False
        leaves it at that (shown as doubtful), True sends it again under the same Message-ID.
    """

    code: str
    title: Callable[[Notice], str]
    url: Callable[[Notice], str]
    body: Callable[[Notice], str] = _nothing
    is_wanted: Callable[[Notice], bool] = _always
    attachments: Callable[[Notice], Sequence[Attachment | tuple[Any, ...]]] | None = None
    reply_to: Callable[[Notice], str] = _nothing
    together: Callable[[Notice], str] = _nothing
    details: Callable[[Notice], Sequence[str]] = _no_details
    deadline: Callable[[Notice], datetime | None] = _end_of_use
    may_read: Callable[[User, set[int]], set[int]] | None = None
    closed_title: Callable[[Notice], str] | None = None
    label: str | Promise = NOTICE
    button: str | Promise = OPEN
    icon: str = "bell"
    related: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    bundle: bool = True
    category: Category = Category.OTHER
    is_required: bool = False
    is_news: bool = False
    email: bool = True
    resend_doubtful: bool = False

    @property
    def may_be_bundled(self) -> bool:
        return self.bundle and self.attachments is None and self.priority >= Priority.NORMAL

    @property
    def is_duty(self) -> bool:
        return self.category in DUTIES and not self.is_news


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. The same code again replaces the earlier one; a code over 60 signs is a ValueError."""
    if not kind.code or len(kind.code) > 60:
        raise ValueError(f"The code of a kind has 1 to 60 signs: {kind.code!r}")
    _kinds[kind.code] = kind
    return kind


def unregister(code: str) -> None:
    _kinds.pop(code, None)


def get(code: str) -> Kind:
    """The kind of this code. Raises LookupError when no app registers it."""
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"No app registers notices of the kind {code!r}.") from None


def codes_resent_when_doubtful() -> list[str]:
    return [kind.code for kind in _kinds.values() if kind.resend_doubtful]
