import datetime as dt

import pytest

from meetings import receipt_notices
from meetings.errors import NotAllowed
from meetings.models import Meeting
from meetings.queries import receipts as queries
from meetings.services import prereads, receipts
from meetings.services.prereads import Sent
from notices import kinds
from notices.models import Notice
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings.room_factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def preread():
    found = prereads.open_for(meeting=make.meeting(host=factories.host(name="Ann")), now=NOW)[0]
    factories.lead("sales", name="Wang")
    make.invite(found.meeting, factories.UserFactory(name="Li"))
    make.invite(found.meeting, factories.UserFactory(name="Guest"), role="optional")
    make.invite(found.meeting, factories.UserFactory(name="Gone", is_active=False))
    make.invite(found.meeting, factories.member("sales", name="Own"))
    submit(found)
    return found


def submit(preread, text="First", now=NOW):
    by = factories.member("sales", name="Writer")
    if preread.submitted_at:
        prereads.reopen(preread=preread, by=by, now=now)
    row = preread.texts.filter(kind="free").get()
    prereads.save_text(preread=preread, sent=Sent("free", "free", text, row.version), by=by, now=now)
    return prereads.submit(preread=preread, by=by, now=now)


def names(readers):
    return [reader.user.name for reader in readers]


def person(preread, name):
    return preread.meeting.participants.get(user__name=name).user


def test_expected_are_those_invited_without_guests_leavers_and_the_department(preread):
    found = queries.readers(preread)

    assert (names(found.read), names(found.unread)) == ([], ["Ann", "Li"])


def test_reading_twice_is_reading_once_and_keeps_the_first_time(preread):
    revision = queries.newest(preread)

    assert receipts.read(revision=revision, by=person(preread, "Li"), now=NOW)
    assert not receipts.read(revision=revision, by=person(preread, "Li"), now=NOW + HOUR)

    found = queries.readers(preread)
    assert [(reader.user.name, reader.read_at) for reader in found.read] == [("Li", NOW)]
    assert names(found.unread) == ["Ann"]


def test_a_new_revision_has_to_be_read_again_and_those_who_read_the_former_are_told(preread):
    receipts.read(revision=queries.newest(preread), by=person(preread, "Li"), now=NOW)
    Notice.objects.all().delete()

    second = submit(preread, "Second", NOW + HOUR)

    found = queries.readers(preread)
    assert [(reader.user.name, reader.former) for reader in found.unread] == [("Ann", 0), ("Li", 1)]
    notice = Notice.objects.get(kind=receipt_notices.REVISED)
    assert (notice.recipient.name, notice.subject) == ("Li", second)
    assert kinds.get(notice.kind).is_wanted(notice)

    receipts.read(revision=second, by=person(preread, "Li"), now=NOW + HOUR)

    assert not kinds.get(notice.kind).is_wanted(notice)
    assert queries.read_by(preread, person(preread, "Li")) == [1, 2]


def test_those_who_have_not_read_are_reminded_once_a_day(preread):
    Notice.objects.all().delete()

    told = receipts.remind(preread=preread, by=preread.meeting.host, now=NOW)

    assert [user.name for user in told] == ["Ann", "Li"]
    with pytest.raises(NotAllowed, match="today already"):
        receipts.remind(preread=preread, by=preread.meeting.host, now=NOW + 2 * HOUR)
    # NOW is 10:00 in Shanghai: fifteen hours later it is another day there.
    assert len(receipts.remind(preread=preread, by=preread.meeting.host, now=NOW + 15 * HOUR)) == 2
    assert Notice.objects.filter(kind=receipt_notices.ASKED).count() == 4


def test_somebody_invited_later_is_reminded_on_the_same_day(preread):
    receipts.remind(preread=preread, by=preread.meeting.host, now=NOW)
    make.invite(preread.meeting, factories.UserFactory(name="Zoe"))

    told = receipts.remind(preread=preread, by=preread.meeting.host, now=NOW + HOUR)

    assert [user.name for user in told] == ["Zoe"]


def test_nobody_is_reminded_in_vain(preread):
    for name in ("Ann", "Li"):
        receipts.read(revision=queries.newest(preread), by=person(preread, name), now=NOW)
    with pytest.raises(NotAllowed, match="Everybody"):
        receipts.remind(preread=preread, by=preread.meeting.host, now=NOW)

    Meeting.objects.update(status="in_progress", started_at=make.START)
    with pytest.raises(NotAllowed, match="begun"):
        receipts.remind(preread=preread, by=preread.meeting.host, now=NOW)


def test_nothing_is_to_be_read_before_it_is_handed_in():
    preread = prereads.open_for(meeting=make.meeting(), now=NOW)[0]

    assert queries.readers(preread) is None
    with pytest.raises(NotAllowed, match="Nothing has been handed in"):
        receipts.remind(preread=preread, by=preread.meeting.host, now=NOW)


def test_a_reminder_for_somebody_taken_off_is_not_sent(preread):
    receipts.remind(preread=preread, by=preread.meeting.host, now=NOW)
    notice = Notice.objects.get(kind=receipt_notices.ASKED, recipient__name="Li")
    assert kinds.get(notice.kind).is_wanted(notice)

    preread.meeting.participants.filter(user__name="Li").delete()

    assert not kinds.get(notice.kind).is_wanted(Notice.objects.get(pk=notice.pk))


def test_many_readers_take_as_many_queries_as_one(preread, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as one:
        queries.readers(preread)
    for _number in range(5):
        reader = make.invite(preread.meeting, factories.UserFactory())
        receipts.read(revision=queries.newest(preread), by=reader, now=NOW)

    with django_assert_max_num_queries(len(one)):
        assert queries.readers(preread).total == 7
