"""Who may read an action: the door, asked for one person, for all, and with what it needs to know read beforehand."""

import pytest
from django.utils import timezone

from actions import services
from actions.models import Action, Sight, sight
from actions.queries import readers
from core.models import Company
from meetings.models import AgendaItem, Decision, ItemReader, MeetingDepartment, Participant
from people.models import User
from tests.actions.factories import ActionFactory, meeting
from tests.factories import DepartmentFactory, UserFactory, data_owner, executive, host, lead, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    """People of every kind, and a meeting with an open and a confidential item."""
    people = {
        "member": member("sales"),
        "head": lead("sales"),
        "finance": lead("finance"),
        "helper": member("supply"),
        "host": host(),
        "executive": executive(),
        "data": data_owner(),
        "named": UserFactory(),
        "deputy": UserFactory(),
        "guest": UserFactory(),
        "presenter": UserFactory(),
    }
    held = meeting(
        people["guest"],
        people["data"],
        host=people["host"],
        roles={people["deputy"]: Participant.Role.DEPUTY_HOST},
    )
    MeetingDepartment.objects.create(meeting=held, department=DepartmentFactory(code="supply"))
    secret = AgendaItem.objects.create(
        meeting=held,
        order=1,
        title="Secret",
        is_confidential=True,
        department=DepartmentFactory(code="finance"),
        presenter_user=people["presenter"],
        report_minutes=5,
        discussion_minutes=5,
    )
    ItemReader.objects.create(item=secret, user=people["named"])
    return people, held, secret


@pytest.fixture
def of_all_kinds(company, soon):
    """Published and drafts, of a department, of a meeting, of its confidential item and of a decision on it."""
    people, held, secret = company
    common = {
        "owner": people["member"],
        "acceptor": people["head"],
        "created_by": people["guest"],
        "department": DepartmentFactory(code="sales"),
        "due_at": soon,
    }
    of_nobody = {**common, "department": DepartmentFactory(code="tech")}
    decided = Decision.objects.create(
        meeting=held, agenda_item=secret, year=2026, number=77, text="Sell it", decided_by=held.host,
        recorded_by=held.host, recorded_at=timezone.now(),
    )  # fmt: skip
    actions = [
        ActionFactory(**common),
        ActionFactory(**common, published_at=None),
        ActionFactory(**of_nobody, meeting=held),
        ActionFactory(**of_nobody, meeting=held, agenda_item=secret),
        ActionFactory(**of_nobody, meeting=held, agenda_item=secret, published_at=None),
        ActionFactory(**of_nobody, meeting=held, decision=decided),
        ActionFactory(**of_nobody, meeting=held, agenda_item=secret),
    ]
    supply = DepartmentFactory(code="supply")
    for action, of in (
        (actions[0], {"needs_department": supply}),
        (actions[3], {"needs_department": supply}),
        (actions[6], {"needs_person": people["helper"]}),
    ):
        services.block(action=action, reason="Waiting", by=action.owner, now=timezone.now(), **of)
    return actions


@pytest.mark.parametrize("checks", [False, True])
def test_readers_are_those_whom_the_door_lets_in(of_all_kinds, checks):
    Company.objects.update_or_create(pk=1, defaults={"checks_actions": checks})
    for number, action in enumerate(of_all_kinds):
        by_door = {
            person.pk
            for person in User.objects.filter(is_active=True)
            if Action.objects.visible_to(User.objects.get(pk=person.pk)).filter(pk=action.pk).exists()
        }
        assert {person.pk for person in readers.of(Action.objects.get(pk=action.pk))} == by_door, number


@pytest.mark.parametrize("most", [sight.MOST_KEYS, 0])
@pytest.mark.parametrize("checks", [False, True])
def test_the_door_is_the_same_with_keys_read_beforehand(of_all_kinds, checks, most, monkeypatch):
    """Also where there are more keys than a statement should carry."""
    monkeypatch.setattr(sight, "MOST_KEYS", most)
    Company.objects.update_or_create(pk=1, defaults={"checks_actions": checks})
    opened = {}
    for person in User.objects.filter(is_active=True):
        asked, read = (User.objects.get(pk=person.pk) for _ in range(2))
        opened[person.name] = set(Action.objects.visible_to(read, Sight.read(read)))
        assert opened[person.name] == set(Action.objects.visible_to(asked)), person.name
    assert len({frozenset(ones) for ones in opened.values()}) > 3, "they see different things"


def test_the_keys_are_read_by_one_statement(of_all_kinds, company, django_assert_num_queries):
    people, _held, _secret = company
    for person in (people["host"], people["guest"]):
        assert person.memberships_list is not None
        with django_assert_num_queries(1):
            Sight.read(person)
