"""Types of meeting: a version that was used stays as it was, changes go into the next one."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import history
from meetings.errors import Conflict, NotAllowed
from meetings.models import Template, TemplateDocument, TemplateModule
from meetings.type_plan import TypePlan
from people.models import User


@transaction.atomic
def save(*, template: Template, plan: TypePlan, digest: str, by: User) -> Template:
    """Take over a changed type; returns the version that holds it. A version that meetings or series were made from
    stays as it is and the change becomes the next one; an unused version is changed in place.

    `digest` is the content that the form began from. Raises Conflict when somebody saved since, NotAllowed when
    this version is not offered any more.
    """
    versions = {one.pk: one for one in _locked(template.code)}
    current = versions.get(template.pk)
    if current is None or not current.is_current:
        raise _newer(template, digest)
    before = TypePlan.of(current)
    if before.digest != digest:
        raise _newer(template, digest)
    if before.digest == plan.digest:
        return current
    if is_used(template=current):
        return _as_next_version(current, plan, before, max(one.version for one in versions.values()) + 1, by)
    for name, value in plan.columns.items():
        setattr(current, name, value)
    current.full_clean()
    current.save(update_fields=list(plan.columns))
    _write_modules(current, plan)
    history.record(
        actor=by,
        verb="meetings.template_changed",
        target=current,
        before=before.facts(),
        after=plan.facts(),
    )
    return current


@transaction.atomic
def copy(*, template: Template, code: str, name_en: str, name_zh: str, by: User) -> Template:
    """A new type that begins with the content of this version, under its own code and names.

    Raises NotAllowed when a type already has this code.
    """
    if Template.objects.filter(code=code).exists():
        raise NotAllowed(_("A type of meeting with this code exists already. Choose another code."))
    made = Template.objects.get(pk=template.pk)
    made.pk, made.version, made.is_current = None, 1, True
    made.code, made.name_en, made.name_zh = code, name_en, name_zh
    made.position = (Template.objects.aggregate(last=Max("position"))["last"] or 0) + 10
    made.full_clean()
    made.save(force_insert=True)
    _copy_modules(template, made)
    history.record(
        actor=by,
        verb="meetings.template_copied",
        target=made,
        after={"from": template.code, "version": template.version},
    )
    return made


@transaction.atomic
def retire(*, template: Template, by: User) -> None:
    """Offer a type no more. Its meetings and versions stay. Raises NotAllowed when it was retired already."""
    if not _locked(template.code).filter(is_current=True).update(is_current=False):
        raise NotAllowed(_("This type of meeting is not offered any more as it is."))
    history.record(actor=by, verb="meetings.template_retired", target=template)


@transaction.atomic
def bring_back(*, code: str, by: User) -> Template:
    """Offer the latest version of a retired type again. Raises NotAllowed when it is offered, or there is none."""
    versions = sorted(_locked(code), key=lambda one: one.version)
    if not versions or any(one.is_current for one in versions):
        raise NotAllowed(_("This type of meeting is offered already."))
    latest = versions[-1]
    latest.is_current = True
    latest.save(update_fields=["is_current"])
    history.record(actor=by, verb="meetings.template_brought_back", target=latest)
    return latest


@transaction.atomic
def next_version(*, template: Template, by: User) -> Template:
    """A copy with the next number, with modules and documents, offered for new meetings in the place of the old one."""
    number = max(one.version for one in _locked(template.code)) + 1
    Template.objects.filter(code=template.code, is_current=True).update(is_current=False)
    made = Template.objects.get(pk=template.pk)
    made.pk, made.version, made.is_current = None, number, True
    made.save(force_insert=True)
    _copy_modules(template, made)
    history.record(
        actor=by, verb="meetings.template_version", target=made, before=template.version, after=number
    )
    return made


def is_used(*, template: Template) -> bool:
    """Whether a meeting or a series was made from this very version."""
    return template.meetings.exists() or template.series.exists()


# --- rows -------------------------------------------------------------------------------------------------
def _locked(code: str):
    """All versions of a type, locked: a meeting cannot be made from one meanwhile."""
    return Template.objects.select_for_update().filter(code=code)


def _newer(template: Template, digest: str) -> Conflict:
    return Conflict(
        _(
            "Somebody else has changed this type of meeting since you opened it. Nothing of yours was saved and "
            "nothing is lost: see below what differs, and decide."
        ),
        theirs=template.code,
        yours=digest,
    )


def _as_next_version(current: Template, plan: TypePlan, before: TypePlan, number: int, by: User) -> Template:
    Template.objects.filter(pk=current.pk).update(is_current=False)
    made = Template(code=current.code, version=number, position=current.position, **plan.columns)
    made.full_clean()
    made.save(force_insert=True)
    _write_modules(made, plan)
    history.record(
        actor=by,
        verb="meetings.template_version",
        target=made,
        before={"version": current.version, **before.facts()},
        after={"version": number, **plan.facts()},
    )
    return made


def _write_modules(template: Template, plan: TypePlan) -> None:
    """Make the modules those of the plan. Modules that stay keep their row."""
    existing = {module.pk: module for module in template.modules.all()}
    kept = {module.module_id for module in plan.modules if module.module_id in existing}
    template.modules.exclude(pk__in=kept).delete()
    TemplateDocument.objects.filter(module__in=kept).delete()
    documents = []
    for order, part in enumerate(plan.modules, start=1):
        row = existing.pop(part.module_id, None) if part.module_id else None
        row = row or TemplateModule(template=template)
        row.order = order
        for name, value in part.columns().items():
            setattr(row, name, value)
        row.save()
        documents += part.rows_of_documents(row)
    TemplateDocument.objects.bulk_create(documents)


def _copy_modules(template: Template, made: Template) -> None:
    for module in template.modules.prefetch_related("documents").order_by("order"):
        documents = list(module.documents.all())
        copied = TemplateModule.objects.get(pk=module.pk)
        copied.pk, copied.template = None, made
        copied.save(force_insert=True)
        for document in documents:
            document.pk, document.module = None, copied
        TemplateDocument.objects.bulk_create(documents)
