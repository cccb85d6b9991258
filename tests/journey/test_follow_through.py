"""What becomes of promises, once in each language: at a desk in Chinese, on a phone in English.

In Chromium, over the demo company, with a real worker and a real mail server: owner, acceptor, helper, reporter and
executive each in a browser of their own.
"""

import pytest
from playwright.sync_api import expect

from people.models import User
from tests.journey import steps_incident as incident
from tests.journey import steps_list as listing
from tests.journey import steps_promises as promises
from tests.journey.said_after import SAID_AFTER
from tests.plugins.browser import PATIENCE

# For what comes at once on an idle machine and late on a busy one.
LATE = 30_000
SIZES = {
    User.Language.ZH.value: {"width": 1440, "height": 900},
    User.Language.EN.value: {"width": 390, "height": 844},
}


@pytest.fixture(params=[User.Language.ZH.value, User.Language.EN.value])
def language(request) -> str:
    return request.param


@pytest.fixture(autouse=True)
def patience():
    expect.set_options(timeout=LATE)
    yield
    expect.set_options(timeout=PATIENCE)


@pytest.mark.django_db(transaction=True)
def test_promises_are_followed_through(smtp_sink, visit, language, tmp_path):
    said = SAID_AFTER[language]
    made = promises.promised(said)
    owner, acceptor, helper, reporter, boss = map(visit, ("sales", "host", "tech", "xu", "boss"))
    for page in (owner, acceptor, helper, reporter, boss):
        page.set_default_timeout(LATE)
        page.set_viewport_size(SIZES[language])

    promises.ask_for_more_time(owner, made.moved, said)
    promises.grant(acceptor, made.moved, said)

    promises.ask_for_help(owner, made.moved, said)
    promises.answer_the_call(helper, made.moved, said)
    promises.go_on(owner, made.moved, said)

    promises.hand_in(owner, made.late, said)
    promises.send_back(acceptor, made.late, said)
    promises.hand_in_again(owner, made.late, said)
    promises.accept(acceptor, owner, made.late)

    promises.give_updates(owner, promises.asked_by_mail(smtp_sink, made), made, said)

    ids = listing.narrow(acceptor, made, said)
    listing.keep_view(acceptor, said)
    listing.same_in_every_layout(acceptor, ids)
    listing.put_all_off(acceptor, made, said)
    listing.out_and_back(acceptor, tmp_path)

    incident.all_is_read(boss)
    problem = incident.report(reporter, said)
    incident.the_bell_rings(boss, problem)
    incident.who_was_told(boss, problem)
