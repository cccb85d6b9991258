"""Notices as the list shows them."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from notices import addresses, ledger, queries
from notices.models import Notice
from people.models import User

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    notice: Notice
    title: str
    label: str
    icon: str

    @property
    def note(self) -> str:
        """What went wrong: our own words in the reader's language, the mail server's as they are."""
        for ours in (ledger.LOST, addresses.NOT_MAILED):
            if self.notice.note.startswith(ours):
                return _(ours) + self.notice.note.removeprefix(ours)
        return self.notice.note


@dataclass(slots=True)
class Section:
    """The entries of one local day, apart for unread and read ones."""

    is_unread: bool
    day: date
    entries: list[Entry] = field(default_factory=list)


def sections(notices: list[Notice], reader: User) -> list[Section]:
    """Cut a page of notices (in reading order) into days of the reader's time zone.

    Words come from the record as it is now; so where the reader may not read it any more, they are neutral.
    """
    made: list[Section] = []
    for entry in of(notices, reader):
        assert entry.notice.listed_at is not None
        key = (entry.notice.is_unread, timezone.localdate(entry.notice.listed_at))
        if not made or (made[-1].is_unread, made[-1].day) != key:
            made.append(Section(*key))
        made[-1].entries.append(entry)
    return made


def of(notices: list[Notice], reader: User) -> list[Entry]:
    """The notices worded for a reader, who need not be their recipient; their subjects are loaded."""
    readable = queries.readable(notices, reader)
    return [_entry(notice, is_readable=notice.pk in readable) for notice in notices]


def target(notice: Notice) -> str | None:
    """The path of what the notice is about; None when the record or its app is gone."""
    try:
        return notice.behaviour.url(notice) if notice.subject is not None else None
    except LookupError:
        return None


def closed_title(notice: Notice) -> str:
    """For somebody who may not read the record any more; nothing of it as it is now."""
    words = notice.behaviour.closed_title
    return (words(notice) if words else "") or _("About something that is not open to you any more")


def _entry(notice: Notice, *, is_readable: bool) -> Entry:
    """Worded now, in the reader's language; a kind whose words fail must not take the whole list down."""
    try:
        kind = notice.behaviour
    except LookupError:
        return Entry(notice, _("A notice of an earlier version"), "", "bell")
    label = str(kind.label)
    if notice.subject is None:
        return Entry(notice, _("About something that is not there any more"), label, kind.icon)
    try:
        title = kind.title(notice) if is_readable else closed_title(notice)
        return Entry(notice, title, label, kind.icon)
    except Exception:
        logger.exception("Notice %d (%s) cannot be worded", notice.pk, notice.kind)
        return Entry(notice, label, label, kind.icon)
