"""Which notices an action makes: each a row, once, gone when it is not wanted any more."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from actions import kinds, reminders, services
from actions.deadlines import Deadline, resolve
from actions.models import Action
from notices import kinds as notice_kinds
from notices import services as notices
from notices.models import Notice
from tests.actions.factories import NOW, draft, meeting
from tests.factories import DepartmentFactory, UserFactory, executive, lead

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def rows(*, state="pending", **fields):
    found = Notice.objects.filter(state=state, **fields).exclude(kind__in=["actions.assigned"])
    return sorted((one.kind, one.recipient_id, one.send_at) for one in found)


@pytest.fixture
def action():
    boss, top = lead("sales"), executive()
    made = draft(department=DepartmentFactory(code="sales"), created_by=boss)
    services.publish(action=made, by=boss, now=NOW)
    made.boss, made.top = boss, top
    return made


def test_publishing_promises_every_rung(action):
    due_at = action.due_at

    assert rows() == sorted(
        [
            ("actions.due_soon", action.owner.pk, due_at - 3 * DAY),
            ("actions.due_soon", action.owner.pk, due_at - DAY),
            ("actions.overdue", action.owner.pk, due_at),
            ("actions.overdue", action.owner.pk, due_at + DAY),
            ("actions.overdue_lead", action.boss.pk, due_at + 2 * DAY),
            ("actions.overdue_lead", action.top.pk, due_at + 4 * DAY),
        ]
    )
    assert Notice.objects.get(kind="actions.assigned").recipient == action.owner


def test_twice_is_once_and_the_reconciler_finds_nothing_to_do(action):
    reminders.renew(action)
    reminders.renew(action)

    assert Notice.objects.filter(kind__startswith="actions.").count() == 7
    assert notices.reconcile() == 0


def test_lost_rows_are_made_good_as_far_as_they_are_near(action, clock):
    clock.move_to(action.due_at - 2 * DAY)
    Notice.objects.filter(kind__in=reminders.CLOCKS).delete()

    notices.reconcile()

    due_at = action.due_at
    assert rows() == [
        ("actions.due_soon", action.owner.pk, due_at - 3 * DAY),
        ("actions.due_soon", action.owner.pk, due_at - DAY),
        ("actions.overdue", action.owner.pk, due_at),
    ]
    assert notices.reconcile() == 0


def ahead_of(deadline, action):
    return [("actions.due_soon", action.owner.pk, deadline - days * DAY) for days in (3, 1)]


def test_deadline_that_moves_takes_its_reminders_along(action):
    old = action.due_at
    new = Deadline(at=old + 3 * DAY, zone="Asia/Shanghai", is_all_day=True)

    services.move_deadline(action=action, deadline=new, reason="Samples are late", by=action.boss, now=NOW)

    assert rows(kind="actions.due_soon") == ahead_of(new.at, action)
    assert rows(kind="actions.due_soon", state="superseded") == ahead_of(old, action)
    assert ("actions.moved", action.acceptor.pk, NOW) in rows(kind="actions.moved")
    back = Deadline(at=old, zone="Asia/Shanghai", is_all_day=True)
    services.move_deadline(action=action, deadline=back, reason="They came", by=action.boss, now=NOW)
    assert rows(kind="actions.due_soon") == ahead_of(old, action)


@pytest.mark.parametrize("step", ["submit", "cancel"])
def test_what_is_not_owed_any_more_reminds_nobody(action, step):
    if step == "submit":
        services.mark_criterion(
            criterion=action.criteria.get(),
            is_met=True,
            no_evidence_because="all saw it",
            by=action.owner,
            now=NOW,
        )
        services.submit(action=action, by=action.owner, now=NOW)
    else:
        services.cancel(action=action, by=action.boss, now=NOW, reason="No longer sold")

    assert [row for row in rows() if row[0] in reminders.CLOCKS] == []


def test_returned_is_owed_again(action):
    services.mark_criterion(
        criterion=action.criteria.get(),
        is_met=True,
        no_evidence_because="all saw it",
        by=action.owner,
        now=NOW,
    )
    services.submit(action=action, by=action.owner, now=NOW)
    services.send_back(action=action, by=action.acceptor, now=NOW, text="Week 13 too")

    assert {row[0] for row in rows()} >= set(reminders.CLOCKS)
    assert rows(kind="actions.submitted") == []
    assert rows(kind="actions.returned") == [("actions.returned", action.owner.pk, NOW)]


def test_new_owner_is_reminded_in_place_of_the_old(action):
    old, new = action.owner, UserFactory()

    services.hand_over(action=action, owner=new, by=action.boss, now=NOW)

    assert {row[1] for row in rows(kind="actions.due_soon")} == {new.pk}
    assert rows(kind="actions.handed_over") == [("actions.handed_over", old.pk, NOW)]


def test_milestones_have_clocks_of_their_own(action):
    due_at = NOW + 3 * DAY
    milestone = services.add_milestone(
        action=action, title="Sample ok", due_at=due_at, by=action.owner, now=NOW
    )
    assert [row for row in rows() if "milestone" in row[0]] == [
        ("actions.milestone_missed", action.owner.pk, due_at),
        ("actions.milestone_soon", action.owner.pk, due_at - DAY),
    ]

    services.reach_milestone(milestone=milestone, by=action.owner, now=NOW)

    assert [row for row in rows() if "milestone" in row[0]] == []


def test_submission_tells_the_acceptor_or_who_may_judge_instead(action):
    services.mark_criterion(
        criterion=action.criteria.get(),
        is_met=True,
        no_evidence_because="all saw it",
        by=action.owner,
        now=NOW,
    )
    action.acceptor.is_active = False
    action.acceptor.save(update_fields=["is_active"])

    services.submit(action=action, by=action.owner, now=NOW)

    assert rows(kind="actions.submitted") == [("actions.submitted", action.boss.pk, NOW)]


def test_help_is_asked_of_the_department_and_called_off(action):
    buyer = lead("supply")
    services.block(
        action=action,
        by=action.owner,
        now=NOW,
        reason="No stock",
        needs_department=DepartmentFactory(code="supply"),
    )
    assert rows(kind="actions.blocked") == [("actions.blocked", buyer.pk, NOW)]

    services.lift(action=action, by=buyer, now=NOW)

    assert rows(kind="actions.blocked") == []


def test_asked_at_the_last_moment_whether_it_is_still_wanted(action):
    notice = Notice.objects.filter(kind="actions.due_soon").earliest("due_at")
    wanted = notice_kinds.get("actions.due_soon").is_wanted
    assert wanted(notice)

    Action.objects.update(owner=UserFactory())
    assert not wanted(Notice.objects.get(pk=notice.pk))
    Action.objects.update(owner=action.owner, due_at=action.due_at + DAY)
    assert not wanted(Notice.objects.get(pk=notice.pk))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_its_words(action, language):
    """All hooks, on a notice of each kind as the services write them."""
    from django.utils import translation

    milestone = services.add_milestone(
        action=action, title="Sample", due_at=NOW + DAY, by=action.owner, now=NOW
    )
    services.block(action=action, by=action.owner, now=NOW, reason="No stock", needs_person=action.acceptor)
    services.move_deadline(
        action=action,
        deadline=Deadline(at=NOW + 9 * DAY, zone="Asia/Shanghai", is_all_day=True),
        reason="Late samples",
        by=action.boss,
        now=NOW,
    )
    review = meeting()
    subjects = {
        "actions.plan": review,
        "actions.milestone_soon": milestone,
        "actions.milestone_missed": milestone,
    }

    with translation.override(language):
        for kind in kinds.ALL:
            moved = action.deadline_changes.get().pk
            notice = Notice(
                recipient=action.owner,
                subject=subjects.get(kind.code, action),
                kind=kind.code,
                due_at=action.due_at,
                params={"actions": [action.pk], "text": "words", "change": moved},
            )
            about = (
                milestone.title
                if "milestone" in kind.code
                else review.title
                if kind.code == "actions.plan"
                else action.title
            )
            assert about in kind.title(notice)
            assert action.title in kind.body(notice)
            assert kind.url(notice).startswith("/actions/")
            assert isinstance(kind.is_wanted(notice), bool)


# --- deadlines and zones -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "clock", "zone", "instant", "note"),
    [
        ("2026-03-10", None, "Asia/Shanghai", datetime(2026, 3, 10, 10, 0, tzinfo=UTC), ""),
        ("2026-03-10", time(9, 30), "America/Los_Angeles", datetime(2026, 3, 10, 16, 30, tzinfo=UTC), ""),
        (
            "2026-03-29",
            time(2, 30),
            "Europe/Berlin",
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
            "02:30 does not exist",
        ),
        (
            "2026-10-25",
            time(2, 30),
            "Europe/Berlin",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            "02:30 comes twice",
        ),
        ("2026-03-29", None, "Europe/Berlin", datetime(2026, 3, 29, 16, 0, tzinfo=UTC), ""),
    ],
)
def test_wall_clock_becomes_an_instant(day, clock, zone, instant, note):
    found = resolve(day=datetime.fromisoformat(day).date(), clock=clock, zone=zone)

    assert (found.at, found.is_all_day) == (instant, clock is None)
    assert note in found.note
    assert bool(note) == bool(found.note)


def test_gap_is_named_with_its_result(client):
    boss = lead("sales", time_zone="Europe/Berlin")
    client.force_login(boss)
    fields = {
        "title": "Cut the price of B0C1234567",
        "owner": boss.pk,
        "acceptor": UserFactory().pk,
        "criteria": "Live in the DE shop",
        "due_date": "2026-03-29",
        "due_time": "02:30",
        "time_zone": "Europe/Berlin",
    }

    page = client.post("/actions/new/", fields, follow=True)

    assert "02:30 does not exist in Berlin that night (the clocks go forward); it becomes 03:30." in page.text
    assert Action.objects.get().due_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_deadline_keeps_a_ledger(action):
    first = action.due_at
    for days, reason in ((2, "Samples"), (4, "Customs"), (1, "Faster after all")):
        services.move_deadline(
            action=action,
            deadline=Deadline(at=first + days * DAY, zone="Europe/Berlin", is_all_day=False),
            reason=reason,
            by=action.acceptor,
            now=NOW,
        )

    ledger = list(action.deadline_changes.order_by("pk").values_list("old_due_at", "new_due_at", "reason"))
    assert ledger == [
        (first, first + 2 * DAY, "Samples"),
        (first + 2 * DAY, first + 4 * DAY, "Customs"),
        (first + 4 * DAY, first + DAY, "Faster after all"),
    ]
    action.refresh_from_db()
    assert (action.slips, action.due_at, action.time_zone) == (2, first + DAY, "Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "reason", "words"),
    [
        (NOW - DAY, "why", "already passed"),
        (NOW, "why", "already passed"),
        (NOW + 9 * DAY, "  ", "Say why the deadline moves"),
        (NOW + 7 * DAY, "why", "the deadline it already has"),
    ],
)
def test_deadline_moves_only_with_sense(action, at, reason, words):
    with pytest.raises(services.NotPossible, match=words):
        services.move_deadline(
            action=action,
            deadline=Deadline(at=at, zone="Asia/Shanghai", is_all_day=True),
            reason=reason,
            by=action.acceptor,
            now=NOW,
        )
    assert action.deadline_changes.count() == 0


def test_two_who_move_the_deadline_from_the_same_page(action):
    mine, theirs = Action.objects.get(pk=action.pk), Action.objects.get(pk=action.pk)

    def move(which, days):
        services.move_deadline(
            action=which,
            deadline=Deadline(at=NOW + days * DAY, zone="Asia/Shanghai", is_all_day=True),
            reason="why",
            by=action.acceptor,
            now=NOW,
        )

    move(mine, 10)
    with pytest.raises(services.NotPossible, match="has just changed"):
        move(theirs, 12)

    assert Action.objects.get(pk=action.pk).due_at == NOW + 10 * DAY
