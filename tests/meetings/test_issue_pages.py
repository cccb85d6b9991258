"""The pages and presses of the issue pool: who may what, with and without scripts."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.models import Issue, Participant
from tests import factories
from tests.meetings import issue_factories as made
from tests.meetings import room_factories as rooms
from tests.meetings.issue_factories import SOLUTION

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HTMX = {"HTTP_HX_REQUEST": "true"}
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def meeting():
    return made.running()


@pytest.fixture
def ask(client):
    """Post as somebody: ask(user, name, meeting, *args, headers, **data)."""

    def post(user, name, meeting, *args, headers=None, **data):
        client.force_login(user)
        url = reverse(f"meetings:{name}", args=[meeting.pk, *args])
        return client.post(url, data, **(headers or {}))

    return post


def look(client, user, meeting, **headers):
    client.force_login(user)
    return client.get(reverse("meetings:room_issues", args=[meeting.pk]), **headers)


def words(response) -> str:
    return " ".join(response.content.decode().split())


# --- reading ------------------------------------------------------------------------------------------------
def test_the_pool_is_a_page_and_a_fragment(client, meeting):
    made.issue(meeting, "Returns double")

    page = look(client, meeting.host, meeting)
    part = look(client, meeting.host, meeting, **HTMX)

    assert "Returns double" in words(page)
    assert "<html" in words(page)
    assert "Returns double" in words(part)
    assert "<html" not in words(part)
    assert 'data-room-on="issue vote"' in words(part)


def test_whoever_takes_no_part_reads_without_buttons(client, meeting):
    made.issue(meeting, "Returns double")
    reader = factories.executive()
    reader.roles = ["data_owner"]
    reader.save()

    shown = words(look(client, reader, meeting))

    assert "Returns double" in shown
    assert "issue-new" not in shown
    assert "Solve it" not in shown
    assert 'name="vote"' not in shown


def test_an_outsider_learns_nothing(client, meeting, ask):
    outsider, issue = factories.UserFactory(), made.issue(meeting)

    assert look(client, outsider, meeting).status_code == 404
    assert ask(outsider, "raise_issue", meeting, text="x").status_code == 404
    for name in ("vote_issue", "order_issue", "work_issue", "save_issue", "settle_issue"):
        assert ask(outsider, name, meeting, issue.pk).status_code == 404


def test_an_issue_of_a_confidential_item_is_not_there_for_others(client, meeting, ask):
    item = meeting.items.first()
    item.is_confidential = True
    item.save()
    issue, member = made.issue(meeting, "Pay gap", item=item), made.person(meeting)

    assert "Pay gap" not in words(look(client, member, meeting))
    assert ask(member, "vote_issue", meeting, issue.pk, vote="give").status_code == 404
    assert "Pay gap" in words(look(client, meeting.host, meeting))


def test_while_a_confidential_item_is_on_others_raise_issues_without_one(client, meeting, ask):
    item = meeting.items.in_order().first()
    item.is_confidential = True
    item.save()
    member = made.person(meeting)

    part = words(look(client, member, meeting, **HTMX))
    ask(member, "raise_issue", meeting, text="Returns double", item="")

    assert '<input type="hidden" name="item" value="">' in part
    assert f'name="item" value="{item.pk}"' in words(look(client, meeting.host, meeting, **HTMX))
    assert Issue.objects.get().item is None


def test_the_page_takes_as_many_queries_for_three_issues_as_for_one(client, meeting):
    made.issue(meeting, "a")
    look(client, meeting.host, meeting)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            look(client, meeting.host, meeting, **HTMX)
        return len(queries)

    one = asked()
    made.issue(meeting, "b")
    made.votes(made.issue(meeting, "c"), 2)

    assert asked() == one


# --- raising ------------------------------------------------------------------------------------------------
def test_a_participant_raises_an_issue_with_what_it_needs(meeting, ask):
    supply, member = factories.DepartmentFactory(code="supply"), made.person(meeting)
    item = meeting.items.first()
    sent = {"text": "Returns double", "needs": [supply.pk, "x"], "item": item.pk, "from": "room"}

    answer = ask(member, "raise_issue", meeting, **sent)

    issue = Issue.objects.get()
    assert answer.url == f"/meetings/{meeting.pk}/live/?item={item.pk}#room-issues"
    assert (issue.raised_by, issue.item, list(issue.needs.all())) == (member, item, [supply])


def test_htmx_gets_the_pool_and_json_the_issue(meeting, ask):
    part = ask(meeting.host, "raise_issue", meeting, headers=HTMX, text="a")
    answer = ask(meeting.host, "raise_issue", meeting, headers=JSON, text="b")

    assert 'id="room-issues"' in words(part)
    assert answer.status_code == 201
    assert json.loads(answer.content)["text"] == "b"


def test_an_empty_issue_is_refused_with_a_sentence(meeting, ask):
    page = ask(meeting.host, "raise_issue", meeting, text="  ")
    answer = ask(meeting.host, "raise_issue", meeting, headers=JSON, text="")

    assert page.status_code == answer.status_code == 422
    assert "Say what the issue is." in words(page)


def test_what_was_typed_stays_when_it_is_too_long(meeting, ask):
    page = ask(meeting.host, "raise_issue", meeting, text="x" * 301)

    assert "x" * 301 in words(page)
    assert "at most 300" in words(page)


@pytest.mark.parametrize(
    "sent", [{"metric": "revenue"}, {"metric": "x", "preread": "sales"}, {"note": "999"}]
)
def test_evidence_that_is_not_there_is_404(meeting, ask, sent):
    assert ask(meeting.host, "raise_issue", meeting, **sent).status_code == 404


def test_whoever_only_reads_raises_nothing(meeting, ask):
    assert ask(factories.data_owner(), "raise_issue", meeting, text="x").status_code == 403


# --- votes, order, steps ------------------------------------------------------------------------------------
def test_a_participant_votes_and_takes_the_vote_back(client, meeting, ask):
    member, issue = made.person(meeting), made.issue(meeting)

    given = ask(member, "vote_issue", meeting, issue.pk, headers=HTMX, vote="give")
    back = ask(member, "vote_issue", meeting, issue.pk, headers=HTMX, vote="back")

    assert 'aria-pressed="true"' in words(given)
    assert 'aria-pressed="true"' not in words(back)


def test_the_executive_orders_and_a_member_does_not(meeting, ask):
    executive = made.person(meeting, Participant.Role.EXECUTIVE)
    made.issue(meeting, "first")
    second = made.issue(meeting, "second", raised_at=rooms.at(40))

    refused = ask(made.person(meeting), "order_issue", meeting, second.pk, do="up")
    shown = words(ask(executive, "order_issue", meeting, second.pk, headers=HTMX, do="up"))

    assert refused.status_code == 403
    assert shown.index("second") < shown.index("first")
    assert "in the executive’s order" in shown


def test_the_recorder_works_on_an_issue_and_solves_it_in_one_press(meeting, ask):
    recorder, issue = made.person(meeting, Participant.Role.RECORDER), made.issue(meeting)

    ask(recorder, "work_issue", meeting, issue.pk)
    sent = {"text": issue.text, "why1": "Boxes break", "version": 2, "then": "solved", **SOLUTION}
    ask(recorder, "save_issue", meeting, issue.pk, **sent)

    issue.refresh_from_db()
    assert (issue.state, issue.whys, issue.settled_by) == ("solved", ["Boxes break"], recorder)


def test_what_is_typed_is_kept_as_it_is_typed(meeting, ask):
    issue = made.issue(meeting, state="working")
    sent = {"text": issue.text, "why1": "Boxes break", "version": 1}

    saved = ask(meeting.host, "save_issue", meeting, issue.pk, headers=JSON, **sent)
    stale = ask(
        meeting.host, "save_issue", meeting, issue.pk, headers=JSON, **{**sent, "why1": "Trucks shake"}
    )

    assert json.loads(saved.content) == {"version": 2}
    told = json.loads(stale.content)
    assert stale.status_code == 409
    assert told["theirs"] == {"why1": "Boxes break"}
    assert told["by"] == meeting.host.name
    assert told["differences"] == [{"label": "Why? (1)", "words": "Boxes break"}]


def test_a_conflict_without_scripts_shows_both_sides(meeting, ask):
    issue = made.issue(meeting, state="working", version=2, whys=["Boxes break"])

    page = ask(meeting.host, "save_issue", meeting, issue.pk, text=issue.text, why1="Trucks shake", version=1)

    assert page.status_code == 422
    assert "Boxes break" in words(page)
    assert "Trucks shake" in words(page)


def test_blame_is_refused_at_its_field_and_the_words_stay(meeting, ask):
    issue = made.issue(meeting, state="working")
    sent = {"text": issue.text, "root_cause": "human error", "version": 1}

    answer = ask(meeting.host, "save_issue", meeting, issue.pk, headers=JSON, **sent)
    page = ask(meeting.host, "save_issue", meeting, issue.pk, **sent)

    assert answer.status_code == page.status_code == 422
    assert list(json.loads(answer.content)["errors"]) == ["root_cause"]
    assert "“human error” asks who failed" in words(page)
    assert "human error</textarea>" in words(page)


def test_whoever_raised_an_issue_withdraws_it_and_may_not_solve_it(meeting, ask):
    member = made.person(meeting)
    issue = made.issue(meeting, by=member)

    assert ask(member, "settle_issue", meeting, issue.pk, state="parked").status_code == 403
    assert ask(made.person(meeting), "settle_issue", meeting, issue.pk, state="withdrawn").status_code == 403
    assert ask(member, "settle_issue", meeting, issue.pk, state="withdrawn").status_code == 302
    issue.refresh_from_db()
    assert issue.state == "withdrawn"


@pytest.mark.parametrize("name", ["work_issue", "save_issue"])
def test_members_do_not_work_the_pool(meeting, ask, name):
    issue = made.issue(meeting)

    assert ask(made.person(meeting), name, meeting, issue.pk).status_code == 403


@pytest.mark.parametrize(
    "name", ["raise_issue", "vote_issue", "order_issue", "work_issue", "save_issue", "settle_issue"]
)
def test_presses_are_posted(client, meeting, name):
    client.force_login(meeting.host)
    args = [meeting.pk] if name == "raise_issue" else [meeting.pk, made.issue(meeting).pk]
    url = reverse(f"meetings:{name}", args=args)

    assert client.get(url).status_code == 405
    client.logout()
    assert client.post(url).url.startswith("/accounts/login/")
