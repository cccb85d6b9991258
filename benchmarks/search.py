"""Search over ten thousand meetings: milliseconds of a whole page against the limit of 300.

    .venv/bin/python -m benchmarks.search

Each meeting has ten notes, two decisions, a pre-read and three actions of some sixty characters, Chinese and English,
about 150,000 texts in all. Beside each query stands what a LIKE over the same notes takes, which no index serves.
"""

from __future__ import annotations

import random
import time
from datetime import timedelta

from benchmarks.harness import median_ms, scratch_site, verdict

MEETINGS, NOTES, DECISIONS, ACTIONS = 10_000, 10, 2, 3
MOST_MS = 300.0
COMMON = "关税 海运 涨价 库存 周转 广告 花费 转化率 退货 断货 备货 新品 评价 断崖 下滑 供应商 仓储 费用 汇率".split()
ENGLISH = "tariff freight ACoS budget listing refund stock returns supplier forecast".split()
QUERIES = {
    "two characters, in a third of the texts": "关税",
    "two characters, in one text": "麒麟",
    "two words": "关税 海运",
    "a long phrase": "关税海运涨价",
    "one character": "税",
    "an English word": "tariff",
    "a product": "B07XJ00777",
    "nothing": "鸵鸟",
}


def main() -> None:
    with scratch_site():
        client = fill()
        print(
            f"Search over {MEETINGS:,} meetings with {MEETINGS * (NOTES + DECISIONS + ACTIONS + 1):,} texts"
        )
        print("  host = reads everything, member = reads what one department is invited to")
        for name, query in QUERIES.items():
            like_ms = median_ms(lambda query=query: like(query), rounds=3, warm_up=1)
            for who, browser in client.items():
                ms = median_ms(lambda query=query, browser=browser: ask(browser, query), rounds=7, warm_up=2)
                print(
                    f"  {name:42} {who:7} {ms:7.1f} ms: {verdict(ms / MOST_MS, 1.0)}; LIKE over notes {like_ms:7.1f} ms"
                )


def ask(client, query: str) -> None:
    assert client.get("/search/", {"q": query}).status_code == 200


def like(query: str) -> None:
    from meetings.models import Note

    list(Note.objects.filter(text__icontains=query.split(maxsplit=1)[0]).order_by("-pk")[:10])


def fill():
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from actions.models import Action
    from meetings.models import Decision, MeetingDepartment, Note, PreRead, PreReadRevision
    from people.models import Department, Membership
    from tests.factories import UserFactory
    from tests.factories import host as host_factory
    from tests.meetings import factories as meetings

    chance = random.Random(7)
    host, member, acceptor = host_factory(), UserFactory(), UserFactory()
    sales = Department.objects.get(code="sales")
    Membership.objects.create(user=member, department=sales)
    now = timezone.now()
    rows = meetings.simple(MEETINGS, host=host, now=now - timedelta(days=MEETINGS + 10))
    MeetingDepartment.objects.bulk_create(
        MeetingDepartment(meeting=row, department=sales) for row in rows[::3]
    )

    def text() -> str:
        words = chance.choices(COMMON, k=12) + chance.choices(ENGLISH, k=2)
        chance.shuffle(words)
        return "".join(words[:12]) + " " + " ".join(words[12:])

    stamps = {"created_by": host, "created_at": now, "edited_by": host, "edited_at": now}
    Note.objects.bulk_create(
        (Note(meeting=row, text=text(), **stamps) for row in rows for _ in range(NOTES)), batch_size=5000
    )
    Note.objects.create(meeting=rows[5], text="麒麟芯片 B07XJ00777", **stamps)
    Decision.objects.bulk_create(
        (
            Decision(
                meeting=row,
                year=2026,
                number=place * DECISIONS + each + 1,
                text=text(),
                decided_by=host,
                recorded_by=host,
                recorded_at=now,
            )
            for place, row in enumerate(rows)
            for each in range(DECISIONS)
        ),
        batch_size=5000,
    )
    Action.objects.bulk_create(
        (
            Action(
                title=text()[:200],
                meeting=row,
                department=sales,
                owner=member,
                acceptor=acceptor,
                created_by=host,
                due_at=now,
                published_at=now,
            )
            for row in rows
            for _ in range(ACTIONS)
        ),
        batch_size=5000,
    )
    prereads = PreRead.objects.bulk_create(
        PreRead(meeting=row, department=sales, due_at=now, submitted_at=now) for row in rows
    )
    PreReadRevision.objects.bulk_create(
        (
            PreReadRevision(
                preread=preread,
                number=1,
                is_late=False,
                submitted_by=member,
                submitted_at=now,
                content={
                    "texts": [
                        {"kind": "section", "key": "risks", "text": text(), "item": None} for _ in range(4)
                    ],
                    "figures": [],
                    "attachments": [],
                },
            )
            for preread in prereads
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found = {}
    for name, person in (("host", host), ("member", member)):
        found[name] = Client()
        found[name].force_login(person)
    return found


if __name__ == "__main__":
    begin = time.perf_counter()
    main()
    print(f"{time.perf_counter() - begin:.0f} s in all")
