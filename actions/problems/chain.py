"""Who must hear of a problem: a direct superior and an executive at once, then level by level whoever is above.

The superior of whoever reports is the lead of their own department, else of the department concerned, else of the
department that one belongs to. Whoever reports it is told of nothing. A level that nobody fills is passed over.
"""

from dataclasses import dataclass
from datetime import timedelta

from actions.models import Problem
from people import queries as people
from people.models import Department, User

# Nobody has taken note: after so long the next level is told too.
NEXT_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Chain:
    """`superiors` and `executives` are told at once and both must be reached; `above` are the next levels."""

    superiors: tuple[User, ...]
    executives: tuple[User, ...]
    above: tuple[tuple[User, ...], ...]

    @property
    def at_once(self) -> tuple[User, ...]:
        return tuple(dict.fromkeys((*self.superiors, *self.executives)))

    @property
    def everybody(self) -> tuple[User, ...]:
        return tuple(dict.fromkeys((*self.at_once, *(one for level in self.above for one in level))))


def of(problem: Problem) -> Chain:
    """The people concerned, as they are now."""
    reporter = problem.reported_by
    executives = [one for one in people.executives() if one != reporter]
    superiors = _superiors(problem)
    # The first executive who is not the superior anyway; the others are the next level.
    first = [one for one in executives if one not in superiors][:1] or executives[:1]
    told = {*superiors, *first}
    above = []
    deputies = [one for one in people.heads(problem.department) if one != reporter]
    company = people.with_role(User.Role.HOST) | people.with_role(User.Role.ADMIN)
    for level in (
        [*deputies, *executives],
        [one for one in company if one != reporter],
    ):
        new = tuple(one for one in dict.fromkeys(level) if one not in told)
        if new:
            above.append(new)
            told |= set(new)
    return Chain(tuple(superiors), tuple(first), tuple(above))


def _superiors(problem: Problem) -> list[User]:
    reporter = problem.reported_by
    own = [one.department for one in reporter.memberships_list if one.department_id != problem.department_id]
    departments: list[Department] = [problem.department]
    # The reporter's own lead before those of the department concerned, unless they belong to it.
    if problem.department_id not in reporter.department_ids:
        departments = [*own, problem.department]
    parent = problem.department.parent
    while parent is not None:
        departments.append(parent)
        parent = parent.parent
    for department in departments:
        found = [one for one in people.leads(department) if one != reporter]
        if found:
            return found
    return []
