"""The PDF pack of a large review, against plain text on as many pages, set by the same program in the same run.

    .venv/bin/python -m benchmarks.pack [departments]

Twelve departments with long pre-reads, tables, six charts each and a screenshot make a pack of more than 40 pages.
The floor is WeasyPrint itself: paragraphs of the same type on as many pages, without tables, charts and pictures. Ours
also reads the database, draws the charts, scales the pictures and writes its progress, as a worker does. The limit is
the whole pack against that floor, in seconds of CPU, since both run in one process; beside it stands the peak memory,
with a limit of its own.
"""

import resource
import sys
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from benchmarks.harness import scratch_site, verdict

BASE_DIR = Path(__file__).resolve().parent.parent
DEPARTMENTS, LEAST_PAGES = 12, 40
LIMIT, MOST_MEGABYTES = 4.0, 600
NOW = datetime(2026, 11, 1, tzinfo=UTC)
CODES = ["sales_settled", "orders", "units", "aov", "asp", "refund_rate"]
WORDS = (
    "这一个月的变化主要来自广告结构调整：品牌词占比下降，长尾词上升，转化率略升，断货的主力产品已经恢复。"
    "We moved the budget to the shops with the higher margin and refilled the reviews of the spring products. "
)


def company():
    """A shop with two years of months, and a review of many departments whose pre-reads are all in."""
    from django.core.files.base import ContentFile

    from meetings.models import AgendaItem, Attachment, Meeting, MeetingDepartment, PreReadText, Template
    from meetings.services import prereads
    from people.models import Department, User

    figures()
    host = User.objects.create(email="host@example.com", name="林晓", language="zh-hans", roles=["host"])
    meeting = Meeting.objects.create(
        title="十月经营分析会",
        template=Template.objects.current().get(code="business-review"),
        host=host,
        created_by=host,
        status="scheduled",
        starts_at=NOW + timedelta(days=10),
        planned_minutes=600,
        period_grain="month",
        period_start=date(2026, 10, 1),
        period_end=date(2026, 11, 1),
    )
    # What departments attach: a screenshot of a page with a table and charts.
    picture = (BASE_DIR / "docs" / "screenshots" / "scorecard.png").read_bytes()
    for number in range(departments()):
        department = Department.objects.create(
            code=f"d{number}",
            name_en=f"Department {number}",
            name_zh=f"第 {number} 部门",
            position=100 + number,
        )
        MeetingDepartment.objects.create(meeting=meeting, department=department)
        AgendaItem.objects.create(
            meeting=meeting,
            order=number + 1,
            title=department.name,
            department=department,
            report_minutes=20,
            discussion_minutes=20,
            questions_en="Why?\nWhat next?",
            questions_zh="为什么？\n下一步？",
            metric_codes=CODES,
        )
    for preread in prereads.open_for(meeting=meeting, now=NOW):
        PreReadText.objects.filter(preread=preread).update(
            text="\n\n".join([WORDS * 3] * 3), version=1, edited_by=host, edited_at=NOW
        )
        for code in CODES:
            PreReadText.objects.create(
                preread=preread, kind="cause", key=code, text=WORDS, version=1, edited_by=host, edited_at=NOW
            )
        shot = Attachment(
            preread=preread,
            name="截图.png",
            content_type="image/png",
            size=len(picture),
            sha256=f"{preread.pk:064}",
            added_by=host,
            added_at=NOW,
        )
        shot.file.save("shot.png", ContentFile(picture), save=False)
        shot.save()
        prereads.submit(preread=preread, by=host, now=NOW)
    return meeting


def figures() -> None:
    from core.periods import Period
    from metrics.dictionary.load import ensure
    from metrics.models import DailyTotal, Measure, Metric, Shop, Upload

    if not Metric.objects.exists():
        ensure()
    shop = Shop.objects.create(code="us", name="美国站", marketplace="US", currency="USD")
    months = list(Period(date(2024, 9, 1), date(2026, 11, 1)).split("month"))
    measures = {measure.code: measure for measure in Measure.objects.all()}
    for number, month in enumerate(months):
        Upload.objects.create(
            original_name=f"{month.code}.csv",
            file="none",
            sha256=f"{number:064}",
            size=1,
            kind="amazon_transactions",
            shop=shop,
            period_start=month.start,
            period_end=month.end,
            currency="USD",
            state=Upload.State.STORED,
        )
        for code, value in {"orders": 700, "product_sales": 12_000, "units": 900, "refund_units": 30}.items():
            if code in measures:
                DailyTotal.objects.create(
                    measure=measures[code], shop=shop, day=month.start, value=Decimal(value + 17 * number)
                )


def departments() -> int:
    return int(sys.argv[1]) if len(sys.argv) > 1 else DEPARTMENTS


def floor(pages: int) -> float:
    """Seconds of CPU for so many pages of plain paragraphs in the same type."""
    from meetings.packs import pdf

    page = f"<div class='page'>{f'<p>{WORDS * 3}</p>' * 9}</div>"
    sheet = (
        f'<link rel="stylesheet" href="{pdf.STATIC}css/pack.css"><style>.page {{ break-after: page }}</style>'
    )
    begin = time.process_time()
    pdf.render(f"<html><head>{sheet}</head><body class='pack'>{page * pages}</body></html>")
    return time.process_time() - begin


def main() -> None:
    from django.utils import timezone

    from meetings.models import Pack
    from meetings.packs import pdf
    from meetings.services import packs

    meeting = company()
    pdf.render("<p>the first one loads the libraries</p>")
    asked_at: list[datetime] = []

    def clock() -> datetime:
        """Asked at each step of progress."""
        asked_at.append(timezone.now())
        return asked_at[-1]

    pack = packs.ask(meeting=meeting, language="zh-hans", reader=None, by=None, now=NOW)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    packs.make(pack=pack, clock=clock)
    took, took_cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    pack.refresh_from_db()
    assert pack.state == Pack.State.DONE, pack.problem
    pages = pack.pages or 0
    plain = floor(pages)
    print(f"pack of {pages} pages, {(pack.size or 0) // 1024} KB, {len(asked_at)} steps of progress")
    print(
        f"  made in {took:.1f} s, {took_cpu:.1f} s of CPU; plain text on as many pages {plain:.1f} s of CPU:"
    )
    print(f"  {verdict(took_cpu / plain, LIMIT)}")
    print(
        f"  peak memory {memory} MB (limit {MOST_MEGABYTES}) {'ok' if memory <= MOST_MEGABYTES else 'OVER'}"
    )
    if pages < LEAST_PAGES:
        print(f"  fewer than {LEAST_PAGES} pages: say more departments")


if __name__ == "__main__":
    with scratch_site():
        main()
