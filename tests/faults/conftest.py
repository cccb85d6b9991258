import pytest

from notices import services, trial
from notices.planning import Wanted
from people.models import User
from tests.faults.stage import Stage
from tests.plugins.worker import database_url


@pytest.fixture
def stage(transactional_db, tmp_path):
    """A stage on the test's database: `with stage(workers=4) as play:`."""
    return lambda **wishes: Stage(tmp_path, database_url(), **wishes)


@pytest.fixture
def crowd(transactional_db):
    """So many people, made in one statement."""

    def make(count, name="p"):
        return User.objects.bulk_create(
            User(email=f"{name}{n}@example.com", name=f"{name}{n}", language="en") for n in range(count)
        )

    return make


@pytest.fixture
def promised():
    """A trial notice for each of them, due at that moment."""

    def promise(people, at):
        return services.promise_all(
            Wanted(recipient=one, subject=one, kind=trial.CODE, due_at=at) for one in people
        )

    return promise
