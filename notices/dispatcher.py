"""Making promises come true: take what is due, show it in the list, mail it.

An e-mail cannot be sent exactly once: between the mail server's "250" and our note of it lies an instant in which we
may die, and then nobody knows. So each promise is one row, its entry in the list appears exactly once (it is written in
the transaction of the claim), and its mail goes out at most once; where that instant was hit, the row says
"uncertain" instead of guessing. Any number of dispatchers may run at once, in Celery workers and as `manage.py
dispatch`, and each may be killed at any instant.

One round:
 1. recover (`ledger`): rows of dispatchers whose lease is over go back, or become doubtful if the mail was being
    handed over;
 2. claim (`claiming`): one statement takes due rows; in the same transaction each is looked at again, shown in the
    list, held back if its recipient may not be disturbed now, and collected with others of the same person if they are
    many;
 3. mail (`sending`), outside of any transaction: compose, RCPT, mark the row, DATA, settle.

The breaker (`breaker`) knows when the mail server is away; messages to chat robots are promised with the claim and go
out by `posts`.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

from notices import breaker, claiming, ledger, posts
from notices.breaker import Line
from notices.ledger import beat
from notices.mailer import Mailer
from notices.sending import Sender

__all__ = ["beat", "run"]

logger = logging.getLogger(__name__)

# People served in one claim, with what else is due for them.
BATCH = 50
# In a long run, how often leases of others are looked at.
RECOVER_SECONDS = 30.0


def run(*, seconds: float | None = None, should_stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send everything that is due, in rounds, until nothing is or the time is over.

    Returns how many rows went into which state, "recovered" counting the leases taken over. Never raises for
    trouble with mail, with chat robots or with the hooks of a kind; database errors pass through.
    """
    end = None if seconds is None else time.monotonic() + seconds
    tally: Counter[str] = Counter(recovered=ledger.recover())
    recovered_at = time.monotonic()

    def is_over() -> bool:
        return should_stop() or (end is not None and time.monotonic() > end)

    with Mailer() as mailer:
        sender = Sender(mailer, tally, is_over)
        while not is_over():
            if time.monotonic() - recovered_at > RECOVER_SECONDS:
                tally["recovered"] += ledger.recover()
                recovered_at = time.monotonic()
            if not _round(sender, tally, is_over):
                break
    return +tally


def _round(sender: Sender, tally: Counter[str], is_over: Callable[[], bool]) -> bool:
    """Claim, post, mail; False when nothing was due any more."""
    line = breaker.ask(for_emergency=ledger.is_emergency_due())
    token = uuid4()
    batch = claiming.take(
        token, tally, limit=1 if line is Line.TRIAL else BATCH, mail_is_up=line is not Line.DOWN
    )
    tally += posts.deliver(should_stop=is_over)
    sender.has_answered = line is Line.UP
    is_up = sender.mail_all(batch, token)
    ledger.finish(token)
    if line is Line.TRIAL and is_up and not sender.has_answered:
        breaker.let_go()
    return batch.taken > 0
