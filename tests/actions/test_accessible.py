"""The pages around promises, in both schemes and on the phone: axe finds nothing, nothing runs out sideways."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import EscalationStep, Problem
from actions.problems import services as problems
from notices.models import Delivery, Notice, Post
from people.models import User
from tests.actions.factories import ActionFactory
from tests.factories import UserFactory, executive, lead
from tests.notices.endpoints import EndpointFactory, waiting
from tests.plugins.browser import breaches

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin():
    return UserFactory(roles=[User.Role.ADMIN, User.Role.EXECUTIVE])


@pytest.fixture
def pages(admin) -> list[str]:
    """Every page with something on it, in the states that have colours of their own."""
    now = timezone.now()
    for days in (-3, 0, 2):
        EscalationStep.objects.get_or_create(whom="owner", offset=timedelta(days=days))
    action = ActionFactory(published_at=now)
    problem = _problem(action.department, now)
    notice = _doubtful(admin, action, now)
    endpoint = EndpointFactory(created_by=admin)
    for state, post in zip(Post.State.values, waiting(endpoint, len(Post.State.values)), strict=True):
        if state != Post.State.SENDING:
            Post.objects.filter(pk=post.pk).update(state=state, note="93000 invalid robot")
    return [
        reverse("actions:ladder"),
        reverse("meetings:clock_rules"),
        reverse("problems:list"),
        reverse("problems:new"),
        problem.get_absolute_url(),
        reverse("notices:preferences"),
        reverse("notices:list"),
        reverse("notices:snooze", args=[notice.pk]),
        reverse("notices:endpoints"),
        reverse("notices:endpoint", args=[endpoint.pk]),
        reverse("notices:endpoint_add"),
        reverse("notices:doubtful"),
        reverse("notices:promises", args=["actions.action", action.pk]),
        reverse("notices:promises", args=["person", admin.pk]),
    ]


def _problem(department, now) -> Problem:
    executive()
    report = problems.Report(
        title="Mexico asks for nothing",
        kind=Problem.Kind.STRATEGIC,
        department=department,
        noticed_at=now - timedelta(hours=3),
        what="No order for three months.",
    )
    return problems.report(report=report, by=lead(department.code), now=now)


def _doubtful(reader, action, now) -> Notice:
    past = now - timedelta(hours=1)
    notice = Notice.objects.create(
        recipient=reader, subject=action, kind="actions.assigned", due_at=past, send_at=past, shown_at=past,
        state=Notice.State.UNCERTAIN, note="The line broke.",
    )  # fmt: skip
    Delivery.objects.create(notice=notice, channel="email", state="uncertain", address=reader.email, at=past)
    return notice


def test_pages_around_promises_are_accessible_and_fit_a_phone(page, context, live_server, admin, pages):
    client = Client()
    client.force_login(admin)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": 390, "height": 844})
    found = []
    for path in pages:
        response = page.goto(live_server.url + path)
        assert response.status == 200, path
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            found.append(f"{path} runs out sideways")
        # The structure is the same in both; the colours are not.
        for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.locator(f"html[data-bs-theme={scheme}]").wait_for()
            found += [f"{scheme} {one}" for one in breaches(page, **options)]
    assert found == []
