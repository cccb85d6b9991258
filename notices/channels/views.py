"""The pages of chat robots and webhooks."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notices import channels
from notices.channels import queries, rules, services
from notices.channels.forms import EndpointForm, Step
from notices.kinds import Category
from notices.models import Endpoint, Post

PAGE_SIZE = 25
SHOWN_ONCE = "notices.secret_shown_once"


@require_safe
def endpoints(request: HttpRequest) -> HttpResponse:
    """The robots and webhooks that the person looks after."""
    return render(request, "notices/endpoints.html", {"endpoints": list(queries.listed(request.user))})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = EndpointForm(_posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        person, department = form.owner(request.user)
        try:
            endpoint = services.add(
                **_fields(form), channel=form.cleaned_data["channel"], person=person, department=department,
                by=request.user,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if endpoint.channel == Endpoint.Channel.WEBHOOK and not form.cleaned_data["secret"]:
                request.session[SHOWN_ONCE] = [endpoint.pk, endpoint.secret]
            messages.success(request, _("Set up. Send a trial message to see whether it arrives."))
            return redirect("notices:endpoint", pk=endpoint.pk)
    return render(request, "notices/endpoint_form.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """One endpoint, and what was sent to it."""
    found = get_object_or_404(queries.listed(request.user), pk=pk)
    posts = (
        Post.objects.filter(endpoint=found).select_related("endpoint", "notice__recipient").order_by("-pk")
    )
    page = Paginator(posts, PAGE_SIZE).get_page(request.GET.get("page"))
    shown_pk, secret = request.session.pop(SHOWN_ONCE, (None, ""))
    context = {
        "endpoint": found,
        "page": page,
        "lines": queries.lines(page.object_list, request.user),
        "said": channels.of(found.channel).meaning(found.stopped_because),
        "secret": secret if shown_pk == found.pk else "",
        "categories": [category.label for category in _categories(found)],
    }
    return render(request, "notices/endpoint.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    form = EndpointForm(_posted(request), user=request.user, endpoint=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(endpoint=found, **_fields(form), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. It counts from now on."))
            return redirect("notices:endpoint", pk=pk)
    context = {"form": form, "endpoint": found}
    return render(request, "notices/endpoint_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Try out, switch on or off, remove."""
    if verb not in Step.values:
        raise Http404
    found = _kept(request, pk)
    if verb == Step.REMOVE:
        services.remove(endpoint=found, by=request.user)
        messages.success(request, _("“%(name)s” is removed.") % {"name": found.name})
        return redirect("notices:endpoints")
    if verb == Step.TRY:
        _try_out(request, found)
    else:
        services.switch(endpoint=found, on=verb == Step.ON, by=request.user)
    return redirect("notices:endpoint", pk=pk)


@require_POST
def send_again(request: HttpRequest, pk: int, post_pk: int) -> HttpResponse:
    found = _kept(request, pk)
    post = get_object_or_404(Post.objects.filter(endpoint=found), pk=post_pk)
    try:
        services.send_again(post=post, now=timezone.now())
    except services.NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It goes out again now."))
    return redirect("notices:endpoint", pk=pk)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was typed; an empty form that is sent is wrong, not new."""
    return request.POST if request.method == "POST" else None


def _try_out(request: HttpRequest, found: Endpoint) -> None:
    try:
        tried = services.try_out(endpoint=found)
    except services.NotPossible as error:
        messages.error(request, str(error))
        return
    words = tried.sentence
    if tried.words:
        words = _("%(sentence)s It said: %(words)s") % {"sentence": tried.sentence, "words": tried.words}
    (messages.success if tried.is_fine else messages.error)(request, words)


def _kept(request: HttpRequest, pk: int) -> Endpoint:
    found = get_object_or_404(Endpoint.objects.visible_to(request.user), pk=pk)
    if not rules.can_keep(request.user, found):
        raise PermissionDenied
    return found


def _fields(form: EndpointForm) -> dict[str, object]:
    names = ("name", "address", "secret", "language", "categories")
    return {name: form.cleaned_data.get(name, "") for name in names}


def _categories(found: Endpoint) -> list[Category]:
    return [category for category in Category if category in found.categories]
