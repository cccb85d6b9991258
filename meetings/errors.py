"""What services of meetings refuse with; the text is for people."""

from typing import Any


class NotAllowed(Exception):
    """The record's state does not permit this step."""


class NotReady(NotAllowed):
    """Something is still open before the meeting; `blockers` are the points (`queries.blockers.Blocker`)."""

    def __init__(self, message: str, *, blockers: Any) -> None:
        super().__init__(message)
        self.blockers = list(blockers)


class Conflict(Exception):
    """Somebody else saved in the meantime. Nothing was overwritten: `theirs` is stored, `yours` was sent."""

    def __init__(self, message: str, *, theirs: Any, yours: Any) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.yours = yours
