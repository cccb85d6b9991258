"""What a connection to the database is set to."""

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "expected"), [("jit", "off"), ("max_parallel_workers_per_gather", "0")])
def test_short_questions_are_neither_compiled_nor_shared_out(name, expected):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        assert cursor.fetchone() == (expected,)
