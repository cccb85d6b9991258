"""Who looks after which chat robot or webhook."""

from __future__ import annotations

from notices.channels import apprise
from notices.models import Endpoint
from people.models import Department, User


def can_keep(user: User, endpoint: Endpoint) -> bool:
    """Change it, try it out, switch it off: its person, the department's heads; administrators what is nobody's own."""
    if not user.is_active:
        return False
    if endpoint.person_id is not None:
        return endpoint.person_id == user.pk
    if user.has_role(User.Role.ADMIN):
        return True
    return endpoint.department_id is not None and endpoint.department_id in user.headed_department_ids


def can_use(user: User, channel: str) -> bool:
    """Apprise speaks with many services in many ways: administrators decide on it."""
    return channel != apprise.CODE or user.has_role(User.Role.ADMIN)


def departments_of(user: User) -> list[Department]:
    """For whose groups the person may set up robots."""
    if user.has_role(User.Role.ADMIN):
        return list(Department.objects.in_order())
    return [m.department for m in user.memberships_list if m.role in m.HEADS]
