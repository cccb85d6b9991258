"""The form of a meeting that is there, opened and saved as a browser does."""

from django.urls import reverse

from tests.meetings.test_plan_pages import form_of


def edit_url(meeting) -> str:
    return reverse("meetings:edit", args=[meeting.pk])


def opened(client, meeting) -> dict:
    return form_of(client.get(edit_url(meeting)))


def save(client, meeting, data, **changes):
    return client.post(edit_url(meeting), {**data, "do": "save", **changes})
