"""Who is asked, told or shown: people of departments and roles."""

from people.models import Department, DepartmentQuerySet, Membership, User, UserQuerySet


def leads(department: Department) -> UserQuerySet:
    """The active leads of a department, by name."""
    return (
        User.objects.active()
        .filter(memberships__department=department, memberships__role=Membership.Role.LEAD)
        .by_name()
    )


def heads(department: Department) -> UserQuerySet:
    """The active leads and deputies of a department, by name."""
    return (
        User.objects.active()
        .filter(memberships__department=department, memberships__role__in=Membership.HEADS)
        .by_name()
    )


def members(department: Department) -> UserQuerySet:
    """Everybody active in a department, leads included, by name."""
    return User.objects.active().filter(memberships__department=department).by_name()


def executives() -> UserQuerySet:
    return User.objects.active().with_role(User.Role.EXECUTIVE).by_name()


def with_role(role: str) -> UserQuerySet:
    return User.objects.active().with_role(role).by_name()


def colleagues() -> UserQuerySet:
    """Everybody who can be invited or given work, by name."""
    return User.objects.active().by_name()


def departments() -> DepartmentQuerySet:
    return Department.objects.in_order()
