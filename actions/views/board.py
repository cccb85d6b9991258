"""Moving one action on from the board: by dragging, by its button, or on a page of its own without scripts."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from actions import moves
from actions.errors import NotPossible
from actions.forms import VerbForm
from actions.models import Action
from actions.verbs import VERBS


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Where can it go from here? A move (`to`, and the fields of its step) that is refused says why."""
    action = get_object_or_404(Action.objects.visible_to(request.user).with_people(), pk=pk)
    if request.method == "GET":
        return _ask(request, action)
    to = request.POST.get("to", "")
    verb = moves.verb_for(action, to)
    if not verb:
        return _ask(request, action, refused=moves.why_not(action, to), status=422)
    if not moves.may(request.user, action, verb):
        return _ask(request, action, refused=str(moves.WHO[verb]), status=403)
    step = VERBS[verb]
    form = step.form(request.POST, request.FILES, action=action, user=request.user, auto_id=f"move_{verb}_%s")
    # Dragged there, it has not been asked for words yet.
    if verb in moves.WORDED and "asked" not in request.POST:
        return _ask(request, action, wanted=to, status=422)
    if form.is_valid():
        try:
            step.run(action, form, request.user, timezone.now())
        except NotPossible as error:
            form.add_error(None, str(error))
            action = get_object_or_404(Action.objects.visible_to(request.user).with_people(), pk=pk)
    if form.errors:
        return _ask(request, action, sent=(verb, form), wanted=to, status=422)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"actions:moved": str(step.said)})})
    messages.success(request, step.said)
    return redirect(action)


def _ask(
    request: HttpRequest,
    action: Action,
    *,
    refused: str = "",
    wanted: str = "",
    sent: tuple[str, VerbForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The steps that there are; of the `wanted` one the form is open."""
    context = {
        "action": action,
        "steps": moves.steps(action, request.user, sent),
        "refused": refused,
        "wanted": wanted,
        "now": timezone.now(),
    }
    template = "actions/move.html#steps" if request.htmx else "actions/move.html"
    return render(request, template, context, status=status)
