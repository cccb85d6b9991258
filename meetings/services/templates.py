"""Types of meeting: a version that was used stays as it was, changes go into the next one."""

from django.db import transaction
from django.db.models import Max

from core import history
from meetings.models import Template, TemplateDocument, TemplateModule
from people.models import User


@transaction.atomic
def next_version(*, template: Template, by: User) -> Template:
    """A copy with the next number, with modules and documents, offered for new meetings in the place of the old one."""
    same = Template.objects.select_for_update().filter(code=template.code)
    number = (same.aggregate(last=Max("version"))["last"] or 0) + 1
    same.filter(is_current=True).update(is_current=False)
    copy = Template.objects.get(pk=template.pk)
    copy.pk, copy.version, copy.is_current = None, number, True
    copy.save(force_insert=True)
    for module in template.modules.prefetch_related("documents").order_by("order"):
        _copy_module(module, copy)
    history.record(
        actor=by, verb="meetings.template_version", target=copy, before=template.version, after=number
    )
    return copy


def _copy_module(module: TemplateModule, template: Template) -> None:
    documents = list(module.documents.all())
    module = TemplateModule.objects.get(pk=module.pk)
    module.pk, module.template = None, template
    module.save(force_insert=True)
    for document in documents:
        document.pk, document.module = None, module
    TemplateDocument.objects.bulk_create(documents)
