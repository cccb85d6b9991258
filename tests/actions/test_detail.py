"""The page of one action and every step on it: works, outsider, may not, wrong method, not signed in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.models import Action, Criterion, Evidence
from tests.actions.pages import post, url
from tests.factories import data_owner, host, lead, member

Status = Action.Status
pytestmark = pytest.mark.django_db


def test_page_names_the_next_step_for_whoever_looks(client, action):
    client.force_login(action.owner)
    response = client.get(url(action))
    assert response.context["next_step"] == "start"
    assert "accept" not in response.context["steps"]

    services.mark_criterion(
        criterion=action.criteria.get(),
        is_met=True,
        no_evidence_because="all saw it",
        by=action.owner,
        now=timezone.now(),
    )
    assert client.get(url(action)).context["next_step"] == "submit"

    services.submit(action=action, by=action.owner, now=timezone.now())
    assert client.get(url(action)).context["next_step"] == ""
    client.force_login(action.acceptor)
    assert client.get(url(action)).context["next_step"] == "accept"

    services.send_back(action=action, by=action.acceptor, now=timezone.now(), text="Two weeks are missing")
    client.force_login(action.owner)
    assert client.get(url(action)).context["next_step"] == "start", "as it is, it was not enough"
    services.add_evidence(action=action, text="Both weeks", by=action.owner, now=timezone.now())
    assert client.get(url(action)).context["next_step"] == "submit"


@pytest.mark.parametrize("rows", [1, 3])
def test_page_needs_as_many_queries_for_three_as_for_one(client, action, rows, soon):
    client.force_login(action.owner)
    for number in range(rows):
        criterion = Criterion.objects.create(action=action, text=f"criterion {number}", position=number + 1)
        services.add_evidence(
            action=action, criterion=criterion, text="x", by=action.owner, now=timezone.now()
        )
        services.report(action=action, text="x", by=action.owner, now=timezone.now())
        services.add_milestone(
            action=action,
            title=f"m{number}",
            due_at=soon - timedelta(days=1),
            by=action.owner,
            now=timezone.now(),
        )
    client.get(url(action))

    with CaptureQueriesContext(connection) as captured:
        client.get(url(action))

    assert len(captured) <= 24, [query["sql"][:120] for query in captured]
    test_page_needs_as_many_queries_for_three_as_for_one.__dict__.setdefault("seen", set()).add(len(captured))
    assert len(test_page_needs_as_many_queries_for_three_as_for_one.__dict__["seen"]) == 1


PEOPLE = ("owner", "acceptor", "colleague", "lead_of_another", "data_owner", "host")


def somebody(kind: str, action: Action):
    return {
        "owner": lambda: action.owner,
        "acceptor": lambda: action.acceptor,
        "colleague": lambda: member("sales"),
        "lead_of_another": lambda: lead("finance"),
        "data_owner": data_owner,
        "host": host,
    }[kind]()


# Who gets further than 403: with too little in the form that is 422, else a redirect.
MAY = {
    "start": {"owner"},
    "report": {"owner"},
    "evidence": {"owner"},
    "criterion": {"owner"},
    "submit": {"owner"},
    "take-back": {"owner"},
    "block": {"owner"},
    "lift": {"owner", "acceptor", "host"},
    "milestone": {"owner", "acceptor", "host"},
    "reach": {"owner", "acceptor", "host"},
    "accept": {"acceptor"},
    "return": {"acceptor"},
    "cancel": {"acceptor", "host"},
    "deadline": {"acceptor", "host"},
    "ask-deadline": {"owner"},
    "grant-deadline": {"acceptor", "host"},
    "keep-deadline": {"acceptor", "host"},
    "take-back-request": {"owner"},
    "owner": {"acceptor", "host"},
    "acceptor": {"acceptor", "host"},
    "publish": {"acceptor", "host"},
    "discard": {"acceptor", "host"},
    **{
        verb: {"owner", "acceptor", "colleague", "data_owner", "host"}
        for verb in ("comment", "edit-comment", "remove-comment", "attach", "remove-file")
    },
    "measure": {"acceptor", "host"},
    "drop-measure": {"acceptor", "host"},
}


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("verb", sorted(MAY))
def test_who_may_do_what(client, action, kind, verb):
    client.force_login(somebody(kind, action))

    answer = post(client, action, verb).status_code

    if kind == "lead_of_another":
        assert answer == 404
    elif kind in MAY[verb]:
        assert answer in (302, 422)
    else:
        assert answer == 403


@pytest.mark.parametrize("verb", sorted(MAY))
def test_steps_are_posts_and_behind_the_login(client, action, verb):
    assert client.post(url(action, verb)).status_code == 302
    assert "login" in client.post(url(action, verb)).headers["Location"]
    client.force_login(action.owner)
    assert client.get(url(action, verb)).status_code == 405


def test_unknown_step(client, action):
    client.force_login(action.owner)
    assert post(client, action, "explode").status_code == 404


@pytest.mark.parametrize("name", ["list", "export", "new", "detail", "edit", "for_meeting"])
def test_pages_are_behind_the_login_and_read_only(client, action, name):
    args = {"detail": [action.pk], "edit": [action.pk], "for_meeting": [1]}.get(name, [])
    address = reverse(f"actions:{name}", args=args)

    assert "login" in client.get(address).headers["Location"]
    client.force_login(action.acceptor)
    assert client.delete(address).status_code == 405


def test_stranger_sees_nothing(client, action):
    client.force_login(member("finance"))

    assert client.get(url(action)).status_code == 404
    assert client.get(reverse("actions:edit", args=[action.pk])).status_code == 404


def test_from_start_to_accepted_by_forms(client, action):
    client.force_login(action.owner)
    post(client, action, "start")
    post(client, action, "report", text="Half way", percent="50")
    refused = post(client, action, "submit")
    assert refused.status_code == 422
    assert "Show evidence for each criterion" in refused.text
    post(client, action, "evidence", criterion=action.criteria.get().pk, link="dashboards.example.com/acos")
    post(client, action, "submit", text="Done")
    client.force_login(action.acceptor)
    assert post(client, action, "return", text="").status_code == 422
    post(client, action, "return", text="Week 13 too, please")
    client.force_login(action.owner)
    post(client, action, "submit")
    client.force_login(action.acceptor)
    post(client, action, "accept")

    action.refresh_from_db()
    assert (action.status, action.accepted_by) == (Status.ACCEPTED, action.acceptor)
    assert Evidence.objects.get().link == "https://dashboards.example.com/acos"
    again = post(client, action, "accept")
    assert again.status_code == 422
    assert "the action is now “accepted”" in again.text


def test_lead_accepts_when_the_acceptor_left(client, action):
    action.acceptor.is_active = False
    action.acceptor.save(update_fields=["is_active"])
    services.mark_criterion(
        criterion=action.criteria.get(),
        is_met=True,
        no_evidence_because="all saw it",
        by=action.owner,
        now=timezone.now(),
    )
    services.submit(action=action, by=action.owner, now=timezone.now())
    other_lead = lead("sales")
    client.force_login(other_lead)

    assert client.get(url(action)).context["next_step"] == "accept"
    assert post(client, action, "accept").status_code == 302
    assert Action.objects.get(pk=action.pk).accepted_by == other_lead
