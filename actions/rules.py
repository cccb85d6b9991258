"""Who may do what with an action: predicates over a person and a record. Reading is decided by `visible_to`.

They look at the person's part in it. Whether the action's state permits the step is for the services to say, in words.
"""

from actions.approval import Chain
from actions.models import Action, Attachment, Blocker, Comment
from meetings import rules as meeting_rules
from meetings.models import Meeting
from people.models import Department, User

# Company roles that steer other people's work; the data owner reads only.
STEERING = (User.Role.HOST, User.Role.EXECUTIVE, User.Role.ADMIN)


def can_capture(user: User, meeting: Meeting | None = None) -> bool:
    """Write an action down: anybody for themselves or their people, in a meeting whoever keeps its record."""
    if meeting is None:
        return user.is_active
    return meeting.status != Meeting.Status.CANCELLED and meeting_rules.can_record(user, meeting)


def may_give_to(
    user: User, owner: User, department: Department | None, meeting: Meeting | None = None
) -> bool:
    """Give work to somebody: oneself, a member of a department one leads, anybody as host, executive or recorder."""
    if owner == user or user.has_role(*STEERING):
        return True
    if meeting is not None and meeting_rules.can_record(user, meeting):
        return True
    led = user.led_department_ids
    return bool(led & owner.department_ids) and (department is None or department.pk in led)


def can_publish_plan(user: User, meeting: Meeting) -> bool:
    return meeting_rules.can_run(user, meeting)


def can_let_pass(user: User, meeting: Meeting | None) -> bool:
    """Let vague wording stand with a reason: the host of the meeting, or a steering role."""
    return user.has_role(*STEERING) or (meeting is not None and meeting_rules.can_run(user, meeting))


def can_manage(user: User, action: Action) -> bool:
    """Hand over, name another acceptor: whoever gave the work, the department's lead, the host, steering roles."""
    if not user.is_active:
        return False
    return (
        user.has_role(*STEERING)
        or action.created_by_id == user.pk
        or action.department_id in user.led_department_ids
        or (action.meeting is not None and meeting_rules.can_run(user, action.meeting))
    )


def can_edit(user: User, action: Action) -> bool:
    """Change the words; of a draft also the meeting's recorder."""
    if action.is_draft and action.meeting is not None and meeting_rules.can_record(user, action.meeting):
        return True
    return can_manage(user, action)


def can_approve(user: User, action: Action) -> bool:
    """Check or confirm a proposal, or send it back: whoever has the next word on it (see `actions.approval`)."""
    return user.is_active and not action.sent_back_because and Chain.of([action]).may_approve(user, action)


def can_work(user: User, action: Action) -> bool:
    """Start, report, show evidence, hand in, say what blocks it: the owner."""
    return user.is_active and user.pk == action.owner_id


def can_update(user: User, action: Action, meeting: Meeting) -> bool:
    """Say in a meeting that is being held how an action stands: its owner, and whoever keeps the record."""
    if meeting.status != Meeting.Status.IN_PROGRESS:
        return False
    return can_work(user, action) or meeting_rules.can_record(user, meeting)


def can_plan(user: User, action: Action) -> bool:
    """Add milestones: the owner and whoever manages the action."""
    return can_work(user, action) or can_manage(user, action)


def can_move_deadline(user: User, action: Action) -> bool:
    """Move it, or answer the owner who asks for it: the acceptor and whoever manages the action. The owner asks."""
    if not user.is_active or user.pk == action.owner_id:
        return False
    return user.pk == action.acceptor_id or can_manage(user, action)


def can_add_part(user: User, action: Action) -> bool:
    """Give a piece of it to somebody, under the whole: the owner and whoever manages the action."""
    return can_plan(user, action)


def can_split(user: User, action: Action) -> bool:
    """Make several promises of one: whoever may hand it over."""
    return can_manage(user, action)


def can_merge(user: User, action: Action, into: Action | None = None) -> bool:
    """Close an action for another one: whoever accepts or manages both."""
    return can_cancel(user, action) and (into is None or can_cancel(user, into))


def can_judge(user: User, action: Action) -> bool:
    """Accept or return: the acceptor; when they have left, whoever manages the action. Never the owner."""
    if not user.is_active or user.pk == action.owner_id:
        return False
    if user.pk == action.acceptor_id:
        return True
    return action.acceptor is not None and not action.acceptor.is_active and can_manage(user, action)


def can_cancel(user: User, action: Action) -> bool:
    return user.is_active and (user.pk == action.acceptor_id or can_manage(user, action))


def can_help(user: User, action: Action, blocker: Blocker | None = None) -> bool:
    """Answer a call for help, and say that it is solved: the person asked, else the department asked. Not the owner,
    who asks."""
    if blocker is None:
        blocker = action.blockers.filter(lifted_at=None).first()
    if blocker is None or not user.is_active or user.pk == action.owner_id:
        return False
    if blocker.needs_person_id is not None:
        return blocker.needs_person_id == user.pk
    return blocker.needs_department_id in user.department_ids


def can_lift(user: User, action: Action) -> bool:
    """Say that a blocker is gone and work goes on: the owner and whoever manages the action. Helpers offer it."""
    return can_work(user, action) or can_manage(user, action)


def can_measure(user: User, action: Action) -> bool:
    """Say by which figures an action is judged: whoever may change its words."""
    return can_edit(user, action)


def can_edit_comment(user: User, comment: Comment) -> bool:
    return user.is_active and user.pk == comment.by_id and comment.removed_at is None


def can_remove_comment(user: User, comment: Comment) -> bool:
    """Take a comment away: who wrote it, and whoever manages the action."""
    return can_edit_comment(user, comment) or can_manage(user, comment.action)


def can_remove_file(user: User, attachment: Attachment) -> bool:
    """Take a file off: who attached it, and whoever manages the action."""
    return user.is_active and (user.pk == attachment.by_id or can_manage(user, attachment.action))
