"""Making promises come true: take what is due, show it in the list, mail it.

An e-mail cannot be sent exactly once: between the mail server's "250" and our note of it lies an instant in which we
may die, and then nobody knows. So each promise is one row, its entry in the list appears exactly once (it is written in
the transaction of the claim), and its mail goes out at most once; where that instant was hit, the row says
"uncertain" instead of guessing. Any number of dispatchers may run at once, in Celery workers and as `manage.py
dispatch`, and each may be killed at any instant.

One round:
 1. recover: rows of dispatchers whose lease is over go back, or become doubtful if the mail was being handed over;
 2. claim: one statement takes due rows; in the same transaction each is looked at again, shown in the list, and
    collected with others of the same person if they are many;
 3. mail, outside of any transaction: compose, RCPT, mark the row, DATA, settle.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from notices import digests, ledger, letters, queries
from notices.ledger import beat
from notices.mailer import MailDown, Mailer, Outcome, Result
from notices.models import Channel, Delivery, Notice

__all__ = ["beat", "run"]

logger = logging.getLogger(__name__)

# People served in one claim, with what else is due for them.
BATCH = 50
State = Notice.State


def run(*, seconds: float | None = None, should_stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send everything that is due, in rounds, until nothing is or the time is over.

    Returns how many rows went into which state, "recovered" counting the leases taken over. Never raises for
    trouble with mail or with the hooks of a kind; database errors pass through.
    """
    end = None if seconds is None else time.monotonic() + seconds
    tally: Counter[str] = Counter(recovered=ledger.recover())

    def is_over() -> bool:
        return should_stop() or (end is not None and time.monotonic() > end)

    with Mailer() as mailer:
        while not is_over():
            token = uuid4()
            claimed, to_mail = _claim(token, tally)
            if not claimed:
                break
            _mail_all(mailer, to_mail, token, tally, is_over)
    return +tally


def _claim(token: UUID, tally: Counter[str]) -> tuple[int, list[Notice]]:
    """Take a batch and decide on each row; returns how many were taken and those that have to be mailed."""
    with transaction.atomic():
        ids = ledger.claim(token, limit=BATCH)
        if not ids:
            return 0, []
        now = ledger.now()
        notices = queries.with_subjects(
            Notice.objects.filter(pk__in=ids)
            .select_related("recipient")
            .order_by("priority", "send_at", "pk")
        )
        wanted: list[Notice] = []
        dropped: dict[State, list[Notice]] = {}
        for notice in notices:
            is_late = notice.expires_at is not None and notice.expires_at <= now
            try:
                with transaction.atomic():  # a hook whose query fails must not spoil the batch
                    state = State.EXPIRED if is_late else _fate(notice)
            except Exception as error:
                _give_back_broken(notice, token, error, tally)
                continue
            if state is None:
                wanted.append(notice)
            else:
                dropped.setdefault(state, []).append(notice)
        for state, rows in dropped.items():
            tally[state] += len(ledger.settle(rows, token, state))
        return len(ids), _show(wanted, token, tally)


def _fate(notice: Notice) -> State | None:
    """Why it must not go out (any more), or None when it must."""
    kind = notice.behaviour
    if not notice.recipient.is_active:
        return State.SUPPRESSED
    if notice.kind == digests.CODE:
        return None  # its lines are asked when the mail is composed
    if notice.subject is None or not kind.is_wanted(notice):
        return State.SUPERSEDED
    return None


def _show(wanted: list[Notice], token: UUID, tally: Counter[str]) -> list[Notice]:
    """Put the notices into their recipients' lists, once; returns those that have to be mailed besides."""
    now = ledger.now()
    shown = [notice for notice in wanted if notice.kind != digests.CODE]
    Notice.objects.filter(pk__in=[notice.pk for notice in shown]).update(
        shown_at=Coalesce(F("shown_at"), now)
    )
    Delivery.objects.bulk_create(
        [Delivery(notice=notice, channel=Channel.IN_APP, at=now) for notice in shown], ignore_conflicts=True
    )
    mailed = set(
        Delivery.objects.filter(
            Q(notice__in=wanted), Q(channel=Channel.EMAIL), ~Q(state=Delivery.State.UNCERTAIN)
        ).values_list("notice_id", flat=True)
    )
    to_mail = [notice for notice in wanted if notice.behaviour.email and notice.pk not in mailed]
    done = [notice for notice in wanted if not notice.behaviour.email or notice.pk in mailed]
    tally[State.SENT] += len(ledger.settle(done, token, State.SENT))
    return digests.collect(to_mail, token)


def _mail_all(
    mailer: Mailer, notices: Iterable[Notice], token: UUID, tally: Counter[str], is_over: Callable[[], bool]
) -> None:
    waiting = list(notices)
    while waiting:
        if is_over():
            ledger.release(waiting, token)
            return
        notice = waiting[0]
        try:
            _mail(mailer, notice, token, tally)
        except MailDown as error:
            # The others would fare no better: all go back, and the next round tries again.
            logger.warning("%s; %d mails wait.", error, len(waiting))
            tally["given back"] += ledger.give_back(waiting, token, note=str(error))
            return
        waiting.pop(0)


def _mail(mailer: Mailer, notice: Notice, token: UUID, tally: Counter[str]) -> None:
    """Compose and send one mail and write what became of it. Raises MailDown."""
    queries.with_subjects([notice])  # as it is now: other mails may have taken a while
    try:
        message = letters.compose(notice) if _fate(notice) is None else None
    except Exception as error:
        _give_back_broken(notice, token, error, tally)
        return
    if message is None:
        tally[State.SUPERSEDED] += len(ledger.settle([notice], token, State.SUPERSEDED))
        return
    marked = False

    def may_send() -> bool:
        nonlocal marked
        marked = ledger.mark(notice, token, Notice.Stage.EMAIL)
        return marked

    try:
        result = mailer.send(message, may_send=may_send)
    except MailDown:
        raise
    except Exception as error:
        if not marked:
            _give_back_broken(notice, token, error, tally)
            return
        logger.exception("Handing over the mail of notice %d failed", notice.pk)
        result = Result(Outcome.DOUBTFUL, f"{type(error).__name__}: {error}")
    _settle(notice, token, result, tally)


def _settle(notice: Notice, token: UUID, result: Result, tally: Counter[str]) -> None:
    outcome, reply = result
    if outcome is Outcome.DROPPED:
        ledger.drop(notice, token)
        tally["dropped"] += 1
        return
    if outcome is Outcome.DOUBTFUL and notice.behaviour.resend_doubtful:
        outcome = Outcome.DEFERRED
    if outcome is Outcome.DEFERRED and not ledger.is_worth_another_try(notice):
        outcome = Outcome.REFUSED
    if outcome is Outcome.DEFERRED:
        tally["given back"] += ledger.give_back([notice], token, note=reply)
        return
    state = {
        Outcome.ACCEPTED: State.SENT,
        Outcome.DOUBTFUL: State.UNCERTAIN,
        Outcome.REFUSED: State.BOUNCED,
    }[outcome]
    if state != State.SENT:
        logger.warning("The mail of notice %d is %s: %s", notice.pk, state, reply)
    ledger.settle_mail(
        notice, token, state,
        address=notice.recipient.email,
        message_id=letters.message_id(notice),
        note="" if state == State.SENT else reply,
    )  # fmt: skip
    tally[state] += 1


def _give_back_broken(notice: Notice, token: UUID, error: Exception, tally: Counter[str]) -> None:
    """A kind whose hooks fail must not hold up the other notices; it is tried again after a pause."""
    logger.error("Notice %d (%s) cannot be worded: %r", notice.pk, notice.kind, error, exc_info=error)
    tally["given back"] += ledger.give_back([notice], token, note=f"{type(error).__name__}: {error}")
