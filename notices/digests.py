"""Collected mails: when many notices are due for one person at once, they share one.

The collected mail is a Notice of its own (kind "notices.digest", about the person) that is never shown in the list;
its lines are the notices whose e-mail Delivery names it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from notices import entries, kinds, ledger, queries
from notices.kinds import Kind
from notices.models import Channel, Delivery, Notice
from people.models import User

CODE = kinds.DIGEST
# So many single mails at once are fine; one more and they are collected.
MOST_SINGLE = 3
MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    label: str
    path: str
    details: tuple[str, ...] = ()


def register() -> None:
    kinds.register(
        Kind(
            code=CODE,
            label=_("Collected notices"),
            title=lambda notice: gettext("Several things for you"),
            url=lambda notice: reverse("notices:list"),
            bundle=False,
        )
    )


def title(count: int) -> str:
    return ngettext("%(count)d thing for you", "%(count)d things for you", count) % {"count": count}


def collect(to_mail: list[Notice], token: UUID) -> list[Notice]:
    """Put the mails of everybody who would get more than three into one; returns what is left to mail.

    What waited for the collected mail of the day goes into it whatever the number, and so do notices that belong
    together. Call it in the transaction of the claim.
    """
    by_person: defaultdict[int, list[Notice]] = defaultdict(list)
    for notice in to_mail:
        if notice.behaviour.may_be_bundled or _waited_for_digest(notice):
            by_person[notice.recipient_id].append(notice)
    digests, collected = [], set()
    for notices in by_person.values():
        if len(notices) > MOST_SINGLE or _belong_together(notices):
            digests.append(_collect(notices, token))
            collected |= {notice.pk for notice in notices}
    return [notice for notice in to_mail if notice.pk not in collected] + digests


def _waited_for_digest(notice: Notice) -> bool:
    return notice.held_for == Notice.Hold.DAILY and notice.kind != CODE


def _belong_together(notices: list[Notice]) -> bool:
    if sum(_waited_for_digest(notice) for notice in notices) > 1:
        return True
    words = Counter(notice.behaviour.together(notice) for notice in notices)
    return any(count > 1 for word, count in words.items() if word)


def lines_of(digest: Notice) -> tuple[list[Line], int]:
    """The first lines that are still wanted, in the language that is active, and how many there are in all."""
    notices = queries.with_subjects(
        Notice.objects.filter(deliveries__digest=digest).select_related("recipient").order_by("due_at", "pk")
    )
    wanted = [
        notice for notice in notices if notice.subject is not None and notice.behaviour.is_wanted(notice)
    ]
    shown = wanted[:MOST_LINES]
    readable = queries.readable(shown, digest.recipient)
    return [_line(notice, is_readable=notice.pk in readable) for notice in shown], len(wanted)


def _line(notice: Notice, *, is_readable: bool) -> Line:
    kind = notice.behaviour
    title = kind.title(notice) if is_readable else entries.closed_title(notice)
    details = tuple(kind.details(notice)) if is_readable else ()
    return Line(title, str(kind.label), reverse("notices:open", args=[notice.pk]), details)


def _collect(notices: Iterable[Notice], token: UUID) -> Notice:
    notices = list(notices)
    person = notices[0].recipient
    now = ledger.now()
    digest = Notice.objects.create(
        recipient=person,
        subject_type=ContentType.objects.get_for_model(User),
        subject_id=person.pk,
        kind=CODE,
        due_at=now,
        send_at=now,
        state=Notice.State.SENDING,
        lease_token=token,
        lease_until=notices[0].lease_until,
    )
    ledger.settle(notices, token, Notice.State.SENT)
    Delivery.objects.bulk_create(
        Delivery(
            notice=notice, channel=Channel.EMAIL, state=Delivery.State.BUNDLED, digest=digest, address=person.email,
            at=now,
        )
        for notice in notices
    )  # fmt: skip
    return digest
