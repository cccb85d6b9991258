"""Pages against a bare view: time as a ratio, and statements with 1, 3 and 10,000 rows.

    .venv/bin/python -m benchmarks.pages

Two floors are measured in the same run, both behind the same middleware and login: a view with one query that
answers a line of text, and a plain Django template with a table of 50 actions. The limits are multiples of the
second: a list with its filters, count and columns may cost 4.5 of it, a meeting 4, and my work, which gathers what
three apps know of a person, 3.
"""

from __future__ import annotations

from benchmarks.harness import median_ms, scratch_site, verdict

ROWS = (1, 3, 10_000)
LIMITS = {"/actions/": 4.5, "/meetings/": 4.5, "/": 3.0, "meeting": 4.0}
TABLE = """{% extends "base.html" %}{% block content %}<table>{% for a in actions %}<tr><td>{{ a.pk }}</td>
<td>{{ a.title }}</td><td>{{ a.owner.name }}</td><td>{{ a.acceptor.name }}</td><td>{{ a.department.name }}</td>
<td>{{ a.due_at }}</td><td>{{ a.get_status_display }}</td><td>{{ a.is_late }}</td></tr>
{% endfor %}</table>{% endblock %}"""


def main() -> None:
    with scratch_site():
        from django.conf import settings

        settings.ROOT_URLCONF = "benchmarks.bare"
        Pages().run()


class Pages:
    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        from meetings import library
        from people.models import Department
        from tests.factories import UserFactory

        library.ensure()
        self.host = UserFactory(roles=[get_user_model().Role.HOST])
        self.other = UserFactory()
        self.department = Department.objects.get(code="sales")
        self.client = Client()
        self.client.force_login(self.host)

    def run(self) -> None:
        print(f"{'page':32} {'rows':>6} {'SQL':>4} {'ms':>8}   ratio to the plain table   to one query")
        for rows in ROWS:
            self.fill(rows)
            one = self.measure("/bare/one-query/")
            table = self.measure("/bare/table/")
            self.line("floor: one query", rows, one, None, one)
            self.line("floor: plain table of 50", rows, table, None, one)
            for path, limit in LIMITS.items():
                measured = self.measure(f"/meetings/{self.meeting.pk}/" if path == "meeting" else path)
                self.line(path, rows, measured, (table, limit), one)

    def fill(self, rows: int) -> None:
        """Bring actions and meetings up to so many: half of the actions are the host's, a tenth of them late."""
        from datetime import timedelta

        from django.db import connection
        from django.utils import timezone

        from actions.models import Action
        from meetings.models import Meeting
        from tests.meetings import factories as meetings

        now = timezone.now()
        have = Action.objects.count()
        Action.objects.bulk_create(
            [
                Action(
                    title=f"Lower the ACoS of product {n} to 25 %",
                    owner=self.host if n % 2 and n < 60 else self.other,
                    acceptor=self.other if n % 2 and n < 60 else self.host,
                    department=self.department,
                    due_at=now + timedelta(hours=n - rows / 10),
                    created_by=self.other,
                    published_at=now,
                )
                for n in range(have, rows)
            ],
            batch_size=2000,
        )
        missing = rows - Meeting.objects.count()
        if missing:
            self.meeting = meetings.scheduled(host=self.host)
            meetings.simple(missing - 1, host=self.host, now=now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def measure(self, path: str) -> tuple[float, int]:
        """(median ms, statements) of a page that answers 200."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            response = self.client.get(path)
        statements = len(queries)  # now: the next request empties the log
        assert response.status_code == 200, (path, response.status_code)
        return median_ms(lambda: self.client.get(path)), statements

    def line(
        self,
        name: str,
        rows: int,
        measured: tuple[float, int],
        floor: tuple[tuple[float, int], float] | None,
        one: tuple[float, int],
    ) -> None:
        ms, statements = measured
        ratio = verdict(ms / floor[0][0], floor[1]) if floor else ""
        print(f"{name:32} {rows:6,} {statements:4} {ms:8.1f}   {ratio:25} {ms / one[0]:6.1f} x", flush=True)


if __name__ == "__main__":
    main()
