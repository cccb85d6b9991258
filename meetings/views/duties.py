"""Handing in what follows a meeting, where no other page does it: words, a link, a file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from meetings import rules
from meetings.errors import NotAllowed
from meetings.forms.duties import ArtefactForm
from meetings.models import Meeting, Obligation
from meetings.services import attachments, obligations


@require_http_methods(["GET", "POST"])
@never_cache
def fulfil(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a duty was done and show what was handed over; 403 for those that another page fulfils."""
    found = _readable(request, pk)
    if found.is_fulfilled_elsewhere or not rules.can_fulfil(request.user, found):
        raise PermissionDenied
    back = reverse("meetings:minutes", args=[found.meeting_id]) + "#duties"
    if found.met_at is not None:
        return redirect(back)
    # Bound by the method, not by what came: an empty submission is told what is missing.
    form = ArtefactForm(request.POST, request.FILES) if request.method == "POST" else ArtefactForm()
    if form.is_valid():
        try:
            obligations.fulfil(obligation=found, at=timezone.now(), by=request.user, **form.cleaned_data)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Noted as done."))
            return redirect(back)
    context = {"duty": found, "meeting": found.meeting, "form": form, "now": timezone.now()}
    return render(request, "meetings/duty.html", context, status=422 if form.errors else 200)


@require_GET
@never_cache
def artefact(request: HttpRequest, pk: int) -> FileResponse:
    """The file that was handed in, as a download, for whoever may read the meeting."""
    found = _readable(request, pk)
    if not found.artefact_file:
        raise Http404
    ending = found.artefact_name.rpartition(".")[2].lower()
    kind = attachments.ALLOWED.get(ending, ("application/octet-stream", ()))[0]
    response = FileResponse(
        found.artefact_file.open("rb"), as_attachment=True, filename=found.artefact_name, content_type=kind
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _readable(request: HttpRequest, pk: int) -> Obligation:
    shown = Obligation.objects.filter(meeting__in=Meeting.objects.visible_to(request.user))
    return get_object_or_404(shown.select_related("meeting", "owner", "department"), pk=pk)
