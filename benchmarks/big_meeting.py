"""A big meeting and a long list, before the meeting: time as a ratio, statements, and milliseconds of SQL.

    .venv/bin/python -m benchmarks.big_meeting

The meeting has 30 items, 12 pre-reads and 200 participants; its page may take 15 statements and 3 times as long as
a bare page, a plain template that prints the same names in one table, behind the same middleware and login. The list
holds 10,000 meetings; filtering it in any of the ways that the page offers may take 20 ms of SQL, counting included.
"""

from __future__ import annotations

import time
from datetime import timedelta

from benchmarks.harness import median_ms, scratch_site, verdict

ITEMS, PREREADS, PEOPLE, MEETINGS = 30, 12, 200, 10_000
MOST_STATEMENTS, MOST_RATIO, MOST_SQL_MS = 15, 3.0, 20.0
FILTERS = {
    "what is ahead": "/meetings/",
    "past": "/meetings/?when=past",
    "by type": "/meetings/?type=weekly-operations",
    "by status": "/meetings/?status=cancelled",
    "by a word of the title": "/meetings/?q=Review+77",
    "by a word nobody wrote": "/meetings/?q=zzz",
}


def main() -> None:
    with scratch_site():
        from django.conf import settings

        settings.ROOT_URLCONF = "benchmarks.bare"
        client, meeting = fill()
        big_meeting(client, meeting)
        long_list(client)


def fill():
    """A client logged in as the host, and the big meeting among many."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from meetings.models import Participant
    from meetings.plan import DepartmentPlan, ItemPlan, PersonPlan
    from people.models import Department
    from tests.factories import UserFactory
    from tests.meetings import factories as meetings

    host = UserFactory(roles=[get_user_model().Role.HOST])
    kind = meetings.template()
    modules = list(kind.modules.select_related("department").order_by("order"))
    items = [ItemPlan.of_module(modules[number % len(modules)]) for number in range(ITEMS)]
    extra = Department.objects.bulk_create(
        Department(code=f"team-{number}", name_en=f"Team {number}", name_zh=f"{number} 组")
        for number in range(PREREADS)
    )
    departments = [
        DepartmentPlan(department=one)
        for one in [*Department.objects.exclude(code__startswith="team-"), *extra][:PREREADS]
    ]
    people = [
        PersonPlan(
            user=UserFactory(), role=Participant.Role.MEMBER, department=departments[n % PREREADS].department
        )
        for n in range(PEOPLE - 1)
    ]
    now = timezone.now()
    meeting = meetings.scheduled(
        host=host, items=items, departments=departments, people=people, starts_at=now + timedelta(days=9)
    )
    meetings.simple(MEETINGS // 2, host=host, now=now)
    meetings.simple(MEETINGS // 4, host=host, now=now, template=meetings.template("weekly-operations"))
    meetings.simple(MEETINGS // 4, host=host, now=now - timedelta(days=9000), status="cancelled")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(host)
    return client, meeting


def big_meeting(client, meeting) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    path, bare = f"/meetings/{meeting.pk}/", f"/bare/meeting/{meeting.pk}/"
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    statements = len(queries)
    page_ms, bare_ms = median_ms(lambda: client.get(path)), median_ms(lambda: client.get(bare))
    print(f"Meeting with {ITEMS} items, {PREREADS} pre-reads, {PEOPLE} participants")
    print(
        f"  statements  {statements:5} (limit {MOST_STATEMENTS}) {'ok' if statements <= MOST_STATEMENTS else 'OVER'}"
    )
    print(f"  page {page_ms:7.1f} ms, bare page {bare_ms:6.1f} ms: {verdict(page_ms / bare_ms, MOST_RATIO)}")


def long_list(client) -> None:
    print(f"List of {MEETINGS:,} meetings, SQL of one request (median of 9)")
    for name, path in FILTERS.items():
        times = sorted(sql_ms(client, path) for _ in range(9))
        ms = times[len(times) // 2]
        print(f"  {name:26} {ms:6.1f} ms: {verdict(ms / MOST_SQL_MS, 1.0)}")


def sql_ms(client, path: str) -> float:
    """Milliseconds that the statements of one request took, from sending to the first row."""
    from django.db import connection

    spent = 0.0

    def clock(execute, sql, params, many, context):
        nonlocal spent
        begin = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent += time.perf_counter() - begin

    with connection.execute_wrapper(clock):
        assert client.get(path).status_code == 200, path
    return spent * 1000


if __name__ == "__main__":
    main()
