"""Nonsense in every place where something can be said: each answer is a page, none is an error of the server."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access import addresses, expected

pytestmark = pytest.mark.django_db
NASTY = (
    "\0",
    "²",
    "٣",
    "9" * 5000,
    "99999999999999999999",
    "-1",
    "x" * 20_000,
    "\u202e💥\ud83d".encode("utf-8", "ignore").decode(),
    "' OR 1=1 --",
    "../../../etc/passwd",
    "0001-01-01",
    "9999-12-31",
    "{{ 7*7 }}",
)
# Whatever any page reads from its address or form, and then some.
FIELDS = """
    q type status page sort upcoming-page period grain shop currency template department meeting mine overdue week
    accept item as search unit key text kind version reply note reason do undo planned_minutes items-count date time
    time_zone fold items-0-order items-0-report title host verb next language theme login password owner acceptor
    criteria due_date due_time agenda_item decision criterion milestone is_met link percent needs_department
    needs_person intent vague_reason description outcome decided_by deferred_until options document files
    starts_at period_from period_to revision deputy_hosts members email password1 oldpassword text:question:1-1
    version:question:1-1 text:\0:\0 text:cause:\0
""".split()
WHO = ("runs", "a_lead", "a_member", "admin", "data")
OPEN = {"200", "302", "409", "422", "286"}


def places() -> list[tuple[str, str, str, str]]:
    """(method, name, object, somebody whom it lets in) for each address and method, one object each."""
    found = {}
    for method, name, what, answers in expected.rows():
        allowed = dict(zip(expected.PEOPLE, answers, strict=True))
        who = next((who for who in WHO if allowed[who] in OPEN), None)
        if who and not name.startswith("account_"):
            found[method, name] = (method.lower(), name, what, who)
    return sorted(found.values())


@pytest.fixture(scope="module")
def company(shared_world):
    browsers = {who: Client(raise_request_exception=False) for who in WHO}
    for who, browser in browsers.items():
        browser.force_login(shared_world.people[who])
    return shared_world, browsers


# A warning of django-tables2 about the name of a column that came from the address.
@pytest.mark.filterwarnings("ignore:Use '__' to separate")
@pytest.mark.parametrize(("method", "name", "what", "who"), places())
def test_no_nonsense_breaks_a_page(company, method, name, what, who):
    world, browsers = company
    browser, url = browsers[who], reverse(name, args=world.args[what])
    broken = []
    for value in NASTY:
        with transaction.atomic():
            response = getattr(browser, method)(url, dict.fromkeys(FIELDS, value))
            if response.status_code >= 500:
                broken.append((value[:20], repr(response.exc_info and response.exc_info[1])[:200]))
            transaction.set_rollback(True)
        if not addresses.was_heard(response.wsgi_request):
            break  # other words would get the same answer

    assert broken == []
