"""Markup and control signs in every free text: shown as text on every page, in messages, mails and calendars."""

import re
from copy import deepcopy
from email.utils import parseaddr
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from meetings.services import prereads
from meetings.services.invite import INVITED
from meetings.services.prereads import Sent
from metrics.models import Upload
from notices import dispatcher
from notices import services as notices
from people.models import User
from tests.access import addresses, expected

pytestmark = pytest.mark.django_db
ZOO = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>' onmouseover='alert(1)",
    "</script><script>alert(1)</script>",
    "{{ 7*7 }}{% load x %} javascript:alert(1)",
    "<!--<script> ]]> </textarea></title></option>",
)
ASKED = "?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&sort=%3Cscript%3E"


class Scan(HTMLParser):
    """Collects what no text of ours may bring forth."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        names = {name for name, _value in attributes}
        self.found += [f"{tag} {name}" for name in names if name.startswith(("on", "hx-on"))]
        for name, value in attributes:
            if name in ("href", "src", "action", "formaction") and (value or "").strip().lower().startswith(
                ("javascript:", "data:text", "vbscript:")
            ):
                self.found.append(f"{tag} {name}={value}")
        if tag == "script" and not names & {"src"} and dict(attributes).get("type") != "application/json":
            self.found.append("script without src")
        if tag == "img" and dict(attributes).get("src") == "x":
            self.found.append("img")


def scan(html: str) -> list[str]:
    reader = Scan()
    reader.feed(html)
    return reader.found + re.findall(r"\b49\b(?=\{%|%})", html)


@pytest.fixture
def infested(shared_zoo):
    """The company with the zoo, whatever an earlier test has done to its objects."""
    return deepcopy(shared_zoo)


@pytest.fixture(scope="module")
def shared_zoo(shared_world):
    """The company, with the zoo in everything that somebody can type or hand in."""
    company = shared_world
    for number, person in enumerate(User.objects.all()):
        person.name = ZOO[number % len(ZOO)][:120]
        person.save()
    text = "\n".join(ZOO)
    for meeting in (company.draft, company.scheduled, company.running, company.ended):
        meeting.title, meeting.note, meeting.location = text.replace("\n", " ")[:200], text, ZOO[0]
        meeting.cancel_reason = text
        meeting.online_url = "https://meet.example/?q=%22%3E%3Cscript%3E"
        meeting.save()
        meeting.items.update(title_en=ZOO[0], title_zh=ZOO[1], questions_en=text, questions_zh=text)
        meeting.notes.update(text=text)
        meeting.decisions.update(text=text, options=text)
        meeting.participants.update(reply_note=ZOO[1], reply="declined", replied_at=timezone.now())
        meeting.parked.create(text=ZOO[2], parked_by=company.runs, parked_at=timezone.now())
    lead = company.people["a_lead"]
    for preread in (company.draft_preread, company.running.prereads.get()):
        for row in preread.texts.all():
            prereads.save_text(
                preread=preread, sent=Sent(row.kind, row.key, text, row.version), by=lead, now=timezone.now()
            )
        preread.attachments.update(name=ZOO[0] + ".pdf")
    prereads.submit(preread=company.running.prereads.get(), by=lead, now=timezone.now())
    for action in (company.action, company.draft_action):
        action.title, action.description = text.replace("\n", " ")[:300], text
        action.vague_reason = ZOO[1]
        action.save()
        action.criteria.update(text=ZOO[0])
        action.milestones.update(title=ZOO[1])
        action.evidence.update(text=text, file_name=ZOO[0] + ".pdf", link='https://x.example/"><script>')
        action.progress.create(text=text, status="todo", by=lead, at=timezone.now())
        action.deadline_changes.create(
            old_due_at=timezone.now(), new_due_at=action.due_at, reason=text, by=lead, at=timezone.now()
        )
    company.action.blockers.create(reason=text, needs_person=lead, by=lead, since=timezone.now())
    for key in ("upload.stored", "upload.refused"):
        upload = Upload.objects.get(pk=company.args[key][0])
        upload.original_name = text.replace("\n", " ")[:500]
        upload.stated = {"shop": ZOO[0]}
        upload.save()
        upload.problems.update(text=ZOO[0], column=ZOO[1])
        upload.shop and type(upload.shop).objects.filter(pk=upload.shop_id).update(name=ZOO[1])
    return company


@pytest.mark.parametrize("who", ["runs", "a_lead", "a_member", "admin"])
def test_no_text_becomes_markup_on_any_page(client, infested, who):
    place = expected.PEOPLE.index(who)
    found, showing = [], 0
    client.force_login(infested.people[who])
    for method, name, what, answers in expected.rows():
        if method not in ("GET", "POST") or answers[place] not in ("200", "409", "422"):
            continue
        url = reverse(name, args=infested.args[what])
        for extra in (ASKED, "") if method == "GET" else ("", ASKED):
            response = getattr(client, method.lower())(url + extra)
            if "html" in response.headers.get("Content-Type", ""):
                found += [(method, url + extra, one) for one in scan(response.text)]
                showing += "&lt;s" in response.text
            if method == "GET" and not addresses.was_heard(response.wsgi_request):
                break  # the same answer but for the address, in which there is nothing to find without the words

    assert found == []
    assert showing > 20  # or the zoo stands nowhere, and the test sees nothing


def test_what_is_typed_and_refused_is_shown_as_text(client, infested):
    client.force_login(infested.people["runs"])
    found = []
    for name, what in (
        ("meetings:edit", "meeting.scheduled"),
        ("meetings:cancel", "meeting.scheduled"),
        ("meetings:record_decision", "meeting.running"),
        ("actions:new", "-"),
        ("actions:capture", "meeting.running"),
        ("actions:act", "step.cancel"),
    ):
        for bad in ZOO:
            fields = dict.fromkeys(
                "title note location online_url text options kind outcome reason criteria description owner due_date "
                "period time_zone items-0-title items-0-questions".split(),
                bad,
            )
            data = fields | {"items-count": "1", "do": "save"}
            response = client.post(reverse(name, args=infested.args[what]), data, follow=True)
            found += [(name, one) for one in scan(response.text)]

    assert found == []


def test_messages_and_questions_carry_names_as_text(client, infested):
    """A title in a message of success, and one in the sentence of a question (data-confirm)."""
    client.force_login(infested.people["runs"])

    client.post(reverse("meetings:nudge", args=infested.args["meeting.scheduled"]))
    page = client.get(reverse("meetings:detail", args=infested.args["meeting.scheduled"]))

    assert scan(page.text) == []
    assert 'data-confirm=""' not in page.text


def test_a_mail_and_its_calendar_stay_in_their_lines(infested):
    """No new header, no new property, no markup."""
    meeting, guest = infested.scheduled, infested.people["recorder"]
    meeting.title = "Review\r\nBcc: eve@example.com\r\nATTENDEE:mailto:eve@example.com<script>"
    meeting.note = "x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:PROCEDURE"
    meeting.location = "Room;X=1:,\\n\r\nURL:http://evil.example"
    meeting.save()
    guest.name = 'Eve\r\nBcc: eve@example.com";RSVP=FALSE:mailto:eve@example.com'
    guest.save()

    notices.tell(recipient=guest, subject=meeting, kind=INVITED, at=timezone.now())
    dispatcher.run()

    letter = mail.outbox[-1]
    message = letter.message()
    assert "Bcc" not in message
    assert message.get_all("To") == [message["To"]]
    assert [parseaddr(address)[1] for address in letter.recipients()] == [guest.email]
    page = next(part.content for part in letter.alternatives if part.mimetype == "text/html")
    assert scan(page) == []
    calendar = next(part.content for part in letter.alternatives if "calendar" in part.mimetype)
    lines = calendar.replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")
    assert sum(line == "BEGIN:VALARM" for line in lines) == 1
    assert sum(line == "END:VEVENT" for line in lines) == 1
    assert not [line for line in lines if line.startswith(("ACTION:PROCEDURE", "URL:http://evil", "Bcc"))]
    assert sum(line.startswith("ATTENDEE") for line in lines) == meeting.participants.count()
