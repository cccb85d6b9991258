"""The pages with their scripts: forms that swap the page's parts, the filter, the fragment in the room."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from actions import services
from actions.deadlines import Deadline
from actions.models import Action
from meetings.models import Meeting
from notices.models import Notice
from tests.actions.factories import ActionFactory, meeting
from tests.factories import DepartmentFactory, host, lead, member
from tests.plugins.browser import breaches

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sign_in(context, live_server):
    def go(user):
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.clear_cookies()
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return go


def test_owner_works_and_acceptor_accepts_without_a_reload(page, live_server, sign_in):
    now = timezone.now()
    action = ActionFactory(
        owner=member("sales"),
        acceptor=lead("sales"),
        department=DepartmentFactory(code="sales"),
        due_at=now + timedelta(days=3),
        published_at=now,
    )
    sign_in(action.owner)
    page.goto(live_server.url + action.get_absolute_url())
    page.evaluate("window.kept = true")

    page.get_by_role("button", name="Start").click()
    page.get_by_text("Started.").wait_for()
    page.get_by_text("Add evidence").first.click()
    page.locator("#evidence_file").set_input_files(
        {"name": "截图.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n0000"}
    )
    page.locator("#evidence_criterion").select_option(index=1)
    page.get_by_role("button", name="Add evidence").click()
    page.get_by_text("截图.png").wait_for()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("Handed in. The acceptor has been told.").wait_for()
    assert page.evaluate("window.kept") is True

    sign_in(action.acceptor)
    page.goto(live_server.url + action.get_absolute_url())
    page.get_by_text("Return it").first.click()
    page.get_by_role("button", name="Return it").click()
    page.get_by_text("Say what is still missing, so that the owner knows what to do.").first.wait_for()
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Accepted. The owner has been told.").wait_for()

    action.refresh_from_db()
    assert (action.status, action.accepted_by) == (Action.Status.ACCEPTED, action.acceptor)


def test_what_a_link_leads_to_is_not_under_the_bar_of_the_phone(page, live_server, sign_in):
    now = timezone.now()
    action = ActionFactory(owner=member("sales"), due_at=now + timedelta(days=3), published_at=now)
    services.ask_deadline(
        action=action,
        deadline=Deadline(at=now + timedelta(days=9), zone="Asia/Shanghai", is_all_day=False),
        reason="Samples are late",
        by=action.owner,
        now=now,
    )
    sign_in(action.acceptor)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + action.get_absolute_url())

    page.get_by_role("link", name="Another deadline is asked for.").click()

    heading, bar = page.locator("#asked"), page.locator(".shell-bar")
    expect(heading).to_be_in_viewport()
    assert heading.bounding_box()["y"] >= bar.bounding_box()["height"]


def test_what_is_typed_elsewhere_outlives_a_step(page, live_server, sign_in):
    action = ActionFactory(owner=member("sales"), published_at=timezone.now())
    sign_in(action.owner)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + action.get_absolute_url())
    comment = page.locator("form[action$='/comment/'] textarea")
    comment.fill("The supplier answers on Monday")

    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Started.")).to_be_in_viewport()
    expect(comment).to_have_value("The supplier answers on Monday")
    page.get_by_role("button", name="Say it").click()
    said = page.locator(".talk .log-words")
    expect(said).to_have_text("The supplier answers on Monday")
    expect(said).to_be_in_viewport()
    expect(comment).to_have_value("")
    assert action.comments.count() == 1


def test_filter_changes_table_and_address(page, live_server, sign_in):
    viewer, soon = host(), timezone.now() + timedelta(days=3)
    ActionFactory(title="Close the eBay shop", due_at=soon)
    ActionFactory(title="Hire a designer", owner=viewer, due_at=soon)
    sign_in(viewer)
    page.goto(live_server.url + reverse("actions:list"))

    page.get_by_label("Mine").check()
    page.get_by_text("Close the eBay shop").wait_for(state="detached")
    page.wait_for_url("**mine=on**")
    page.get_by_role("link", name="Owner").click()
    page.wait_for_url("**sort=owner**")

    assert "mine=on" in page.url
    assert page.get_by_text("Hire a designer").count() == 1


def test_recorder_is_refused_then_records(page, live_server, sign_in):
    review = meeting(member("sales", name="Han Mei"), status=Meeting.Status.IN_PROGRESS)
    sign_in(review.host)
    page.goto(live_server.url + reverse("actions:for_meeting", args=[review.pk]))

    page.get_by_label("What is to be done?").fill("优化广告")
    page.get_by_role("button", name="Record the action").click()
    page.get_by_text("Name the one person who will do it.").first.wait_for()
    assert page.get_by_label("What is to be done?").input_value() == "优化广告"
    page.get_by_label("What is to be done?").fill("Lower the ACoS of the air fryer in Germany to 25 %")
    page.get_by_label("Owner").select_option(label="Han Mei")
    page.locator("input[name=due_words]").fill("+9 days")
    page.get_by_label("Done means").fill("ACoS ≤ 25 % in week 12")
    page.get_by_role("button", name="Record the action").click()
    page.get_by_text("Recorded: Lower the ACoS").wait_for()

    made = Action.objects.get()
    assert (made.owner.name, made.is_draft, services.check(action=made, now=timezone.now())) == (
        "Han Mei",
        True,
        [],
    )


def test_a_name_behind_an_at_is_offered_and_told(page, live_server, sign_in):
    now = timezone.now()
    action = ActionFactory(
        owner=member("sales", name="Han Mei", language="en"),
        acceptor=lead("sales", name="李雷", name_sort="li lei"),
        department=DepartmentFactory(code="sales"),
        due_at=now + timedelta(days=3),
        published_at=now,
    )
    sign_in(action.owner)
    page.goto(live_server.url + action.get_absolute_url())
    field = page.get_by_label("Comment", exact=True)
    field.click()
    field.press_sequentially("Please look @lil")
    page.get_by_role("listbox", name="People").get_by_role("option", name="李雷").wait_for()
    assert breaches(page) == []
    field.press("Enter")
    assert field.input_value() == "Please look @李雷 "

    page.get_by_role("button", name="Say it").click()
    page.locator(".mention", has_text="@李雷").wait_for()

    assert Notice.objects.filter(kind="actions.mentioned", recipient=action.acceptor).count() == 1
    # The page was swapped in, and its new field completes as the first one did.
    field.press_sequentially("And @lil")
    page.get_by_role("listbox", name="People").get_by_role("option", name="李雷").wait_for()
