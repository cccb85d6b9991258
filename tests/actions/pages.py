"""The address of an action and of its steps, as tests ask for them."""

from django.urls import reverse

from actions.models import Action


def url(action: Action, verb: str = "") -> str:
    return reverse("actions:act", args=[action.pk, verb]) if verb else action.get_absolute_url()


def post(client, action, verb, **fields):
    return client.post(url(action, verb), fields)
