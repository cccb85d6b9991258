"""Types of meeting: the list, one with its versions, and changing, copying, retiring them."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.text import typed
from meetings import rules
from meetings.errors import Conflict, NotAllowed
from meetings.forms.types import CopyForm, TypeForms
from meetings.models import Template
from meetings.queries import types as queries
from meetings.services import templates
from meetings.type_plan import TypePlan

SAVE, OVERWRITE = "save", "overwrite"


def _for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 for who may not know of types of meeting."""

    @wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not rules.can_read_types(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def _for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 for who may not know of them, 403 for who may read but not change them."""

    @wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not rules.can_change_types(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return _for_readers(checked)


@require_safe
@_for_readers
def index(request: HttpRequest) -> HttpResponse:
    offered, retired = queries.rows(request.user)
    context = {
        "offered": offered,
        "retired": retired,
        "too_long": sum(row.over > 0 for row in offered),
        "can_change": rules.can_change_types(request.user),
    }
    return render(request, "meetings/types/list.html", context)


@require_safe
@_for_readers
def detail(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    """The version that counts (or the last one of a retired type), or the one that was asked for."""
    versions = list(queries.versions_of(code))
    if not versions:
        raise Http404
    if version is None:
        shown = next((one for one in versions if one.is_current), versions[0])
    else:
        shown = next((one for one in versions if one.version == version), None)
        if shown is None:
            raise Http404
    parts = queries.parts(shown)
    total = sum(part.module.minutes for part in parts)
    context = {
        "template": shown,
        "parts": parts,
        "total": total,
        "over": total - shown.planned_minutes,
        "free": shown.planned_minutes - total,
        "rhythm": queries.rhythm_words(shown.usual_rule),
        "versions": queries.story(versions, request.user),
        "is_retired": not any(one.is_current for one in versions),
        "held": queries.held(code, request.user),
        "can_change": rules.can_change_types(request.user),
        "can_schedule": rules.can_schedule(request.user),
    }
    return render(request, "meetings/types/detail.html", context)


@require_http_methods(["GET", "POST"])
@_for_editors
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The whole type in one form: shown, changed by one step (nothing is stored), or saved."""
    template = get_object_or_404(Template.objects.current(), code=code)
    data = request.POST if request.method == "POST" else None
    do = data.get("do", SAVE) if data is not None else ""
    is_saving = do in (SAVE, OVERWRITE)
    step = "" if is_saving else do
    forms = TypeForms(template=template, data=data, step=step)
    context = {"forms": forms, "template": template, "agenda": forms.agenda}
    status = 200
    if is_saving and forms.is_valid():
        digest = typed(request.POST, "theirs" if do == OVERWRITE else "digest")
        try:
            return _saved(request, template, forms.plan(), digest)
        except Conflict as conflict:
            # Somebody else was faster: what they have is shown beside what was typed, which stays.
            forms.type.add_error(None, str(conflict))
            theirs = TypePlan.of(template)
            context["theirs"] = theirs.digest
            context["differences"] = queries.Words.load().changes(theirs, forms.plan())
            status = 409
    if request.htmx and step:
        return render(request, "meetings/types/form.html#step", {**context, "out_of_band": True})
    context["is_used"] = templates.is_used(template=template)
    return render(request, "meetings/types/form.html", context, status=status)


def _saved(request: HttpRequest, template: Template, plan: TypePlan, digest: str) -> HttpResponse:
    made = templates.save(template=template, plan=plan, digest=digest, by=request.user)
    if made.version == template.version:
        words = _("Saved. New meetings of this type begin with it.")
    else:
        words = _(
            "Version %(number)d is saved and counts from now on. "
            "Meetings that were scheduled before keep the version they came from."
        ) % {"number": made.version}
    messages.success(request, words)
    return redirect("meetings:template", made.code)


@require_http_methods(["GET", "POST"])
@_for_editors
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """A new type that begins with the content of this one."""
    template = _latest(code)
    initial = {
        "name_en": queries.name_of_copy(template.name_en, "en"),
        "name_zh": queries.name_of_copy(template.name_zh, "zh-hans"),
        "code": f"{template.code[:35]}-copy",
    }
    form = CopyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = templates.copy(template=template, by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error("code", str(reason))
        else:
            messages.success(request, _("The copy is there. Change what shall be different."))
            return redirect("meetings:template_edit", made.code)
    return render(request, "meetings/types/copy.html", {"template": template, "form": form})


@require_POST
@_for_editors
def retire(request: HttpRequest, code: str) -> HttpResponse:
    template = _latest(code)
    try:
        templates.retire(template=template, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(
            request,
            _("“%(name)s” is not offered any more. Its meetings stay as they are.") % {"name": template.name},
        )
    return redirect("meetings:template", code)


@require_POST
@_for_editors
def bring_back(request: HttpRequest, code: str) -> HttpResponse:
    _latest(code)
    try:
        template = templates.bring_back(code=code, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("“%(name)s” is offered again.") % {"name": template.name})
    return redirect("meetings:template", code)


def _latest(code: str) -> Template:
    """The version on offer, or the last one of a retired type."""
    template = queries.latest(code)
    if template is None:
        raise Http404
    return template
