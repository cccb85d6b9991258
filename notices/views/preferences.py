"""How notices reach a person, and the custom of a department."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from notices import addresses, preferences
from notices.forms import ChoicesForm, HoursForm
from notices.kinds import Category
from notices.preferences import BY_DEFAULT, Choices
from people.models import Department, Membership, User


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The person's own quiet hours and choices."""
    person = request.user
    choices = Choices([person])
    form = ChoicesForm(
        request.POST if request.method == "POST" else None,
        present={category: choices.of(person, category) for category in Category},
        inherited={category: choices.inherited(person, category) for category in Category},
    )
    hours = HoursForm(form.data if form.is_bound else None, instance=User.objects.get(pk=person.pk))
    if request.method == "POST" and all([form.is_valid(), hours.is_valid()]):
        with transaction.atomic():
            hours.instance.save(update_fields=hours.Meta.fields)
            preferences.set_own(person=person, choices=form.choices())
        messages.success(request, _("Saved. It counts from now on."))
        return redirect("notices:preferences")
    context = {
        "form": form,
        "hours": hours,
        "refused": addresses.suspects([person.email]).get(person.email),
        "headed": [m.department for m in person.memberships_list if m.role in Membership.HEADS],
    }
    return render(request, "notices/preferences.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def of_department(request: HttpRequest, code: str) -> HttpResponse:
    """What counts for everybody of the department who has chosen nothing; set by its heads."""
    department = get_object_or_404(Department, code=code)
    if not _may_set(request.user, department):
        raise Http404
    present = preferences.of_department(department)
    form = ChoicesForm(
        request.POST if request.method == "POST" else None,
        present={category: present.get(category, BY_DEFAULT) for category in Category},
        inherited=dict.fromkeys(Category, BY_DEFAULT),
    )
    if request.method == "POST" and form.is_valid():
        preferences.set_of_department(department=department, choices=form.choices(), by=request.user)
        messages.success(
            request, _("Saved. It counts for everybody of the department who has chosen nothing.")
        )
        return redirect("notices:department_preferences", code=code)
    context = {"form": form, "department": department}
    return render(request, "notices/preferences.html", context, status=422 if form.is_bound else 200)


def _may_set(user: User, department: Department) -> bool:
    return user.has_role(User.Role.ADMIN) or department.pk in user.headed_department_ids
