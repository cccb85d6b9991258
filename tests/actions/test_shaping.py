"""Parts, splitting and merging: nothing that was promised, shown or said gets lost, and nobody is let off by it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import ledger, services
from actions.deadlines import Deadline
from actions.models import Action, Evidence
from actions.services import NotPossible, Portion
from meetings.models import AgendaItem
from notices.models import Notice
from tests.actions.factories import NOW, ActionFactory, meeting
from tests.actions.pages import url
from tests.factories import DepartmentFactory, UserFactory, host, member

Status = Action.Status
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def until(at) -> Deadline:
    return Deadline(at=at, zone="Asia/Shanghai", is_all_day=True)


def part_of(whole, **more) -> Action:
    return ActionFactory(
        parent=whole, department=whole.department, due_at=whole.due_at, acceptor=whole.owner, **more
    )


def prove(action, now=NOW):
    for criterion in action.criteria.all():
        services.add_evidence(action=action, criterion=criterion, text="24 %", by=action.owner, now=now)


# --- parts -----------------------------------------------------------------------------------------------------
def test_part_belongs_where_the_whole_does(client, action, soon):
    client.force_login(action.acceptor)
    worker = member("sales")
    fields = {
        "title": "Rebuild the campaigns of B0C1234567",
        "owner": worker.pk,
        "criteria": "12 campaigns live",
        "due_words": "+3 days",
        "time_zone": "Asia/Shanghai",
    }
    address = reverse("actions:part", args=[action.pk])

    late = client.post(address, fields | {"due_words": "+300 days"})
    assert late.status_code == 422
    assert f"It is a part of {action.reference}" in late.text
    assert client.post(address, fields).headers["Location"] == action.get_absolute_url()

    part = action.parts.get()
    assert (part.owner, part.acceptor, part.department) == (worker, action.owner, action.department)
    assert not part.is_draft
    assert "Rebuild the campaigns" in client.get(url(action)).text
    refused = client.post(reverse("actions:part", args=[part.pk]), fields)
    assert refused.status_code == 422
    assert "This is a part itself" in refused.text


def test_whole_is_not_handed_in_over_open_parts_without_a_reason():
    whole = ActionFactory()
    part = part_of(whole)
    prove(whole)

    with pytest.raises(NotPossible, match=f"A part is still open: {part.reference}"):
        services.submit(action=whole, by=whole.owner, now=NOW)
    whole.refresh_from_db()
    assert whole.status == Status.TODO

    services.submit(action=whole, by=whole.owner, now=NOW, text="The fair was called off")
    assert whole.status == Status.SUBMITTED


def test_part_is_never_due_after_the_whole():
    whole = ActionFactory()
    part = part_of(whole)

    with pytest.raises(NotPossible, match="Move that deadline first"):
        services.move_deadline(
            action=part, deadline=until(whole.due_at + DAY), reason="x", by=part.acceptor, now=NOW
        )


def test_parts_are_shown_to_those_who_may_read_them(client, action):
    """The owner of the whole accepts its parts; a part's owner need not know the whole."""
    stranger = member("finance")
    part = part_of(action, owner=stranger, published_at=timezone.now())
    Action.objects.filter(pk=part.pk).update(department=stranger.departments[0])
    client.force_login(stranger)
    page = client.get(url(part)).text
    assert action.title not in page
    client.force_login(action.owner)
    assert part.title in client.get(url(action)).text

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url(action))
        return len(captured)

    before = queries()
    for _number in range(3):
        part_of(action, published_at=timezone.now())
    assert queries() == before


# --- splitting -------------------------------------------------------------------------------------------------
def test_split_shares_out_criteria_with_their_evidence():
    boss = UserFactory()
    action = ActionFactory(criteria=["ACoS ≤ 25 %", "Report sent", "Prices live"], created_by=boss)
    _first, second, third = action.criteria.order_by("position")
    shown = services.add_evidence(action=action, criterion=second, text="Sent", by=action.owner, now=NOW)
    worker, other = UserFactory(), UserFactory()

    one, two = services.split(
        action=action,
        portions=[
            Portion(title="Send the report of week 12", owner=worker, criteria=[second.pk]),
            Portion(
                title="Change prices of B0C1234567",
                owner=other,
                criteria=[third.pk],
                new_criteria=["Checked by 2 people"],
            ),
        ],
        reason="Two people can do it at once",
        by=boss,
        now=NOW,
    )

    assert list(action.criteria.values_list("text", flat=True)) == ["ACoS ≤ 25 %"]
    assert list(one.criteria.values_list("text", flat=True)) == ["Report sent"]
    assert list(two.criteria.order_by("position").values_list("text", flat=True)) == [
        "Prices live",
        "Checked by 2 people",
    ]
    shown.refresh_from_db()
    assert (shown.action, shown.criterion) == (one, second)
    assert (one.owner, one.acceptor, one.split_from, one.is_draft) == (worker, action.acceptor, action, False)
    assert Notice.objects.filter(kind="actions.assigned", recipient__in=[worker, other]).count() == 2
    assert {row.recipient for row in Notice.objects.filter(kind="actions.split")} == {
        action.owner,
        action.acceptor,
    }
    assert "Two people can do it at once" in action.progress.latest("pk").text


def test_splitting_makes_nothing_punctual():
    boss = UserFactory()
    action = ActionFactory(criteria=["ACoS ≤ 25 %", "Report sent"], created_by=boss)
    first_due = action.due_at
    services.move_deadline(action=action, deadline=until(first_due + DAY), reason="Late", by=boss, now=NOW)
    now = first_due + 5 * DAY
    moved = Portion(
        title="Send the report of week 12",
        owner=UserFactory(),
        criteria=[action.criteria.get(text="Report sent").pk],
        deadline=until(first_due + 9 * DAY),
    )
    with pytest.raises(NotPossible, match="their own action"):
        services.split(action=action, portions=[moved], reason="x", by=action.owner, now=now)
    moved.rows.clear()

    (part,) = services.split(action=action, portions=[moved], reason="Somebody else", by=boss, now=now)

    part.refresh_from_db()
    assert (part.first_due_at, part.due_at, part.slips) == (first_due, first_due + 9 * DAY, 2)
    assert ledger.in_force(part) == part.due_at
    assert ledger.in_force(part, NOW) == first_due + DAY


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"criteria": "all"}, "At least one criterion stays"),
        ({"criteria": "none"}, "no acceptance criterion yet"),
        ({"criteria": "twice"}, "Each criterion goes to one"),
        ({"criteria": "foreign"}, "Each criterion goes to one"),
        ({"reason": " "}, "Say why it is split"),
        ({"status": "accepted"}, "being worked on"),
    ],
)
def test_split_that_loses_something_is_refused_whole(change, words):
    action = ActionFactory(criteria=["ACoS ≤ 25 %", "Report sent"])
    ids = list(action.criteria.order_by("position").values_list("pk", flat=True))
    if change.get("status"):
        prove(action)
        services.submit(action=action, by=action.owner, now=NOW)
    chosen = {
        "all": [ids],
        "none": [[]],
        "twice": [ids[:1], ids[:1]],
        "foreign": [[ActionFactory().criteria.get().pk]],
    }.get(change.get("criteria", ""), [ids[:1]])
    number = Action.objects.count()
    portions = [Portion(title="Send the report", owner=UserFactory(), criteria=one) for one in chosen]

    with pytest.raises(NotPossible, match=words):
        services.split(
            action=action,
            portions=portions,
            reason=change.get("reason", "why"),
            by=action.created_by,
            now=NOW,
        )

    assert (
        Action.objects.count(),
        list(action.criteria.order_by("position").values_list("pk", flat=True)),
    ) == (
        number,
        ids,
    )


def test_split_page(client, action):
    services.edit(
        action=action,
        version=action.version,
        title=action.title,
        description="",
        criteria=["ACoS ≤ 25 %", "Report sent to 3 people"],
        by=action.acceptor,
        now=timezone.now(),
    )
    goes = action.criteria.get(text="Report sent to 3 people")
    worker = member("sales")
    client.force_login(action.acceptor)
    address = reverse("actions:split", args=[action.pk])
    fields = {
        "portions": "1",
        f"criterion{goes.pk}": "0",
        "portion0-title": "Send the report of week 12",
        "portion0-owner": worker.pk,
        "reason": "Faster",
    }

    more = client.post(address, fields | {"intent": "more"})
    assert more.status_code == 200
    assert "portion1-title" in more.text
    assert "Send the report of week 12" in more.text
    empty = client.post(address, {"portions": "1"})
    assert empty.status_code == 422
    assert "Name the one person" in empty.text
    outside = client.post(address, fields | {"portion0-owner": member("finance").pk})
    assert "people of departments you lead" in outside.text
    assert client.post(address, fields | {"portions": "2"}).status_code == 302

    made = Action.objects.get(split_from=action)
    assert (made.owner, made.due_at) == (worker, action.due_at)
    assert made.title in client.get(url(action)).text


# --- merging ---------------------------------------------------------------------------------------------------
def test_merge_keeps_criteria_evidence_and_log_readable():
    boss = UserFactory()
    goes, stays = (
        ActionFactory(acceptor=boss, criteria=criteria)
        for criteria in (["ACoS ≤ 25 %", "Report sent"], ["ACoS ≤ 25 %"])
    )
    for criterion in goes.criteria.all():
        services.add_evidence(action=goes, criterion=criterion, text="24 %", by=goes.owner, now=NOW)
    services.ask_deadline(action=goes, deadline=until(NOW + 9 * DAY), reason="x", by=goes.owner, now=NOW)
    part = part_of(goes)

    services.merge(action=goes, into=stays, reason="The same thing twice", by=boss, now=NOW)

    goes.refresh_from_db()
    part.refresh_from_db()
    assert (goes.status, goes.merged_into, goes.cancel_reason) == (
        Status.CANCELLED,
        stays,
        "The same thing twice",
    )
    assert (goes.criteria.count(), goes.evidence.count(), part.parent) == (2, 2, stays)
    texts = list(stays.criteria.order_by("position").values_list("text", flat=True))
    assert texts == ["ACoS ≤ 25 %", "Report sent"]
    assert Evidence.objects.filter(criterion__action=stays, by=goes.owner, action=stays).count() == 2
    assert goes.deadline_requests.get().state == "withdrawn"
    assert {row.recipient for row in Notice.objects.filter(kind="actions.merged")} == {
        goes.owner,
        stays.owner,
    }


@pytest.mark.parametrize("case", ["itself", "handed in", "part", "confidential"])
def test_merge_that_makes_no_sense_is_refused(case):
    goes = ActionFactory()
    stays = ActionFactory(acceptor=goes.acceptor)
    if case == "itself":
        stays = goes
    elif case == "handed in":
        prove(stays)
        services.submit(action=stays, by=stays.owner, now=NOW)
    elif case == "part":
        stays = part_of(goes)
    else:
        made = meeting()
        item = AgendaItem.objects.create(
            meeting=made,
            order=1,
            title="Salaries",
            is_confidential=True,
            report_minutes=5,
            discussion_minutes=5,
        )
        Action.objects.filter(pk=goes.pk).update(meeting=made, agenda_item=item)

    with pytest.raises(NotPossible):
        services.merge(action=goes, into=stays, reason="x", by=goes.acceptor, now=NOW)

    assert Action.objects.get(pk=goes.pk).status == Status.TODO


def test_merge_page(client, action):
    stays = ActionFactory(
        title="Rebuild all campaigns",
        acceptor=action.acceptor,
        department=action.department,
        published_at=timezone.now(),
    )
    foreign = ActionFactory(title="Rebuild the warehouse", department=DepartmentFactory(code="finance"))
    client.force_login(action.acceptor)
    address = reverse("actions:merge", args=[action.pk])

    assert "Rebuild all campaigns" in client.get(address, {"q": "rebuild"}).text
    assert client.get(address, {"q": stays.reference}).context["found"][0] == stays
    assert foreign.title not in client.get(address).text
    assert client.post(address, {"into": foreign.pk, "reason": "x"}).status_code == 422
    assert client.post(address, {"into": stays.pk}).status_code == 422
    assert client.post(address, {"into": stays.pk, "reason": "Same"}).headers["Location"] == url(stays)
    assert f"{action.reference} {action.title}" in client.get(url(stays)).text
    client.force_login(host())
    assert client.post(address, {"into": stays.pk, "reason": "Again"}).status_code == 422
