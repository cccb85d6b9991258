"""Planning through the pages: choose, fill in, fit, save, check, send."""

import pytest
import time_machine
from django.urls import reverse

from meetings import library
from meetings.models import Meeting, Participant
from notices.models import Notice
from tests.factories import executive, host, lead, member
from tests.meetings import factories
from tests.meetings.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def planner(client):
    user = host(name="何静", language="en")
    client.force_login(user)
    return user


def form_of(response) -> dict:
    """What a browser would post from the page as it is."""
    forms = response.context["forms"]
    data = {"items-count": len(forms.items), "undo": forms.agenda.undo}
    for form in (forms.schedule, *forms.departments, *forms.items):
        for bound in form:
            value = bound.value()
            if isinstance(value, bool):
                value = "on" if value else None
            prepared = bound.field.prepare_value(value)
            widget = bound.field.widget
            shown = widget.format_value(prepared) if not isinstance(prepared, list) else prepared
            if isinstance(shown, list) and not isinstance(prepared, list):
                shown = shown[0] if shown else None
            if value is not None and shown not in (None, ""):
                data[bound.html_name] = shown if not isinstance(value, str) or value != "on" else "on"
    return data


URL = "/meetings/new/?template=business-review"


def test_types_are_offered(client, planner):
    factories.template()

    response = client.get("/meetings/new/")

    assert [one.code for one in response.context["templates"]] == [text.code for text in library.TYPES]


def test_published_agenda_is_said_to_be_over_before_anything_is_saved(client, planner):
    factories.template()

    response = client.get(URL)

    assert "295 min, 55 over" in response.text
    assert "Fit to 240" in response.text
    assert not Meeting.objects.exists()


def test_fit_undo_and_moves_store_nothing(client, planner):
    factories.template()
    data = form_of(client.get(URL))

    fitted = client.post(URL, {**data, "do": "fit"})
    undone = client.post(URL, {**form_of(fitted), "do": "undo"})
    moved = client.post(URL, {**form_of(undone), "do": "down-0"})

    assert "240 min, fits exactly" in fitted.text
    assert "295 min, 55 over" in undone.text
    assert [row["title"] for row in moved.context["agenda"].rows][:2] == [
        "Sales",
        "Opening: purpose and expectations",
    ]
    assert not Meeting.objects.exists()


def test_plan_check_and_send(client, planner):
    factories.template()
    boss, sales = executive(name="王总"), lead("sales", name="李娜")
    fitted = client.post(URL, {**form_of(client.get(URL)), "do": "fit"})

    saved = client.post(URL, {**form_of(fitted), "do": "save"})

    meeting = Meeting.objects.get()
    assert saved.url == reverse("meetings:check", args=[meeting.pk])
    assert meeting.status == Meeting.Status.DRAFT
    assert not Notice.objects.exists()
    assert dict(meeting.participants.values_list("user", "role")) == {
        planner.pk: Participant.Role.HOST,
        boss.pk: Participant.Role.EXECUTIVE,
        sales.pk: Participant.Role.PRESENTER,
    }

    page = client.get(saved.url)
    assert "What goes out to whom" in page.text
    sent = client.post(saved.url)

    meeting.refresh_from_db()
    assert sent.url == meeting.get_absolute_url()
    assert meeting.status == Meeting.Status.SCHEDULED
    assert set(Notice.objects.filter(kind="meetings.invited").values_list("recipient", flat=True)) == {
        planner.pk,
        boss.pk,
        sales.pk,
    }
    assert client.get(sent.url).status_code == 200
    assert member()  # somebody else exists and was not told
