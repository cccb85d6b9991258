"""The list of actions over a million of them: milliseconds of SQL and statements of each layout, filter and order.

    .venv/bin/python -m benchmarks.actions

Written by INSERT … SELECT, because a million objects would be made for minutes. A quarter is open, 100,000 are late;
500 people in seven departments, 400 meetings, some items confidential. The limits are those of the project: 30 ms of
SQL and ten statements for the table with three filters and an order. The floor beside them is fifty rows by key.
"""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

from benchmarks.harness import scratch_site, verdict, without_indexes

ACTIONS, PEOPLE, MEETINGS = 1_000_000, 500, 400
MOST_MS, MOST_STATEMENTS, ROUNDS = 30.0, 10, 7

# Each thing about an action is drawn by itself, with the same luck in every run: with remainders of its number, one
# person's actions would all be in one status and of one department.
ACTIONS_SQL = """
INSERT INTO actions_action (title, description, status, department_id, owner_id, acceptor_id, due_at, first_due_at,
    time_zone, is_all_day, slips, meeting_id, agenda_item_id, created_by_id, created_at, published_at, done_at,
    accepted_at, accepted_by_id, cancel_reason, vague_reason, sent_back_because, source, external_id, version)
SELECT words[1 + one] || words[1 + other] || ' ' || english[1 + third] || ' ' || english[1 + fourth] || ' B0' || n,
       '', status, (SELECT departments[1 + owner %% 7]), people[1 + owner],
       people[1 + (owner + 1 + n %% 9) %% {people}],
       due_at, due_at, 'Asia/Shanghai', true, n %% 5 / 4, meetings[1 + meeting], items[1 + meeting],
       people[1], now() - interval '2 years', CASE WHEN n %% 5000 = 0 THEN NULL ELSE due_at - interval '30 days' END,
       CASE WHEN status IN ('submitted', 'accepted') THEN due_at - interval '1 day' END,
       CASE WHEN status = 'accepted' THEN due_at END,
       CASE WHEN status = 'accepted' THEN people[1 + (owner + 1 + n %% 9) %% {people}] END,
       CASE WHEN status = 'cancelled' THEN 'no longer needed' ELSE '' END, '', '', '', '', 1
FROM (
    SELECT n, floor(random() * {people})::int AS owner, floor(random() * {meetings})::int AS meeting,
           floor(random() * 20)::int AS one, floor(random() * 20)::int AS other,
           floor(random() * 10)::int AS third, floor(random() * 10)::int AS fourth,
           CASE WHEN n %% 5000 = 0 THEN 'todo'
                WHEN n %% 4 > 0 THEN (CASE WHEN n %% 12 = 1 THEN 'cancelled' ELSE 'accepted' END)
                ELSE (ARRAY['todo', 'doing', 'doing', 'blocked', 'submitted', 'returned', 'doing', 'todo', 'todo',
                            'doing'])[1 + floor(random() * 10)::int] END AS status,
           now() + CASE WHEN n %% 4 > 0 THEN -interval '1 minute' * (random() * 1000000)
                        WHEN random() < 0.4 THEN -interval '1 minute' * (random() * 43200)
                        ELSE interval '1 minute' * (random() * 129600) END AS due_at
    FROM generate_series(1::bigint, {actions}) AS n, (SELECT setseed(0.42)) AS luck
) AS rows, (SELECT %s::bigint[] AS people, %s::bigint[] AS departments, %s::bigint[] AS meetings,
                   %s::bigint[] AS items, %s::text[] AS words, %s::text[] AS english) AS given
"""
WORDS = (
    "关税 海运 涨价 库存 周转 广告 花费 转化率 退货 断货 备货 新品 评价 断崖 下滑 供应商 仓储 费用 汇率 清关"
).split()
ENGLISH = "tariff freight ACoS budget listing refund stock returns supplier forecast".split()


def main() -> None:
    with scratch_site():
        begin = time.perf_counter()
        people = fill()
        print(f"{ACTIONS:,} actions, written in {time.perf_counter() - begin:.0f} s", flush=True)
        List(people).run()


def fill(actions: int = ACTIONS) -> dict:
    """The company of the benchmark; returns the people who look at it."""
    from django.db import connection
    from django.utils import timezone

    from meetings.models import AgendaItem, MeetingDepartment
    from people.models import Department, Membership, User, sort_key
    from tests.factories import UserFactory
    from tests.factories import host as host_factory
    from tests.meetings import factories as meetings

    now = timezone.now()
    host = host_factory(name="Host")
    rows = meetings.simple(MEETINGS, host=host, now=now - timedelta(days=MEETINGS))
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=row, order=1, title_en="Item", title_zh="议题", is_confidential=place % 20 == 0)
        for place, row in enumerate(rows)
    )
    departments = list(Department.objects.order_by("pk").values_list("pk", flat=True))
    # Each meeting with two of the departments: nearly half of all actions are for whoever belongs to one.
    MeetingDepartment.objects.bulk_create(
        MeetingDepartment(meeting=row, department_id=departments[(place + step) % len(departments)])
        for place, row in enumerate(rows)
        for step in (0, 3)
    )
    people = User.objects.bulk_create(
        UserFactory.build(name=f"Colleague {n}", name_sort=sort_key(f"Colleague {n}"), password="!")
        for n in range(PEOPLE)
    )
    Membership.objects.bulk_create(
        Membership(user=person, department_id=departments[place % len(departments)])
        for place, person in enumerate(people)
    )
    given = [
        [person.pk for person in people],
        departments,
        [row.pk for row in rows],
        [item.pk for item in items],
        WORDS,
        ENGLISH,
    ]
    with without_indexes("actions_action"), connection.cursor() as cursor:
        cursor.execute(ACTIONS_SQL.format(people=PEOPLE, meetings=MEETINGS, actions=actions), given)
    connection.commit()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"host": host, "member": people[3], "other": people[10]}


CASES = {
    "as it opens": "",
    "all, by deadline": "status=all",
    "all, the latest deadline first": "status=all&sort=-due_at",
    "three filters, by deadline": "status=owed&department={department}&overdue=on&sort=-due_at",
    "three filters, by owner": "status=owed&department={department}&overdue=on&sort=owner",
    "three filters with words, by owner": "q=关税&status=owed&overdue=on&sort=owner",
    "words over all": "q=关税 freight&status=all&sort=-due_at",
    "by title": "sort=title",
    "by owner": "sort=owner",
    "by acceptor, backwards": "sort=-acceptor",
    "by department": "sort=department",
    "by status": "sort=status",
    "by postponements": "sort=-slips",
    "newest first": "sort=-published_at",
    "by meeting": "sort=-meeting",
    "grouped by owner": "group=owner",
    "drafts": "status=draft",
    "board": "layout=board",
    "timeline": "layout=timeline",
    "calendar": "layout=calendar",
}


class List:
    def __init__(self, people: dict) -> None:
        self.people = people

    def run(self) -> None:
        from django.test import Client

        from people.models import Department

        floor, _statements = self.measure(None, "")
        print(f"  floor: fifty rows by their keys {floor:7.2f} ms of SQL")
        department = Department.objects.get(code="sales").pk
        for who, person in self.people.items():
            browser = Client()
            browser.force_login(person)
            for name, query in CASES.items():
                ms, statements = self.measure(browser, query.format(department=department))
                print(
                    f"  {who:7} {name:36} {ms:8.1f} ms of SQL: {verdict(ms / MOST_MS, 1.0)};"
                    f" {ms / floor:6.1f} x the floor;"
                    f" {statements:2} statements {'ok' if statements <= MOST_STATEMENTS else 'OVER'}",
                    flush=True,
                )

    def measure(self, browser, query: str) -> tuple[float, int]:
        """(median milliseconds inside the database, statements) of a page; without a browser, of the floor."""
        from django.db import connection

        from actions.models import Action

        keys = range(1, 50 * 1000, 1000)
        totals, statements = [], 0
        for _ in range(ROUNDS):
            clock = Clock()
            with connection.execute_wrapper(clock):
                if browser is None:
                    list(Action.objects.filter(pk__in=keys))
                else:
                    assert browser.get(f"/actions/?{query}").status_code == 200, query
            totals.append(clock.seconds * 1000)
            statements = clock.statements
        return statistics.median(totals), statements


class Clock:
    """The time that statements take, those of the session and the login included."""

    def __init__(self) -> None:
        self.seconds, self.statements = 0.0, 0

    def __call__(self, execute, sql, params, many, context):
        begin = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - begin
            self.statements += 1


if __name__ == "__main__":
    main()
