import pytest

from actions import services
from actions.models import Action
from tests.actions.factories import NOW, ActionFactory
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_who_was_asked_for_help_reads_the_action_only_while_it_is_blocked():
    helper = UserFactory()
    action = ActionFactory()
    services.start(action=action, by=action.owner, now=NOW)
    services.block(
        action=action, by=action.owner, now=NOW, reason="No access to the report", needs_person=helper
    )

    assert Action.objects.visible_to(helper).get() == action

    services.lift(action=Action.objects.get(), by=action.owner, now=NOW)

    assert not Action.objects.visible_to(helper).exists()
