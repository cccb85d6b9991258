"""Whom a comment may name, and the files of an action."""

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions.models import Action, Attachment
from actions.queries import readers
from core import files
from meetings import lines


@require_GET
@never_cache
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom an @ may name: those who may read the action themselves."""
    action = get_object_or_404(Action.objects.visible_to(request.user).select_related("meeting"), pk=pk)
    return JsonResponse({"people": lines.choices(list(readers.of(action)))})


@require_GET
@never_cache
def attachment(request: HttpRequest, pk: int, attachment_pk: int) -> FileResponse:
    """A file of the action, for those who may read it; never shown inside the page."""
    action = get_object_or_404(Action.objects.visible_to(request.user), pk=pk)
    found = get_object_or_404(Attachment, pk=attachment_pk, action=action, removed_at=None)
    return files.download(found.file, found.file_name)
