"""Files that belong to an action: what one needs for the work. Proof of the work is evidence."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from actions import rules
from actions.errors import NotPossible
from actions.models import Action, Attachment
from core import files, history
from people.models import User

MOST = 40
LONGEST_NAME = 255


@transaction.atomic
def attach(*, action: Action, file: UploadedFile, by: User, now: datetime) -> Attachment:
    """Keep a file with an action, for everybody who may read it.

    Raises NotPossible with the reason for a file that is not taken (kind, size, empty) and for one too many.
    """
    name = files.clean_name(file.name or "")[-LONGEST_NAME:]
    try:
        files.check(file=file, name=name)
    except files.Refused as refused:
        raise NotPossible(str(refused)) from refused
    # One after the other, so that two uploads at once do not both become the last one.
    Action.objects.select_for_update().only("pk").get(pk=action.pk)
    if action.attachments.filter(removed_at=None).count() >= MOST:
        raise NotPossible(_("An action has at most %(n)d files. Take one off first.") % {"n": MOST})
    attachment = Attachment(action=action, file_name=name, file_size=file.size or 0, by=by, at=now)
    attachment.file.save(name, file, save=False)
    attachment.save()
    history.record(actor=by, verb="actions.file_added", target=action, after={"file": name})
    return attachment


@transaction.atomic
def remove_attachment(*, attachment: Attachment, by: User, now: datetime) -> None:
    """Take a file off the page; the file itself stays. Raises NotPossible when that is not this person's to do."""
    if not rules.can_remove_file(by, attachment):
        raise NotPossible(_("Only who attached a file, or whoever manages the action, takes it off."))
    if not Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=now):
        raise NotPossible(_("This file was taken off in the meantime."))
    history.record(
        actor=by, verb="actions.file_removed", target=attachment.action, before={"file": attachment.file_name}
    )
