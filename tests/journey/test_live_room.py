"""A live review of the demo company from its start to its minutes, once in each language.

In Chromium, with a real worker, a real mail server and a real process of the streams: host, recorder, sales lead and
executive each in a browser of their own, and a wall that nobody is logged in to.
"""

import copy

import pytest
from playwright.sync_api import expect

from people.models import User
from tests.journey import steps_minutes as minutes
from tests.journey import steps_room as room
from tests.journey.conftest import LOCALES
from tests.journey.said import SAID
from tests.meetings import stream_processes
from tests.plugins.browser import PATIENCE, watch

# For what comes at once on an idle machine and late on a busy one.
LATE = 30_000


@pytest.fixture(params=[User.Language.ZH.value, User.Language.EN.value])
def language(request) -> str:
    return request.param


@pytest.fixture(autouse=True)
def patience():
    expect.set_options(timeout=LATE)
    yield
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def streams(settings, transactional_db, tmp_path):
    """The process of the streams on a port of its own, of which the pages are told."""
    process = stream_processes.events_process(tmp_path)
    process.start()
    settings.EVENTS_PORT = process.port
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["connect-src"] += [f"{host}:{process.port}" for host in ("127.0.0.1", "localhost")]
    settings.CONTENT_SECURITY_POLICY = policy
    yield process
    process.stop()


@pytest.fixture
def wall(browser, browser_context_args, browser_problems, language):
    """`wall(address)` opens it on the screen of the meeting room, without a login."""
    contexts = []

    def opened(address):
        options = {**browser_context_args, "locale": LOCALES[language], "viewport": room.WALL}
        context = browser.new_context(**options)
        contexts.append(context)
        watch(context, browser_problems)
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.django_db(transaction=True)
def test_a_review_from_its_start_to_its_minutes(demo_site, streams, visit, wall, smtp_sink, language):
    said = SAID[language]
    meeting = room.prepared_review()
    host, recorder, sales, boss = map(visit, ("host", "xu", "sales", "boss"))
    for page in (host, recorder, sales, boss):
        page.set_default_timeout(LATE)

    room.declare_ready(host, meeting, said)
    screen = wall(room.address_for_the_wall(host, meeting))
    room.wait_for_the_start(meeting, recorder, sales, boss)
    room.start(host, meeting)
    everybody = {"host": host, "recorder": recorder, "sales": sales, "boss": boss, "wall": screen}
    room.all_are_in(everybody, meeting)
    room.priority_first(boss, host, screen, meeting, said)
    room.check_in(host, sales, boss)
    room.one_clock(host, everybody, meeting)
    room.replan_and_undo(host, everybody, meeting)
    room.report(host, everybody, meeting)
    issue = room.figure_into_the_pool(host, boss, meeting)
    room.speaking_and_floor(host, sales, screen, said.floor)
    room.capture(recorder, host, meeting, said)
    room.vague_action(recorder, meeting, said)
    room.vote(issue, host, sales, boss)
    room.take_up(host, everybody, issue)
    room.solve(host, issue, said)
    room.closing_gate(host)
    room.end(boss, everybody, meeting, said)

    minutes.publish_the_plan(host, meeting)
    minutes.plan_arrives(smtp_sink, meeting, said)
    minutes.summary(recorder, meeting, said)
    minutes.circulate(host, smtp_sink, meeting)
    minutes.object_and_answer(sales, host, meeting, said)
    minutes.rate(boss, sales, meeting, said)
    minutes.approve_and_lock(host, boss, meeting)
    minutes.correct(host, meeting, said)
    minutes.take_away(host, meeting, said)
    minutes.find(sales, meeting, said)
    minutes.replay(host, meeting)
