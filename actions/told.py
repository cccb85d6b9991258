"""Which notices belong to an action besides those about itself: for the page that says who was told what."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from actions.models import Action
from meetings.models import Meeting

PARTS = ("milestones", "criteria", "comments")


def parts(action: Action) -> Q:
    """Those about its milestones, criteria and comments, and the plan of its meeting where it lists the action.

    The numbers are read first: with plain lists each branch is a look into the index, however many notices there are.
    """
    found = Q()
    for name in PARTS:
        related = getattr(action, name)
        if numbers := list(related.values_list("pk", flat=True)):
            found |= Q(subject_type=ContentType.objects.get_for_model(related.model), subject_id__in=numbers)
    if action.meeting_id is not None:
        found |= Q(
            subject_type=ContentType.objects.get_for_model(Meeting),
            subject_id=action.meeting_id,
            kind="actions.plan",
            params__actions__contains=[action.pk],
        )
    return found
