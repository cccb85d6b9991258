"""Whatever waits for somebody stands on their page exactly once, and nothing of anybody else's: a company made up by
chance, held against plain loops over all its records."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from actions import services
from actions.models import Action, Blocker, DeadlineRequest, Milestone, Problem, UpdateRequest
from actions.problems import services as problems
from dashboard import queries
from meetings.models import Meeting, Minutes, MinutesApproval, Objection, Obligation, Participant
from notices.models import Notice
from people.models import User
from tests.actions import factories as make
from tests.factories import DepartmentFactory, UserFactory, executive, host, lead, member

pytestmark = pytest.mark.django_db
Status = Action.Status
LEFT = (Participant.Reply.NONE, Participant.Reply.ACCEPTED)


class Company:
    """People, meetings and promises, drawn by chance."""

    def __init__(self, seed: int) -> None:
        self.random, self.now = Random(seed), timezone.now()
        self.departments = [DepartmentFactory(code=code) for code in ("sales", "supply", "finance")]
        self.people = [executive(), host(), UserFactory(), UserFactory(is_active=False)]
        for department in self.departments:
            self.people += [lead(department.code), *(member(department.code) for _n in range(2))]
        self.meetings = [self._meeting(status) for status in Meeting.Status.values for _n in range(2)]
        self.actions = [self._action() for _n in range(60)]
        for action in self.actions:
            self._around(action)
        for _n in range(4):
            self._problem()

    def one(self, *without) -> User:
        return self.random.choice([person for person in self.people if person not in without])

    def maybe(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def moment(self) -> object:
        return self.now + timedelta(hours=self.random.randint(-400, 400))

    def _meeting(self, status: str) -> Meeting:
        runner = self.one()
        ended_at = self.now - timedelta(hours=5) if status == "ended" else self.now + timedelta(days=3)
        found = make.meeting(host=runner, status=status, ended_at=ended_at)
        for person in self.random.sample([one for one in self.people if one != runner], 3):
            reply = self.random.choice(LEFT)
            Participant.objects.create(
                meeting=found, user=person, reply=reply, replied_at=None if reply == "none" else self.now
            )
        if status == "ended":
            for kind in ("action_plan", "minutes"):
                is_met = self.maybe(0.3)
                Obligation.objects.create(
                    meeting=found,
                    kind=kind,
                    owner=self.one(),
                    anchor_at=ended_at,
                    due_at=self.moment(),
                    met_at=self.now if is_met else None,
                    met_by=runner if is_met else None,
                )
            minutes, _new = Minutes.objects.update_or_create(
                meeting=found,
                defaults={
                    "state": "circulated", "circulated_at": self.now,
                    "objections_until": self.now + timedelta(days=1),
                },
            )  # fmt: skip
            MinutesApproval.objects.create(minutes=minutes, user=self.one(), asked_at=self.now)
            Objection.objects.create(minutes=minutes, text="No", raised_by=self.one(), raised_at=self.now)
        return found

    def _action(self) -> Action:
        owner = self.one()
        status = self.random.choice(Status.values)
        fields = {
            "owner": owner,
            "acceptor": self.one(owner),
            "created_by": self.one(),
            "department": self.random.choice(self.departments),
            "meeting": self.random.choice([None, *self.meetings]),
            "due_at": self.moment(),
        }
        if self.maybe(0.25):
            fields["owner"] = self.random.choice([None, owner])
            return make.draft(**fields)
        if status in (Status.SUBMITTED, Status.ACCEPTED):
            fields["done_at"] = self.now
        if status == Status.ACCEPTED:
            fields |= {"accepted_at": self.now, "accepted_by": fields["acceptor"], "late_seconds": 0}
        if status == Status.CANCELLED:
            fields["cancel_reason"] = "No need"
        return make.ActionFactory(status=status, published_at=self.now, **fields)

    def _around(self, action: Action) -> None:
        if action.status == Status.BLOCKED:
            person = self.one() if self.maybe() else None
            Blocker.objects.create(
                action=action, reason="Waits", by=action.owner, since=self.now, needs_person=person,
                needs_department=self.random.choice(self.departments) if person is None or self.maybe() else None,
                offered_at=self.now if self.maybe(0.2) else None,
            )  # fmt: skip
        if self.maybe(0.4):
            done = self.maybe(0.3)
            Milestone.objects.create(
                action=action, title="Half", due_at=self.moment(), done_at=self.now if done else None,
                done_by=self.people[0] if done else None,
            )  # fmt: skip
        if not action.is_draft and self.maybe(0.4):
            closed = self.maybe(0.3)
            DeadlineRequest.objects.create(
                action=action, old_due_at=action.due_at, new_due_at=action.due_at + timedelta(days=2),
                time_zone="Asia/Shanghai", reason="Late parts", asked_by=action.owner, asked_at=self.now,
                state="refused" if closed else "open", answered_by=self.people[0] if closed else None,
                answered_at=self.now if closed else None,
            )  # fmt: skip
        if action.owner is not None and self.maybe():
            UpdateRequest.objects.create(
                action=action, meeting=self.random.choice(self.meetings), asked_at=self.now,
                person=action.owner if self.maybe(0.8) else self.one(),
                answered_at=self.now if self.maybe(0.3) else None,
            )  # fmt: skip

    def _problem(self) -> None:
        report = problems.Report(
            title="Listing gone",
            kind=self.random.choice(Problem.Kind.values),
            department=self.random.choice(self.departments),
            noticed_at=self.now - timedelta(minutes=5),
            what="It is gone",
            is_emergency=self.maybe(0.7),
            owner=self.one(),
        )
        found = problems.report(report=report, by=self.one(), now=self.now)
        if found.is_emergency and self.maybe(0.4):
            problems.acknowledge(problem=found, by=self.people[0], now=self.now)


def led_by(user: User) -> set[int]:
    return {one.department_id for one in user.memberships.all() if one.role == "lead"}


def expected(user: User, now) -> set[str]:
    """By the words of the rules, record by record."""
    return of_actions(user, now) | of_parts(user) | of_problems(user) | of_meetings(user)


def judges(user: User, action: Action) -> bool:
    left = not action.acceptor.is_active and action.department_id in led_by(user) and action.owner != user
    readable = Action.objects.visible_to(user).filter(pk=action.pk).exists()
    return readable and (action.acceptor == user or left)


def of_actions(user: User, now) -> set[str]:
    found = set()
    for action in Action.objects.all():
        if action.is_owed and action.owner == user:
            found.add(f"owed:{action.pk}")
        if not action.is_draft and action.status == Status.SUBMITTED and judges(user, action):
            found.add(f"accept:{action.pk}")
        over = action.meeting is not None and action.meeting.status == "ended" and action.meeting.host == user
        mine = over or (action.meeting is None and action.created_by == user)
        if action.is_draft and mine and services.check(action=action, now=now):
            found.add(f"draft:{action.pk}")
    return found


def of_parts(user: User) -> set[str]:
    led = led_by(user)
    found = {
        f"milestone:{one.pk}"
        for one in Milestone.objects.filter(done_at=None)
        if one.action.is_owed and one.action.owner == user
    }
    found |= {
        f"deadline:{one.pk}"
        for one in DeadlineRequest.objects.filter(state="open")
        if judges(user, one.action)
    }
    for blocker in Blocker.objects.filter(lifted_at=None, offered_at=None):
        headed = blocker.needs_person is None and blocker.needs_department_id in led
        if (blocker.needs_person == user or headed) and blocker.action.owner != user:
            found.add(f"help:{blocker.pk}")
    for update in UpdateRequest.objects.filter(answered_at=None, person=user):
        lives = update.meeting.status in ("scheduled", "in_progress")
        if lives and update.action.is_owed and update.action.owner == user:
            found.add(f"update:{update.pk}")
    return found


def of_problems(user: User) -> set[str]:
    found = set()
    told = {
        one.subject_id
        for one in Notice.objects.filter(recipient=user, shown_at__isnull=False)
        if one.kind in ("problems.incident", "problems.unheard")
    }
    for problem in Problem.objects.filter(closed_at=None):
        if problem.owner == user:
            found.add(f"problem:{problem.pk}")
        if problem.owner == user and problem.meeting_due_at:
            found.add(f"special:{problem.pk}")
        if problem.is_emergency and not problem.acknowledged_at and problem.pk in told:
            found.add(f"acknowledge:{problem.pk}")
    return found


def of_meetings(user: User) -> set[str]:
    found = {f"duty:{one.pk}" for one in Obligation.objects.filter(met_at=None) if one.owner == user}
    readable = set(Meeting.objects.visible_to(user).values_list("pk", flat=True))
    for approval in MinutesApproval.objects.filter(approved_at=None, user=user):
        if approval.minutes.meeting_id in readable:
            found.add(f"minutes:{approval.pk}")
    for objection in Objection.objects.filter(answer=""):
        if objection.minutes.meeting.host == user:
            found.add(f"objection:{objection.pk}")
    for row in Participant.objects.filter(user=user, reply="none", meeting__status="scheduled"):
        if row.meeting.host != user:
            found.add(f"reply:{row.pk}")
    for meeting in Meeting.objects.all():
        if meeting.status == "draft" and meeting.host == user:
            found.add(f"meeting:{meeting.pk}")
        inside = meeting.participants.filter(user=user).exists()
        if meeting.status == "in_progress" and (inside or meeting.host == user):
            found.add(f"room:{meeting.pk}")
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_every_obligation_stands_there_exactly_once(seed):
    company = Company(seed)
    total = Counter()
    for user in User.objects.filter(is_active=True):
        work = queries.work_of(user=user, now=company.now)
        shown = [key for task in [*work.now, *work.coming] for key in task.covers]

        assert all(task.covers for task in [*work.now, *work.coming])
        assert [key for key, times in Counter(shown).items() if times > 1] == []
        assert set(shown) == expected(user, company.now)
        total.update(key.partition(":")[0] for key in shown)

    # The chance that was drawn has something of everything.
    missing = {"owed", "accept", "draft", "help", "milestone", "deadline", "update", "problem", "duty"} - {
        *total
    }
    assert not missing


def test_what_somebody_becomes_counts_with_the_next_look():
    now, sales = timezone.now(), DepartmentFactory(code="sales")
    action = make.ActionFactory(status=Status.BLOCKED, published_at=now)
    call = Blocker.objects.create(
        action=action, reason="Waits", by=action.owner, since=now, needs_department=sales
    )
    person = UserFactory()
    keys = []
    for _look in range(2):
        fresh = User.objects.get(pk=person.pk)
        work = queries.work_of(user=fresh, now=now)
        keys.append([key for task in work.now for key in task.covers])
        person.memberships.update_or_create(department=sales, defaults={"role": "lead"})

    assert keys == [[], [f"help:{call.pk}"]]
