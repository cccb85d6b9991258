"""The notice that a robot or webhook is not used any more, because it was wrong too often."""

from __future__ import annotations

from typing import cast

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notices import channels, kinds, services
from notices.kinds import Category, Kind, Priority
from notices.models import Endpoint, Notice
from people import queries as people
from people.models import User, UserQuerySet

CODE = "notices.endpoint_stopped"


def register() -> None:
    kinds.register(
        Kind(
            code=CODE,
            label=_("Chat robots"),
            icon="alert-triangle",
            title=lambda notice: (
                gettext("“%(name)s” gets no more messages") % {"name": _endpoint(notice).name}
            ),
            body=_body,
            url=lambda notice: reverse("notices:endpoint", args=[notice.subject_id]),
            is_wanted=lambda notice: not _endpoint(notice).is_active,
            priority=Priority.URGENT,
            category=Category.OTHER,
            is_required=True,
        )
    )


def tell(endpoint: Endpoint) -> None:
    """Tell whoever can mend it."""
    for person in keepers(endpoint):
        services.tell(recipient=person, subject=endpoint, kind=CODE)


def keepers(endpoint: Endpoint) -> UserQuerySet:
    """Those who look after an endpoint: its person, the department's heads, or the administrators."""
    if endpoint.person_id is not None:
        return User.objects.active().filter(pk=endpoint.person_id)
    if endpoint.department is not None:
        return people.heads(endpoint.department)
    return people.with_role(User.Role.ADMIN)


def _body(notice: Notice) -> str:
    endpoint = _endpoint(notice)
    said = channels.of(endpoint.channel).meaning(endpoint.stopped_because) or endpoint.stopped_because
    return "\n\n".join(
        (
            gettext("It refused several messages in a row, so it was switched off. It said:"),
            said,
            gettext("Correct its address or secret, try it out, and switch it on again."),
        )
    )


def _endpoint(notice: Notice) -> Endpoint:
    return cast("Endpoint", notice.subject)
