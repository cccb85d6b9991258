"""Who may do what with figures."""

from people.models import Membership, User

UPLOADERS = (User.Role.ADMIN, User.Role.HOST, User.Role.DATA_OWNER)


def can_upload(user: User) -> bool:
    """Hand in reports, and decide which upload is valid.

    The data owner, hosts, administrators, and leads of the company's own departments: an outside partner's lead has
    no say in the company's figures.
    """
    if user.has_role(*UPLOADERS):
        return True
    leads = (m.department for m in user.memberships_list if m.role == Membership.Role.LEAD)
    return user.is_active and any(not department.is_external for department in leads)


def can_download(user: User) -> bool:
    """Have a report's own bytes: they hold towns and postal codes of buyers, so only those who hand in reports."""
    return can_upload(user)
