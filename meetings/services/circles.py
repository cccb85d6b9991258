"""What becomes of what was handed in for a confidential item when the item goes."""

from django.db.models import QuerySet

from meetings.models import AgendaItem, Attachment, DecisionRequest, Issue, RequiredDocument, Statement


def close(*, items: QuerySet[AgendaItem]) -> None:
    """Call it before items are taken off an agenda, in the same transaction.

    With a confidential item goes its circle, and what hangs on it would be for all. Its files are confidential by
    themselves from now on; the documents it asked for, the decisions asked of it, the issues that were carried over
    with it and the figures that were stated for it alone go along, as comments do.
    Answers to its questions, and all of it in revisions, are kept from readers by `queries.confidential.hidden_ids`.
    """
    secret = items.filter(is_confidential=True)
    documents = RequiredDocument.objects.filter(item__in=secret)
    Attachment.objects.filter(document__in=documents).update(is_confidential=True)
    documents.delete()
    DecisionRequest.objects.filter(item__in=secret).delete()
    Issue.objects.filter(item__in=secret).delete()
    staying = AgendaItem.objects.filter(meeting__in=items.values("meeting")).exclude(
        pk__in=items.values("pk")
    )
    for item in secret.exclude(department=None).exclude(metric_codes=[]):
        others = staying.filter(department=item.department_id).values_list("metric_codes", flat=True)
        alone = set(item.metric_codes).difference(*others)
        Statement.objects.filter(
            preread__meeting=item.meeting_id, preread__department=item.department_id, metric_code__in=alone
        ).delete()
