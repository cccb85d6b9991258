from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core import history
from metrics.models import ExchangeRate, Metric
from metrics.services import dictionary
from people.models import User
from tests.factories import UserFactory
from tests.metrics import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FIELDS = {
    "definition_en": "Sales per piece.",
    "definition_zh": "每件销售额。",
    "formula": "product_sales / units",
    "unit": "money",
    "decimals": 2,
    "direction": "up",
    "clock": "posted",
    "tax_base": "excluded",
    "pin_down_en": "",
    "pin_down_zh": "",
}


@pytest.fixture
def aov():
    builders.dictionary()
    return Metric.objects.get(code="aov")


@pytest.fixture
def admin(client):
    user = UserFactory(roles=[User.Role.ADMIN], is_staff=True, is_superuser=True)
    client.force_login(user)
    client.user = user
    return client


def test_define(aov):
    by = UserFactory()

    version = dictionary.define(metric=aov, by=by, today=date(2026, 5, 1), **FIELDS)

    aov.refresh_from_db()
    assert aov.current == version
    assert (version.number, version.aggregation, version.fingerprint) == (2, "ratio", "")
    entry = history.of(aov).get()
    assert (entry.actor, entry.after) == (by, {"number": 2, "formula": "product_sales / units"})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"formula": "product_sales / sheep"}, "There is no measure “sheep”."),
        ({"formula": "product_sales *"}, "ends too early"),
        ({"unit": "sheep"}, "sheep"),
        ({"definition_zh": ""}, "blank"),
    ],
)
def test_a_wrong_definition_is_refused_whole(aov, changes, says):
    with pytest.raises(ValidationError, match=says):
        dictionary.define(metric=aov, by=None, today=date(2026, 5, 1), **FIELDS | changes)

    assert aov.versions.count() == 1


def test_an_administrator_adds_a_version(admin, aov):
    url = reverse("admin:metrics_metricversion_add")

    wrong = admin.post(url, FIELDS | {"metric": aov.pk, "formula": "units / sheep"})
    right = admin.post(url, FIELDS | {"metric": aov.pk})

    assert "There is no measure “sheep”." in wrong.content.decode()
    assert right.status_code == 302
    aov.refresh_from_db()
    assert (aov.current.number, aov.current.formula) == (2, "product_sales / units")
    assert history.of(aov).get().actor == admin.user


def test_versions_and_measures_are_not_changed(admin, aov):
    version = reverse("admin:metrics_metricversion_change", args=[aov.current_id])

    assert admin.get(version).status_code == 200
    assert admin.post(version, FIELDS).status_code == 403
    assert admin.get(reverse("admin:metrics_measure_add")).status_code == 403
    assert admin.post(reverse("admin:metrics_metric_delete", args=[aov.pk])).status_code == 403


@pytest.mark.parametrize("model", ["metric", "metricversion", "measure", "shop", "exchangerate"])
def test_lists_open(admin, aov, model):
    ExchangeRate.objects.create(currency="EUR", base="USD", month="2026-01-01", rate=1, source="test")

    assert admin.get(reverse(f"admin:metrics_{model}_changelist")).status_code == 200


def test_a_metric_opens_with_its_versions(admin, aov):
    page = admin.get(reverse("admin:metrics_metric_change", args=[aov.pk]))

    assert "product_sales + shipping_credits" in page.content.decode()
