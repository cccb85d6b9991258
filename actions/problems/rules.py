"""Who may do what with a problem. Reading is decided by `visible_to`."""

from actions.models import Problem
from actions.problems import chain
from meetings import rules as meeting_rules
from people.models import User


def can_acknowledge(user: User, problem: Problem) -> bool:
    """Take note for the line: whoever is or will be told of it, and any head or executive above; not the reporter."""
    if not user.is_active or user.pk == problem.reported_by_id:
        return False
    return user.has_role(User.Role.EXECUTIVE) or user in chain.of(problem).everybody


def can_steer(user: User, problem: Problem) -> bool:
    """Name who deals with it, close it: whoever deals with it, the heads of the department, executives, hosts."""
    if not user.is_active:
        return False
    return (
        user.pk == problem.owner_id
        or problem.department_id in user.headed_department_ids
        or user.has_role(User.Role.EXECUTIVE, User.Role.HOST, User.Role.ADMIN)
    )


def can_call_meeting(user: User) -> bool:
    return meeting_rules.can_schedule(user)
