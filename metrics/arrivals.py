"""Who wants to know that figures have changed: apps to the right of metrics say so here, from `ready()`."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

# Called with the id of the shop, after the transaction that changed its figures.
Listener = Callable[[int], None]
_LISTENERS: list[Listener] = []


def register(listener: Listener) -> None:
    """Call this function each time figures came in, were replaced or taken out. It must be quick: ring a worker."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def announce(shop_id: int) -> None:
    """The figures of this shop have changed; call it inside of the transaction that changes them."""
    for listener in _LISTENERS:
        transaction.on_commit(partial(listener, shop_id))
