"""What the hooks of kinds read that belongs to no single notice: once for all that are decided on together.

with together.deciding():
    …  # many notices, each by its kind's hooks

def is_wanted(notice):
    return together.once(Rules).ask_for(notice)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_kept: ContextVar[dict[Callable[[], Any], Any] | None] = ContextVar("notices.together", default=None)


@contextmanager
def deciding(kept: dict[Any, Any] | None = None) -> Iterator[None]:
    """Within this block, and any other with the same `kept`, `once` makes each thing once.

    Take a new one soon, because what is kept grows old.
    """
    token = _kept.set({} if kept is None else kept)
    try:
        yield
    finally:
        _kept.reset(token)


def once(make: Callable[[], T]) -> T:
    """What `make()` gives; within `deciding` what it gave the first time."""
    kept = _kept.get()
    if kept is None:
        return make()
    if make not in kept:
        kept[make] = make()
    found: T = kept[make]
    return found
