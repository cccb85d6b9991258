"""The deadlines of actions in somebody's own calendar."""

import pytest
from django.utils import translation
from icalendar import Calendar

from meetings.models import AgendaItem
from meetings.queries import feed
from tests.actions.factories import NOW, ActionFactory, draft
from tests.factories import UserFactory
from tests.meetings import factories

pytestmark = pytest.mark.django_db


def shown(person):
    with translation.override("en"):
        content = feed.feed(person, NOW)
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(content).walk("VEVENT")]


def test_own_open_actions_stand_in_ones_calendar():
    person = UserFactory()
    ActionFactory(owner=person, title="Close the eBay shop")
    draft(owner=person, title="Not published")
    ActionFactory(title="Somebody else's")

    assert shown(person) == ["Action due: Close the eBay shop"]


def test_an_action_of_a_confidential_item_is_not_named():
    person = UserFactory()
    meeting = factories.draft()
    item = AgendaItem.objects.filter(meeting=meeting).first()
    AgendaItem.objects.filter(pk=item.pk).update(is_confidential=True)
    ActionFactory(owner=person, title="Raise Ms Li's pay", meeting=meeting, agenda_item=item)

    assert shown(person) == ["Action due"]
