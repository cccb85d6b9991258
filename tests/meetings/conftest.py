import pytest

from tests.meetings import stream_processes


@pytest.fixture(scope="session")
def shared_events(django_db_setup, django_db_blocker, tmp_path_factory):
    """One process of the streams for all tests that leave it alive: starting one takes longer than using it."""
    process = stream_processes.events_process(tmp_path_factory.mktemp("events"))
    with django_db_blocker.unblock():
        process.start()
    yield process
    process.stop()


@pytest.fixture
def events(shared_events, transactional_db):
    return shared_events


@pytest.fixture
def own_events(transactional_db, tmp_path):
    """A process of the streams of this test's own, to be killed."""
    process = stream_processes.events_process(tmp_path)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def web(transactional_db, tmp_path):
    """The web server as a process of its own, on the database of this test."""
    process = stream_processes.web_process(tmp_path)
    process.start()
    yield process
    process.stop()
