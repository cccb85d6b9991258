"""Every address × every kind of person × every state of what it shows, against the table in `expected.py`.

The company is built once. Each request happens in a savepoint of its own that is rolled back, so that a step that one
person may take does not change what the next one finds. A page that several people get is drawn for the first of them
and for whoever runs everything; for the others the answer alone counts, which is given before a page is drawn.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse

from actions.verbs import VERBS
from tests.access import addresses, expected
from tests.access.world import World

pytestmark = pytest.mark.django_db
ROWS = expected.rows()
# Whom a row that is the same for everybody is tried with: the least and the most.
SAMPLE = ("anon", "inactive", "nobody", "runs")
DRAWN_FOR = "runs"


class Company:
    """The world with a browser for each person, logged in once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.browsers = {}
        for name, person in self.world.people.items():
            browser = self.browsers[name] = Client()
            if person is not None:
                browser.force_login(person)
        gone = self.world.people["inactive"]
        get_user_model().objects.filter(pk=gone.pk).update(is_active=False)

    def ask(self, who: str, method: str, url: str) -> str:
        """The answer in the words of the table; nothing of it stays."""
        browser = self.browsers[who]
        cookies = browser.cookies.output()
        with transaction.atomic():
            response = browser.generic(method, url)
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        if browser.cookies.output() != cookies:
            browser.cookies.load(cookies.replace("Set-Cookie: ", ""))
        if response.status_code == 302 and response.url.startswith("/accounts/login/"):
            return "in"
        return str(response.status_code)


@contextmanager
def undrawn() -> Iterator[None]:
    """No template is drawn meanwhile."""
    render = Template.render
    Template.render = lambda *_args, **_more: ""
    try:
        yield
    finally:
        Template.render = render


@pytest.fixture(scope="module")
def company(shared_world) -> Company:
    return Company(shared_world)


@pytest.mark.parametrize(("method", "name", "what", "answers"), ROWS, ids=lambda value: str(value)[:40])
def test_everybody_gets_what_the_table_says(company, method, name, what, answers):
    url = reverse(name, args=company.world.args[what])
    wanted = dict(zip(expected.PEOPLE, answers, strict=True))
    if len(set(answers[2:])) == 1:
        wanted = {who: wanted[who] for who in SAMPLE}

    found: dict[str, str] = {}
    for who in wanted:
        with nullcontext() if "200" not in found.values() or who == DRAWN_FOR else undrawn():
            found[who] = company.ask(who, method, url)

    assert found == wanted


def test_every_address_stands_in_the_table():
    in_table = {name for _method, name, _what, _answers in ROWS}

    assert addresses.names() - in_table == set()
    assert in_table - addresses.names() == set()


def test_every_address_is_tried_with_a_wrong_method():
    """A page that only reads takes no POST, one that only writes no GET, one that does both no PUT."""
    refused = {name for _method, name, _what, answers in ROWS if "405" in answers}
    # allauth's pages show their form whatever asks.
    open_to_all = {name for name in addresses.names() if name.startswith("account_")}

    assert addresses.names() - refused - open_to_all == set()


def test_every_step_of_an_action_stands_in_the_table():
    steps = {
        what.removeprefix("step.") for _method, _name, what, _answers in ROWS if what.startswith("step.")
    }

    assert set(VERBS) - steps == set()


def test_objects_of_others_are_404_and_never_403():
    """Whoever has no part in anything must not even learn what exists."""
    place = expected.PEOPLE.index("nobody")
    told = [
        row[:3]
        for row in ROWS
        if row[3][place] == "403" and row[2] not in ("-", "upload.stored", "upload.refused", "ladder")
    ]

    assert told == []
