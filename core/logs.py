"""What the log must not keep: whoever has the token of a calendar's address reads that calendar."""

import logging
import re

TOKEN = re.compile(r"(/calendar/)[^/\s?\"']{4,}?(\.ics)")


class HideTokens(logging.Filter):
    """Write `/calendar/….ics` where an address with a token would stand, in messages and in their arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/calendar/" in text:
            record.msg, record.args = TOKEN.sub(r"\1…\2", text), ()
        return True
