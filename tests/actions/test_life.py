"""From not started to accepted: who, when, and what is refused."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from actions import services
from actions.models import Action, Progress
from actions.services import NotPossible
from core import history
from tests.actions.factories import NOW, ActionFactory, draft
from tests.factories import UserFactory

Status = Action.Status
pytestmark = pytest.mark.django_db


def in_status(status: str) -> Action:
    """A published action that has come as far as `status`, by the services themselves."""
    action = ActionFactory()
    owner, acceptor = action.owner, action.acceptor
    steps = {
        Status.TODO: (),
        Status.DOING: ("start",),
        Status.BLOCKED: ("block",),
        Status.SUBMITTED: ("submit",),
        Status.RETURNED: ("submit", "send_back"),
        Status.ACCEPTED: ("submit", "accept"),
        Status.CANCELLED: ("cancel",),
    }
    for step in steps[status]:
        do(step, action, owner if step in ("start", "block", "submit") else acceptor)
    return action


def do(step: str, action: Action, by, now=NOW) -> None:
    if step == "submit":
        criterion = action.criteria.get()
        if not criterion.is_met:
            services.mark_criterion(
                criterion=criterion, is_met=True, no_evidence_because="all saw it", by=by, now=now
            )
    more = {
        "block": {"reason": "No samples", "needs_person": action.acceptor},
        "send_back": {"text": "Week 12 is missing"},
        "cancel": {"reason": "Product is discontinued"},
    }
    getattr(services, step)(action=action, by=by, now=now, **more.get(step, {}))


ALLOWED = {
    "start": {Status.TODO, Status.RETURNED},
    "block": {Status.TODO, Status.DOING, Status.RETURNED},
    "lift": {Status.BLOCKED},
    "submit": {Status.TODO, Status.DOING, Status.RETURNED},
    "take_back": {Status.SUBMITTED},
    "accept": {Status.SUBMITTED},
    "send_back": {Status.SUBMITTED},
    "cancel": {Status.TODO, Status.DOING, Status.BLOCKED, Status.SUBMITTED, Status.RETURNED},
}
LEADS_TO = {
    "start": Status.DOING,
    "block": Status.BLOCKED,
    "lift": Status.DOING,
    "submit": Status.SUBMITTED,
    "take_back": Status.DOING,
    "accept": Status.ACCEPTED,
    "send_back": Status.RETURNED,
    "cancel": Status.CANCELLED,
}


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("step", sorted(LEADS_TO))
def test_steps_by_status(step, status):
    action = in_status(status)
    if step == "submit" and status not in ALLOWED["submit"]:
        call = lambda: services.submit(action=action, by=action.owner, now=NOW)  # noqa: E731
    else:
        call = lambda: do(step, action, action.owner if step in ("start", "submit") else action.acceptor)  # noqa: E731

    if status in ALLOWED[step]:
        call()
        action.refresh_from_db()
        assert action.status == LEADS_TO[step]
    else:
        with pytest.raises(NotPossible):
            call()
        action.refresh_from_db()
        assert action.status == status


def test_handing_in_and_accepting_are_dated_and_told():
    action = in_status(Status.SUBMITTED)
    assert (action.done_at, action.accepted_at) == (NOW, None)

    services.accept(action=action, by=action.acceptor, now=NOW + timedelta(hours=1), text="Thank you")

    action.refresh_from_db()
    assert (action.accepted_at, action.accepted_by) == (NOW + timedelta(hours=1), action.acceptor)
    assert [line.verb for line in history.of(action)] == [
        "actions.status",
        "actions.status",
        "actions.criterion",
    ]
    log = list(action.progress.order_by("pk").values_list("status", "text", "by"))
    assert log == [("submitted", "", action.owner.pk), ("accepted", "Thank you", action.acceptor.pk)]


def test_owner_never_accepts():
    action = in_status(Status.SUBMITTED)

    with pytest.raises(NotPossible, match="Nobody accepts their own action"):
        services.accept(action=action, by=action.owner, now=NOW)
    with pytest.raises(NotPossible):
        services.send_back(action=action, by=action.owner, now=NOW, text="no")

    assert Action.objects.get(pk=action.pk).status == Status.SUBMITTED


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"acceptor": "owner"}, "action_acceptor_not_owner"),
        (
            {"status": "accepted", "done_at": NOW, "accepted_at": NOW, "accepted_by": "owner"},
            "action_not_accepted_by_owner",
        ),
        ({"status": "accepted", "done_at": NOW}, "action_accepted_at"),
        ({"status": "submitted"}, "action_done_at"),
        ({"done_at": NOW}, "action_done_at"),
        ({"status": "cancelled"}, "action_cancelled_why"),
        ({"owner": None}, "action_published_complete"),
        ({"due_at": None}, "action_published_complete"),
        ({"acceptor": None}, "action_published_complete"),
        ({"department": None}, "action_published_complete"),
        ({"published_at": None, "status": "doing"}, "action_published_complete"),
        ({"status": "finished"}, "action_(status_known|done_at)"),
        ({"title": ""}, "action_titled"),
    ],
)
def test_database_refuses(changed, constraint):
    action = ActionFactory()
    changed = {key: action.owner if value == "owner" else value for key, value in changed.items()}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**changed)


def test_handing_in_needs_proof_of_each_criterion():
    action = ActionFactory(criteria=["ACoS ≤ 25 %", "Report sent to finance"])
    first, second = action.criteria.order_by("position")
    services.add_evidence(action=action, criterion=first, text="Week 12: 24.1 %", by=action.owner, now=NOW)

    with pytest.raises(NotPossible, match="Report sent to finance") as refused:
        services.submit(action=action, by=action.owner, now=NOW)

    assert "ACoS" not in str(refused.value)
    action = Action.objects.get(pk=action.pk)
    assert (action.status, action.done_at, Progress.objects.count()) == (Status.TODO, None, 0)
    services.mark_criterion(
        criterion=second, is_met=True, no_evidence_because="all saw it", by=action.owner, now=NOW
    )
    services.submit(action=action, by=action.owner, now=NOW)
    assert action.status == Status.SUBMITTED


def test_evidence_for_the_whole_does_not_prove_a_criterion():
    action = ActionFactory()
    services.add_evidence(action=action, text="All fine", by=action.owner, now=NOW)

    with pytest.raises(NotPossible):
        services.submit(action=action, by=action.owner, now=NOW)


def test_draft_has_no_life():
    action = draft()

    with pytest.raises(NotPossible, match="draft"):
        services.start(action=action, by=action.owner, now=NOW)


@pytest.mark.parametrize("step", ["send_back", "cancel", "block"])
def test_reason_is_required(step):
    action = in_status(Status.SUBMITTED if step == "send_back" else Status.DOING)
    name = "text" if step == "send_back" else "reason"

    with pytest.raises(NotPossible, match="Say w"):
        getattr(services, step)(action=action, by=action.acceptor, now=NOW, **{name: "  "})


def test_blocked_says_whose_help_and_lifting_ends_it():
    action = in_status(Status.DOING)
    with pytest.raises(NotPossible, match="Say whose help is needed"):
        services.block(action=action, by=action.owner, now=NOW, reason="No samples")

    blocker = services.block(
        action=action, by=action.owner, now=NOW, reason="No samples", needs_person=action.acceptor
    )
    services.lift(action=action, by=action.acceptor, now=NOW + timedelta(days=2), text="Samples are here")

    blocker.refresh_from_db()
    assert (action.status, blocker.lifted_at) == (Status.DOING, NOW + timedelta(days=2))


def test_person_who_left_is_not_asked_for_help():
    action = in_status(Status.DOING)

    with pytest.raises(NotPossible, match="has left the company"):
        services.block(
            action=action, by=action.owner, now=NOW, reason="?", needs_person=UserFactory(is_active=False)
        )


def test_report_begins_the_work():
    action = ActionFactory()

    line = services.report(
        action=action, text="Half the campaigns are rebuilt", percent=50, by=action.owner, now=NOW
    )

    assert (action.status, line.percent, line.status) == (Status.DOING, 50, Status.DOING)


def test_late_hand_in_stays_marked():
    action = ActionFactory(due_at=NOW - timedelta(hours=5))
    do("submit", action, action.owner)
    services.accept(action=action, by=action.acceptor, now=NOW)

    assert Action.objects.get(pk=action.pk).was_late == timedelta(hours=5)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_exactly_one_does():
    action = in_status(Status.SUBMITTED)
    barrier, outcomes = threading.Barrier(2), []

    def decide(verb, **more):
        mine = Action.objects.select_related("acceptor", "owner").get(pk=action.pk)
        barrier.wait(timeout=10)
        try:
            verb(action=mine, by=mine.acceptor, now=NOW, **more)
            outcomes.append("done")
        except NotPossible:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=[services.accept]),
        threading.Thread(target=decide, args=[services.send_back], kwargs={"text": "Not yet"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "refused"]
    assert Progress.objects.filter(action=action, status__in=["accepted", "returned"]).count() == 1
