"""People for tests. Factories of other records live beside their app's tests."""

import factory
from factory.django import DjangoModelFactory

from people.departments import STANDARD
from people.models import Department, Membership, User, sort_key


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"同事{n}")
    name_sort = factory.LazyAttribute(lambda user: sort_key(user.name))
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    language = "en"


class DepartmentFactory(DjangoModelFactory):
    """A standard department by its code, created where the test database lacks it."""

    class Meta:
        model = Department
        django_get_or_create = ("code",)

    code = "sales"
    name_en = factory.LazyAttribute(lambda department: _standard(department.code)[1])
    name_zh = factory.LazyAttribute(lambda department: _standard(department.code)[2])


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    department = factory.SubFactory(DepartmentFactory)


def _standard(code: str) -> tuple[str, str, str]:
    return next((row for row in STANDARD if row[0] == code), (code, code, code))


def member(code: str = "sales", **fields) -> User:
    """A member of a department."""
    user = UserFactory(**fields)
    MembershipFactory(user=user, department=DepartmentFactory(code=code))
    return user


def lead(code: str = "sales", **fields) -> User:
    """The lead of a department."""
    user = UserFactory(**fields)
    MembershipFactory(user=user, department=DepartmentFactory(code=code), role=Membership.Role.LEAD)
    return user


def host(**fields) -> User:
    return UserFactory(roles=[User.Role.HOST], **fields)


def executive(**fields) -> User:
    return UserFactory(roles=[User.Role.EXECUTIVE], **fields)


def data_owner(**fields) -> User:
    return UserFactory(roles=[User.Role.DATA_OWNER], **fields)
