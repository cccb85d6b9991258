"""The administration of meeting types: a used version stays, the next one can be changed."""

import pytest
from django.urls import reverse

from meetings import library
from meetings.models import Template, TemplateModule
from tests.factories import UserFactory
from tests.meetings import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def admin(client):
    user = UserFactory(language="en", roles=["admin"], is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", ["template", "meeting", "clockrule", "tolerance"])
def test_lists_open(client, admin, model):
    factories.scheduled()

    assert client.get(reverse(f"admin:meetings_{model}_changelist")).status_code == 200


def test_unused_type_can_be_changed_and_a_used_one_only_read(client, admin):
    unused, used = factories.template("year-end-review"), factories.scheduled().template

    def page(template):
        return client.get(reverse("admin:meetings_template_change", args=[template.pk])).text

    assert 'name="name_en"' in page(unused)
    assert 'name="name_en"' not in page(used)


def test_action_makes_the_next_version(client, admin):
    used = factories.scheduled().template

    client.post(
        reverse("admin:meetings_template_changelist"),
        {"action": "make_next_version", "_selected_action": [used.pk]},
    )

    latest = Template.objects.current().get(code=used.code)
    assert latest.version == 2
    assert 'name="name_en"' in client.get(reverse("admin:meetings_template_change", args=[latest.pk])).text


def test_library_may_be_loaded_any_number_of_times():
    library.ensure()
    before = (Template.objects.count(), TemplateModule.objects.count())
    sales = TemplateModule.objects.filter(template__code="business-review", title_en="Sales")
    sales.update(report_minutes=25)

    library.ensure()

    assert (Template.objects.count(), TemplateModule.objects.count()) == before
    assert sales.get().report_minutes == 25


@pytest.mark.parametrize("text", library.TYPES, ids=lambda text: text.code)
def test_library_texts_are_whole(text):
    for part in text.modules:
        assert part.title_en
        assert part.title_zh
        assert part.questions or part.kind == "break"
        assert all(en and zh for en, zh in part.questions)
        assert part.presenter != "department" or part.department
