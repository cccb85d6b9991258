"""Whoever is named with an @ in a comment on an action is told of it, once."""

from collections.abc import Iterable
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.models import Action, Comment
from notices import kinds
from notices import services as notices
from notices.kinds import Category, Kind
from notices.models import Notice
from notices.planning import Wanted
from people.models import User

MENTIONED = "actions.mentioned"


def tell_mentioned(*, comment: Comment, people: Iterable[User]) -> None:
    """The moment is that of the comment: whoever is named again in an edit has been told already."""
    notices.promise_all(
        Wanted(recipient=person, subject=comment, kind=MENTIONED, due_at=comment.at)
        for person in people
        if person.pk != comment.by_id
    )


def forget(*, comment: Comment, person: User | None = None) -> None:
    """They are not named any more, or nobody is."""
    notices.withdraw(subject=comment, kinds=[MENTIONED], recipient=person)


# --- words ----------------------------------------------------------------------------------------------------
def _comment(notice: Notice) -> Comment:
    return cast("Comment", notice.subject)


def _is_wanted(notice: Notice) -> bool:
    return (
        _comment(notice).removed_at is None
        and Action.objects.visible_to(notice.recipient).filter(pk=_comment(notice).action_id).exists()
    )


def _title(notice: Notice) -> str:
    comment = _comment(notice)
    return _("%(name)s mentions you: %(title)s") % {"name": comment.by.name, "title": comment.action.title}


def _body(notice: Notice) -> str:
    comment = _comment(notice)
    return f"{comment.text}\n\n{comment.action.reference}  {comment.action.title}"


def _readable(user: User, ids: set[int]) -> set[int]:
    """Of these comments, those that are still there, on actions that somebody may read."""
    rows = Comment.objects.filter(
        pk__in=ids, removed_at=None, action__in=Action.objects.visible_to(user).values("pk")
    )
    return set(rows.values_list("pk", flat=True))


def register() -> None:
    kinds.register(
        Kind(
            code=MENTIONED,
            label=gettext_lazy("Mentioned in a comment"),
            icon="message-circle",
            is_wanted=_is_wanted,
            title=_title,
            body=_body,
            url=lambda notice: _comment(notice).get_absolute_url(),
            related=("by", "action"),
            may_read=_readable,
            category=Category.COMMENTS,
        )
    )
