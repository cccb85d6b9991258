"""placeholder"""

from datetime import datetime
from meetings.models import Meeting


def bring_over(*, meeting: Meeting, now: datetime, only_next: bool = False):
    return []
