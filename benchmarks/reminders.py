"""Reminders of a million actions: claiming, mailing, and an emergency among 100,000 notices that are due.

    .venv/bin/python -m benchmarks.reminders [--actions 1000000] [--due 100000]

Claiming is one statement; its limit is 10 ms for 500 rows. Mailing is compared with a bare loop that hands finished
messages to the same mail server over one connection: what is promised must go out at no less than half of its rate.
The mail server only counts and answers at once, so this is the worst case; a real one thinks for a few hundredths.
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

from benchmarks.harness import scratch_site, verdict

CLAIM_MS, ROUNDS, BARE = 10.0, 15, 3000
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
        mailing(due)


def fill(actions: int, due: int) -> int:
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    from actions.models import Action
    from benchmarks import actions as company
    from notices.models import Notice

    company.fill(actions)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE actions_action DISABLE TRIGGER USER")
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


def mailing(due: int) -> None:
    """All that is due, by two dispatchers, against the bare loop; an emergency in the middle."""
    from django.utils import timezone

    from notices import services, trial
    from notices.models import Notice
    from tests.factories import UserFactory
    from tests.faults.stage import Stage
    from tests.plugins.worker import database_url

    urgent = UserFactory(email="urgent@example.com")
    with Stage(Path(tempfile.mkdtemp(prefix="fupan-mail-")), database_url(), workers=0) as stage:
        bare = bare_loop(stage.port)
    print(f"  bare loop over SMTP: {bare:,.0f} mails a second", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="fupan-mail-"))
    begin = time.time()
    with Stage(
        folder, database_url(), workers=DISPATCHERS, wishes={"LEASE_SECONDS": 120}, seconds=0.0
    ) as stage:
        begin = time.time()
        stage.has_letters(100, seconds=300)
        notice = services.tell(recipient=urgent, subject=urgent, kind=trial.CODE, at=timezone.now())
        Notice.objects.filter(pk=notice.pk).update(priority=1)
        since = time.time()
        if not stage.is_settled(seconds=3600):
            print("  NOT SETTLED:", stage.states())
        seconds = time.time() - begin
        letters = stage.letters()
        broken = stage.broken()
    rate = due / seconds
    print(
        f"  dispatch: {due:,} notices in {len(letters):,} mails, {seconds:.0f} s; {rate:,.0f} notices a second, "
        f"{len(letters) / seconds:,.0f} mails a second"
    )
    print(f"  bare loop / dispatch, by notices: {verdict(bare / rate, 2.0)}")
    overtook = [letter.at - since for letter in letters if letter.address == urgent.email]
    print(f"  emergency in the burst: {overtook[0]:.1f} s: {verdict(overtook[0] / OVERTAKE_SECONDS, 1.0)}")
    print(f"  invariants: {broken or 'hold'}")


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
