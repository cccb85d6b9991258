"""After the end: the plan by mail, minutes circulated, objected to, approved, locked, corrected, found, replayed."""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from config.processes import wait_until
from meetings.models import Meeting, Minutes, MinutesEdition, Pack, Rating
from meetings.services import minutes as services
from notices import dispatcher
from notices.models import Notice
from tests.journey.conftest import picture
from tests.journey.said import Said

CIRCULATED = ("meetings.minutes", "meetings.minutes_absent", "meetings.minutes_excerpt")


def publish_the_plan(page: Page, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/minutes/")
    page.locator("form[action$='/publish/'] button").click()
    expect(page.locator("section.plan .alert-success")).to_be_visible()


def plan_arrives(sink, meeting: Meeting, said: Said) -> None:
    """One mail to the owner, with the action."""
    told = Notice.objects.filter(
        kind="actions.plan", recipient__email="sales@demo.example", subject_id=meeting.pk
    )
    assert sent(told) == 1
    assert wait_until(
        lambda: letters_with(sink, "sales@demo.example", said.action) == 1, seconds=60, every=0.3
    ), [letter.message["Subject"] for letter in sink.letters if "sales@demo.example" in letter.recipients]


def summary(page: Page, meeting: Meeting, said: Said) -> None:
    page.goto(f"/meetings/{meeting.pk}/minutes/")
    expect(page.locator("main")).to_contain_text(said.decision)
    page.locator("#summary textarea").fill(said.summary)
    expect(page.locator("#summary [data-block-state]")).to_have_attribute("data-state", "saved")
    picture(page, "room-minutes-draft")


def circulate(page: Page, sink, meeting: Meeting) -> None:
    """Everybody invited gets one mail, with the PDF that the worker makes."""
    page.goto(f"/meetings/{meeting.pk}/minutes/circulate/")
    picture(page, "room-circulate")
    page.locator("form[data-rows-form] button.btn-primary").click()
    expect(page).to_have_url(re.compile(r"/minutes/(#.*)?$"))
    expect(page.locator(".minutes-digest code")).to_have_text(re.compile(r"^[0-9a-f]{64}$"))
    made = Pack.objects.filter(meeting=meeting, kind=Pack.Kind.MINUTES)
    assert wait_until(
        lambda: not made.exclude(state=Pack.State.DONE).exists() and made.exists(), seconds=90, every=0.3
    )
    invited = set(meeting.participants.values_list("user__email", flat=True))
    edition = MinutesEdition.objects.get(minutes__meeting=meeting)
    mails = Notice.objects.filter(kind__in=CIRCULATED, subject_id=edition.pk)
    assert sent(mails) >= len(invited)
    got = {
        letter.recipients[0]
        for letter in list(sink.letters)
        if any(part.get_content_type() == "application/pdf" for part in letter.message.iter_attachments())
    }
    assert invited <= got


def object_and_answer(sales: Page, host: Page, meeting: Meeting, said: Said) -> None:
    sales.goto(f"/meetings/{meeting.pk}/minutes/")
    sales.locator("#objections details > summary").click()
    sales.fill("#objection-text", said.objection)
    sales.locator("form[action$='/minutes/objections/'] button").click()
    expect(sales.locator(".minutes-objections")).to_contain_text(said.objection)
    host.goto(f"/meetings/{meeting.pk}/minutes/")
    raised = host.locator(".minutes-objections li")
    raised.locator("textarea[name=words]").fill(said.answer)
    picture(host, "room-objection", at="#objections")
    raised.locator("button[value=noted]").click()
    expect(host.locator(".minutes-objections")).to_contain_text(said.answer)


def rate(boss: Page, sales: Page, meeting: Meeting, said: Said) -> None:
    for page, score in ((boss, 8), (sales, 9)):
        page.goto(f"/meetings/{meeting.pk}/minutes/")
        form = page.locator("#rating form")
        form.locator(f"input[name=score][value='{score}']").check()
        form.locator("textarea[name=reason]").fill(said.rating)
        form.locator("button").click()
        expect(page.locator(f"#rating input[value='{score}']")).to_be_checked()
    assert sorted(Rating.objects.filter(meeting=meeting).values_list("score", flat=True)) == [8, 9]


def approve_and_lock(host: Page, boss: Page, meeting: Meeting) -> None:
    """Both have to say yes, and the time for objections has to be over."""
    for page in (boss, host):
        page.goto(f"/meetings/{meeting.pk}/minutes/")
        page.locator("form[action$='/approve/'] button").click()
        expect(page.locator("form[action$='/approve/']")).to_have_count(0)
    held = Minutes.objects.get(meeting=meeting)
    assert held.state == Minutes.State.CIRCULATED
    # What the clock of the worker does when that time has come.
    services.settle_due(now=held.objections_until)
    host.reload()
    host.locator("form[action$='/lock/'] button").click()
    host.locator("#confirm button[value=yes]").click()
    expect(host.locator(".minutes-steps [aria-current=step], .minutes-steps .is-now")).to_have_count(1)
    expect(host.locator("#summary textarea")).to_have_count(0)
    picture(host, "room-minutes-locked")
    held.refresh_from_db()
    assert held.state == Minutes.State.LOCKED
    assert held.locked_at <= timezone.now()


def correct(host: Page, meeting: Meeting, said: Said) -> None:
    host.locator("#corrections details > summary").click()
    host.fill("#correction-text", said.correction)
    host.locator("form[action$='/corrections/'] button").click()
    expect(host.locator(".minutes-corrections li")).to_contain_text(said.correction)


def take_away(host: Page, meeting: Meeting, said: Said) -> None:
    """As PDF, Word and Markdown, with what was decided and put right in it."""
    host.goto(f"/meetings/{meeting.pk}/minutes/")
    ask = host.locator("#pack form[action*='/pack/ask/'] button")
    expect(ask).to_be_visible()
    ask.click()
    expect(ask).to_have_count(0)
    link = host.locator("#pack .pack-file")
    expect(link).to_be_visible(timeout=90_000)
    expect(ask).to_have_count(0)
    assert host.request.get(link.get_attribute("href")).body().startswith(b"%PDF")
    word = host.request.get(f"/meetings/{meeting.pk}/minutes/file/docx/")
    assert word.body().startswith(b"PK")
    markdown = host.request.get(f"/meetings/{meeting.pk}/minutes/file/md/")
    assert markdown.headers["content-disposition"].startswith("attachment")
    for words in (said.decision, said.summary, said.cause, said.action, said.end_reason, said.correction):
        assert words in markdown.text(), words


def find(page: Page, meeting: Meeting, said: Said) -> None:
    """Two characters, or a word, lead to the decision."""
    page.goto("/search/")
    page.fill("#q", said.query)
    hit = page.locator("section:has(#found-decisions) .found-hit", has_text=said.decision)
    expect(hit).to_be_visible()
    expect(hit.locator("mark").first).to_have_text(re.compile(said.query, re.IGNORECASE))
    picture(page, "room-search")
    hit.locator("a.found-link").click()
    expect(page.locator(f"[data-decision]:has-text('{said.decision}')").first).to_be_visible()


def replay(page: Page, meeting: Meeting) -> None:
    """The log is unbroken and says the same as what was kept; any moment can be looked at."""
    page.goto(f"/meetings/{meeting.pk}/replay/")
    expect(page.locator(".topline-green")).to_be_visible()
    events = page.locator(".replay-log ol li")
    assert events.count() > 20
    picture(page, "room-replay")
    events.nth(3).locator("a").click()
    expect(page.locator(".replay-log li[aria-current=step]")).to_have_count(1)
    assert page.locator(".replay-log li.is-later").count() > 10


# --- mail ------------------------------------------------------------------------------------------------------
def sent(notices) -> int:
    """How many of these went out, once none waits; the minutes that a mail waits are over."""

    def all_sent() -> bool:
        notices.filter(state="pending").update(send_at=timezone.now(), due_at=timezone.now())
        dispatcher.run()
        return notices.exists() and not notices.exclude(state=Notice.State.SENT).exists()

    assert wait_until(all_sent, seconds=60, every=0.5), list(notices.values_list("kind", "state"))
    return int(notices.count())


def letters_with(sink, address: str, words: str) -> int:
    found = 0
    for letter in list(sink.letters):
        body = letter.message.get_body(("plain",))
        found += letter.recipients[0] == address and body is not None and words in body.get_content()
    return found
