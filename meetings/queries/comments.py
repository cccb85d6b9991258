"""What readers said on a pre-read, by section, and how many questions are still open."""

from collections import Counter
from dataclasses import dataclass, field

from meetings import rules
from meetings.models import Meeting, PreRead, PreReadComment
from people.models import User

# Threads that a section shows on the page itself; the others are one click away.
SHOWN = 5
PER_PAGE = 20


@dataclass(slots=True)
class Thread:
    """A comment with the replies to it, and what the reader may do with it."""

    comment: PreReadComment
    replies: list[PreReadComment] = field(default_factory=list)
    may_settle: bool = False

    @property
    def is_open(self) -> bool:
        return self.comment.is_question and self.comment.settled_at is None


@dataclass(slots=True)
class Talk:
    """The threads on one section: open questions first, else oldest first."""

    section: str
    threads: list[Thread] = field(default_factory=list)

    @property
    def open(self) -> int:
        return sum(thread.is_open for thread in self.threads)

    @property
    def total(self) -> int:
        return len(self.threads)

    @property
    def shown(self) -> list[Thread]:
        return sorted(self.threads, key=lambda thread: not thread.is_open)[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, self.total - SHOWN)


def talks(preread: PreRead, user: User) -> dict[str, Talk]:
    """All that was said on a pre-read and is for this reader, by section; a constant number of queries."""
    found: dict[str, Talk] = {}
    for thread in threads(preread, user):
        section = thread.comment.section
        found.setdefault(section, Talk(section)).threads.append(thread)
    return found


def threads(preread: PreRead, user: User) -> list[Thread]:
    """The same in one list, oldest first."""
    rows = list(
        PreReadComment.objects.visible_to(user)
        .present()
        .filter(preread=preread)
        .select_related("written_by", "settled_by")
    )
    made = {row.pk: Thread(row) for row in rows if row.parent_id is None}
    for row in rows:
        if row.parent_id in made:
            made[row.parent_id].replies.append(row)
    may_settle_all = rules.is_of_department(user, preread) or rules.can_run(user, preread.meeting)
    for thread in made.values():
        thread.may_settle = may_settle_all or thread.comment.written_by_id == user.pk
    return list(made.values())


def open_questions(meeting: Meeting, user: User) -> Counter[int]:
    """How many questions are open on each pre-read of a meeting, as this reader may know; one query."""
    rows = PreReadComment.objects.visible_to(user).filter(
        preread__meeting=meeting,
        is_question=True,
        settled_at__isnull=True,
        removed_at__isnull=True,
        parent__isnull=True,
    )
    return Counter(rows.values_list("preread_id", flat=True))
