"""Talk about an action. Everybody who may read it may speak; `@name` tells that person, once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from actions import rules, talk_notices
from actions.errors import NotPossible
from actions.models import Action, Attachment, Comment
from actions.queries import readers
from core import history
from meetings import lines
from people import queries as people_queries
from people.models import User

LONGEST = 4000


@transaction.atomic
def comment(*, action: Action, text: str, by: User, now: datetime) -> Comment:
    """Say something. Raises NotPossible for an empty or overlong text, and when it names who may not read this."""
    words = _checked(text)
    named = mentioned(action, words)
    said = Comment.objects.create(action=action, text=words, by=by, at=now)
    said.mentions.set(named)
    talk_notices.tell_mentioned(comment=said, people=named)
    return said


@transaction.atomic
def edit_comment(*, comment: Comment, text: str, by: User, now: datetime) -> Comment:
    """Say it in other words. Who is named now for the first time is told; who is not named any more need not be."""
    words = _checked(text)
    said = _locked(comment)
    if not rules.can_edit_comment(by, said):
        raise NotPossible(_("Only who wrote a comment changes it."))
    named = mentioned(said.action, words)
    before, had = said.text, set(said.mentions.all())
    if words == before:
        return said
    said.text, said.edited_at = words, now
    said.save(update_fields=["text", "edited_at"])
    said.mentions.set(named)
    history.record(
        actor=by,
        verb="actions.comment_edited",
        target=said.action,
        before={"comment": said.pk, "text": before},
        after={"text": words},
    )
    for person in had - set(named):
        talk_notices.forget(comment=said, person=person)
    talk_notices.tell_mentioned(comment=said, people=[person for person in named if person not in had])
    return said


@transaction.atomic
def remove_comment(*, comment: Comment, by: User, now: datetime) -> None:
    """Take a comment away, with its files. The row stays; nobody is told of it any more."""
    said = _locked(comment)
    if not rules.can_remove_comment(by, said):
        raise NotPossible(_("Only who wrote a comment, or whoever manages the action, takes it away."))
    said.removed_at = now
    said.save(update_fields=["removed_at"])
    Attachment.objects.filter(comment=said, removed_at=None).update(removed_at=now)
    history.record(
        actor=by,
        verb="actions.comment_removed",
        target=said.action,
        before={"comment": said.pk, "text": said.text},
    )
    talk_notices.forget(comment=said)


def mentioned(action: Action, text: str) -> list[User]:
    """Whom a text names behind an @. Raises NotPossible when it names somebody who may not read the action."""
    if "@" not in text and "＠" not in text:
        return []
    may = list(readers.of(action))
    names, known = {person.name for person in may}, {person.pk for person in may}
    others = [one for one in people_queries.colleagues() if one.pk not in known and one.name not in names]
    _rest, named, _unknown = lines.mentions(text, [*may, *others])
    outside = [person.name for person in named if person.pk not in known]
    # The list above answers for all at once; whoever is told is asked for at the door itself.
    outside += [
        person.name
        for person in named
        if person.pk in known and not Action.objects.visible_to(person).filter(pk=action.pk).exists()
    ]
    if outside:
        raise NotPossible(
            _("%(names)s may not read this action and cannot be told of it. Take the @ off the name.")
            % {"names": pgettext("between names", ", ").join(outside)}
        )
    return named


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise NotPossible(_("Write something first."))
    if len(words) > LONGEST:
        raise NotPossible(
            _("A comment has at most %(n)d characters; attach longer texts as a file.") % {"n": LONGEST}
        )
    return words


def _locked(comment: Comment) -> Comment:
    """The row as it is now. Raises NotPossible when it was taken away meanwhile."""
    rows = Comment.objects.select_for_update(of=["self"]).filter(pk=comment.pk, removed_at=None)
    said = rows.select_related("action__meeting", "action__department", "by").first()
    if said is None:
        raise NotPossible(_("This comment was taken away in the meantime."))
    return said
