"""Is the meeting ready? Reminded, given more time, packed, declared, mailed, frozen, held; and one's own calendar."""

import csv
import io
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from config.processes import wait_until
from meetings import agenda_mail
from meetings.models import Meeting, Pack
from notices import dispatcher
from notices.models import Notice
from tests.journey.conftest import picture
from tests.journey.steps_planning import MARCH, SECRET, TITLE, import_report

ENDED = "The flight leaves; the rest is settled by mail."
REASON = "Marketing is at a fair and reports by word of mouth."
MINUTE = timedelta(minutes=1)


# --- the host's board -------------------------------------------------------------------------------------------
def look_and_remind(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/ready/")
    missing = page.locator("[data-tile=prereads] .ready-missing li")
    expect(page.locator("[data-tile=prereads]")).to_have_attribute("data-state", "open")
    assert "sales" not in [row.get_attribute("data-department") for row in missing.all()]
    picture(page, "before-ready")
    page.locator("[data-department=finance]").get_by_role("button", name="Remind").click()
    expect(page.locator("main")).to_contain_text(re.compile("remind", re.IGNORECASE))
    page.goto(f"/meetings/{meeting.pk}/ready/")
    expect(page.locator("[data-department=finance]")).to_contain_text("reminded")
    assert Notice.objects.filter(
        kind="meetings.preread_nudge", recipient__email="finance@demo.example"
    ).exists()


def give_more_time(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/preread/marketing/extend/")
    until = page.locator("[name=until]")
    later = datetime.fromisoformat(until.input_value()) + timedelta(days=1)
    until.fill(later.isoformat(timespec="minutes"))
    page.fill("[name=reason]", "Back from the fair on Monday")
    picture(page, "before-more-time")
    page.get_by_role("button", name="Give more time").click()
    page.goto(f"/meetings/{meeting.pk}/")
    expect(page.locator("[data-department=marketing]")).to_contain_text("Back from the fair on Monday")


def make_the_pack(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/")
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.locator("#pack progress")).to_be_visible()
    link = page.locator("#pack .pack-file")
    expect(link).to_be_visible(timeout=90_000)
    picture(page, "before-pack", at="#pack")
    answer = page.request.get(link.get_attribute("href"))
    assert answer.body().startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("attachment")


def declare_ready(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/declare-ready/")
    expect(page.locator("[data-blocker=preread]").first).to_be_visible()
    page.get_by_role("button", name="Declare it ready").click()
    expect(page.locator(".field-error")).to_be_visible()
    page.fill("[name=reason]", REASON)
    picture(page, "before-declare-ready")
    page.get_by_role("button", name="Declare it ready").click()
    page.goto(f"/meetings/{meeting.pk}/ready/")
    expect(page.locator(".ready-mark")).to_contain_text(REASON)


# --- a day before -------------------------------------------------------------------------------------------------
def agenda_arrives(sink, meeting: Meeting) -> None:
    """A day before everybody gets exactly one mail, with the pack; asking twice sends nothing twice."""
    meeting = Meeting.objects.select_related("template", "host").get(pk=meeting.pk)
    (pack,) = (
        one
        for one in agenda_mail.prepare_packs(now=agenda_mail.due_at(meeting) - 10 * MINUTE)
        if one.meeting_id == meeting.pk
    )
    done = Pack.objects.filter(pk=pack.pk, state=Pack.State.DONE)
    assert wait_until(done.exists, seconds=90, every=0.3)
    mine = Notice.objects.filter(kind=agenda_mail.AGENDA, subject_id=meeting.pk, state="pending")
    mine.update(send_at=timezone.now() - MINUTE)
    expected = Counter(meeting.participants.values_list("user__email", flat=True))

    def arrived() -> Counter:
        dispatcher.run()
        return Counter(letter.recipients[0] for letter in list(sink.letters) if is_agenda(letter))

    assert wait_until(lambda: arrived() == expected, seconds=60, every=0.3)
    assert arrived() == expected
    for letter in filter(is_agenda, sink.letters):
        (attached,) = letter.message.iter_attachments()
        assert attached.get_content().startswith(b"%PDF")
        if letter.recipients[0] == "marketing@demo.example":
            assert SECRET not in letter.message.get_body(("plain",)).get_content()


def is_agenda(letter) -> bool:
    return letter.message["Subject"].strip().startswith(f"Agenda: {TITLE}")


# --- frozen, changed since, held ------------------------------------------------------------------------------------
def freeze(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/figures/")
    page.get_by_role("button", name="Freeze now").click()
    page.locator("#confirm button[value=yes]").click()
    expect(page.locator("#board")).to_contain_text("What the meeting works with")
    expect(page.locator("tr[data-metric=orders]").first).to_contain_text("788")
    expect(page.locator("[data-since]")).to_have_count(0)


def a_later_report_changes_a_figure(page: Page, meeting: Meeting, folder: Path) -> None:
    """The frozen figure stays; what it would be by now stands beside it."""
    import_report(one_order_more(folder))
    page.goto(f"/meetings/{meeting.pk}/figures/")
    row = page.locator("tr[data-metric=orders]").first
    expect(row).to_contain_text("788")
    expect(page.locator("[data-since]").filter(has_text="788 → 789")).to_be_visible()
    picture(page, "before-changed-since")


def one_order_more(folder: Path) -> Path:
    """March as it was handed in, with its first order once more under another number."""
    head, first = MARCH.read_text(encoding="utf-8-sig").split('"date/time",', 1)
    names, order, rest = first.split("\n", 2)
    number = next(csv.reader(io.StringIO(order)))[3]
    again = order.replace(number, "114-0000000-0000001")
    path = folder / "2026MarMonthlyUnifiedTransaction-corrected.csv"
    path.write_text("\n".join([f'{head}"date/time",{names}', order, again, rest]), encoding="utf-8")
    return path


def hold(page: Page, boss: Page, meeting: Meeting) -> None:
    """The room works with the frozen figures; the minutes say why it began and ended with points open."""
    page.goto(f"/meetings/{meeting.pk}/live/")
    page.locator("button[value=start]").click()
    page.locator("#confirm button[value=yes]").click()
    expect(page.locator("[data-room-remaining]")).to_be_visible()
    page.locator(".clock-controls button[value=next]").click()
    expect(page.locator("[data-room-item]")).to_have_text("Sales")
    page.locator("[data-room-tab=screen]").click()
    orders = page.locator("#panel tr[data-metric=orders]")
    expect(orders).to_contain_text("788")
    expect(page.locator("#panel [data-since]").filter(has_text="788 → 789")).to_be_visible()
    picture(page, "before-live-frozen", at="#panel")
    page.locator("a.clock-end").click()
    expect(page.locator('.closing [data-blocker="attendance"]')).to_be_visible()
    boss.goto(f"/meetings/{meeting.pk}/close/")
    boss.fill("[name=reason]", ENDED)
    boss.locator(".closing form button.btn-primary").click()
    expect(boss).to_have_url(re.compile(r"/minutes/$"))
    page.goto(f"/meetings/{meeting.pk}/minutes/")
    expect(page.locator("[data-went-ahead]").first).to_contain_text(REASON)
    expect(page.locator("main")).to_contain_text(ENDED)
    picture(page, "before-minutes", at="[data-went-ahead]")


# --- one's own calendar ---------------------------------------------------------------------------------------------
def subscribe(page: Page, meeting: Meeting) -> None:
    """The address works without a login until a new one replaces it; it names nothing that its owner may not read."""
    page.goto("/meetings/calendar/")
    page.get_by_role("button", name="Make my address").click()
    picture(page, "before-calendar")
    first = page.locator("#feed-address").input_value()
    stranger = page.context.browser.new_context()
    answer = stranger.request.get(first)
    assert answer.status == 200
    text = answer.text().replace("\r\n ", "")
    assert str(meeting.uid) in text
    assert SECRET not in text
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("button", name="Make a new address").click()
    page.locator("#confirm button[value=yes]").click()
    expect(page.locator("#feed-address")).not_to_have_value(first)
    assert stranger.request.get(first).status == 404
    assert stranger.request.get(page.locator("#feed-address").input_value()).status == 200
    stranger.close()
