"""200 screens on one meeting, by stream and by asking: delay, processor time, and one time on all of them.

    .venv/bin/python -m benchmarks.live [screens]

The web server (2 processes with 8 threads) and the process of the streams run as they do in production. A press every
2.5 s changes the room; its delay counts from before the press to the arrival on each screen. Processor time is that of
both servers together, in percent of one core, over the whole run with the opening of all connections. Then five real
browsers, their clocks off by up to ten minutes and 300 ms away from the server, are asked at one instant what time it
is on the server. Ends with 1 when anything is over its limit.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.harness import scratch_site, verdict

SCREENS = 200
SECONDS = 30
PRESS_EVERY = 2.5
# Delay at the 95th percentile in milliseconds, and percent of one core.
LIMITS = {"stream": (100.0, 10.0), "poll": (3000.0, 25.0)}
SPREAD_MS = 1000.0
CLOCKS_OFF_MINUTES = (-10, -3, 0, 4, 10)
LATENCY_MS = 300


def main() -> int:
    screens = int(sys.argv[1]) if len(sys.argv) > 1 else SCREENS
    with scratch_site(), tempfile.TemporaryDirectory(prefix="fupan-live-") as folder, ExitStack() as stack:
        bench = Bench(Path(folder), screens, stack)
        print(
            f"{'way':8} {'screens':>7} {'delay p50':>10} {'p95':>9} {'max':>9} {'web':>7} {'streams':>8} {'RSS MiB':>8}"
        )
        ok = [bench.measure(way) for way in ("stream", "poll")]
        ok.append(bench.spread())
    return 0 if all(ok) else 1


class Bench:
    def __init__(self, folder: Path, screens: int, stack: ExitStack) -> None:
        from django.core.management import call_command

        from tests.meetings import stream_processes

        self.folder = folder
        os.environ["ALLOWED_HOSTS"] = "127.0.0.1,testserver"
        call_command("collectstatic", interactive=False, verbosity=0)
        self.events = stream_processes.events_process(folder)
        self.web = stream_processes.web_process(folder, EVENTS_PORT=str(self.events.port))
        self.web.arguments = ["config.wsgi", "--workers", "2", "--threads", "8"]
        for process in (self.events, self.web):
            stack.callback(process.stop)
            process.start()
        self.people(screens)

    def people(self, screens: int) -> None:
        """A running review with so many participants, each with a session."""
        from django.test import Client
        from django.utils import timezone

        from meetings.services import room
        from tests import factories
        from tests.meetings import room_factories as make

        self.meeting = make.meeting(departments=("sales", "finance", "supply"), starts_at=timezone.now())
        room.start(meeting=self.meeting, by=self.meeting.host, now=timezone.now(), reason="A benchmark")
        self.sessions = []
        for _screen in range(screens):
            client = Client()
            client.force_login(make.invite(self.meeting, factories.UserFactory()))
            self.sessions.append(client.cookies["sessionid"].value)

    # --- delay and processor time ---------------------------------------------------------------------
    def measure(self, way: str) -> bool:
        plan = self.folder / f"{way}.json"
        room = f"/meetings/{self.meeting.pk}/live"
        words = {
            "stream": f"{self.events.url}{room}/stream/",
            "state": f"{self.web.url}{room}/state/",
            "sessions": self.sessions,
            "until": time.time() + SECONDS + 5,
        }
        plan.write_text(json.dumps(words))
        began, busy = time.time(), {p.name: cpu_seconds(p) for p in (self.web, self.events)}
        crowd = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.live_watchers", way, str(plan)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert crowd.stderr is not None
        ready = crowd.stderr.readline()
        assert ready.strip() == "ready", ready + crowd.stderr.read()
        presses = self.press(began + SECONDS)
        load = {
            p.name: (cpu_seconds(p) - busy[p.name]) / (time.time() - began) * 100
            for p in (self.web, self.events)
        }
        result = json.loads(crowd.communicate(timeout=60)[0])
        return self.judge(way, presses, load, result)

    def press(self, until: float) -> dict[int, float]:
        """Version → when its press began."""
        from django.utils import timezone

        from meetings.models import RoomClock
        from meetings.services import room

        presses: dict[int, float] = {}
        while time.time() < until:
            version = RoomClock.objects.get(meeting=self.meeting).version
            presses[version + 1] = time.time()
            press = room.Press(self.meeting.host, timezone.now(), version)
            room.command(meeting=self.meeting, verb="extend", press=press)
            time.sleep(PRESS_EVERY)
        return presses

    def judge(
        self, way: str, presses: dict[int, float], load: dict[str, float], result: dict[str, Any]
    ) -> bool:
        heard = [(version, at) for version, at in result["heard"] if version in presses]
        delays = sorted((at - presses[version]) * 1000 for version, at in heard)
        # By stream everybody hears every press; who asks may hear of two at once, never of the last one late.
        expected = len(presses) * len(self.sessions) if way == "stream" else 0
        p95 = delays[int(len(delays) * 0.95)]
        total = sum(load.values())
        print(
            f"{way:8} {len(self.sessions):7} {statistics.median(delays):7.0f} ms {p95:6.0f} ms {delays[-1]:6.0f} ms"
            f" {load['web']:6.1f}% {load['events']:7.1f}% {rss(self.web) + rss(self.events):8.0f}",
            flush=True,
        )
        limit, busy = LIMITS[way]
        print(f"{'':8} delay p95 {verdict(p95 / limit, 1)} of {limit:.0f} ms", flush=True)
        print(f"{'':8} processor {verdict(total / busy, 1)} of {busy:.0f} % of a core", flush=True)
        if result["took"]:
            took = sorted(seconds * 1000 for seconds in result["took"])
            print(
                f"{'':8} questions: {len(took)}, p50 {statistics.median(took):.1f} ms, "
                f"p95 {took[int(len(took) * 0.95)]:.1f} ms"
            )
        if result["failed"] or len(delays) < expected:
            print(f"{'':8} {result['failed']} failed, {len(delays)} of {expected or '–'} told  OVER")
            return False
        return p95 <= limit and total <= busy

    # --- one time on all screens --------------------------------------------------------------------------
    def spread(self) -> bool:
        """How far real browsers with wrong clocks and a slow line are apart."""
        from playwright.sync_api import sync_playwright

        from tests.meetings.stream_screens import Screens

        with sync_playwright() as driver:
            screens = Screens(driver, self.web.url)
            for session, minutes in zip(self.sessions, CLOCKS_OFF_MINUTES, strict=False):
                screens.open(
                    session, f"/meetings/{self.meeting.pk}/live/", minutes_off=minutes, latency=LATENCY_MS
                )
            screens.wait_until_measured()
            errors = screens.errors_of_time()
            screens.close()
        apart = max(errors) - min(errors)
        print(
            f"{'spread':8} {len(errors):7} screens, clocks {CLOCKS_OFF_MINUTES} min off, {LATENCY_MS} ms away"
        )
        print(f"{'':8} {apart:.0f} ms   {verdict(apart / SPREAD_MS, 1)} of {SPREAD_MS:.0f} ms", flush=True)
        return apart <= SPREAD_MS


def cpu_seconds(process: Any) -> float:
    """Of a server and all processes of its session."""
    return sum(float(sum(map(int, fields[11:13]))) for fields in stats(process)) / os.sysconf("SC_CLK_TCK")


def rss(process: Any) -> float:
    return sum(int(fields[21]) for fields in stats(process)) * os.sysconf("SC_PAGE_SIZE") / 2**20


def stats(process: Any) -> list[list[str]]:
    """/proc/<pid>/stat behind the name, of every process of the group: state first."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == process.running.pid:
            found.append(fields)
    return found


if __name__ == "__main__":
    sys.exit(main())
