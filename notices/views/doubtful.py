"""What an administrator has to look at: doubtful and refused mails, and refused addresses."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from notices import addresses, doubts, entries, queries, troubles
from notices.models import Notice, Post
from people.models import User

PAGE_SIZE = 30


@require_GET
def doubtful(request: HttpRequest) -> HttpResponse:
    """Mails that may or may not have arrived; `?state=bounced` for those that were refused."""
    if not doubts.may_look(request.user):
        raise Http404
    is_bounced = request.GET.get("state") == Notice.State.BOUNCED
    shown = doubts.in_state(Notice.State.BOUNCED if is_bounced else Notice.State.UNCERTAIN)
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "mails": entries.of(queries.with_subjects(page.object_list), request.user),
        "is_bounced": is_bounced,
        "doubtful_posts": Post.objects.filter(state=Post.State.UNCERTAIN).count(),
        "refused_addresses": addresses.visible_to(request.user).count(),
    }
    return render(request, "notices/doubtful.html", context)


@require_POST
def settle(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """`arrived`, or `again`: mail it once more."""
    if not doubts.may_look(request.user) or verb not in doubts.VERBS:
        raise Http404
    notice = get_object_or_404(Notice, pk=pk)
    if not doubts.VERBS[verb](notice=notice, by=request.user):
        messages.info(request, _("This mail is not doubtful any more."))
    elif verb == "arrived":
        messages.success(request, _("Noted that it arrived."))
    else:
        messages.success(request, _("It is sent again, recognisable as a repetition."))
    troubles.look_again()
    return redirect("notices:doubtful")


@require_GET
def addresses_refused(request: HttpRequest) -> HttpResponse:
    """Addresses that mail servers refuse, for whoever may put them right."""
    refused = list(addresses.visible_to(request.user).order_by("-last_refused_at"))
    if not refused and not (doubts.may_look(request.user) or request.user.headed_department_ids):
        raise Http404
    people = {
        person.email: person for person in User.objects.filter(email__in=[one.email for one in refused])
    }
    rows = [{"address": one, "person": people.get(one.email)} for one in refused]
    return render(
        request, "notices/addresses.html", {"rows": rows, "may_look": doubts.may_look(request.user)}
    )


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail goes there again."""
    address = get_object_or_404(addresses.visible_to(request.user), pk=pk)
    if addresses.release(address=address, by=request.user):
        messages.success(request, _("Mail goes to %(email)s again.") % {"email": address.email})
    troubles.look_again()
    return redirect("notices:addresses")
