"""What may die or be wrong while notices go out: dispatchers, clocks, the mail server. Real processes, real SMTP."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from actions import reminders
from actions.models import Action, EscalationStep, Problem
from actions.problems import telling
from notices import services, trial
from notices.models import Notice
from notices.planning import Wanted
from people.models import User
from tests.actions.factories import ActionFactory
from tests.factories import DepartmentFactory

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


def test_killed_again_and_again(stage, crowd, promised):
    """F1 and F3: several dispatchers at once, one of them killed at a time, at whatever it is just doing."""
    promised(crowd(200), timezone.now() - 5 * SECOND)
    with stage(workers=4) as play:
        for letters in range(15, 150, 20):
            assert play.has_letters(letters), play.crew_log()
            play.kill_one()
        assert play.is_settled(), play.states()

        assert play.broken() == {}
        assert sum(play.states()[state] for state in ("sent", "uncertain")) == 200


def test_an_emergency_is_rather_sent_twice_than_lost(stage, crowd):
    people = crowd(60)
    now = timezone.now()
    problem = Problem.objects.create(
        title="Out of stock",
        kind="supply",
        what="Held at customs",
        department=DepartmentFactory(code="supply"),
        owner=people[0],
        reported_by=people[0],
        noticed_at=now,
        reported_at=now,
    )
    services.promise_all(
        Wanted(recipient=one, subject=problem, kind=telling.INCIDENT, due_at=now) for one in people
    )
    with stage(workers=3, seconds=0.05) as play:
        for letters in (8, 20, 32, 44):
            assert play.has_letters(letters), play.crew_log()
            play.kill_one()
        assert play.is_settled(), play.states()

        letters = play.letters()
        assert {letter.address for letter in letters} == {person.email for person in people}
        ids = {(letter.address, letter.message_id) for letter in letters}
        assert len(ids) == len(people), "a repetition is recognised by its Message-ID"
        assert len(letters) - len(people) <= play.deaths
        assert play.states() == {"sent": 60}


def test_people_leave_while_mail_flows(stage, crowd, promised):
    """F7: nothing for whoever had left before, nothing after whoever leaves now has left."""
    gone, leaving, staying = crowd(10, "gone"), crowd(10, "leaving"), crowd(80, "staying")
    User.objects.filter(pk__in=[one.pk for one in gone]).update(is_active=False)
    with stage(workers=2, seconds=0.03) as play:
        promised([*gone, *staying, *leaving], timezone.now() - SECOND)
        assert play.has_letters(20), play.crew_log()
        left = {}
        for person in leaving:
            User.objects.filter(pk=person.pk).update(is_active=False)
            left[person.email] = time.time()
        assert play.is_settled(), play.states()

        letters = play.letters()
        assert not {letter.address for letter in letters} & {one.email for one in gone}
        # One whose mark was set before they left may still be on the line.
        assert [one for one in letters if one.at > left.get(one.address, one.at) + 0.5] == []
        suppressed = Notice.objects.filter(recipient__in=gone, kind=trial.CODE)
        assert set(suppressed.values_list("state", flat=True)) == {"suppressed"}
        assert play.broken() == {}


def test_deadlines_move_to_and_fro_while_their_reminders_are_sent(stage):
    """F6: whatever the order, the reminder of the deadline that counts in the end is mailed once."""
    EscalationStep.objects.get_or_create(whom="owner", offset=timedelta(0))
    now = timezone.now().replace(microsecond=0)
    first, second = now - timedelta(hours=2), now - timedelta(hours=1)
    actions = ActionFactory.create_batch(12, due_at=first, criteria=())
    with stage(workers=3) as play:
        end = time.monotonic() + 4
        moves = 0
        while time.monotonic() < end:
            for action in actions:
                action.due_at = second if action.due_at == first else first
                Action.objects.filter(pk=action.pk).update(due_at=action.due_at)
                reminders.renew(action)
                moves += 1
        assert play.is_settled(), play.states()

        assert moves > 24
        final = {(one.pk, one.due_at) for one in Action.objects.all()}
        rows = Notice.objects.filter(kind="actions.overdue", state="sent").values_list("subject_id", "due_at")
        assert final <= set(rows), "whoever owes it was reminded of the deadline that counts"
        assert play.broken() == {}


def test_the_mail_server_is_away_and_comes_back(stage, crowd, promised):
    """F8: nobody loses an attempt, and everything goes out soon after."""
    promised(crowd(60), timezone.now() - SECOND)
    with stage(workers=2, is_up=False) as play:
        time.sleep(3)
        assert play.letters() == []
        assert Notice.objects.filter(shown_at__isnull=False).count() == 60, "the lists go on"
        play.open_mail()
        assert play.has_letters(60), play.states()
        assert play.is_settled()

        assert play.broken() == {}
        assert set(Notice.objects.values_list("state", "attempts")) == {("sent", 0)}


def test_a_mail_server_slower_than_the_lease(stage, crowd, promised):
    """F11: others take the row for lost meanwhile; it is not sent again, and the late receipt settles it."""
    promised(crowd(6), timezone.now() - SECOND)
    with stage(workers=3, seconds=2.5, wishes={"LEASE_SECONDS": 1}) as play:
        assert play.has_letters(6), play.crew_log()
        time.sleep(3)
        assert play.is_settled()

        assert Counter(one.address for one in play.letters()).most_common(1)[0][1] == 1
        assert play.states() == {"sent": 6}


def test_machines_with_wrong_clocks(stage, crowd, promised):
    """F5: only the database's clock says what is due."""
    people = crowd(60)
    with stage(workers=3, wishes={"skews": [3600, -3600, 0]}) as play:
        due_at = timezone.now() + 4 * SECOND
        promised(people, due_at)
        assert play.has_letters(60), play.crew_log()
        assert play.is_settled()

        assert min(letter.at for letter in play.letters()) >= due_at.timestamp()
        assert play.broken() == {}


def test_an_emergency_overtakes_a_burst(stage, crowd, promised):
    """F9 in small: what the dispatchers have taken up already must let it pass."""
    people = crowd(700)
    (urgent,) = crowd(1, "urgent")
    promised(people, timezone.now() - SECOND)
    with stage(workers=2, seconds=0.02) as play:
        assert play.has_letters(40), play.crew_log()
        promised([urgent], timezone.now())
        Notice.objects.filter(recipient=urgent).update(priority=1)
        since = time.time()
        while not (found := [one for one in play.letters() if one.address == urgent.email]):
            assert time.time() - since < 30, play.states()
            time.sleep(0.05)

        assert found[0].at - since < 5
        assert Notice.objects.filter(state__in=["pending", "sending"]).count() > 100
