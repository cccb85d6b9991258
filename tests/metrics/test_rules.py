import pytest

from metrics import rules
from people.models import Department, User
from tests.factories import UserFactory, data_owner, lead, member

pytestmark = pytest.mark.django_db


def test_leads_of_the_company_and_steering_roles_hand_in_reports():
    assert rules.can_upload(lead("sales"))
    assert rules.can_upload(data_owner())
    assert not rules.can_upload(member("sales"))
    assert not rules.can_upload(UserFactory())


def test_the_lead_of_an_outside_partner_has_no_say_in_the_figures():
    partner = lead("supply")
    Department.objects.filter(code="supply").update(is_external=True)

    assert not rules.can_upload(User.objects.get(pk=partner.pk))


def test_who_has_left_hands_in_nothing():
    assert not rules.can_upload(lead("sales", is_active=False))
