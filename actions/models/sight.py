"""What the door of the actions needs to know of a person: asked along in each statement, or read once for many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from core.subqueries import once
from meetings.models import AgendaItem, Decision, Meeting
from people.models import Membership, User

# More keys than these are a burden in a statement themselves; they are asked along there.
MOST_KEYS = 4_000

Keys = RawSQL | tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Keys of the records that open actions to somebody or close them, each for the right side of an `__in`.

    With subqueries there PostgreSQL can only walk along all actions and put the question to each. With the keys
    themselves it knows how many there are and gathers from the indexes what belongs to them.
    """

    closed_items: Keys
    closed_decisions: Keys
    asked_by_name: Keys
    # The others are for people without a company role.
    departments: Keys
    meetings: Keys
    asked: Keys

    @classmethod
    def asked_along(cls, user: User) -> Sight:
        """As subqueries: for single records, and where what opens them may change between two statements."""
        return cls(**{name: _along(name, user) for name in QUESTIONS})

    @classmethod
    def read(cls, user: User) -> Sight:
        """As keys, by one statement: for a page that asks many times. True for the moment of reading them."""
        names = [
            name for name, question in QUESTIONS.items() if not (user.sees_all and question.is_for_others)
        ]
        parts = [_keys(name, user) for name in names]
        found: dict[str, list[int]] = {name: [] for name in QUESTIONS}
        for name, key in parts[0].union(*parts[1:], all=True):
            found[name].append(key)
        return cls(
            **{
                name: tuple(keys) if len(keys) <= MOST_KEYS else _along(name, user)
                for name, keys in found.items()
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`rows` of a person, and the `column` of the keys. `is_for_others`: company roles need no answer to it."""

    rows: Callable[[User], QuerySet[Any, Any]]
    column: str = "pk"
    is_for_others: bool = False


def _along(name: str, user: User) -> RawSQL:
    return once(user, (name, frozenset(user.headed_department_ids)), partial(_column, name, user))


def _column(name: str, user: User) -> QuerySet[Any, Any]:
    return QUESTIONS[name].rows(user).order_by().values(QUESTIONS[name].column)


def _keys(name: str, user: User) -> QuerySet[Any, Any]:
    question = QUESTIONS[name]
    rows = question.rows(user).order_by().values_list(Value(name, CharField()), F(question.column))
    return rows[: MOST_KEYS + 1]


def _closed_decisions(user: User) -> QuerySet[Decision]:
    return Decision.objects.filter(agenda_item__in=AgendaItem.objects.closed_to(user))


def _asked(user: User) -> QuerySet[Any]:
    mine = Membership.objects.filter(user=user).values("department")
    return _blockers().filter(Q(needs_person=user) | Q(needs_department__in=mine))


def _blockers() -> QuerySet[Any]:
    from actions.models.progress import Blocker  # leaf

    return Blocker.objects.filter(lifted_at=None)


QUESTIONS = {
    "closed_items": Question(rows=lambda user: AgendaItem.objects.all().hidden_from(user)),
    "closed_decisions": Question(rows=_closed_decisions),
    "asked_by_name": Question(rows=lambda user: _blockers().filter(needs_person=user), column="action"),
    "departments": Question(
        rows=lambda user: Membership.objects.filter(user=user), column="department", is_for_others=True
    ),
    "meetings": Question(rows=Meeting.objects.visible_to, is_for_others=True),
    "asked": Question(rows=_asked, column="action", is_for_others=True),
}
