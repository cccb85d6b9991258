"""Taking due notices and deciding on each: is it still to be told, does it stand in the list, may it be mailed now.

All of it is one transaction, so a dispatcher that dies before its end has taken nothing.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from notices import addresses, chain, digests, ledger, letters, posts, preferences, queries, together
from notices.models import Address, Channel, Delivery, Notice
from notices.preferences import Choices, Hold

logger = logging.getLogger(__name__)

State = Notice.State


@dataclass(slots=True)
class Batch:
    """What one claim brought: how many rows, which of them have to be mailed now, and which addresses are suspect.

    `leased_at` is when its lease began or was renewed, by the monotonic clock.
    """

    taken: int = 0
    to_mail: list[Notice] = field(default_factory=list)
    suspects: dict[str, Address] = field(default_factory=dict)
    leased_at: float = field(default_factory=time.monotonic)


def take(
    token: UUID, tally: Counter[str], *, limit: int, lowest: int = ledger.LOWEST, mail_is_up: bool = True
) -> Batch:
    """Claim what is due for about `limit` people, show it in their lists, and say what is to be mailed.

    While the mail server is down, mails stay due and only the lists are served.
    """
    leased_at = time.monotonic()
    with transaction.atomic(), together.deciding():
        ids = ledger.claim(token, limit=limit, lowest=lowest, mail_is_up=mail_is_up)
        if not ids:
            return Batch()
        wanted = _decide(ids, token, tally)
        now = ledger.now()
        to_mail = _show(wanted, token, tally, now)
        if not mail_is_up:
            ledger.release(to_mail, token)
            return Batch(len(ids))
        suspects = addresses.suspects(notice.recipient.email for notice in to_mail)
        to_mail = _without_refused(to_mail, suspects, token, tally)
        to_mail = _without_held(to_mail, token, tally, now)
        return Batch(len(ids), digests.collect(to_mail, token), suspects, leased_at)


def fate(notice: Notice) -> State | None:
    """Why it must not go out (any more), or None when it must."""
    kind = notice.behaviour
    if not notice.recipient.is_active:
        return State.SUPPRESSED
    if notice.kind == digests.CODE:
        return None  # its lines are asked when the mail is composed
    if notice.subject is None or not kind.is_wanted(notice):
        return State.SUPERSEDED
    return None


def drop(notices: list[Notice], state: State, token: UUID) -> int:
    """Settle what must not go out, in the transaction that runs; what somebody who left owed is passed on."""
    settled = set(ledger.settle(notices, token, state))
    if state == State.SUPPRESSED:
        chain.pass_up([notice for notice in notices if notice.pk in settled])
    return len(settled)


def give_back_broken(notice: Notice, token: UUID, error: Exception, tally: Counter[str]) -> None:
    """A kind whose hooks fail must not hold up the other notices; it is tried again after a pause."""
    logger.error("Notice %d (%s) cannot be worded: %r", notice.pk, notice.kind, error, exc_info=error)
    tally["given back"] += ledger.give_back([notice], token, note=f"{type(error).__name__}: {error}")


def _decide(ids: Iterable[int], token: UUID, tally: Counter[str]) -> list[Notice]:
    """Look at each row again; those that are still to be told."""
    now = ledger.now()
    notices = queries.with_subjects(
        Notice.objects.filter(pk__in=ids).select_related("recipient").order_by("priority", "send_at", "pk")
    )
    wanted: list[Notice] = []
    dropped: dict[State, list[Notice]] = {}
    for notice, state in _fates(notices, now, token, tally):
        if state is None:
            wanted.append(notice)
        else:
            dropped.setdefault(state, []).append(notice)
    for state, rows in dropped.items():
        tally[state] += drop(rows, state, token)
    return wanted


def _fates(
    notices: list[Notice], now: datetime, token: UUID, tally: Counter[str]
) -> list[tuple[Notice, State | None]]:
    """What is to become of each; those whose hooks fail are given back. A failing query must not spoil the batch."""

    def ask(notice: Notice) -> State | None:
        is_late = notice.expires_at is not None and notice.expires_at <= now
        return State.EXPIRED if is_late else fate(notice)

    try:
        with transaction.atomic():
            return [(notice, ask(notice)) for notice in notices]
    except Exception as error:
        logger.debug("One of %d notices fails (%r); each is asked by itself.", len(notices), error)
    found = []
    for notice in notices:
        try:
            with transaction.atomic():
                found.append((notice, ask(notice)))
        except Exception as error:
            give_back_broken(notice, token, error, tally)
    return found


def _show(wanted: list[Notice], token: UUID, tally: Counter[str], now: datetime) -> list[Notice]:
    """Put the notices into their recipients' lists and before the chat robots, once; those to be mailed besides."""
    shown = [notice for notice in wanted if notice.kind != digests.CODE]
    Notice.objects.filter(pk__in=[notice.pk for notice in shown]).update(
        shown_at=Coalesce(F("shown_at"), now)
    )
    Delivery.objects.bulk_create(
        [Delivery(notice=notice, channel=Channel.IN_APP, at=now) for notice in shown], ignore_conflicts=True
    )
    news = [notice for notice in shown if notice.shown_at is None]
    posts.promise_for(news, send_at=lambda notice: preferences.may_be_disturbed_at(notice, now))
    mailed = set(
        Delivery.objects.filter(
            Q(notice__in=wanted), Q(channel=Channel.EMAIL), ~Q(state=Delivery.State.UNCERTAIN)
        ).values_list("notice_id", flat=True)
    )
    to_mail = [notice for notice in wanted if notice.behaviour.email and notice.pk not in mailed]
    done = [notice for notice in wanted if not notice.behaviour.email or notice.pk in mailed]
    tally[State.SENT] += len(ledger.settle(done, token, State.SENT))
    return to_mail


def _without_refused(
    notices: list[Notice], suspects: dict[str, Address], token: UUID, tally: Counter[str]
) -> list[Notice]:
    """Nothing is mailed to an address that is refused again and again."""
    rest = []
    for notice in notices:
        address = suspects.get(notice.recipient.email)
        if address is None or address.flagged_at is None:
            rest.append(notice)
            continue
        ledger.settle_mail(
            notice, token, State.BOUNCED,
            address=address.email, message_id=letters.message_id(notice), note=addresses.why_not(address),
        )  # fmt: skip
        tally[State.BOUNCED] += 1
    return rest


def _without_held(notices: list[Notice], token: UUID, tally: Counter[str], now: datetime) -> list[Notice]:
    """Without the mails that their recipients do not want, or not now."""
    choices = Choices(notice.recipient for notice in notices)
    rest: list[Notice] = []
    unwanted: list[Notice] = []
    held: list[tuple[Notice, Hold]] = []
    for notice in notices:
        choice = choices.of(notice.recipient, notice.behaviour.category)
        if notice.kind == digests.CODE:
            rest.append(notice)
        elif not preferences.wants_mail(notice.behaviour, choice):
            unwanted.append(notice)
        elif hold := preferences.hold(notice, choice, now):
            held.append((notice, hold))
        else:
            rest.append(notice)
    Delivery.objects.bulk_create(
        [
            Delivery(notice=notice, channel=Channel.EMAIL, state=Delivery.State.UNWANTED, at=now)
            for notice in unwanted
        ],
        ignore_conflicts=True,
    )
    tally[State.SENT] += len(ledger.settle(unwanted, token, State.SENT))
    tally["held back"] += ledger.hold(held, token)
    return rest
