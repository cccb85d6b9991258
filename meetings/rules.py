"""Who may do what in meetings: predicates over a person and a record. Reading is decided by `visible_to`."""

from datetime import datetime, timedelta

from meetings.models import (
    Attendance,
    Issue,
    Meeting,
    Minutes,
    Obligation,
    Participant,
    PreRead,
    PreReadComment,
    Series,
)
from people.models import User

# From this long before the planned start, starting is the host's next step.
START_AHEAD = timedelta(minutes=30)


def role_in(user: User, meeting: Meeting) -> str:
    """The person's role in this meeting ("" when not invited); read once per request and meeting."""
    cache = user.__dict__.setdefault("_meeting_roles", {})
    if meeting.pk not in cache:
        found = Participant.objects.filter(meeting=meeting, user=user).values_list("role", flat=True).first()
        cache[meeting.pk] = found or ""
    return cache[meeting.pk]


def forget_roles(user: User) -> None:
    """Read them again: somebody has just got another role."""
    user.__dict__.pop("_meeting_roles", None)


# --- planning -------------------------------------------------------------------------------------------
def can_schedule(user: User) -> bool:
    """Call a meeting at all: company roles host, executive and administrator."""
    return user.has_role(User.Role.HOST, User.Role.EXECUTIVE, User.Role.ADMIN)


def can_read_types(user: User) -> bool:
    """Look at the types of meeting and their versions: whoever may call a meeting from one."""
    return can_schedule(user)


def can_change_types(user: User) -> bool:
    """Change, copy and retire types of meeting."""
    return user.has_role(User.Role.HOST, User.Role.EXECUTIVE, User.Role.ADMIN)


def can_read_costs(user: User) -> bool:
    """What meetings cost the company, month by month."""
    return user.has_role(User.Role.HOST, User.Role.EXECUTIVE, User.Role.ADMIN)


def can_set_rates(user: User) -> bool:
    """Say what an hour of a department costs."""
    return user.has_role(User.Role.EXECUTIVE, User.Role.ADMIN)


def can_read_rules(user: User) -> bool:
    """What follows a meeting by when: whoever may call one."""
    return can_schedule(user)


def can_set_rules(user: User) -> bool:
    """Change what follows a meeting by when, and who approves actions."""
    return user.has_role(User.Role.EXECUTIVE, User.Role.ADMIN)


def can_plan(user: User, meeting: Meeting) -> bool:
    """Change, send or cancel its plan: whoever may run it; a draft also the person who made it.

    The form keeps the words of confidential items from planners outside of their circle, and keeps them as they are.
    """
    return can_run(user, meeting) or (
        user.is_active and meeting.status == Meeting.Status.DRAFT and meeting.created_by_id == user.pk
    )


def can_run_series(user: User, series: Series) -> bool:
    """Change and end a series: its host and administrators. One of its meetings is planned like any other."""
    return user.is_active and (user.pk == series.host_id or user.has_role(User.Role.ADMIN))


# --- the room -------------------------------------------------------------------------------------------
def is_time_to_start(meeting: Meeting, now: datetime) -> bool:
    """Whether pages offer to start it; starting earlier is allowed, but asks back."""
    return meeting.status == Meeting.Status.SCHEDULED and meeting.starts_at <= now + START_AHEAD


def can_run(user: User, meeting: Meeting) -> bool:
    """Start, steer and end it; remind departments of their pre-reads: the host, the deputy, an administrator."""
    return user.is_active and (
        user.pk == meeting.host_id
        or user.has_role(User.Role.ADMIN)
        or role_in(user, meeting) in (Participant.Role.HOST, Participant.Role.DEPUTY_HOST)
    )


def can_record(user: User, meeting: Meeting) -> bool:
    """Write notes and record decisions: the recorder and whoever may run the meeting."""
    return can_run(user, meeting) or (user.is_active and role_in(user, meeting) == Participant.Role.RECORDER)


def can_keep_time(user: User, meeting: Meeting) -> bool:
    """Pause, go on, add minutes, go to the next item, measure who speaks: the timekeeper and whoever may run it."""
    return can_run(user, meeting) or (
        user.is_active and role_in(user, meeting) == Participant.Role.TIMEKEEPER
    )


# What the timekeeper presses; the order of the agenda, its beginning and its end are the host's.
TIMEKEEPING = frozenset({"pause", "resume", "next", "back", "discuss", "extend"})


def can_press(user: User, meeting: Meeting, verb: str) -> bool:
    """Give a command of the room's clock."""
    return can_run(user, meeting) or (verb in TIMEKEEPING and can_keep_time(user, meeting))


def can_set_priority(user: User, meeting: Meeting) -> bool:
    """Say what is to be solved now: executives themselves, and whoever records or runs the meeting for them."""
    return can_record(user, meeting) or (
        user.is_active
        and (
            role_in(user, meeting) == Participant.Role.EXECUTIVE
            or (user.has_role(User.Role.EXECUTIVE) and bool(role_in(user, meeting)))
        )
    )


def can_attend(user: User, meeting: Meeting) -> bool:
    """Sign in, and ask for the floor: people who are invited, themselves or with their department, and executives."""
    return user.is_active and (
        user.pk == meeting.host_id
        or bool(role_in(user, meeting))
        or user.has_role(User.Role.EXECUTIVE)
        or meeting.departments.filter(department__in=user.department_ids).exists()
    )


def can_note_attendance(user: User, meeting: Meeting) -> bool:
    """Note the coming and going of others: whoever records, keeps the time or runs the meeting."""
    return can_record(user, meeting) or can_keep_time(user, meeting)


def can_hand_over(user: User, meeting: Meeting, role: str) -> bool:
    """Give a role to somebody else: whoever has it, and whoever may run the meeting. The host's is given away by the
    host or an administrator alone: a deputy takes it over once the host is lost (`can_replace_host`)."""
    if role == Participant.Role.HOST and role_in(user, meeting) == Participant.Role.DEPUTY_HOST:
        return user.is_active and user.pk == meeting.host_id
    return can_run(user, meeting) or (user.is_active and role_in(user, meeting) == role)


def can_replace_host(user: User, meeting: Meeting) -> bool:
    """Take over from a host who has lost the connection: the deputies."""
    return user.is_active and role_in(user, meeting) == Participant.Role.DEPUTY_HOST


def can_override_closing(user: User, meeting: Meeting) -> bool:
    """Let the meeting end although points are open: an executive, by their role in it or in the company."""
    return user.is_active and (
        role_in(user, meeting) == Participant.Role.EXECUTIVE or user.has_role(User.Role.EXECUTIVE)
    )


def can_close(user: User, meeting: Meeting) -> bool:
    """Open the page that ends it: whoever may run it or may end it with points open."""
    return can_run(user, meeting) or can_override_closing(user, meeting)


def can_fulfil(user: User, obligation: Obligation) -> bool:
    """Say that a duty was done: its owner, a lead of its department, whoever may run the meeting."""
    return user.is_active and (
        user.pk == obligation.owner_id
        or obligation.department_id in user.led_department_ids
        or can_run(user, obligation.meeting)
    )


# --- minutes --------------------------------------------------------------------------------------------
def can_edit_minutes(user: User, meeting: Meeting) -> bool:
    """Write, circulate, answer objections, add corrections: the recorder and whoever may run the meeting."""
    return can_record(user, meeting)


def can_lock_minutes(user: User, meeting: Meeting) -> bool:
    """Take circulated minutes back, and lock approved ones: whoever may run the meeting."""
    return can_run(user, meeting)


def can_object(user: User, minutes: Minutes, now: datetime) -> bool:
    """Hold something against circulated minutes, as long as there is time: everybody who may read them."""
    return (
        user.is_active
        and minutes.state == Minutes.State.CIRCULATED
        and minutes.objections_until is not None
        and now <= minutes.objections_until
    )


def can_rate(user: User, meeting: Meeting) -> bool:
    """Whoever was invited or was there, from the end on until the minutes are locked."""
    if not user.is_active or meeting.status != Meeting.Status.ENDED:
        return False
    if Minutes.objects.filter(meeting=meeting, state=Minutes.State.LOCKED).exists():
        return False
    return (
        user.pk == meeting.host_id
        or bool(role_in(user, meeting))
        or Attendance.objects.filter(meeting=meeting, user=user).exists()
    )


# --- pre-reads ------------------------------------------------------------------------------------------
def can_write_preread(user: User, preread: PreRead) -> bool:
    """Only the department itself writes, and nobody once the meeting is over or called off."""
    return (
        user.is_active
        and preread.department_id in user.department_ids
        and preread.meeting.status in Meeting.OPEN
    )


def can_read_draft(user: User, preread: PreRead) -> bool:
    """The working text is for the department and the data owner; everybody else reads submitted revisions."""
    return preread.department_id in user.department_ids or user.has_role(User.Role.DATA_OWNER)


def is_of_department(user: User, preread: PreRead) -> bool:
    return preread.department_id in user.department_ids


def can_extend(user: User, preread: PreRead) -> bool:
    """Give a department more time: whoever may run the meeting, and the data owner."""
    return can_run(user, preread.meeting) or user.has_role(User.Role.DATA_OWNER)


def is_open_for_writing(preread: PreRead, now: datetime) -> bool:
    """Whether its window has opened; one without a window (of an earlier version) is open."""
    return preread.opens_at is None or now >= preread.opens_at


def takes_revision(preread: PreRead, now: datetime) -> bool:
    """Whether another revision may be handed in.

    The first one may always, late as it is: a meeting is better off with it. Later ones until the end of the
    corrections, unless the data owner returned the last one.
    """
    if preread.submitted_at is None or preread.corrections_until is None or now <= preread.corrections_until:
        return True
    return PreRead.objects.owed().filter(pk=preread.pk).exists()


def can_follow_readers(user: User, preread: PreRead) -> bool:
    """See who has read it and remind the others: the department and whoever may run the meeting."""
    return is_of_department(user, preread) or can_run(user, preread.meeting)


# --- figures ----------------------------------------------------------------------------------------------
def can_settle(user: User) -> bool:
    """Rule on figures that differ, certify and return pre-reads: the data owner alone, whoever hosts."""
    return user.is_active and user.has_role(User.Role.DATA_OWNER)


def can_settle_comment(user: User, comment: PreReadComment) -> bool:
    """Who asked, the department that was asked, and whoever may run the meeting; of replies nobody."""
    if comment.parent_id is not None:
        return False
    preread = comment.preread
    return (
        user.pk == comment.written_by_id or is_of_department(user, preread) or can_run(user, preread.meeting)
    )


def can_remove_comment(user: User, comment: PreReadComment) -> bool:
    """Who wrote it, and whoever may run the meeting."""
    return user.pk == comment.written_by_id or can_run(user, comment.preread.meeting)


# --- the issue pool -----------------------------------------------------------------------------------------
def can_raise_issue(user: User, meeting: Meeting) -> bool:
    """Put an issue into the pool: everybody who attends, and whoever keeps the record."""
    return can_attend(user, meeting) or can_record(user, meeting)


def can_vote(user: User, meeting: Meeting) -> bool:
    """Say that an issue matters: everybody who attends, while the meeting is held."""
    return meeting.status == Meeting.Status.IN_PROGRESS and can_raise_issue(user, meeting)


def can_order_issues(user: User, meeting: Meeting) -> bool:
    """Say which issue comes first: the executive, and whoever runs the meeting at their word."""
    is_executive = role_in(user, meeting) == Participant.Role.EXECUTIVE or user.has_role(User.Role.EXECUTIVE)
    return user.is_active and (is_executive or can_run(user, meeting))


def can_work_issues(user: User, meeting: Meeting) -> bool:
    """Write down whys, cause and solution, settle an issue: whoever keeps the record, and the executive."""
    return can_record(user, meeting) or can_order_issues(user, meeting)


def can_withdraw_issue(user: User, issue: Issue) -> bool:
    """Take an issue back: who raised it, and whoever works the pool."""
    return user.pk == issue.raised_by_id or can_work_issues(user, issue.meeting)
