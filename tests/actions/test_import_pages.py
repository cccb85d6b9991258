"""Handing a list in, looking at its lines, taking them over: the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.models import Action, ActionImport
from tests.actions.factories import ActionFactory
from tests.actions.imported import trello
from tests.factories import host, member

pytestmark = pytest.mark.django_db
LIST = """Action,Owner,Deadline,Acceptance criteria
Cut the ACoS of the kettle to 20 %,Han Mei,2099-03-05,ACoS ≤ 20 %
Ask,,,
"""


def hand_in(client, content: str | bytes = LIST, name: str = "Plan.csv"):
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("actions:imports"), {"file": file}, follow=True)


def test_from_the_file_to_the_actions(client):
    member("sales", name="Han Mei")
    by = host()
    client.force_login(by)

    page = hand_in(client)

    assert "<b>2 new, 0 changed</b>" in page.text
    assert "Nothing is written yet" in page.text
    assert "Becomes a draft" in page.text
    assert not Action.objects.exists()
    found = ActionImport.objects.get()
    done = client.post(reverse("actions:import_take_over", args=[found.pk]), {"publish": "on"}, follow=True)
    assert "<b>2 actions</b> were taken over" in done.text
    assert done.text.count("taken over") == 1, "once is enough to say it"
    promised, left = Action.objects.order_by("pk")
    assert (promised.is_draft, left.is_draft) == (False, True)
    assert promised.reference in done.text
    # Once is enough, and nothing of it is for anybody else.
    again = client.post(reverse("actions:import_take_over", args=[found.pk]), {"publish": "on"})
    assert again.status_code == 422
    client.force_login(host())
    assert client.get(reverse("actions:import", args=[found.pk])).status_code == 404


def test_what_is_not_taken_from_a_line_is_shown_before_what_is_the_same(client):
    same, finished = ActionFactory(), ActionFactory()
    client.force_login(host())
    lines = "".join(
        f"{one.reference},{one.title},{word}\n" for one, word in ((same, ""), (finished, "accepted"))
    )

    page = hand_in(client, f"Number,Action,Status\n{lines}").text

    group = page.split('aria-labelledby="group-same"')[1]
    assert "<details open>" in group
    assert group.index(finished.reference) < group.index(same.reference)
    # Without such a remark it stays folded.
    quiet = hand_in(client, f"Number,Action\n{same.reference},{same.title}\n").text
    assert "<details>" in quiet.split('aria-labelledby="group-same"')[1]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "list.csv"), (b"\x00\x01" * 99, "list.xlsx"), (b"<!doctype html><title>x</title>", "list.csv")],
)
def test_what_is_no_list_is_refused_in_words_that_fit_a_list(client, content, name):
    client.force_login(host(language="en"))

    page = hand_in(client, content, name)

    assert page.status_code == 422
    errors = page.context["form"].errors["file"]
    assert errors
    assert "report" not in str(errors)


def test_without_publishing_all_stay_drafts_and_nobody_is_told(client):
    member("sales", name="Han Mei")
    client.force_login(host())
    hand_in(client)

    client.post(reverse("actions:import_take_over", args=[ActionImport.objects.get().pk]), {})

    assert [action.is_draft for action in Action.objects.all()] == [True, True]


def test_an_instant_of_trello_is_said_in_the_readers_zone(client):
    client.force_login(host(language="en", time_zone="Asia/Shanghai"))

    page = hand_in(client, trello(), "board.json")

    assert "Fri 5 Mar 2027, 18:00 (Shanghai, UTC+8)" in page.text
    assert "2027-03-05T" not in page.text


def test_deadlines_move_with_a_reason_only(client):
    action = ActionFactory(due_at="2099-03-05T10:00Z")
    client.force_login(host())
    page = hand_in(client, f"Number,Action,Deadline\n{action.reference},{action.title},2099-03-09\n")
    assert "Why do these deadlines move?" in page.text
    address = reverse("actions:import_take_over", args=[ActionImport.objects.get().pk])

    refused = client.post(address, {"reason": ""})

    assert refused.status_code == 422
    assert "Say why the deadlines move." in refused.text
    client.post(address, {"reason": "The supplier closes"})
    assert action.deadline_changes.get().reason == "The supplier closes"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"one,two\n1,2\n", "No column says what is to be done"),
        ("a.xlsx", b"PK\x03\x04", "damaged"),
        ("a.json", b"{", "no JSON"),
        ("a.exe", b"MZ", "no list that can be read"),
    ],
)
def test_what_is_no_list_is_said_at_the_field(client, name, content, words):
    client.force_login(host())

    page = hand_in(client, content, name)

    assert page.status_code == 422
    assert words in page.text
    assert not ActionImport.objects.exists()


def test_putting_a_file_away(client):
    client.force_login(host())
    hand_in(client)
    found = ActionImport.objects.get()

    page = client.post(reverse("actions:import_drop", args=[found.pk]), follow=True)

    assert "put away" in page.text
    found.refresh_from_db()
    assert (found.state, found.rows) == ("dropped", [])
    twice = client.post(reverse("actions:import_drop", args=[found.pk]), follow=True)
    assert "dealt with already" in twice.text


def test_what_a_file_holds_is_never_markup(client):
    client.force_login(host())

    page = hand_in(client, "Action,Owner\n<script>alert(1)</script>,<b>Li</b>\n")

    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
