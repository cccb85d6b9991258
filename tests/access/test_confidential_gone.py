"""A confidential item that is taken off the agenda leaves nothing behind that others may read."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from meetings import plan as planning
from meetings.models import (
    AgendaItem,
    DecisionRequest,
    PreReadProblem,
    PreReadText,
    RequiredDocument,
    Statement,
)
from meetings.packs import content
from meetings.queries import confidential, prereads
from meetings.services import attachments, carry, schedule
from meetings.services import prereads as preread_services
from meetings.services.prereads import Sent
from tests import factories
from tests.access.test_confidential import MARK, body

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(world):
    return AgendaItem.objects.create(
        meeting=world.scheduled,
        order=60,
        title_en=f"{MARK} pay",
        title_zh=f"{MARK} 薪酬",
        department=factories.DepartmentFactory(code="sales"),
        discussion_minutes=5,
        questions_en=f"{MARK} why?",
        is_confidential=True,
        carried_because="not_discussed",
    )


@pytest.fixture
def handed_in(world, item):
    """What the department wrote for it, submitted: an answer, a document, a decision it asks for."""
    lead, now, meeting = world.people["a_lead"], world.now, world.scheduled
    document = RequiredDocument.objects.create(
        meeting=meeting,
        item=item,
        department=item.department,
        name_en=f"{MARK} list",
        name_zh=f"{MARK} 清单",
    )
    (preread,) = preread_services.open_for(meeting=meeting, now=now)
    text = preread.texts.get(kind=PreReadText.Kind.QUESTION, key=f"{item.pk}-1")
    preread_services.save_text(
        preread=preread,
        sent=Sent(text.kind, text.key, f"{MARK} answer", text.version),
        by=lead,
        now=now,
    )
    attachments.attach(
        preread=preread,
        file=SimpleUploadedFile(f"{MARK}.pdf", b"%PDF-1.7 secret"),
        document=document,
        by=lead,
        now=now,
    )
    DecisionRequest.objects.create(
        preread=preread,
        item=item,
        question=f"{MARK} question",
        options=[{"text": f"{MARK} one", "effect": ""}, {"text": f"{MARK} two", "effect": ""}],
        recommended=0,
        decider=world.runs,
        edited_by=lead,
        edited_at=now,
    )
    PreReadProblem.objects.filter(preread=preread).update(removed_at=now)
    preread_services.submit(preread=preread, by=lead, now=now)
    return preread


def by_changing_the_plan(world, item):
    meeting = type(world.scheduled).objects.get(pk=world.scheduled.pk)
    plan = planning.of_meeting(meeting)
    schedule.change(
        meeting=meeting,
        plan=replace(plan, items=[one for one in plan.items if one.item_id != item.pk]),
        revision=meeting.revision,
        by=world.runs,
        now=world.now,
    )


def by_dropping_it(world, item):
    carry.drop(item=item, by=world.runs, now=world.now)


@pytest.mark.parametrize("remove", [by_changing_the_plan, by_dropping_it])
def test_what_was_handed_in_for_it_stays_closed(world, item, handed_in, remove):
    file = handed_in.attachments.get(name__startswith=MARK)
    remove(world, item)
    assert not AgendaItem.objects.filter(pk=item.pk).exists()
    place = [world.scheduled.pk, "sales"]
    pages = [
        reverse("meetings:preread", args=place),
        reverse("meetings:preread", args=place) + "?as=room",
        reverse("meetings:preread_revision", args=[*place, 1]),
        reverse("meetings:preread_comments", args=place),
        reverse("meetings:print", args=[world.scheduled.pk]),
        reverse("meetings:detail", args=[world.scheduled.pk]),
        reverse("meetings:minutes", args=[world.scheduled.pk]),
    ]
    told = []
    for who in ("a_member", "host", "exec", "data", "recorder", "admin"):
        browser = Client()
        browser.force_login(world.people[who])
        told += [(who, url) for url in pages if MARK in body(browser.get(url))]
        if browser.get(reverse("meetings:attachment", args=[file.pk])).status_code != 404:
            told.append((who, "file"))

    assert told == []
    assert MARK not in repr(prereads.latest_reading(handed_in))
    assert [one.chapters[0].reading.decisions for one in [content.gather(world.scheduled)]] == [[]]


def test_what_was_open_stays_readable(world, item, handed_in):
    """The rule is for confidential items alone: others leave their words behind when they go."""
    AgendaItem.objects.filter(pk=item.pk).update(is_confidential=False)
    by_changing_the_plan(world, item)

    assert confidential.hidden_ids(meeting=world.scheduled.pk, user=world.people["exec"]) == set()
    reading = prereads.latest_reading(handed_in, world.people["exec"])
    assert [answer.text for answer in reading.answers if MARK in answer.text] == [f"{MARK} answer"]


def test_it_is_closed_to_all_and_costs_one_query(world, item, django_assert_num_queries):
    by_changing_the_plan(world, item)

    with django_assert_num_queries(1):
        assert confidential.hidden_ids(meeting=world.scheduled.pk, user=None) == {item.pk}
    assert confidential.hidden_ids(meeting=world.scheduled.pk, user=world.runs) == {item.pk}


def test_a_figure_stated_for_it_alone_goes_along(world, item):
    """The data owner is not of its circle, and would be asked to rule on it."""
    world.scheduled.items.filter(department=item.department).exclude(pk=item.pk).update(
        metric_codes=["orders"]
    )
    AgendaItem.objects.filter(pk=item.pk).update(metric_codes=["orders", "refund_rate"])
    preread = world.scheduled.prereads.get(department=item.department)
    preread.statements.all().delete()
    for code in ("orders", "refund_rate"):
        Statement.objects.create(
            preread=preread,
            metric_code=code,
            value=1,
            source=MARK,
            stated_by=world.people["a_lead"],
            stated_at=world.now,
        )
    by_changing_the_plan(world, item)

    assert list(preread.statements.values_list("metric_code", flat=True)) == ["orders"]
