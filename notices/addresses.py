"""E-mail addresses that mail servers refuse: after three refusals in a row nothing is mailed there any more.

Whoever can put it right is told, in their list of notices: the heads of the person's departments and administrators.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from core import history
from notices import kinds, services
from notices.kinds import Category, Kind
from notices.models import Address
from people.models import Membership, User

CODE = "notices.address_refused"
NOT_MAILED = gettext_noop("Nothing is mailed to this address any more; its mail server said:")


def register() -> None:
    kinds.register(
        Kind(
            code=CODE,
            label=_("Mail refused"),
            icon="mail",
            category=Category.OTHER,
            email=False,
            is_wanted=lambda notice: cast("Address", notice.subject).flagged_at is not None,
            title=lambda notice: (
                gettext("Nothing is mailed to %(email)s any more: its mail server refuses it")
                % {"email": cast("Address", notice.subject).email}
            ),
            url=lambda notice: reverse("notices:addresses"),
            may_read=lambda user, ids: set(visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)),
        )
    )


def visible_to(user: User) -> models.QuerySet[Address]:
    """Refused addresses the person may see and release: all as an administrator, else those of their departments."""
    refused = Address.objects.filter(refusals__gt=0)
    if user.has_role(User.Role.ADMIN):
        return refused
    people = User.objects.filter(memberships__department__in=user.headed_department_ids)
    return refused.filter(email__in=people.values("email"))


def suspects(emails: Iterable[str]) -> dict[str, Address]:
    """Those of the addresses that were refused lately."""
    return {
        address.email: address for address in Address.objects.filter(email__in=set(emails), refusals__gt=0)
    }


def accepted(email: str) -> None:
    """Its mail server has taken a mail: whatever was wrong is over."""
    Address.objects.filter(email=email).update(refusals=0)


def refused(*, person: User, reply: str) -> None:
    """Its mail server has refused the address for good; the third time in a row it gets no more mail."""
    with transaction.atomic():
        address, _is_new = Address.objects.select_for_update().get_or_create(email=person.email)
        Address.objects.filter(pk=address.pk).update(
            refusals=F("refusals") + 1, last_reply=reply[:1000], last_refused_at=Now()
        )
        address.refresh_from_db()
        if address.refusals < Address.MOST_REFUSALS or address.flagged_at:
            return
        Address.objects.filter(pk=address.pk).update(flagged_at=Now(), released_at=None, released_by=None)
        address.refresh_from_db()
        for other in _who_can_mend(person):
            services.tell(recipient=other, subject=address, kind=CODE, at=address.flagged_at)


def release(*, address: Address, by: User) -> bool:
    """Mail goes there again. False when somebody else was faster."""
    with transaction.atomic():
        released = Address.objects.filter(pk=address.pk, refusals__gt=0).update(
            refusals=0, flagged_at=None, released_by=by, released_at=Now()
        )
        if released:
            services.withdraw(subject=address)
            history.record(actor=by, verb="released", target=address, before={"reply": address.last_reply})
        return bool(released)


def why_not(address: Address) -> str:
    """The note of a notice that was not mailed because of its address."""
    return f"{NOT_MAILED} {address.last_reply}"[:1000]


def _who_can_mend(person: User) -> models.QuerySet[User]:
    heads = Membership.objects.filter(role__in=Membership.HEADS, department__memberships__user=person).values(
        "user"
    )
    admins = User.objects.with_role(User.Role.ADMIN).values("pk")
    return (
        User.objects.active().filter(models.Q(pk__in=heads) | models.Q(pk__in=admins)).exclude(pk=person.pk)
    )
