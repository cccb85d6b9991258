"""No path closes an action without proof of each criterion and somebody else's word: thousands of steps at random, by
everybody, through every form there is, and the database asked afterwards."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.models import Action, Criterion, Evidence
from actions.services import NotPossible
from actions.verbs import VERBS
from tests.actions.factories import NOW, ActionFactory
from tests.factories import DepartmentFactory, executive, host, lead, member

pytestmark = pytest.mark.django_db
STEPS = 600
CLOSED_WRONGLY = """
    SELECT a.id FROM actions_action AS a
    WHERE a.status = 'accepted' AND (
        a.accepted_by_id = a.owner_id OR a.acceptor_id = a.owner_id OR a.accepted_by_id IS NULL
        OR a.late_seconds IS NULL OR a.late_seconds <> greatest(0, ceil(extract(epoch FROM a.done_at - a.due_at)))
        OR EXISTS (
            SELECT 1 FROM actions_criterion AS c WHERE c.action_id = a.id AND c.no_evidence_because = ''
            AND NOT EXISTS (SELECT 1 FROM actions_evidence AS e WHERE e.criterion_id = c.id)
        )
        OR NOT EXISTS (SELECT 1 FROM actions_criterion AS c WHERE c.action_id = a.id)
    )
"""


@pytest.fixture
def people():
    return [member("sales"), member("sales"), lead("sales"), host(), executive()]


@pytest.fixture
def actions(people):
    now = timezone.now()
    made = []
    for number in range(6):
        owner, acceptor = people[number % 5], people[(number + 1 + number // 5) % 5]
        made.append(
            ActionFactory(
                owner=owner,
                acceptor=acceptor,
                created_by=people[2],
                department=DepartmentFactory(code="sales"),
                criteria=["ACoS ≤ 25 %", "Report sent"][: 1 + number % 2],
                due_at=now + timedelta(days=number + 1),
                published_at=now,
            )
        )
    return made


def fields(chance: random.Random, action: Action, people: list) -> dict[str, object]:
    """What a form might be given: whatever fits some step, for some criterion, right or wrong."""
    criteria = list(Criterion.objects.values_list("pk", flat=True))
    own = list(action.criteria.values_list("pk", flat=True)) or criteria
    request = action.deadline_requests.order_by("-pk").first()
    return {
        "text": chance.choice(["", "24 %", "done", "done"]),
        "reason": chance.choice(["", "because"]),
        "answer": chance.choice(["", "no"]),
        "criterion": chance.choice([*own, *own, chance.choice(criteria), ""]),
        "no_evidence_because": chance.choice(["", "", "nothing to show"]),
        "link": chance.choice(["", "https://example.com/proof"]),
        "owner": chance.choice(people).pk,
        "acceptor": chance.choice(people).pk,
        "due_words": chance.choice(["", "+2 days", "+9 days 9:00"]),
        "time_zone": "Asia/Shanghai",
        "request": request.pk if request else "",
        "needs_person": chance.choice(people).pk,
        "percent": "100",
        "is_met": "on",
        "status": "accepted",
        "accepted_by": action.acceptor_id,
        "version": action.version,
    }


def press(action: Action, verb: str, told: dict[str, object], user) -> bool:
    """One step as the page takes it: the rule, the form, the service. Whether it was taken."""
    step = VERBS[verb]
    if not step.may(user, action):
        return False
    form = step.form(told, action=action, user=user)
    if not form.is_valid():
        return False
    try:
        step.run(action, form, user, timezone.now())
    except NotPossible:
        return False
    return True


def bend(
    client, chance: random.Random, action: Action, told: dict[str, object], others: list[Action]
) -> None:
    """What has a page of its own: other words, parts, several of one, one of two, many at once, the board."""
    own = list(action.criteria.values_list("pk", flat=True))
    told = told | {
        "into": chance.choice(others).pk,
        "portions": "1",
        "title": "Report of week 12 to finance",
        "criteria": "Report sent",
        "portion0-title": "Report of week 12 to finance",
        "portion0-owner": told["owner"],
        "change": chance.choice(["owner", "acceptor", "cancel"]),
        "action": [action.pk, chance.choice(others).pk],
        "to": "accepted",
        f"criterion{chance.choice(own)}": "0",
    }
    name = chance.choice(["split", "merge", "part", "edit", "move", "bulk"])
    args = [] if name == "bulk" else [action.pk]
    assert client.post(reverse(f"actions:{name}", args=args), told).status_code in (200, 302, 403, 404, 422)


def test_no_walk_through_the_site_closes_what_is_not_proven(client, actions, people):
    chance = random.Random(20261122)
    # What brings it on its way comes more often than what ends it.
    verbs = [*sorted(set(VERBS) - {"cancel", "discard"}), *["evidence", "submit", "accept"] * 8]
    walked = set()
    for number in range(STEPS):
        action = Action.objects.select_related("owner", "acceptor", "department", "meeting").get(
            pk=chance.choice(actions).pk
        )
        user = chance.choice([*people, *[action.owner] * 6, *[action.acceptor] * 5])
        told = fields(chance, action, people)
        verb = chance.choice(verbs)
        if press(action, verb, told, user):
            walked.add(verb)
        if number % 25 == 0:
            client.force_login(user)
            bend(client, chance, action, told, actions)

    assert not list(Action.objects.raw(CLOSED_WRONGLY))
    # The walk has been somewhere: else this would prove nothing.
    assert Action.objects.filter(status="accepted").count() >= 2
    assert {"submit", "accept", "evidence", "ask-deadline"} <= walked


def proven(status: str) -> Action:
    action = ActionFactory()
    services.add_evidence(
        action=action, criterion=action.criteria.get(), text="24 %", by=action.owner, now=NOW
    )
    services.submit(action=action, by=action.owner, now=NOW)
    if status == "accepted":
        services.accept(action=action, by=action.acceptor, now=NOW)
    return action


def test_database_refuses_what_bypasses_the_services():
    action, columns = proven("submitted"), {"accepted_at": NOW, "status": "accepted"}
    Evidence.objects.filter(action=action).delete()
    rows = Action.objects.filter(pk=action.pk)

    with pytest.raises(IntegrityError, match="not proven"), transaction.atomic():
        rows.update(**columns, accepted_by=action.acceptor)
    with pytest.raises(IntegrityError, match="not_accepted_by_owner"), transaction.atomic():
        rows.update(**columns, accepted_by=action.owner)

    closed = proven("accepted")
    with pytest.raises(IntegrityError, match="proof of an accepted action stays"), transaction.atomic():
        closed.evidence.all().delete()
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Action.objects.filter(pk=closed.pk).update(owner=closed.created_by)


def test_parts_have_no_parts_whoever_writes_it():
    whole = ActionFactory()
    part = ActionFactory(parent=whole)

    for child, parent in ((ActionFactory(), part), (whole, ActionFactory())):
        with pytest.raises(IntegrityError, match="A part has no parts"), transaction.atomic():
            Action.objects.filter(pk=child.pk).update(parent=parent)
