"""One change of many actions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from actions import bulk
from actions.bulk import Outcome
from actions.forms.bulk import BulkForm
from actions.models import Action
from core.text import whole

# So many of those left as they were are named one by one.
MOST_NAMED = 8


@require_http_methods(["GET", "POST"])
def bulk_edit(request: HttpRequest) -> HttpResponse:
    """What is to change in these? Those one may not see are as if they had not been asked for."""
    data = request.POST if request.method == "POST" else request.GET
    back = _back(request, data.get("back", ""))
    actions = list(_chosen(request, data))
    if not actions:
        messages.info(request, _("Select at least one action first."))
        return redirect(back)
    form = BulkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["change"]
        outcome = bulk.apply(actions, code, form.cleaned_data, by=request.user, now=timezone.now())
        _tell(request, outcome)
        return redirect(back)
    context = {"form": form, "actions": actions, "back": back, "now": timezone.now(), "most": bulk.MOST}
    return render(request, "actions/bulk.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, data: QueryDict) -> list[Action]:
    keys = {whole(key) for key in data.getlist("action")[: bulk.MOST]}
    return list(
        Action.objects.visible_to(request.user).filter(pk__in=keys).with_people().order_by("due_at", "pk")
    )


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    if outcome.changed:
        words = ngettext("%(n)d action changed.", "%(n)d actions changed.", outcome.changed)
        messages.success(request, words % {"n": outcome.changed})
    if not outcome.left:
        return
    number = len(outcome.left)
    words = ngettext("%(n)d was left as it was:", "%(n)d were left as they were:", number) % {"n": number}
    colon = pgettext("between a field's name and its error", ": ")
    lines = [f"{action.reference} {action.title}{colon}{why}" for action, why in outcome.left[:MOST_NAMED]]
    if number > MOST_NAMED:
        lines.append(_("and %(n)d more.") % {"n": number - MOST_NAMED})
    messages.warning(request, "\n".join([words, *lines]))


def _back(request: HttpRequest, url: str) -> str:
    """The list as it was, if that is where the address leads."""
    home = reverse("actions:list")
    is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None, require_https=request.is_secure())
    return url if is_ours and url.startswith(home) else home
