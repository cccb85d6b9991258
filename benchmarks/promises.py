"""The promise page over a million notices: milliseconds of a whole page against the limit of 200.

    .venv/bin/python -m benchmarks.promises

Who was told what about an action (50 notices) and to a person (500), with their receipts; and for a hundred actions the
totals of the page against a plain count of the table.
"""

from __future__ import annotations

import random

from benchmarks.harness import median_ms, scratch_site, verdict

NOTICES, ACTIONS, PEOPLE, CHECKED = 1_000_000, 20_000, 2_000, 100
MOST_MS = 200.0

FILL = """
INSERT INTO notices_notice
    (recipient_id, subject_type_id, subject_id, kind, due_at, send_at, params, priority, state, stage, attempts,
     note, shown_at, sent_at)
SELECT (%(people)s::bigint[])[1 + n %% cardinality(%(people)s::bigint[])], %(type)s,
       (%(actions)s::bigint[])[1 + n %% cardinality(%(actions)s::bigint[])], 'actions.assigned', moment, moment, '{}',
       50, (ARRAY['sent', 'sent', 'sent', 'pending', 'superseded', 'uncertain'])[1 + (n / 7) %% 6], '', 0, '',
       moment, moment
FROM generate_series(1, %(count)s) AS n, LATERAL (SELECT now() - make_interval(secs => n * 10) AS moment) AS m
"""
RECEIPTS = """
INSERT INTO notices_delivery (notice_id, channel, state, address, message_id, at)
SELECT id, channel, 'sent', '', '', due_at FROM notices_notice, unnest(ARRAY['in_app', 'email']) AS channel
WHERE state IN ('sent', 'uncertain')
"""


def main() -> None:
    with scratch_site():
        client, actions, people = fill()
        print(f"Who was told what, over {NOTICES:,} notices about {ACTIONS:,} actions to {PEOPLE:,} people")
        for name, path in (
            ("of an action", f"actions.action/{actions[77]}"),
            ("of a person", f"person/{people[77]}"),
        ):
            ms = median_ms(lambda path=path: ask(client, path), rounds=7, warm_up=2)
            print(f"  {name:16} {ms:7.1f} ms: {verdict(ms / MOST_MS, 1.0)}")
        wrong = sum(totals_differ(client, pk) for pk in random.Random(5).sample(actions, CHECKED))
        print(f"  totals of {CHECKED} actions: {wrong} differ from the table")


def ask(client, path: str):
    response = client.get(f"/notices/promises/{path}/")
    assert response.status_code == 200
    return response


def totals_differ(client, pk: int) -> bool:
    from collections import Counter

    from notices.models import Notice

    page = {total["state"]: total["count"] for total in ask(client, f"actions.action/{pk}").context["totals"]}
    return page != Counter(Notice.objects.filter(subject_id=pk).values_list("state", flat=True))


def fill():
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from actions.models import Action
    from people.models import User

    setup_test_environment()
    people = User.objects.bulk_create(
        User(email=f"person{n}@bench.example", name=f"Person {n}", name_sort=f"{n:05}") for n in range(PEOPLE)
    )
    admin = User.objects.create(email="admin@bench.example", name="Admin", roles=[User.Role.ADMIN])
    actions = Action.objects.bulk_create(
        Action(title=f"Action {n}", created_by=admin, owner=people[n % PEOPLE]) for n in range(ACTIONS)
    )
    people_ids, action_ids = [one.pk for one in people], [one.pk for one in actions]
    values = {
        "people": people_ids,
        "actions": action_ids,
        "type": ContentType.objects.get_for_model(Action).pk,
        "count": NOTICES,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, values)
        cursor.execute(RECEIPTS)
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(admin)
    return client, action_ids, people_ids


if __name__ == "__main__":
    main()
