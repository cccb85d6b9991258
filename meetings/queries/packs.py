"""Editions of a meeting's pack: which one counts, whether it is still up to date, who may open it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from meetings.models import Attachment, Meeting, Pack, Review, Ruling, Snapshot
from meetings.queries import confidential, minutes_paper
from metrics.models import Upload
from people.models import Department, User

# Raised when the layout changes, so that packs are made anew.
LAYOUT = 1
ITEM_FIELDS = (
    "pk order title_en title_zh kind presenter department_id presenter_user_id report_minutes discussion_minutes "
    "is_confidential"
).split()
MEETING_FIELDS = (
    "title host_id starts_at time_zone planned_minutes period_grain period_start period_end location online_url note"
).split()


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting's pack as one person sees it: the newest finished edition, whether it is still true, and the one
    that is being made or could not be."""

    done: Pack | None
    making: Pack | None
    failed: Pack | None
    is_fresh: bool
    is_personal: bool


def reader_for(meeting: Meeting, user: User, kind: str = Pack.Kind.AGENDA) -> User | None:
    """For whom a pack has to be made that this person asks for: for all, or for them alone where they may know
    more than all."""
    for_all = closed_to(meeting, None, kind)
    return user if for_all != closed_to(meeting, user, kind) else None


def standing(meeting: Meeting, user: User, kind: str = Pack.Kind.AGENDA) -> Standing:
    """The pack in this person's language."""
    reader = reader_for(meeting, user, kind)
    rows = list(
        Pack.objects.filter(meeting=meeting, kind=kind, reader=reader, language=user.language).order_by(
            "-asked_at", "-pk"
        )[:20]
    )
    found = fingerprint(meeting, language=user.language, reader=reader, kind=kind)
    done = next((row for row in rows if row.state == Pack.State.DONE), None)
    if done and not opens(done, found):
        done = None
    newest = rows[0] if rows else None
    return Standing(
        done=done,
        making=newest if newest and newest.state in (Pack.State.QUEUED, Pack.State.RUNNING) else None,
        failed=newest if newest and newest.state == Pack.State.FAILED else None,
        is_fresh=done is not None and done.fingerprint == found,
        is_personal=reader is not None,
    )


def fresh(
    meeting: Meeting, *, language: str, reader: User | None = None, kind: str = Pack.Kind.AGENDA
) -> Pack | None:
    """The finished edition that says what is true now, if there is one."""
    found = fingerprint(meeting, language=language, reader=reader, kind=kind)
    done = Pack.objects.filter(
        meeting=meeting,
        kind=kind,
        reader=reader,
        language=language,
        fingerprint=found,
        state=Pack.State.DONE,
    )
    return done.order_by("-pk").first()


def openable(user: User, pk: int) -> Pack | None:
    """A finished pack somebody may open. One that was made before something in it became confidential is closed."""
    pack = (
        Pack.objects.visible_to(user)
        .filter(pk=pk, state=Pack.State.DONE)
        .select_related("meeting", "reader")
        .first()
    )
    if pack is None:
        return None
    closed = _digest(closed_to(pack.meeting, pack.reader, pack.kind), 16)
    return pack if pack.fingerprint.startswith(f"{closed}.") else None


def opens(pack: Pack, now: str) -> bool:
    """Whether what is confidential is the same as when the pack was made; `now` is the present fingerprint."""
    return pack.fingerprint.partition(".")[0] == now.partition(".")[0]


# --- what a pack is made of -------------------------------------------------------------------------------
def fingerprint(meeting: Meeting, *, language: str, reader: User | None, kind: str = Pack.Kind.AGENDA) -> str:
    """The same as long as a pack would say the same: "<what is kept from the reader>.<everything else>"."""
    about = _agenda if kind == Pack.Kind.AGENDA else _minutes
    said = [LAYOUT, language, reader.pk if reader else None, *about(meeting, reader)]
    return f"{_digest(closed_to(meeting, reader, kind), 16)}.{_digest(said, 40)}"


def _minutes(meeting: Meeting, reader: User | None) -> list[Any]:
    """What the minutes say to this reader, and how far they have come."""
    paper = minutes_paper.paper(meeting, reader=reader, now=meeting.ended_at or meeting.starts_at)
    edition = paper.edition
    return [paper.content, paper.state, edition.number if edition else 0]


def _agenda(meeting: Meeting, reader: User | None) -> list[Any]:
    """Figures in charts come from the stored uploads, those in tables from the revisions."""
    return [
        [str(getattr(meeting, name)) for name in MEETING_FIELDS],
        list(meeting.items.in_order().values_list(*ITEM_FIELDS)),
        list(meeting.participants.order_by("pk").values_list("user_id", "role", "department_id")),
        list(
            meeting.prereads.order_by("pk")
            .annotate(revision=Max("revisions__pk"))
            .values_list("pk", "submitted_at", "due_at", "revision")
        ),
        Review.objects.filter(revision__preread__meeting=meeting).aggregate(n=Max("pk"))["n"],
        Ruling.objects.filter(statement__preread__meeting=meeting).aggregate(n=Max("pk"))["n"],
        Snapshot.objects.filter(meeting=meeting).values_list("pk", flat=True).first(),
        tuple(Upload.objects.stored().aggregate(last=Max("pk"), n=Count("pk")).values()),
    ]


def closed_to(meeting: Meeting, reader: User | None, kind: str = Pack.Kind.AGENDA) -> list[list[int]]:
    """What is kept from this person (None: from all): items, and files, of which minutes have none."""
    items = sorted(confidential.hidden_ids(meeting=meeting.pk, user=reader))
    if kind == Pack.Kind.MINUTES:
        return [items]
    files = Attachment.objects.filter(preread__meeting=meeting)
    opened = confidential.open_files(reader).filter(preread__meeting=meeting)
    return [
        items,
        sorted(files.exclude(pk__in=opened).values_list("pk", flat=True)),
    ]


def _digest(value: Any, length: int) -> str:
    text = DjangoJSONEncoder(sort_keys=True).encode(value)
    return hashlib.sha256(text.encode()).hexdigest()[:length]


# --- in words -----------------------------------------------------------------------------------------------
def step_words(pack: Pack) -> str:
    """What is being done at the moment."""
    step, _colon, detail = pack.step.partition(":")
    if pack.state == Pack.State.QUEUED:
        return _("Waiting for a free worker")
    if step == "department":
        name = Department.objects.filter(code=detail).first()
        return _("Reading the pre-read of %(department)s") % {"department": name.name if name else detail}
    if step == "pictures":
        return _("Reading the pictures")
    if step == "layout":
        return _("Laying out page %(page)s") % {"page": detail}
    if step == "minutes":
        return _("Reading the minutes")
    if step == "writing":
        return _("Writing the file")
    return _("Reading the agenda")


def file_name(pack: Pack) -> str:
    """What the file is called where it is saved: title and day of the meeting, and for whom if for one."""
    about = [
        _("Minutes") if pack.kind == Pack.Kind.MINUTES else "",
        pgettext("of a file", "personal") if pack.reader_id else "",
    ]
    return plain_name(pack.meeting, about, "pdf")


def plain_name(meeting: Meeting, about: Sequence[str], ending: str) -> str:
    """Title and day of a meeting and some words, without the signs that file systems refuse."""
    parts = [meeting.title, f"{meeting.starts_at.astimezone(meeting.zone):%Y-%m-%d}", *about]
    plain = "".join(" " if sign in '/\\:*?"<>|' or ord(sign) < 32 else sign for sign in " ".join(parts))
    return f"{' '.join(plain.split())[:150]}.{ending}"
