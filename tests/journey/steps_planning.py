"""What the host does first: the figures are there, a review is planned and sent out, a meeting becomes a series."""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect

from config.processes import wait_until
from core.models import WorkdayOverride
from dashboard.demo.figures import SAMPLES
from meetings.models import AgendaItem, Meeting, Series
from meetings.queries.told import MEETING_KINDS, SERIES_KINDS
from metrics.models import Upload
from metrics.services import uploads
from notices import dispatcher
from notices.models import Notice
from people.models import User
from tests.journey.conftest import picture

TRANSACTIONS = SAMPLES / "amazon_transactions"
MARCH = TRANSACTIONS / "2026-3__2026MarMonthlyUnifiedTransaction.csv"
ZONE = ZoneInfo("Asia/Shanghai")
TITLE = "March review"
SECRET = "Commission for the second quarter"
SERIES = "Progress with logistics"
# What the demo company has planned already, with the same people at the same place.
OTHER = "三月经营分析会"


def import_reports(folder: Path) -> None:
    for path in (a_february(folder), MARCH):
        import_report(path)


def a_february(folder: Path) -> Path:
    """January's report as one of February, without every third row: against it, March's figures have moved."""
    january = (TRANSACTIONS / "2026-01__order-2026-1.csv").read_text(encoding="utf-8-sig")
    rows = re.sub(r"(?m)^\"?Jan (?:29|30|31), .*\n?", "", january).replace("Jan ", "Feb ").splitlines()
    begun = next(number for number, row in enumerate(rows) if row.lstrip('"').startswith("Feb "))
    kept = [row for number, row in enumerate(rows[begun:-1]) if number % 3 != 1]
    path = folder / "2026FebMonthlyUnifiedTransaction.csv"
    path.write_text("\n".join([*rows[:begun], *kept, rows[-1], ""]), encoding="utf-8")
    return path


def import_report(path: Path) -> None:
    by, now = User.objects.get(email="data@demo.example"), timezone.now()
    with path.open("rb") as file:
        upload = uploads.receive_upload(file=file, name=path.name, size=path.stat().st_size, by=by, now=now)
    uploads.import_upload(upload=upload, now=now, clock=timezone.now)
    upload.refresh_from_db()
    assert upload.state == Upload.State.STORED, list(upload.problems.values())


# --- a review -----------------------------------------------------------------------------------------------
def plan_review(page: Page) -> Meeting:
    page.goto("/meetings/templates/")
    picture(page, "before-types")
    page.get_by_role("link", name="Business review", exact=True).first.click()
    page.get_by_role("link", name="Plan a meeting").click()
    _when_others_are_free(page)
    _agenda(page)
    picture(page, "before-plan")
    picture(page, "before-agenda", at="#plan-agenda")
    page.click(".plan-bar button[value=save]")
    expect(page).to_have_url(re.compile("/check/$"))
    expect(page.locator("main")).to_contain_text("240 min of 240 planned")
    picture(page, "before-check")
    page.get_by_role("button", name="Send the invitations").click()
    expect(page.locator("main")).to_contain_text("invitations are on their way")
    picture(page, "before-meeting")
    meeting = Meeting.objects.get(title=TITLE)
    assert meeting.period.code == "2026-03"
    assert AgendaItem.objects.get(meeting=meeting, is_confidential=True).readers.get().user.name == "刘敏"
    assert meeting.items.get(title_en="Sales").presenter_user.name == "徐佳"
    return meeting


def _when_others_are_free(page: Page) -> None:
    """At the hour of another meeting the form names it; a day later nobody is in the way."""
    other = Meeting.objects.get(title=OTHER)
    taken = other.starts_at.astimezone(ZONE).date()
    page.fill("[name=title]", TITLE)
    page.fill("[name=time]", "14:00")
    page.fill("[name=location]", other.location)
    page.fill("[name=date]", taken.isoformat())
    look = page.locator("#look")
    expect(look).to_contain_text(re.compile("周立群.* in “三月经营分析会” from 14:00 to 18:00."))
    expect(look).to_contain_text("The place is taken")
    picture(page, "before-conflict")
    page.fill("[name=date]", (taken + timedelta(days=1)).isoformat())
    expect(look).not_to_contain_text(OTHER)


def _agenda(page: Page) -> None:
    """Over the length at first; then a confidential item, a presenter by name, a break moved by keyboard, and a fit."""
    total, rows = page.locator("#agenda-sum"), page.locator("[data-row]")
    expect(total).to_contain_text("295 min, 55 over")
    expect(page.locator("[data-sortable]")).to_have_attribute("data-ready", "yes")
    count = rows.count()
    page.click("button[value=add]")
    expect(rows).to_have_count(count + 1)
    secret = rows.last
    secret.locator("[name$=-title]").fill(SECRET)
    secret.locator("[name$=-who]").select_option(label="Sales")
    secret.locator("[name$=-discussion]").fill("10")
    secret.locator("details.agenda-questions > summary").click()
    secret.locator("[name$=-is_confidential]").check()
    secret.locator(".agenda-readers .ts-control input").fill("刘敏")
    secret.locator(".agenda-readers .ts-dropdown .option", has_text="刘敏").click()
    expect(secret.locator(".agenda-readers .item")).to_contain_text("刘敏")
    expect(secret.locator(".agenda-readers .ts-dropdown")).to_be_hidden()
    sales = rows.filter(has=page.locator("[name=items-1-title]"))
    sales.locator("details.agenda-questions > summary").click()
    page.fill("[name=items-1-person]", "徐佳")
    # Leaves the field as a person does: its list of names lies over the page while it is open.
    page.keyboard.press("Tab")
    expect(page.locator("[name=items-1-person]")).to_have_value("徐佳")
    expect(total).to_contain_text("305 min, 65 over")

    page.locator("button[value=break]").press("Enter")
    expect(rows).to_have_count(count + 2)
    page.locator("[data-row] [name$=-title]").last.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-said]")).to_contain_text(f"is now item {count + 1} of {count + 2}")
    page.click("button[value=fit]")
    expect(total).to_contain_text("240 min, fits exactly")
    titles = [field.input_value() for field in page.locator(".agenda-title input").all()]
    assert titles[-2:] == ["Break", SECRET]
    expect(page.locator("[name=items-1-person]")).to_have_value("徐佳")


def invitations_arrive(sink, meeting: Meeting) -> None:
    """Everybody gets one mail, and no entry names what is confidential."""
    expected = Counter(meeting.participants.values_list("user__email", flat=True))
    assert wait_until(lambda: post(sink, meeting.uid, "REQUEST") == expected, seconds=60, every=0.5)
    assert expected["xu@demo.example"] == 1
    assert all(SECRET not in text for _to, text in entries(sink, meeting.uid))


# --- a series -----------------------------------------------------------------------------------------------
def plan_series(page: Page, sink) -> Series:
    first = _a_tuesday()
    # The company closes on the second date: its own word, beside the official holidays.
    WorkdayOverride.objects.create(
        region="CN", day=first + timedelta(days=14), is_workday=False, name_en="Stocktaking", name_zh="盘点日"
    )
    page.goto("/meetings/new/?template=biweekly-progress")
    page.fill("[name=title]", SERIES)
    page.fill("[name=date]", first.isoformat())
    page.fill("[name=time]", "16:00")
    page.click(".plan-bar button[value=save]")
    page.get_by_role("link", name="Make it a series").click()
    page.locator("[name=rhythm][value=weekly]").check()
    page.select_option("[name=interval]", label="every second week")
    page.select_option("[name=weekday]", label="Tuesday")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Stocktaking")
    expect(preview.locator(".date-moved").first).to_be_visible()
    picture(page, "before-repeat")
    page.get_by_role("button", name="Begin the series and invite").click()
    expect(page).to_have_url(re.compile(r"/meetings/series/\d+/$"))
    expect(page.locator(".dates").first).to_contain_text("Stocktaking")
    picture(page, "before-series")
    series = Series.objects.get(title=SERIES)
    assert "INTERVAL=2" in series.rule
    expected = Counter(series.meetings.first().participants.values_list("user__email", flat=True))
    assert wait_until(lambda: post(sink, series.uid, "REQUEST") == expected, seconds=60, every=0.5)
    assert all("RRULE" in text for _to, text in entries(sink, series.uid))
    return series


def move_one_and_leave_one_out(page: Page, series: Series, sink) -> None:
    """Each is told with the RECURRENCE-ID of that one date; the others stay."""
    people = set(series.meetings.first().participants.values_list("user__email", flat=True))
    moved, dropped = series.meetings.filter(status="scheduled").order_by("starts_at")[2:4]
    sink.letters.clear()
    page.goto(f"/meetings/{moved.pk}/edit/")
    page.fill("[name=time]", "17:30")
    page.fill("[name=reason]", "The carrier is late")
    page.click(".plan-bar button[value=save]")
    expect(page).not_to_have_url(re.compile("/edit/$"))
    told = lambda: {to for to, text in entries(sink, series.uid) if "RECURRENCE-ID" in text}  # noqa: E731
    assert wait_until(lambda: (hurry(), told())[1] == people, seconds=60, every=0.5)

    sink.letters.clear()
    page.goto(f"/meetings/{dropped.pk}/cancel/")
    page.fill("[name=reason]", "Nothing to report")
    page.get_by_role("button", name="Cancel the meeting").click()
    assert wait_until(lambda: (hurry(), told())[1] == people, seconds=60, every=0.5)
    assert all("METHOD:CANCEL" in text for _to, text in entries(sink, series.uid))
    page.goto(series.get_absolute_url())
    expect(page.locator(".dates [data-state=cancelled]")).to_have_count(1)
    expect(page.locator(".date", has_text="17:30").locator("[data-state=moved]")).to_be_visible()
    picture(page, "before-series-changed")


def _a_tuesday() -> date:
    today = timezone.now().astimezone(ZONE).date()
    return today + timedelta(days=(1 - today.weekday()) % 7 + 7)


# --- the post -----------------------------------------------------------------------------------------------
def hurry() -> None:
    """The minute that every invitation waits is over; what is due goes out."""
    waiting = Notice.objects.filter(kind__in=[*MEETING_KINDS, *SERIES_KINDS], state="pending")
    waiting.update(send_at=F("due_at"))
    dispatcher.run()


def post(sink, uid, method: str) -> Counter:
    """Who got how many mails with this calendar entry so far."""
    hurry()
    return Counter(to for to, text in entries(sink, uid) if f"METHOD:{method}" in text)


def entries(sink, uid) -> list[tuple[str, str]]:
    """Receiver and calendar text, unfolded, of each mail about this entry."""
    found = []
    for letter in list(sink.letters):
        for part in letter.message.walk():
            if part.get_content_type() == "text/calendar":
                text = Calendar.from_ical(part.get_content()).to_ical().decode().replace("\r\n ", "")
                if str(uid) in text:
                    found.append((letter.recipients[0], text))
    return found
