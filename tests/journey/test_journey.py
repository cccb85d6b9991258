"""One walk through everything, as the people of the demo company take it: from a report to an accepted action.

In Chinese, in Chromium, with a real worker, a real mail server and nothing mocked. It fails when any page breaks
the content security policy, any script fails, any template misses a variable or any answer is a server error.
"""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from actions.models import Action
from config.processes import wait_until
from dashboard.demo.figures import SAMPLES
from meetings import rhythm
from meetings.models import Meeting, Obligation
from notices import dispatcher
from notices import services as notices
from notices.models import Notice
from tests.journey.conftest import picture

TRANSACTIONS = SAMPLES / "amazon_transactions"
MARCH = TRANSACTIONS / "2026-3__2026MarMonthlyUnifiedTransaction.csv"
COPY = TRANSACTIONS / "2026-3__2026MarMonthlyUnifiedTransaction - 副本.csv"
STORAGE = SAMPLES / "amazon_storage_fees" / "2026-3__26.2仓储.csv"
TITLE = "三月复盘 🚀"
ACTION = "三款主推品的退款率从 3.8% 降到 2.5% 以下，美国站，四周内完成"


@pytest.mark.django_db(transaction=True)
def test_from_upload_to_accepted_action(visit, smtp_sink, tmp_path):
    hand_in_reports(visit("data"), tmp_path)
    look_at_a_metric(visit("data"))
    meeting = schedule(visit("host"))
    invitations_arrive(smtp_sink, meeting)
    write_preread(visit("sales"), meeting)
    draft_is_closed_to_others(visit("marketing"), meeting)
    nudge(visit("host"), meeting)
    run(visit("host"), meeting)
    record(visit("host"), meeting)
    end_and_publish(visit("host"), meeting)
    action = Action.objects.get(title=ACTION)
    work_on(visit("sales"), action)
    accept(visit("host"), action)
    everybody_was_told_once(meeting, action)


def hand_in_reports(page: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "会议纪要.csv"
    wrong.write_text("日期,事项\n2026-03-01,讨论备货\n")
    page.goto("/metrics/uploads/")
    page.locator("input[type=file]").set_input_files([MARCH, STORAGE])
    page.locator(".uploads-form button[type=submit]").click()
    expect(page.locator("#files")).to_contain_text(MARCH.name)
    expect(row(page, MARCH.name).locator('[data-state="stored"]')).to_be_visible(timeout=60_000)
    expect(row(page, STORAGE.name).locator('[data-state="stored"]')).to_be_visible(timeout=60_000)

    page.locator("input[type=file]").set_input_files([COPY, wrong])
    page.locator(".uploads-form button[type=submit]").click()
    expect(row(page, COPY.name).locator('[data-state="duplicate"]')).to_be_visible(timeout=60_000)
    expect(row(page, wrong.name).locator('[data-state="rejected"]')).to_be_visible(timeout=60_000)
    picture(page, "uploads")


def row(page: Page, name: str):
    return page.locator("#files tr").filter(has_text=name)


def look_at_a_metric(page: Page) -> None:
    page.goto("/metrics/sales_settled/")
    expect(page.locator("main")).to_contain_text("12,191.02")
    expect(page.locator("canvas").first).to_be_visible()
    picture(page, "metric")
    page.goto("/metrics/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture(page, "scorecard")


def schedule(page: Page) -> Meeting:
    picture(page, "my-work")
    page.goto("/meetings/new/")
    page.get_by_role("link", name=re.compile("经营分析会")).first.click()
    expect(page.locator("#agenda-sum")).to_contain_text("295")
    expect(page.locator("#agenda-sum")).to_contain_text("55")
    picture(page, "schedule-over")
    page.locator("#agenda-sum button[value=fit]").click()
    expect(page.locator("#agenda-sum [data-sum]")).to_have_attribute("data-sum", "240")
    day = date.today() + timedelta(days=10)
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=date]").fill(day.isoformat())
    page.locator("[name=time]").fill("14:00")
    picture(page, "schedule")
    page.locator(".plan-bar button[value=save]").click()
    expect(page).to_have_url(re.compile(r"/check/$"))
    picture(page, "schedule-check")
    page.locator("form.plan-bar button.btn-primary").click()
    expect(page).to_have_url(re.compile(r"/meetings/\d+/$"))
    meeting = Meeting.objects.get(title=TITLE)
    assert meeting.status == Meeting.Status.SCHEDULED
    assert meeting.period.code == "2026-03"
    assert sum(item.report_minutes + item.discussion_minutes for item in meeting.items.all()) == 240
    picture(page, "meeting-before")
    return meeting


def invitations_arrive(sink, meeting: Meeting) -> None:
    """Everybody invited gets the calendar entry by mail; the worker may be sending some of them right now."""
    expected = set(meeting.participants.values_list("user__email", flat=True))
    # The minute that every invitation waits is over.
    Notice.objects.filter(kind="meetings.invited", state="pending").update(send_at=F("due_at"))

    def invited() -> set[str]:
        dispatcher.run()
        return {
            letter.recipients[0]
            for letter in sink.letters
            for part in letter.message.walk()
            if part.get_content_type() == "text/calendar"
            and str(meeting.uid) in part.get_content()
            and "METHOD:REQUEST" in part.get_content()
        }

    assert wait_until(lambda: invited() == expected, seconds=60, every=0.5)


def write_preread(page: Page, meeting: Meeting) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    page.goto(f"/meetings/{meeting.pk}/preread/sales/")
    expect(page.locator('tr[data-metric="orders"]')).to_contain_text("788")
    first = page.locator("[data-block]:visible").first
    first.locator("textarea").fill("园艺手套断货 6 天，少卖约 120 件。<script>alert(1)</script>")
    expect(first.locator("[data-block-state]")).to_have_attribute("data-state", "saved", timeout=10_000)
    page.reload()
    words = page.locator("textarea[data-block-text]:visible")
    expect(words.first).to_have_value(re.compile("园艺手套断货"))
    for area in words.all()[1:]:
        area.fill("见附表，数字以数据负责人口径为准。")
    picture(page, "preread")
    page.locator("button[value=submit]").click()
    expect(page.locator('[data-state="submitted"]').first).to_be_visible()


def draft_is_closed_to_others(page: Page, meeting: Meeting) -> None:
    """Finance has a draft; marketing asks for it by its address."""
    assert page.goto(f"/meetings/{meeting.pk}/preread/finance/").status == 404
    page.goto("/")


def nudge(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/")
    page.locator("form[action$='/nudge/'] button").last.click()
    expect(page.locator(".messages, .alert").first).to_be_visible()


def run(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/live/")
    page.locator("button[value=start]").click()
    # It is planned for another day, so the page asks back.
    page.locator("#confirm button[value=yes]").click()
    # Pre-reads are missing, so it asks why it begins all the same.
    page.locator("#reason").fill("市场部在展会，材料会上口头补充。")
    page.locator("form[action$='/start/'] button").click()
    expect(page.locator("[data-room-remaining]")).to_be_visible()
    before = page.locator("[data-room-remaining]").inner_text()
    expect(page.locator("[data-room-remaining]")).not_to_have_text(before)
    page.locator(".clock-controls button[value=next]").click()
    expect(page.locator("[data-room-item]")).to_have_text("销售")
    expect(page.locator(".panel-head h2")).to_have_text("销售")
    picture(page, "live")


def record(page: Page, meeting: Meeting) -> None:
    page.locator("[data-room-tab=record]").click()
    page.locator(".note-new textarea").fill("根因：补货点按 30 天均值算，促销周没有算进去。")
    page.locator(".note-new button").click()
    expect(page.locator("#note-list textarea")).to_have_value(re.compile("根因"))

    page.locator(".decision-new > summary").click()
    form = page.locator("form[action$='/decisions/']").first
    form.locator("[name=text]").fill("补货点统一改为 14 天加权销量。")
    form.locator("[name=decided_by]").select_option(label="周立群")
    form.locator("button.btn-primary, button").last.click()
    expect(page.locator("#decisions")).to_contain_text("14 天加权销量")

    quick = page.locator("form.quick")
    quick.locator("[name=title]").fill("优化广告")
    quick.locator("button[value=record]").click()
    expect(page.locator("section.plan .error-summary, section.plan .field-error").first).to_be_visible()
    quick.locator("[name=title]").fill(ACTION)
    quick.locator("[name=owner]").select_option(label="王芳")
    quick.locator("[name=due_words]").fill("+28 天")
    quick.locator("[name=criteria]").fill("三款主推品退款率连续四周低于 2.5%")
    quick.locator("button[value=record]").click()
    expect(page.locator("section.plan .plan-lines")).to_contain_text(ACTION)
    picture(page, "live-recorded")


def call_the_roll(page: Page) -> None:
    """Everybody is here, and the host says that the list is right: without that a meeting does not end."""
    page.locator("[data-room-tab=people]").click()
    room = page.locator("#room-attendance")
    room.locator("button[value=all]").click()
    expect(room.locator("button[value=all]")).to_have_count(0)
    room.locator("button[value=taken]").click()
    expect(room.locator("button[value=taken]")).to_have_count(0)
    picture(page, "live-people")


def end_and_publish(page: Page, meeting: Meeting) -> None:
    # Nobody has called the roll: the page that ends the meeting says so and leads there.
    page.locator("a.clock-end").click()
    expect(page.locator('.closing [data-blocker="attendance"]')).to_be_visible()
    picture(page, "close-open")
    page.locator('.closing [data-blocker="attendance"] a').click()
    call_the_roll(page)
    page.locator("a.clock-end").click()
    expect(page.locator(".closing .blockers")).to_have_count(0)
    picture(page, "close")
    page.locator(".closing form button.btn-primary").click()
    expect(page).to_have_url(re.compile(r"/minutes/$"))
    expect(page.locator("main")).to_contain_text("14 天加权销量")
    duty = Obligation.objects.get(meeting=meeting, kind="action_plan")
    assert duty.due_at - Meeting.objects.get(pk=meeting.pk).ended_at == timedelta(hours=24)
    expect(page.locator("form[action$='/publish/'] button")).to_be_visible()
    page.locator("form[action$='/publish/'] button").click()
    expect(page.locator("section.plan .alert-success")).to_be_visible()
    duty.refresh_from_db()
    assert duty.met_at is not None
    picture(page, "minutes")


def work_on(page: Page, action: Action) -> None:
    page.goto("/")
    page.get_by_role("link", name=ACTION).first.click()
    page.locator("form[action$='/start/'] button").click()
    report = page.locator("form[action$='/report/']").first
    report.locator("[name=text]").fill("两款已换包装，退款率 2.1%。")
    report.locator("button").click()
    expect(page.locator("main")).to_contain_text("两款已换包装")
    evidence = page.locator("form[action$='/evidence/']").first
    page.locator("details:has(form[action$='/evidence/'])").first.evaluate("node => node.open = true")
    evidence.locator("[name=criterion]").select_option(label="三款主推品退款率连续四周低于 2.5%")
    evidence.locator("[name=text]").fill("四周退款率：2.3%、2.2%、2.1%、2.0%。")
    evidence.locator("button").last.click()
    expect(page.locator("form[action$='/submit/'] button")).to_be_visible()
    picture(page, "action")
    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator('[data-state="submitted"]').first).to_be_visible()
    assert page.locator("form[action$='/accept/']").count() == 0


def accept(page: Page, action: Action) -> None:
    page.goto("/")
    page.get_by_role("link", name=ACTION).first.click()
    page.locator("form[action$='/accept/'] button").click()
    expect(page.locator('[data-state="accepted"]').first).to_be_visible()
    action.refresh_from_db()
    assert action.status == Action.Status.ACCEPTED
    assert action.accepted_by.email == "host@demo.example"
    picture(page, "action-accepted")
    page.goto("/actions/")
    picture(page, "actions")


def everybody_was_told_once(meeting: Meeting, action: Action) -> None:
    """The plan and the acceptance reached the owner; a second round of planning and sending adds nothing."""
    dispatcher.run()
    told = Notice.objects.filter(recipient=action.owner, state=Notice.State.SENT)
    assert {"actions.plan", "actions.accepted"} <= set(told.values_list("kind", flat=True))
    before = set(Notice.objects.values_list("pk", flat=True))
    assert notices.reconcile() == 0
    dispatcher.run()
    more = Notice.objects.exclude(pk__in=before).values_list("kind", "subject_id", "recipient__email")
    assert [one for one in more if one[0] not in (rhythm.AHEAD, rhythm.MISSED)] == []
    assert not Notice.objects.filter(
        kind="meetings.obligation_missed",
        subject_id=meeting.obligations.get(kind="action_plan").pk,
        state="pending",
    ).exists()
    assert timezone.now() < meeting.obligations.get(kind="action_plan").due_at
