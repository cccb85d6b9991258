"""What ought to be promised, said by each app: the reconciler compares it with the rows.

Services promise in the transaction that makes a promise necessary. Bulk SQL, a partial restore or a bug can still
lose rows; so an app also registers a planner that derives the wanted notices from its records, and every ten minutes
the missing ones are made good (`notices.services.reconcile`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A notice that should exist; the fields are those of `notices.services.promise`."""

    recipient: User
    subject: models.Model
    kind: str
    due_at: datetime
    send_at: datetime | None = None
    expires_at: datetime | None = None
    params: dict[str, Any] = field(default_factory=dict)


Planner = Callable[[], Iterable[Wanted]]
_planners: list[Planner] = []
_by_calendar: set[Planner] = set()


def register(planner: Planner, *, by_calendar: bool = False) -> Planner:
    """Make a planner known; usable as a decorator.

    by_calendar: what it yields follows from the date alone, with no service that could have promised it before; the
    first round that finds it makes it, which is no repair.

    A planner yields what is still ahead or has just become due, from open records only: whatever it yields and is
    not there will be sent.
    """
    if planner not in _planners:
        _planners.append(planner)
    if by_calendar:
        _by_calendar.add(planner)
    return planner


def unregister(planner: Planner) -> None:
    if planner in _planners:
        _planners.remove(planner)


def is_by_calendar(planner: Planner) -> bool:
    return planner in _by_calendar


def planners() -> list[Planner]:
    return list(_planners)
