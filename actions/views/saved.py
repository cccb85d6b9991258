"""The views of the list that people keep, and their columns."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from actions.forms.views import SavedViewForm, WhatForm
from actions.models import SavedView
from actions.services.views import keep_columns, keep_view
from actions.showing import address, views_of
from actions.tables import ActionTable
from core.text import whole


@require_GET
def manage_views(request: HttpRequest) -> HttpResponse:
    """Which views do I keep?"""
    return _page(request)


@require_POST
def view_new(request: HttpRequest) -> HttpResponse:
    """Keep what the list shows under a name."""
    return _keep(request, SavedView(owner=request.user))


@require_POST
def view_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, shared or not, first or not; or what the list shows now in place of what was kept."""
    return _keep(request, _own(request, pk))


@require_POST
def view_remove(request: HttpRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    view.delete()
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    return redirect("actions:views")


@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Which columns, in which order."""
    places = {name: whole(request.POST.get(f"place-{name}", "")) for name in request.POST.getlist("columns")}
    chosen = ActionTable.chosen(sorted(places, key=lambda name: places[name]))
    view = SavedView.objects.filter(pk=whole(request.POST.get("view", "")), owner=request.user).first()
    kept = keep_columns(view=view, columns=chosen, by=request.user, now=timezone.now())
    back = QueryDict(request.POST.get("back", "").lstrip("?"), mutable=True)
    back.pop("columns", None)
    if not back and kept.query:
        return redirect(address(kept))
    # The address is never empty, so that the list stays what it was.
    back.setdefault("status", "open")
    return redirect(reverse("actions:list", query=back))


def _keep(request: HttpRequest, view: SavedView) -> HttpResponse:
    what = WhatForm(request.POST)
    is_new = view.pk is None
    # Saved from the list, a view of one's own keeps its name.
    form = None if not is_new and "name" not in request.POST else SavedViewForm(request.POST, instance=view)
    if not what.is_valid() or (form is not None and not form.is_valid()):
        return _page(request, view=view, form=form, what=what, status=422)
    kept = keep_view(view=view, by=request.user, now=timezone.now(), **what.values())
    said = _("The view “%(name)s” is kept.") if is_new else _("The view “%(name)s” has changed.")
    messages.success(request, said % {"name": kept.name})
    return redirect("actions:views" if form is not None and not is_new else address(kept))


def _page(
    request: HttpRequest,
    *,
    view: SavedView | None = None,
    form: SavedViewForm | None = None,
    what: WhatForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """All views, with the form that was sent and refused in its place."""
    own, shared = [], []
    for one in views_of(request.user):
        if one.owner_id != request.user.pk:
            shared.append((one, address(one)))
            continue
        bound = form if view is not None and one.pk == view.pk else None
        own.append((one, address(one), bound or SavedViewForm(instance=one, auto_id=f"view{one.pk}_%s")))
    context = {
        "own": own,
        "shared": shared,
        "new": form if view is not None and view.pk is None else None,
        "what": what,
    }
    return render(request, "actions/views.html", context, status=status)


def _own(request: HttpRequest, pk: int) -> SavedView:
    """One's own; somebody else's, even a shared one, is not there to be changed."""
    view = get_object_or_404(SavedView, pk=pk)
    if view.owner_id != request.user.pk:
        raise Http404
    return view
