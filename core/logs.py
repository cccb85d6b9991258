"""What the log must not keep: whoever has the token of a calendar's or a wall screen's address reads what it shows."""

import logging
import re

# Without the sign it writes itself: a record passes the filter of each handler, and the second must change nothing.
TOKEN = re.compile(r"(/calendar/|(?<!live)/wall/)[^/\s?\"'…]{4,}?(\.ics|(?=[/\s?\"']|$))")


class HideTokens(logging.Filter):
    """Write `…` where the token of an address would stand, in messages and in their arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/calendar/" in text or "/wall/" in text:
            record.msg, record.args = TOKEN.sub(r"\1…\2", text), ()
        return True
