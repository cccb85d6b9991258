"""The tests' own instruments: each is shown something that it must notice."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.template import engines

from config.processes import is_being_interrupted
from people.models import Department
from tests.plugins import order, schema
from tests.plugins.guards import BASE_DIR, UndefinedVariable, complain


def test_worker_takes_what_is_queued(celery_worker, celery_answer):
    assert celery_answer() == "pong"


@pytest.fixture
def celery_answer():
    from config.celery import app

    def ask():
        return next(iter(app.control.ping(timeout=5)[0].values()))["ok"]

    return ask


def test_mail_arrives_with_its_chinese_whole(smtp_sink):
    EmailMessage("本周议程", "正文：请于周五前提交。", "a@b.example", ["c@d.example"]).send()

    [letter] = smtp_sink.wait_for(1)
    assert letter.recipients == ["c@d.example"]
    assert letter.message["Subject"] == "本周议程"
    assert letter.message.get_content().strip() == "正文：请于周五前提交。"


def test_login_page_is_clean_in_the_browser(live_server, page, browser_problems):
    page.goto(f"{live_server.url}/accounts/login/")

    assert page.locator("form").count() >= 1
    assert browser_problems == []


@pytest.mark.browser_problems(r"policy: .*script-src")
def test_browser_guard_sees_an_inline_script(live_server, page):
    page.goto(f"{live_server.url}/accounts/login/")

    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.x = 1'}))"
    )
    page.wait_for_timeout(200)

    assert page.evaluate("window.x === undefined")


@pytest.mark.browser_problems(r"script: .*missing_function")
@pytest.mark.browser_problems(r"answer: 404 GET .*/static/none\.css")
def test_browser_guard_sees_script_errors_and_missing_files(live_server, page):
    page.goto(f"{live_server.url}/accounts/login/")

    page.evaluate("setTimeout(() => missing_function())")
    page.evaluate("fetch('/static/none.css')")
    page.wait_for_timeout(300)


@pytest.mark.logs_errors("tests.harness: the disk is full")
def test_log_guard_sees_an_error():
    import logging

    logging.getLogger("tests.harness").error("the disk is %s", "full")


def test_complaints_fail_the_test(request):
    with pytest.raises(pytest.fail.Exception, match="logged as an error:\na line"):
        complain(request, marker="logs_errors", found=["a line"], title="logged as an error")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{{ missing }}", ["ours.html: missing"]),
        ("{{ there.missing|upper }}", ["ours.html: there.missing|upper"]),
        ("{{ missing|default:'-' }}", []),
        ("{% if missing %}a{% endif %}", []),
        ("{{ there }}", []),
    ],
)
def test_template_guard_sees_undefined_variables(source, found):
    from django.template import Context, Origin, Template

    engine = engines["django"].engine
    undefined, before = UndefinedVariable(), engine.string_if_invalid
    engine.string_if_invalid = undefined
    try:
        ours = Origin(str(BASE_DIR / "templates" / "ours.html"))
        shown = Template(source, origin=ours, name="ours.html", engine=engine).render(Context({"there": "x"}))
    finally:
        engine.string_if_invalid = before

    assert undefined.found == found
    assert "missing" not in shown


BLOCK = "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])"
UNBLOCK = "signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])"


@pytest.mark.parametrize(
    ("then", "expected"),
    [("time.sleep(30)", True), (f"time.sleep(0.15); {UNBLOCK}; time.sleep(30)", False)],
    ids=["lasting, as in make's handler", "for an instant, as at the start of a process"],
)
def test_only_a_lasting_block_of_interrupts_counts(then, expected):
    program = f"import signal, time; {BLOCK}; print('ready', flush=True); {then}"
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()

    answer = is_being_interrupted(process.pid)

    process.kill()
    process.communicate()
    assert answer is expected


@pytest.mark.skipif(os.environ.get("FUPAN_TEST_SERVERS") != "ours", reason="on a server that is not ours")
@pytest.mark.django_db(transaction=True)
def test_emptied_tables_get_back_what_migrations_brought():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_department CASCADE")
    assert not Department.objects.exists()

    schema.copy(schema.TEMPLATE, connection.settings_dict["NAME"])

    assert Department.objects.filter(code="sales").exists()


def item(name: str, *fixtures: str) -> SimpleNamespace:
    path = Path(name.partition("::")[0])
    return SimpleNamespace(
        nodeid=name, path=path, fixturenames=fixtures, get_closest_marker=lambda _marker: None
    )


def test_what_waits_begins_on_the_last_two_processes_and_nothing_is_lost():
    short = [item(f"tests/x/test_short.py::test_{number}") for number in range(20)]
    walk = item("tests/access/test_confidential.py::test_no_page_tells_an_outsider[x]")
    journey = item("tests/journey/test_live_room.py::test_all", "live_server")
    small = item("tests/x/test_small.py::test_committed", "transactional_db")
    items = [*short, small, walk, journey]

    found = order.stretches(items, 3)

    assert sorted(one.nodeid for one in found) == sorted(one.nodeid for one in items)
    # Of 23 items, pytest-xdist gives seven to the first process and eight to each of the others.
    assert (found[0], found[7], found[15]) == (walk, journey, small)
