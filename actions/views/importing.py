"""Actions from a file: hand it in, look at every line, take it over."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions.errors import NotPossible
from actions.forms.imports import ImportForm, TakeOverForm
from actions.imports import comparing
from actions.imports.page import shown_lines
from actions.imports.reading import MOST_BYTES
from actions.imports.records import Unreadable
from actions.models import ActionImport
from actions.services import imports as services
from core.limits import body_limit

# So many earlier files are named on the page.
MOST_EARLIER = 10
# The file and the rest of the form around it.
MOST_SENT = MOST_BYTES + 1024 * 1024


@body_limit(lambda: MOST_SENT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_index(request: HttpRequest) -> HttpResponse:
    """Where a list is handed in. Reading it writes nothing but what would become of its lines."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = services.look_at(name=file.name, content=file.read(), by=request.user, now=timezone.now())
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            return redirect("actions:import", found.pk)
    earlier = _mine(request).defer("rows").order_by("-at", "-pk")[:MOST_EARLIER]
    context = {"form": form, "earlier": earlier, "max_bytes": MOST_BYTES}
    return render(request, "actions/import/index.html", context, status=422 if form.errors else 200)


@require_GET
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Every line of the file and what would become of it; afterwards, what became of it."""
    return _show(request, get_object_or_404(_mine(request), pk=pk))


@require_POST
def import_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    imported = get_object_or_404(_mine(request), pk=pk)
    form = _form(imported, request.POST)
    if not form.is_valid():
        return _show(request, imported, form=form, status=422)
    said, now = form.cleaned_data, timezone.now()
    try:
        services.take_over(
            imported=imported,
            by=request.user,
            now=now,
            reason=said.get("reason", ""),
            as_promises=said.get("publish", False),
        )
    except services.ChangedMeanwhile as error:
        imported = services.look_again(imported=imported, by=request.user, now=now)
        return _show(request, imported, refused=str(error), status=409)
    except NotPossible as error:
        return _show(request, imported, form=form, refused=str(error), status=422)
    return redirect("actions:import", imported.pk)


@require_POST
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        services.drop(imported=get_object_or_404(_mine(request), pk=pk), by=request.user)
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect("actions:import", pk)
    messages.success(request, _("The file is put away; nothing of it was taken over."))
    return redirect("actions:imports")


def _mine(request: HttpRequest) -> QuerySet[ActionImport]:
    """A file is for whoever handed it in: what it shows depends on what they may read."""
    return ActionImport.objects.filter(by=request.user)


def _form(imported: ActionImport, data: Any = None) -> TakeOverForm:
    moves = any(edit["field"] in ("due", "zone") for row in imported.rows for edit in row["edits"])
    begins = any(row["change"] == comparing.NEW for row in imported.rows)
    return TakeOverForm(data, moves=moves, begins=begins)


def _show(
    request: HttpRequest,
    imported: ActionImport,
    *,
    form: TakeOverForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    groups = shown_lines(imported.rows, request.user)
    context = {
        "imported": imported,
        "groups": groups,
        "form": form or _form(imported),
        "to_write": imported.counts.get("new", 0) + imported.counts.get("changed", 0),
        "is_open": imported.state == ActionImport.State.LOOKED_AT,
        "refused": refused,
    }
    return render(request, "actions/import/detail.html", context, status=status)
