"""Who has read the newest revision of a pre-read, who has not, and what a reader read before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType

from meetings import receipt_notices
from meetings.models import Participant, PreRead, PreReadRevision, ReadReceipt
from notices.models import Notice
from people.models import User


@dataclass(frozen=True, slots=True)
class Reader:
    """One person invited: when they read the newest revision, else the number of the last one they read (0: none)."""

    user: User
    read_at: datetime | None = None
    former: int = 0


@dataclass(frozen=True, slots=True)
class Readers:
    revision: PreReadRevision
    read: list[Reader]
    unread: list[Reader]

    @property
    def total(self) -> int:
        return len(self.read) + len(self.unread)


def readers(preread: PreRead) -> Readers | None:
    """Who of those invited has read the newest revision; None before one was handed in. Three queries.

    Expected to read are the participants, without optional guests and without the department itself.
    """
    revision = newest(preread)
    if revision is None:
        return None
    people = (
        User.objects.active()
        .filter(participations__meeting=preread.meeting_id)
        .exclude(participations__in=_optional(preread))
        .exclude(memberships__department=preread.department_id)
        .by_name()
    )
    receipts: dict[int, list[ReadReceipt]] = {}
    rows = ReadReceipt.objects.filter(revision__preread=preread).select_related("revision")
    for receipt in rows.order_by("revision__number"):
        receipts.setdefault(receipt.reader_id, []).append(receipt)
    found = [_reader(person, receipts.get(person.pk, ()), revision) for person in people]
    return Readers(
        revision,
        read=[one for one in found if one.read_at],
        unread=[one for one in found if not one.read_at],
    )


def _optional(preread: PreRead):
    return Participant.objects.filter(meeting=preread.meeting_id, role=Participant.Role.OPTIONAL)


def _reader(person: User, receipts: Iterable[ReadReceipt], revision: PreReadRevision) -> Reader:
    by_number = {receipt.revision.number: receipt.read_at for receipt in receipts}
    return Reader(person, by_number.get(revision.number), max(by_number, default=0))


def newest(preread: PreRead) -> PreReadRevision | None:
    return preread.revisions.select_related("submitted_by").order_by("-number").first()


def read_by(preread: PreRead, user: User) -> list[int]:
    """The numbers of the revisions that somebody has read, ascending."""
    rows = ReadReceipt.objects.filter(revision__preread=preread, reader=user)
    return list(rows.order_by("revision__number").values_list("revision__number", flat=True))


def asked_on(revision: PreReadRevision, day: datetime) -> set[int]:
    """Who was asked on that day to read it."""
    return set(
        Notice.objects.filter(
            kind=receipt_notices.ASKED,
            subject_type=ContentType.objects.get_for_model(revision),
            subject_id=revision.pk,
            due_at=day,
        ).values_list("recipient_id", flat=True)
    )
