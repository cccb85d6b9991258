"""The trial notice, with which an administrator sees whether mail arrives: `manage.py dispatch --trial E-MAIL`."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notices import kinds, services
from notices.kinds import Kind
from notices.models import Notice
from people.models import User

CODE = "notices.trial"


def register() -> None:
    kinds.register(
        Kind(
            code=CODE,
            is_required=True,
            label=_("Trial"),
            title=lambda notice: gettext("A trial notice from Fupan"),
            body=lambda notice: gettext("If you can read this, notices reach you. There is nothing to do."),
            url=lambda notice: reverse("notices:list"),
            bundle=False,
        )
    )


def send_to(person: User) -> Notice:
    """Promise a trial notice for now."""
    return services.tell(recipient=person, subject=person, kind=CODE)
