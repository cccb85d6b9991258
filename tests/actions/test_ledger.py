"""Deadlines that move: who asks, who agrees, what stays on record, and that the record replays to what counts."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from actions import ledger, services
from actions.deadlines import Deadline
from actions.models import Action, DeadlineRequest
from actions.services import NotPossible
from core.models import RowChange
from notices import kinds
from notices.models import Notice
from tests.actions.factories import NOW, ActionFactory, draft
from tests.actions.pages import post, url
from tests.factories import member

State = DeadlineRequest.State
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def until(at, zone="Asia/Shanghai") -> Deadline:
    return Deadline(at=at, zone=zone, is_all_day=False)


def asked(action, days=3, now=NOW, **more):
    new = until(action.due_at + days * DAY)
    return services.ask_deadline(
        action=action, deadline=new, reason="Samples are late", by=action.owner, now=now, **more
    )


def done(action, now):
    """Handed in and accepted at that time."""
    for criterion in action.criteria.all():
        services.add_evidence(action=action, criterion=criterion, text="24 %", by=action.owner, now=now)
    services.submit(action=action, by=action.owner, now=now)
    services.accept(action=action, by=action.acceptor, now=now + DAY)


def test_publishing_keeps_what_was_promised_first():
    action = draft()
    services.publish(action=action, by=action.created_by, now=NOW)

    services.move_deadline(
        action=action, deadline=until(action.due_at + DAY), reason="Later", by=action.acceptor, now=NOW
    )

    action.refresh_from_db()
    assert (action.first_due_at, action.due_at) == (NOW + 7 * DAY, NOW + 8 * DAY)


def test_owner_asks_and_the_acceptor_agrees():
    action = ActionFactory()
    request = asked(action)
    assert Action.objects.get(pk=action.pk).due_at == NOW + 7 * DAY
    assert Notice.objects.get(kind="actions.deadline_asked").recipient == action.acceptor

    change = services.grant_deadline(request=request, by=action.acceptor, now=NOW + DAY, answer="Fine")

    action.refresh_from_db()
    request.refresh_from_db()
    assert (action.due_at, action.slips) == (NOW + 10 * DAY, 1)
    assert (change.by, change.approved_by, change.reason) == (
        action.owner,
        action.acceptor,
        "Samples are late",
    )
    assert (request.state, request.answered_by, request.answer) == (State.GRANTED, action.acceptor, "Fine")
    told = Notice.objects.get(kind="actions.moved")
    assert told.recipient == action.owner
    words = kinds.get(told.kind).body(told)
    assert f"{action.acceptor.name} agreed to what {action.owner.name} asked for" in words
    kept = RowChange.objects.filter(table="actions_action", row_id=action.pk).latest("pk")
    assert kept.actor == action.acceptor
    assert set(kept.changes) >= {"due_at", "slips"}


def test_refusal_leaves_the_deadline_and_tells_why():
    action = ActionFactory()
    request = asked(action)

    with pytest.raises(NotPossible, match="Say why the deadline stays"):
        services.refuse_deadline(request=request, by=action.acceptor, now=NOW, answer=" ")
    services.refuse_deadline(request=request, by=action.acceptor, now=NOW, answer="The trade fair is fixed")

    assert Action.objects.get(pk=action.pk).due_at == NOW + 7 * DAY
    told = Notice.objects.get(kind="actions.deadline_refused")
    assert told.recipient == action.owner
    with pytest.raises(NotPossible, match="answered already"):
        services.grant_deadline(request=request, by=action.acceptor, now=NOW)
    assert action.deadline_changes.count() == 0


def test_nobody_agrees_to_their_own_wish():
    action = ActionFactory()
    request = asked(action)

    with pytest.raises(NotPossible, match="their own action"):
        services.grant_deadline(request=request, by=action.owner, now=NOW)
    with pytest.raises(NotPossible, match="their own action"):
        services.move_deadline(
            action=action, deadline=until(NOW + 9 * DAY), reason="x", by=action.owner, now=NOW
        )

    request.refresh_from_db()
    assert (request.state, Action.objects.get(pk=action.pk).due_at) == (State.OPEN, NOW + 7 * DAY)


def test_one_request_at_a_time_and_it_can_be_taken_back():
    action = ActionFactory()
    request = asked(action)
    with pytest.raises(NotPossible, match="already"):
        asked(action, days=5)

    services.withdraw_request(request=request, by=action.owner, now=NOW)

    assert asked(action, days=5).state == State.OPEN


@pytest.mark.parametrize("way", ["moved", "handed over", "cancelled", "handed in"])
def test_request_closes_when_it_is_of_no_use_any_more(way):
    action = ActionFactory()
    request = asked(action)

    if way == "moved":
        services.move_deadline(
            action=action, deadline=until(NOW + 9 * DAY), reason="Fair", by=action.acceptor, now=NOW
        )
    elif way == "handed over":
        services.hand_over(action=action, owner=member("sales"), by=action.acceptor, now=NOW)
    elif way == "cancelled":
        services.cancel(action=action, by=action.acceptor, now=NOW, reason="Discontinued")
    else:
        criterion = action.criteria.get()
        services.add_evidence(action=action, criterion=criterion, text="24 %", by=action.owner, now=NOW)
        services.submit(action=action, by=action.owner, now=NOW)

    request.refresh_from_db()
    assert (request.state, Notice.objects.filter(kind="actions.deadline_asked", state="pending").count()) == (
        State.WITHDRAWN,
        0,
    )


@settings(max_examples=25, deadline=None)
@given(
    moves=st.lists(
        st.tuples(st.integers(1, 60), st.integers(0, 48), st.booleans(), st.booleans()), max_size=8
    )
)
def test_any_moves_replay_to_the_deadline_that_counts(moves):
    """Asked for or moved directly, granted or refused, sooner or later: the ledger alone gives the present deadline,
    and the one that counted at any moment before."""
    with transaction.atomic():
        action = draft(due_at=NOW + 30 * DAY)
        services.publish(action=action, by=action.created_by, now=NOW)
        now, slips, seen = NOW, 0, [(NOW, action.due_at)]
        for days, hours, direct, granted in moves:
            now += timedelta(minutes=17)
            new = until(NOW + days * DAY + timedelta(hours=hours))
            if new.at == action.due_at:
                continue
            before = action.due_at
            if direct:
                services.move_deadline(action=action, deadline=new, reason="x", by=action.acceptor, now=now)
            else:
                request = services.ask_deadline(
                    action=action, deadline=new, reason="x", by=action.owner, now=now
                )
                verb = services.grant_deadline if granted else services.refuse_deadline
                verb(request=request, by=action.acceptor, now=now, answer="x")
            action.refresh_from_db()
            slips += action.due_at > before
            seen.append((now, action.due_at))

        assert ledger.in_force(action) == action.due_at
        assert [ledger.in_force(action, moment) for moment, _due in seen] == [due for _moment, due in seen]
        assert (action.slips, action.first_due_at) == (slips, NOW + 30 * DAY)
        transaction.set_rollback(True)


def test_lateness_is_written_once_and_stays():
    action = ActionFactory()
    done(action, NOW + 7 * DAY + timedelta(hours=5))
    assert Action.objects.get(pk=action.pk).late_seconds == 5 * 3600

    for changed in ({"late_seconds": 0}, {"due_at": NOW + 30 * DAY}, {"status": "doing"}, {"done_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(**changed)
    assert Action.objects.get(pk=action.pk).was_late == timedelta(hours=5)


def test_in_time_after_a_move_that_was_agreed_to():
    action = ActionFactory()
    services.grant_deadline(request=asked(action), by=action.acceptor, now=NOW + DAY)
    done(action, NOW + 9 * DAY)

    action = Action.objects.get(pk=action.pk)
    assert (action.late_seconds, action.was_late, action.slips) == (0, None, 1)


def test_lines_of_the_ledger_are_never_changed():
    action = ActionFactory()
    change = services.grant_deadline(request=asked(action), by=action.acceptor, now=NOW)

    for touch in (lambda rows: rows.update(reason="nicer"), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(Exception, match="never changed"), transaction.atomic():
            touch(action.deadline_changes.filter(pk=change.pk))


def test_asking_and_answering_on_the_page(client, action, soon):
    client.force_login(action.owner)
    page = client.get(url(action))
    assert {"ask-deadline"} == {step for step in page.context["steps"] if "deadline" in step}
    day = (timezone.localtime(soon) + 3 * DAY).date().isoformat()
    fields = {"due_date": day, "time_zone": "Asia/Shanghai"}
    assert post(client, action, "deadline", **fields, reason="x").status_code == 403
    assert post(client, action, "ask-deadline", **fields).status_code == 422
    assert post(client, action, "ask-deadline", **fields, reason="Samples are late").status_code == 302
    request = action.deadline_requests.get()
    page = client.get(url(action))
    assert "take-back-request" in page.context["steps"]
    assert "You have asked for another deadline" in page.text
    assert f"{action.acceptor.name} has not answered yet" in page.text

    client.force_login(action.acceptor)
    page = client.get(url(action))
    assert {"grant-deadline", "keep-deadline"} <= page.context["steps"]
    assert "Samples are late" in page.text
    assert '<a href="#asked">Another deadline is asked for.</a>' in page.text
    assert post(client, action, "keep-deadline", request=request.pk).status_code == 422
    assert post(client, action, "grant-deadline", request=request.pk).status_code == 302

    action.refresh_from_db()
    assert timezone.localtime(action.due_at).date().isoformat() == day
    assert f"agreed by {action.acceptor.name}" in client.get(url(action)).text
    assert post(client, action, "grant-deadline", request=request.pk).status_code == 422


def test_lateness_is_seen_after_everything_is_over(client, action, soon):
    """On its page, in the list and in the ledger's words; nothing of it on what was in time."""
    done(action, soon + timedelta(hours=5))
    client.force_login(action.acceptor)
    late = client.get(url(action)).text
    listed = client.get(reverse("actions:list"), {"status": "accepted"}).text
    assert "5 h" in late.replace("\N{NO-BREAK SPACE}", " ")
    assert "5 h" in listed.replace("\N{NO-BREAK SPACE}", " ")
