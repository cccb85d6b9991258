"""Reminders of a million actions: claiming, mailing, and an emergency among 100,000 notices that are due.

    .venv/bin/python -m benchmarks.reminders [--actions 1000000] [--due 100000]

Claiming is one statement, which finds and takes about 500 rows; its limit is 10 ms. /healthz looks at the same table.

Mailing is compared with a bare loop that hands finished messages to the same mail server over one connection, a mail
for each notice: two dispatchers must get no less than half as many notices through in a second. The mail server only
counts and answers at once, so this is the worst case; a real one thinks for a few hundredths. Two samples are taken,
and the rest is left where it is:

 1. 3,000 people with one mail each, the dearest there is: a mail for each notice, composed, marked, handed over and
    settled by itself.
 2. what is due beside that for half a minute (collected into one mail for each person), with an emergency that is
    promised in its middle and must overtake all of it in less than five seconds.
"""

from __future__ import annotations

import argparse
import smtplib
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.harness import median_ms, scratch_site, verdict
from config.processes import wait_until

CLAIM_MS, HEALTH_MS, ROUNDS, BARE = 10.0, 5.0, 15, 3000
SINGLE, BURST_SECONDS = 3000, 30
DISPATCHERS = 2
# So many people that a claim comes to about 500 rows with what else is due for them.
PEOPLE_AT_ONCE = 50
OVERTAKE_SECONDS = 5.0
# The overdue reminder of an action, the moment of which was up to two hours ago; for the rest the next one, ahead.
DUE_SQL = """
UPDATE actions_action SET status = 'doing', due_at = now() - interval '1 second' * (id %% 7000), published_at = now(),
    acceptor_id = CASE WHEN acceptor_id = owner_id THEN created_by_id ELSE acceptor_id END,
    accepted_at = NULL, accepted_by_id = NULL, done_at = NULL, cancel_reason = ''
WHERE id IN (SELECT id FROM actions_action WHERE agenda_item_id NOT IN (
    SELECT id FROM meetings_agendaitem WHERE is_confidential) ORDER BY id LIMIT %s)
"""
NOTICES_SQL = """
INSERT INTO notices_notice (recipient_id, subject_type_id, subject_id, kind, due_at, send_at, expires_at, params,
                            priority, state, stage, attempts, note, held_for, snooze_reason)
SELECT owner_id, %(type)s, id, CASE WHEN due_at < now() THEN 'actions.overdue' ELSE 'actions.due_soon' END,
       due_at, CASE WHEN due_at < now() AND status = 'doing' THEN due_at ELSE now() + interval '30 days' END,
       now() + interval '60 days', '{}', 50, 'pending', '', 0, '', '', ''
FROM actions_action WHERE due_at IS NOT NULL AND owner_id IS NOT NULL
"""
TOO_MANY_SQL = """
UPDATE notices_notice SET send_at = now() + interval '30 days'
WHERE send_at <= now() AND id NOT IN (SELECT id FROM notices_notice WHERE send_at <= now() ORDER BY id LIMIT %s)
"""
SINGLES_SQL = """
WITH chosen AS (
    SELECT id, person FROM (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM actions_action
        WHERE status = 'accepted' AND published_at IS NOT NULL AND meeting_id IS NOT NULL
          AND agenda_item_id NOT IN (SELECT id FROM meetings_agendaitem WHERE is_confidential)
        ORDER BY id LIMIT cardinality(%(people)s::bigint[])
    ) AS finished JOIN unnest(%(people)s::bigint[]) WITH ORDINALITY AS people (person, n) USING (n)
), again AS (
    UPDATE actions_action AS action
    SET status = 'doing', owner_id = chosen.person, acceptor_id = created_by_id, due_at = now() - interval '1 hour',
        accepted_at = NULL, accepted_by_id = NULL, done_at = NULL, cancel_reason = ''
    FROM chosen WHERE action.id = chosen.id
    RETURNING action.id, action.owner_id, action.due_at
)
INSERT INTO notices_notice (recipient_id, subject_type_id, subject_id, kind, due_at, send_at, expires_at, params,
                            priority, state, stage, attempts, note, held_for, snooze_reason)
SELECT owner_id, (SELECT id FROM django_content_type WHERE app_label = 'actions' AND model = 'action'), id,
       'actions.overdue', due_at, due_at, now() + interval '60 days', '{}', 10, 'pending', '', 0, '', '', ''
FROM again
"""
SETTLED_SQL = "SELECT count(*) FROM notices_notice WHERE state = 'sent'"
DUE_NOW_SQL = "SELECT count(*) FROM notices_notice WHERE state = 'pending' AND send_at <= now()"
LINES_UNDER_WAY_SQL = """
SELECT line.notice_id FROM notices_delivery AS line JOIN notices_notice AS digest ON digest.id = line.digest_id
WHERE digest.state IN ('pending', 'sending')
"""
PATIENCE = 120


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--actions", type=int, default=1_000_000)
    arguments.add_argument("--due", type=int, default=100_000)
    chosen = arguments.parse_args()
    with scratch_site():
        begin = time.perf_counter()
        due = fill(chosen.actions, chosen.due)
        print(
            f"{chosen.actions:,} actions, {due:,} notices due; written in {time.perf_counter() - begin:.0f} s",
            flush=True,
        )
        claiming()
        looking()
        mailing()


def fill(actions: int, due: int) -> int:
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    from actions.models import Action
    from benchmarks import actions as company
    from notices.models import Notice

    with (
        connection.cursor() as cursor
    ):  # nobody reads the history of a million rows that were never another way
        cursor.execute("ALTER TABLE actions_action DISABLE TRIGGER USER")
    company.fill(actions)
    with connection.cursor() as cursor:
        cursor.execute(DUE_SQL, [due])
        cursor.execute("ALTER TABLE actions_action ENABLE TRIGGER USER")
        cursor.execute(NOTICES_SQL, {"type": ContentType.objects.get_for_model(Action).pk})
        cursor.execute(TOO_MANY_SQL, [due])
    connection.commit()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Notice.objects.filter(state="pending", send_at__lte=ledger_now()).count()


def ledger_now() -> Any:
    from notices import ledger

    return ledger.now()


def claiming() -> None:
    """The dispatcher's own statement, in a transaction that is rolled back."""
    from django.db import transaction

    from notices import ledger

    times, rows = [], []
    for number in range(ROUNDS + 3):
        with transaction.atomic():
            begin = time.perf_counter()
            taken = ledger.claim(uuid4(), limit=PEOPLE_AT_ONCE)
            if number >= 3:
                times.append((time.perf_counter() - begin) * 1000)
                rows.append(len(taken))
            transaction.set_rollback(True)
    median, count = statistics.median(times), statistics.median(rows)
    per_500 = median * 500 / count
    print(
        f"  claim: {median:6.1f} ms for {count:.0f} rows, {per_500:6.1f} ms for 500: {verdict(per_500 / CLAIM_MS, 1.0)}"
    )


def looking() -> None:
    """What /healthz and the banner of administrators ask."""
    from notices import health

    ms = median_ms(health.look)
    print(f"  /healthz: {ms:5.1f} ms: {verdict(ms / HEALTH_MS, 1.0)}", flush=True)


def mailing() -> None:
    """The two samples, by two dispatchers, beside the bare loop."""
    from tests.faults.stage import Stage
    from tests.plugins.worker import database_url

    folder = Path(tempfile.mkdtemp(prefix="fupan-mail-"))
    with Stage(folder, database_url(), workers=0, seconds=0.0) as stage:
        bare = bare_loop(stage.port)
    print(f"  bare loop over SMTP: {bare:,.0f} mails a second", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="fupan-mail-"))
    people = promise_singles()
    with crew(folder) as stage:
        single_mails(stage, bare, people)
    with crew(folder) as stage:
        burst(stage, bare)
    # The rest is left as it is, and the crew was killed at its work.
    stage.deaths = 2 * DISPATCHERS
    print(f"  invariants: {broken_of(stage) or 'hold'}", flush=True)


def broken_of(stage: Any) -> dict[str, Any]:
    """What does not hold of what went out; the lines of a collected mail that is still under way are no loss."""
    under_way = {pk for (pk,) in stage.ask(LINES_UNDER_WAY_SQL)}
    found = {what: rows for what, rows in stage.broken().items() if what != "not settled"}
    not_arrived = [pk for pk in found.pop("called sent and not arrived", []) if pk not in under_way]
    if not_arrived:
        found["called sent and not arrived"] = not_arrived
    return {what: rows[:5] for what, rows in found.items()}


def crew(folder: Path) -> Any:
    """Two dispatchers at work; all of them write into one log."""
    from tests.faults.stage import Stage
    from tests.plugins.worker import database_url

    return Stage(folder, database_url(), workers=DISPATCHERS, wishes={"LEASE_SECONDS": 120}, seconds=0.0)


def promise_singles() -> set[str]:
    """One overdue action each for people who have none; urgent, so that they go out before all others."""
    from django.db import connection

    from people.models import User
    from tests.factories import UserFactory

    people = User.objects.bulk_create(
        UserFactory.build(name=f"Single {n}", email=f"single{n}@example.com", password="!")
        for n in range(SINGLE)
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE actions_action DISABLE TRIGGER USER")
        cursor.execute(SINGLES_SQL, {"people": [person.pk for person in people]})
        cursor.execute("ALTER TABLE actions_action ENABLE TRIGGER USER")
    return {person.email for person in people}


def single_mails(stage: Any, bare: float, people: set[str]) -> None:
    def theirs() -> list[Any]:
        return [letter for letter in stage.letters() if letter.address in people]

    wait_until(lambda: len(theirs()) >= SINGLE, seconds=PATIENCE, every=0.2)
    letters = theirs()
    rate = (len(letters) - 1) / (max(one.at for one in letters) - min(one.at for one in letters))
    print(f"  single mails: {len(letters):,} of {SINGLE:,} at {rate:,.0f} mails a second")
    print(f"  bare loop / single mails: {verdict(bare / rate, 2.0)}", flush=True)


def burst(stage: Any, bare: float) -> None:
    from django.utils import timezone

    from notices import services, trial
    from notices.models import Notice
    from tests.factories import UserFactory

    urgent = UserFactory(email="urgent@example.com")
    stage.has_letters(len(stage.letters()) + 20, seconds=PATIENCE)
    letters = len(stage.letters())
    begin, before = time.time(), stage.ask(SETTLED_SQL)[0][0]
    waiting = stage.ask(DUE_NOW_SQL)[0][0]
    notice = services.tell(recipient=urgent, subject=urgent, kind=trial.CODE, at=timezone.now())
    Notice.objects.filter(pk=notice.pk).update(priority=1)
    since = time.time()
    time.sleep(BURST_SECONDS)
    settled, seconds = stage.ask(SETTLED_SQL)[0][0] - before, time.time() - begin
    mails, rate = len(stage.letters()) - letters, settled / seconds
    print(
        f"  collected: {settled:,} notices in {mails:,} mails and {seconds:.0f} s, {rate:,.0f} notices a second"
    )
    print(f"  bare loop / collected: {verdict(bare / rate, 2.0)}")
    overtook = [letter.at - since for letter in stage.letters() if letter.address == urgent.email]
    took = overtook[0] if overtook else float("inf")
    print(
        f"  emergency among {waiting:,} that are due: {took:.1f} s: {verdict(took / OVERTAKE_SECONDS, 1.0)}"
    )


def bare_loop(port: int) -> float:
    """Finished messages of the size of ours, one connection, nothing written down."""
    text = (
        b"From: a@example.com\r\nTo: b@example.com\r\nSubject: Late\r\nMessage-ID: <bare-0-x@example.com>\r\n\r\n"
        + b"A line of some sixty characters, as a mail of ours has them.\r\n" * 110
    )
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.ehlo()
        begin = time.perf_counter()
        for _ in range(BARE):
            line.sendmail("a@example.com", ["b@example.com"], text)
        return BARE / (time.perf_counter() - begin)


if __name__ == "__main__":
    main()
