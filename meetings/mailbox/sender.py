"""Whether the company's mail server has verified who sent a mail.

The address in From is written by whoever sends. A receiving mail server checks it (SPF, DKIM, DMARC) and writes what
it found into `Authentication-Results` (RFC 8601), under its own name; it removes what others wrote under that name.
"""

import re

COMMENT = re.compile(r"\([^()]*\)")


def is_verified(verdicts: list[str], *, authserv_id: str, sender: str) -> bool:
    """Whether the topmost verdict of that server says that DMARC passed, or DKIM for the sender's own domain."""
    domain = sender.rpartition("@")[2]
    for verdict in verdicts:
        name, _separator, results = COMMENT.sub("", verdict).partition(";")
        # After the name there may be a version number.
        if name.split()[:1] != [authserv_id] and name.strip().lower() != authserv_id.lower():
            continue
        return any(_passes(result, domain) for result in results.lower().split(";"))
    return False


def _passes(result: str, domain: str) -> bool:
    method, _separator, rest = result.strip().partition("=")
    if rest.split()[:1] != ["pass"]:
        return False
    properties = dict(part.partition("=")[::2] for part in rest.split()[1:])
    if method == "dmarc":
        return properties.get("header.from", domain) == domain
    if method == "dkim":
        signer = properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]
        return bool(signer) and (domain == signer or domain.endswith("." + signer))
    return False
