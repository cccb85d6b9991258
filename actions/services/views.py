"""Keeping views of the list."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actions.models import SavedView
from people.models import User


@transaction.atomic
def keep_view(*, view: SavedView, by: User, now: datetime, **what: Any) -> SavedView:
    """Save a new view or a changed one. Of one person only one opens first: the last that was made so."""
    for name, value in what.items():
        setattr(view, name, value)
    if view.pk is None:
        view.owner, view.created_at = by, now
        view.position = SavedView.objects.filter(owner=by).count()
    if view.is_default:
        SavedView.objects.filter(owner=by, is_default=True).exclude(pk=view.pk).update(is_default=False)
    view.save()
    return view


@transaction.atomic
def keep_columns(*, view: SavedView | None, columns: list[str], by: User, now: datetime) -> SavedView:
    """Somebody's columns: those of the view they have open, if it is their own, else the ones of their usual list."""
    if view is None or view.owner_id != by.pk:
        view = SavedView.objects.filter(owner=by, is_default=True).first()
    if view is None:
        name = _("My list")
        taken = SavedView.objects.filter(owner=by, name=name).first()
        view = taken or SavedView(name=name)
        view.is_default = True
    return keep_view(view=view, by=by, now=now, columns=columns)
