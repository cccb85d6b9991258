"""gunicorn's hook on a local site.

The launcher starts the web server while the tables are still being made, because loading the code takes as long.
The server may not answer on a half-made database, so it stands at a gate: a pipe that the launcher closes.
"""

import os
import select
from typing import Any

GATE = "FUPAN_GATE"


def post_worker_init(worker: Any) -> None:
    """Wait at the gate, if there is one, telling gunicorn meanwhile that we live."""
    if gate := os.environ.get(GATE):
        while not select.select([int(gate)], [], [], 1.0)[0]:
            worker.notify()
