"""gunicorn's settings and its hook on a local site.

The access log names every address that is asked for; the tokens in addresses of calendars are left out of it.

The launcher starts the web server while the tables are still being made, because loading the code takes as long.
The server may not answer on a half-made database, so it stands at a gate: a pipe that the launcher closes.
"""

import os
import select
from typing import Any

from gunicorn.glogging import Logger

from core.logs import TOKEN

GATE = "FUPAN_GATE"


class DiscreetLogger(Logger):
    """gunicorn's own log without the tokens of calendars."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        found = super().atoms(*args)
        return {
            name: TOKEN.sub(r"\1…\2", value) if isinstance(value, str) else value
            for name, value in found.items()
        }


logger_class = DiscreetLogger


def post_worker_init(worker: Any) -> None:
    """Wait at the gate, if there is one, telling gunicorn meanwhile that we live."""
    if gate := os.environ.get(GATE):
        while not select.select([int(gate)], [], [], 1.0)[0]:
            worker.notify()
