import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from notices import planning, services
from notices.models import Notice
from notices.planning import Wanted
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_promising_twice_is_one_promise(somebody, subject, future):
    first = services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    second = services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    assert first.pk == second.pk
    assert Notice.objects.get().send_at == future


def test_another_moment_recipient_or_subject_is_another_promise(somebody, subject, future):
    services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    services.promise(
        recipient=somebody, subject=subject, kind="test.plain", due_at=future + timedelta(minutes=1)
    )
    services.promise(recipient=UserFactory(), subject=subject, kind="test.plain", due_at=future)
    services.promise(
        recipient=somebody, subject=DepartmentFactory(code="finance"), kind="test.plain", due_at=future
    )
    services.promise(recipient=somebody, subject=subject, kind="test.urgent", due_at=future)
    assert Notice.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_threads_promise_the_same_once(somebody, subject, future):
    barrier, ids, errors = threading.Barrier(2), [], []

    def work():
        try:
            barrier.wait(timeout=5)
            with transaction.atomic():
                ids.append(
                    services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future).pk
                )
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert Notice.objects.count() == 1


def test_a_promise_dies_with_its_transaction(somebody, subject, future):
    with transaction.atomic():
        services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_withdrawn_and_wanted_again(somebody, subject, future):
    notice = services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    assert services.withdraw(subject=subject) == 1
    assert services.withdraw(subject=subject) == 0
    notice.refresh_from_db()
    assert notice.state == Notice.State.SUPERSEDED
    again = services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    assert again.pk == notice.pk
    assert again.state == Notice.State.PENDING


@pytest.mark.parametrize("state", ["sent", "uncertain", "bounced", "suppressed", "expired"])
def test_what_is_over_stays_over(somebody, subject, future, state):
    notice = services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    Notice.objects.update(state=state)
    assert services.withdraw(subject=subject) == 0
    assert (
        services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future).state == state
    )
    assert notice.pk == Notice.objects.get().pk


def test_withdraw_by_kind_and_recipient(somebody, subject, future):
    other = UserFactory()
    for person in (somebody, other):
        for kind in ("test.plain", "test.urgent"):
            services.promise(recipient=person, subject=subject, kind=kind, due_at=future)
    assert services.withdraw(subject=subject, kinds=["test.plain"], recipient=other) == 1
    assert services.withdraw(subject=DepartmentFactory(code="finance")) == 0
    assert services.withdraw(subject=subject) == 3


def test_changed_particulars_count_until_the_first_attempt(somebody, subject, future):
    promised = {"recipient": somebody, "subject": subject, "kind": "test.plain", "due_at": future}
    services.promise(**promised, params={"word": "old"})
    earlier = future - timedelta(hours=1)
    notice = services.promise(**promised, params={"word": "new"}, send_at=earlier)
    assert (notice.params, notice.send_at) == ({"word": "new"}, earlier)
    Notice.objects.update(attempts=1)
    assert services.promise(**promised, params={"word": "newest"}).params == {"word": "new"}


def test_telling_about_the_same_moment_twice_is_telling_once(somebody, subject, past):
    for _ in range(2):
        services.tell(recipient=somebody, subject=subject, kind="test.plain", at=past)
    assert Notice.objects.get().send_at == past


def test_refused_calls(somebody, subject, future):
    with pytest.raises(LookupError, match="no_such"):
        services.promise(recipient=somebody, subject=subject, kind="no_such", due_at=future)
    with pytest.raises(ValueError, match="aware"):
        services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="saved"):
        services.promise(recipient=somebody, subject=type(subject)(), kind="test.plain", due_at=future)


def test_promising_many_takes_one_statement(somebody, subject, future, django_assert_num_queries):
    people = [UserFactory() for _ in range(30)]
    services.promise(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
    wanted = [Wanted(recipient=p, subject=subject, kind="test.plain", due_at=future) for p in people]
    with django_assert_num_queries(3):  # savepoint, insert, release
        assert len(services.promise_all([*wanted, *wanted])) == 30


def test_reconciling_makes_good_what_was_lost(somebody, subject, future, past, caplog):
    @planning.register
    def planner():
        yield Wanted(recipient=somebody, subject=subject, kind="test.plain", due_at=future)
        yield Wanted(recipient=somebody, subject=subject, kind="test.plain", due_at=past, expires_at=past)

    assert services.reconcile() == 1
    assert services.reconcile() == 0
    Notice.objects.all().delete()
    assert services.reconcile() == 1
    assert "Reconciling found 1" in caplog.text
    assert Notice.objects.get().due_at > timezone.now()


@pytest.mark.logs_errors("planner .* failed")
def test_a_planner_that_fails_does_not_stop_the_others(somebody, subject, future):
    @planning.register
    def broken():
        yield Wanted(recipient=somebody, subject=subject, kind="test.urgent", due_at=future)
        raise RuntimeError

    @planning.register
    def planner():
        yield Wanted(recipient=somebody, subject=subject, kind="test.plain", due_at=future)

    assert services.reconcile() == 1
    assert Notice.objects.get().kind == "test.plain"
