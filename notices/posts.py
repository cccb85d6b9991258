"""Messages to chat robots and webhooks: one `Post` for each endpoint that is to tell of a notice.

The dispatcher calls both functions here: `promise_for` in the transaction that claims notices, `deliver` in every turn
of its loop, outside of any transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from notices.models import Notice


def promise_for(notices: Iterable[Notice], *, send_at: Callable[[Notice], datetime | None] | None = None) -> int:
    """Promise to every endpoint concerned what these notices tell; returns how many messages that makes.

    Call it in the transaction that shows the notices for the first time (calling it again adds nothing). `notices`
    have their recipient and subject loaded. `send_at(notice)` is when its recipient may be disturbed (the end of their
    quiet hours), None for at once.
    """
    return 0


def deliver(*, should_stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send the messages that are due, until none is; returns how many went into which state.

    Takes at most some seconds for one round, and asks `should_stop` between rounds. Never raises for trouble with an
    endpoint; database errors pass through.
    """
    return Counter()
