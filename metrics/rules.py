"""Who may do what with figures."""

from people.models import User

UPLOADERS = (User.Role.ADMIN, User.Role.HOST, User.Role.DATA_OWNER)


def can_upload(user: User) -> bool:
    """Hand in reports, and decide which upload is valid: data owner, host, administrators and leads of departments."""
    return user.has_role(*UPLOADERS) or (user.is_active and bool(user.led_department_ids))


def can_download(user: User) -> bool:
    """Have a report's own bytes: they hold towns and postal codes of buyers, so only those who hand in reports."""
    return can_upload(user)
