import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from people import queries
from people.departments import ensure_standard
from people.models import Department, Membership, User, sort_key
from tests.factories import DepartmentFactory, MembershipFactory, UserFactory, lead, member

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-enough-secret"


def test_addresses_differ_only_by_more_than_capitals():
    User.objects.create_user("Ann@Example.com", PASSWORD)

    with pytest.raises(ValidationError) as error:
        User.objects.create_user("ann@example.COM", PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="ANN@example.com")

    assert "email" in error.value.message_dict


def test_unknown_role_and_time_zone_are_refused():
    with pytest.raises(ValidationError) as error:
        User.objects.create_user("ann@example.com", PASSWORD, roles=["emperor"], time_zone="Mars/Olympus")

    assert set(error.value.message_dict) == {"roles", "time_zone"}


def test_names_are_sorted_by_pinyin():
    for name in ["周立群", "Bob", "陈默", "李想"]:
        UserFactory(name=name)

    assert [user.name for user in queries.colleagues()] == ["Bob", "陈默", "李想", "周立群"]
    assert sort_key("李想") == "li xiang"


def test_leads_are_active_leads_of_that_department():
    expected = lead("sales", name="王芳")
    lead("marketing")
    member("sales")
    lead("sales", is_active=False)

    assert list(queries.leads(DepartmentFactory(code="sales"))) == [expected]


def test_membership_once_per_department():
    membership = MembershipFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(user=membership.user, department=membership.department, role=Membership.Role.LEAD)


def test_company_roles_read_everything_only_while_active():
    boss = UserFactory(roles=[User.Role.EXECUTIVE])
    gone = UserFactory(roles=[User.Role.EXECUTIVE], is_active=False)

    assert boss.sees_all
    assert not gone.sees_all
    assert not UserFactory().sees_all


def test_standard_departments_are_created_once_and_keep_their_own_names():
    ensure_standard()
    Department.objects.filter(code="sales").update(name_zh="华东销售部")
    ensure_standard()

    assert Department.objects.get(code="sales").name_zh == "华东销售部"
    assert list(Department.objects.in_order().values_list("code", flat=True)) == [
        "sales",
        "marketing",
        "supply",
        "finance",
        "tech",
        "service",
        "operations",
    ]


def test_login_by_email_in_any_spelling(client):
    User.objects.create_user("ann@example.com", PASSWORD)

    response = client.post(reverse("account_login"), {"login": "Ann@Example.com", "password": PASSWORD})

    assert response.status_code == 302
    assert response.url == "/"


def test_wrong_password_says_so_and_keeps_the_address(client):
    User.objects.create_user("ann@example.com", PASSWORD)

    response = client.post(reverse("account_login"), {"login": "ann@example.com", "password": "wrong"})

    assert response.status_code == 200
    assert "ann@example.com" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_people_who_left_cannot_log_in(client):
    user = User.objects.create_user("ann@example.com", PASSWORD)
    user.is_active = False
    user.save(update_fields=["is_active"])

    client.post(reverse("account_login"), {"login": "ann@example.com", "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_deactivation_ends_running_sessions(client):
    user = UserFactory()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    response = client.get("/")

    assert response.status_code == 302


def test_nobody_signs_up_alone(client):
    response = client.post(
        reverse("account_signup"), {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert not User.objects.filter(email="eve@example.com").exists()
    assert response.status_code == 200
