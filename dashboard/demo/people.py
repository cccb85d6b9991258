"""Who works at the demo company: one login for each role a review needs."""

from dataclasses import dataclass, field

from people.departments import ensure_standard
from people.models import Department, Membership, User, sort_key

# Published on purpose: the command that loads it is refused where DEBUG is off.
PASSWORD = "fupan-demo"  # noqa: S105
DOMAIN = "demo.example"
LEAD, DEPUTY, MEMBER = Membership.Role.LEAD, Membership.Role.DEPUTY, Membership.Role.MEMBER


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    name: str
    roles: tuple[str, ...] = ()
    departments: dict[str, str] = field(default_factory=dict)
    is_staff: bool = False
    language: str = User.Language.ZH
    time_zone: str = "Asia/Shanghai"

    @property
    def email(self) -> str:
        return f"{self.login}@{DOMAIN}"


PEOPLE = (
    Person("admin", "陈默", (User.Role.ADMIN,), {"tech": MEMBER}, is_staff=True),
    Person("boss", "周立群", (User.Role.EXECUTIVE,)),
    Person("host", "林晓", (User.Role.HOST,), {"operations": LEAD}),
    Person("data", "何静", (User.Role.DATA_OWNER,), {"finance": MEMBER}),
    Person("sales", "王芳", (), {"sales": LEAD}),
    Person("marketing", "李想", (), {"marketing": LEAD}),
    Person("supply", "张伟", (), {"supply": LEAD}),
    Person("finance", "刘敏", (), {"finance": LEAD}),
    Person("tech", "赵磊", (), {"tech": LEAD}),
    Person("service", "孙悦", (), {"service": LEAD}),
    # Not leads: the deputy at the desk beside the sales lead, and one in California who reads English.
    Person("xu", "徐佳", (), {"sales": DEPUTY, "operations": MEMBER}),
    Person(
        "amy",
        "Amy Carter",
        (),
        {"marketing": MEMBER},
        language=User.Language.EN,
        time_zone="America/Los_Angeles",
    ),
)


def load() -> dict[str, User]:
    """Create the people who are missing; return all of them by the part of the address before the @."""
    ensure_standard()
    return {person.login: _ensure(person) for person in PEOPLE}


def _ensure(person: Person) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User(
            email=person.email,
            name=person.name,
            name_sort=sort_key(person.name),
            roles=list(person.roles),
            is_staff=person.is_staff,
            is_superuser=person.is_staff,
            language=person.language,
            time_zone=person.time_zone,
        )
        user.set_password(PASSWORD)
        user.save()
    for code, role in person.departments.items():
        department = Department.objects.get(code=code)
        Membership.objects.get_or_create(user=user, department=department, defaults={"role": role})
    return user
