"""Mailing what was claimed, outside of any transaction: compose, RCPT, mark the row, DATA, settle.

Between two mails an emergency that has become due meanwhile is claimed and mailed first, on the same connection.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from notices import addresses, breaker, chain, claiming, ledger, letters, posts, queries, together
from notices.claiming import Batch
from notices.kinds import Priority
from notices.mailer import LineBroken, MailDown, Mailer, Outcome, Result
from notices.models import Notice

logger = logging.getLogger(__name__)

# How often somebody with many mails at hand looks whether an emergency waits.
LOOK_SECONDS = 1.0
# The records of so many mails are read at once, and what was read is good for so long; withdrawing one still stops its
# mail up to the mark.
READ_AT_ONCE, FRESH_SECONDS = 50, 1.0
# After the line broke during a mail, others go first for so long.
STEP_BACK_SECONDS, EMERGENCY_STEP_BACK_SECONDS = 60, 5
EMERGENCIES_AT_ONCE = 20
# How often in its time a lease is renewed while mails of its claim are left.
RENEWALS = 4
State = Notice.State


class Sender:
    """One run's connection to the mail server, and what it did."""

    def __init__(self, mailer: Mailer, tally: Counter[str], is_over: Callable[[], bool]) -> None:
        self._mailer = mailer
        self._tally = tally
        self._is_over = is_over
        self._looked_at = time.monotonic()
        # The notices whose records are read, since when, and what else was read to decide on them.
        self._fresh: set[int] = set()
        self._read_at = 0.0
        self._kept: dict[Any, Any] = {}
        # Whether the mail server has answered in this round; tells a trial that it is back.
        self.has_answered = False

    def mail_all(self, batch: Batch, token: UUID, *, may_overtake: bool = True) -> bool:
        """Mail one after the other; False when the mail server turned out to be down. The rest stays due then."""
        waiting = list(batch.to_mail)
        while waiting:
            if self._is_over():
                ledger.release(waiting, token)
                return True
            if may_overtake and not self._let_emergencies_pass():
                self._tally["given back"] += ledger.release(waiting, token)
                return False
            notice = waiting[0]
            self._keep(waiting, token, batch)
            self._look(waiting)
            try:
                with together.deciding(self._kept):
                    self._mail(notice, token, batch)
            except MailDown as error:
                breaker.trip(str(error))
                self._tally["given back"] += len(waiting)
                if isinstance(error, LineBroken):
                    is_emergency = notice.priority <= Priority.EMERGENCY
                    seconds = EMERGENCY_STEP_BACK_SECONDS if is_emergency else STEP_BACK_SECONDS
                    ledger.step_back(notice, token, seconds=seconds)
                ledger.release(waiting, token)
                return False
            waiting.pop(0)
        return True

    def _let_emergencies_pass(self) -> bool:
        """Claim and mail emergencies that are due; False when the mail server turned out to be down."""
        if time.monotonic() - self._looked_at < LOOK_SECONDS:
            return True
        self._looked_at = time.monotonic()
        if not ledger.is_emergency_due():
            return True
        token = uuid4()
        batch = claiming.take(token, self._tally, limit=EMERGENCIES_AT_ONCE, lowest=Priority.EMERGENCY)
        is_up = self.mail_all(batch, token, may_overtake=False)
        ledger.finish(token)
        self._tally += posts.deliver(should_stop=self._is_over)
        return is_up

    @staticmethod
    def _keep(waiting: list[Notice], token: UUID, batch: Batch) -> None:
        """Renew the lease in time, or others would take over what a slow mail server holds up."""
        if time.monotonic() - batch.leased_at < ledger.LEASE_SECONDS / RENEWALS:
            return
        batch.leased_at = time.monotonic()
        ledger.renew(waiting, token)

    def _look(self, waiting: list[Notice]) -> None:
        """Read the records of the next mails as they are now: other mails may have taken a while."""
        if waiting[0].pk in self._fresh and time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        self._read_at, self._kept = time.monotonic(), {}
        rows = queries.with_subjects(waiting[:READ_AT_ONCE], for_mails=True)
        self._fresh = {notice.pk for notice in rows}

    def _mail(self, notice: Notice, token: UUID, batch: Batch) -> None:
        """Compose and send one mail and write what became of it. Raises MailDown."""
        try:
            state = claiming.fate(notice)
            message = letters.compose(notice) if state is None else None
        except Exception as error:
            claiming.give_back_broken(notice, token, error, self._tally)
            return
        if message is None:
            with transaction.atomic():
                self._tally[State.SUPERSEDED] += claiming.drop([notice], State.SUPERSEDED, token)
            return
        marked = False

        def may_send() -> bool:
            nonlocal marked
            marked = ledger.mark(notice, token, Notice.Stage.EMAIL)
            return marked

        try:
            result = self._mailer.send(message, may_send=may_send)
        except MailDown:
            raise
        except Exception as error:
            if not marked:
                claiming.give_back_broken(notice, token, error, self._tally)
                return
            logger.exception("Handing over the mail of notice %d failed", notice.pk)
            result = Result(Outcome.DOUBTFUL, f"{type(error).__name__}: {error}")
        self._saw_answer()
        self._settle(notice, token, result, batch)

    def _saw_answer(self) -> None:
        if not self.has_answered:
            self.has_answered = True
            breaker.close()

    def _settle(self, notice: Notice, token: UUID, result: Result, batch: Batch) -> None:
        outcome, reply = result.outcome, result.reply
        if outcome is Outcome.DROPPED:
            self._drop(notice, token)
            return
        self._note_address(notice, result, batch)
        if outcome is Outcome.DOUBTFUL and notice.behaviour.resend_doubtful:
            outcome = Outcome.DEFERRED
        if outcome is Outcome.DEFERRED and not ledger.is_worth_another_try(notice):
            outcome = Outcome.REFUSED
        if outcome is Outcome.DEFERRED:
            self._tally["given back"] += ledger.give_back([notice], token, note=reply)
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
        self._tally[state] += 1

    def _drop(self, notice: Notice, token: UUID) -> None:
        """Its mark was refused: it was withdrawn, has expired, was taken over, or the recipient has left."""
        self._tally["dropped"] += 1
        with transaction.atomic():
            if ledger.drop(notice, token) == State.SUPPRESSED:
                chain.pass_up([notice])

    def _note_address(self, notice: Notice, result: Result, batch: Batch) -> None:
        person = notice.recipient
        if result.outcome is Outcome.REFUSED and result.blames_address:
            addresses.refused(person=person, reply=result.reply)
        elif result.outcome is Outcome.ACCEPTED and person.email in batch.suspects:
            del batch.suspects[person.email]
            addresses.accepted(person.email)
