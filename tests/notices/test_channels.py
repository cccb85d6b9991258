"""Each channel against a stand-in that checks its signature, and what comes back when something is wrong."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from notices import channels
from notices.channels import wecom, wire
from notices.channels.base import Answer, Down, Fault, Message, Outcome
from notices.channels.robots import robot_reply
from tests.notices.robots import Robots

MESSAGE = Message(
    title="Kopfhörer: <@all> [click](http://evil.example) *now* 复盘",
    body="First line\n\n# not a heading `code` <font color='red'>x</font>",
    url="https://fupan.example/actions/7/",
    button="Open in Fupan",
    label="Action",
    at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
    reference="0123456789ab",
    key="0123456789ab4cdeaf00112233445566",
    language="en",
    kind="actions.assigned",
    people=("Ann", "王芳"),
)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def robots(settings):
    robots = Robots()
    for name, url in robots.settings.items():
        setattr(settings, name, url)
    settings.WEBHOOK_PRIVATE_NETWORKS = [wire.ipaddress.ip_network("127.0.0.0/8")]
    wecom._accesses.clear()
    with robots.listening():
        yield robots


def target(address, secret=""):
    return SimpleNamespace(address=address, secret=secret)


def hand_over(channel, where, message=MESSAGE):
    sender = channels.of(channel)
    payload = sender.write(message, where)
    # As it is kept in between.
    return sender.hand_over(json.loads(json.dumps(payload)), message.key, where)


PLACES = {
    "wecom": target(Robots.KEYS[0]),
    "feishu": target(Robots.KEYS[0], Robots.SECRET),
    "dingtalk": target(Robots.KEYS[0], Robots.SECRET),
}


@pytest.mark.parametrize("channel", PLACES)
def test_a_robot_takes_a_signed_message(robots, channel):
    reply = hand_over(channel, PLACES[channel])

    assert reply.outcome is Outcome.ACCEPTED, reply
    (taken,) = robots.taken
    assert MESSAGE.url in taken.text
    assert "#0123456789ab" in taken.text.replace("＃", "#")
    assert "王芳" in taken.text
    if channel != "feishu":  # there every text is plain by its tag
        for sign in ("<@all>", "[click](http", "*now*", "<font", "`code`"):
            assert sign not in taken.text
        assert "［click］(http://evil.example)" in taken.text


def test_feishu_texts_are_plain(robots):
    hand_over("feishu", PLACES["feishu"])

    tags = json.dumps(robots.taken[0].payload["card"])
    assert "lark_md" not in tags
    assert robots.taken[0].payload["card"]["header"]["title"] == {
        "tag": "plain_text",
        "content": MESSAGE.title,
    }


def test_an_emergency_is_red_in_feishu(robots):
    hand_over("feishu", PLACES["feishu"], replace(MESSAGE, is_emergency=True))
    assert robots.taken[0].payload["card"]["header"]["template"] == "red"


@pytest.mark.parametrize("channel", ["feishu", "dingtalk"])
def test_a_wrong_secret_is_the_endpoints_fault(robots, channel):
    with pytest.raises(Fault) as caught:
        hand_over(channel, target(Robots.KEYS[0], "another secret"))
    assert "secret is wrong" in channels.of(channel).meaning(caught.value.words)
    assert robots.taken == []


@pytest.mark.parametrize("channel", PLACES)
def test_an_unknown_robot_is_the_endpoints_fault(robots, channel):
    with pytest.raises(Fault) as caught:
        hand_over(channel, target("key-of-nobody", Robots.SECRET))
    assert "does not know this robot" in channels.of(channel).meaning(caught.value.words)


@pytest.mark.parametrize(("channel", "rest"), [("wecom", 60), ("feishu", 60), ("dingtalk", 600)])
def test_too_many_messages_make_a_rest(robots, channel, rest):
    limit = min(limit.most for limit in channels.of(channel).limits)
    for _number in range(limit):
        hand_over(channel, PLACES[channel])
    with pytest.raises(Down) as caught:
        hand_over(channel, PLACES[channel])
    assert caught.value.rest == rest
    assert "ore messages than" in channels.of(channel).meaning(caught.value.words)


def test_long_texts_fit(robots):
    long = replace(MESSAGE, body="很长的说明。" * 4000)
    for channel, where in PLACES.items():
        hand_over(channel, where, long)
    by_place = {taken.place.split()[0]: taken.payload for taken in robots.taken}
    assert len(by_place["wecom"]["markdown"]["content"].encode()) <= 4096
    assert by_place["wecom"]["markdown"]["content"].endswith("＃0123456789ab")
    assert len(json.dumps(by_place["feishu"], ensure_ascii=False).encode()) < 20_000
    assert len(json.dumps(by_place["dingtalk"], ensure_ascii=False).encode()) < 20_000


def test_a_wecom_application_drops_a_repetition(robots):
    where = target(Robots.APP, Robots.APP_SECRET)

    assert hand_over("wecom", where).outcome is Outcome.ACCEPTED
    assert hand_over("wecom", where).outcome is Outcome.ACCEPTED
    assert len(robots.taken) == 1
    hand_over("wecom", where, replace(MESSAGE, reference="ffffffffffff"))
    assert len(robots.taken) == 2, "another promise with the same words is no repetition"
    robots.clock = lambda: wire.threading.TIMEOUT_MAX
    hand_over("wecom", where)
    assert len(robots.taken) == 3, "the window has an end"


def test_a_wecom_application_logs_in_anew(robots):
    where = target(Robots.APP, Robots.APP_SECRET)
    hand_over("wecom", where)
    robots.access = "access-2"
    assert hand_over("wecom", where, replace(MESSAGE, reference="ffffffffffff")).outcome is Outcome.ACCEPTED
    with pytest.raises(Fault, match="invalid credential"):
        hand_over("wecom", target(Robots.APP, "wrong"))


def test_a_webhook_is_signed_and_names_its_promise(robots):
    where = target(f"{robots.url}/hook", Robots.WEBHOOK_SECRET)
    assert hand_over("webhook", where).outcome is Outcome.ACCEPTED
    (taken,) = robots.taken
    assert taken.headers["webhook-id"] == MESSAGE.key
    assert taken.payload["title"] == MESSAGE.title
    assert taken.payload["people"] == ["Ann", "王芳"]

    wrong = target(f"{robots.url}/hook", "whsec_" + "A" * 32)
    reply = hand_over("webhook", wrong)
    assert (reply.outcome, reply.status) == (Outcome.DEFERRED, 401)
    assert "signature" in channels.of("webhook").meaning(reply.words)


def test_a_webhook_follows_no_redirect(robots):
    robots.moods.append((302, f"{robots.url}/hook2"))
    reply = hand_over("webhook", target(f"{robots.url}/hook", Robots.WEBHOOK_SECRET))
    assert (reply.outcome, reply.status) == (Outcome.DEFERRED, 302)
    assert "not followed" in channels.of("webhook").meaning(reply.words)
    assert robots.asked == 1


def test_a_webhook_that_has_had_enough(robots):
    robots.moods.extend([(429, "slow down"), (410, "gone")])
    where = target(f"{robots.url}/hook", Robots.WEBHOOK_SECRET)
    with pytest.raises(Down) as caught:
        hand_over("webhook", where)
    assert caught.value.rest == 7
    with pytest.raises(Fault):
        hand_over("webhook", where)


@pytest.mark.parametrize(
    ("status", "text", "found"),
    [
        (200, '{"errcode":0,"errmsg":"ok"}', Outcome.ACCEPTED),
        (200, '{"StatusCode":0,"StatusMessage":"success"}', Outcome.ACCEPTED),
        (200, '{"errcode":40058,"errmsg":"bad"}', Outcome.REFUSED),
        (200, "<html>welcome to our wifi</html>", Outcome.REFUSED),
        (200, "[]", Outcome.REFUSED),
        (200, '{"errcode":-1,"errmsg":"system busy"}', Down),
        (502, "<html>bad gateway</html>", Down),
        (429, "", Down),
        (404, "nothing", Fault),
    ],
)
def test_an_answer_is_read_to_the_bottom(status, text, found):
    def read():
        return robot_reply(Answer(status, text), faults={"93000"}, busy={"-1"}, rest=60)

    if isinstance(found, Outcome):
        assert read().outcome is found
    else:
        with pytest.raises(found):
            read()


def test_apprise_knows_only_services_of_their_makers(robots, monkeypatch):
    from apprise.plugins.slack import NotifySlack

    sender = channels.of("apprise")
    for address in ("json://127.0.0.1/x", "syslog://", "mailto://a:b@example.com", "slack://", "nonsense"):
        with pytest.raises(ValidationError):
            sender.check(address, "")
    signed = "643a03c9b9a54b4c9b8fe2c9b9a54b4c/wF5hZvD9b6t1zZzvV1G4b1Gg7xF5hZvD9b6t1zZzvV1"
    local = f"workflows://prod-1.westus.logic.azure.com:443/{signed}/?template=/etc/passwd"
    for address in (
        f"workflows://127.0.0.1:8080/{signed}/",
        f"workflows://azure.com.evil.org/{signed}/",
        local,
    ):
        with pytest.raises(ValidationError):
            sender.check(address, "")
    cloud = f"workflows://prod-1.westus.logic.azure.com:443/{signed}/"
    assert sender.check(cloud, "") == (cloud, "")
    good = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#sales"
    assert sender.check(good, "") == (good, "")
    monkeypatch.setattr(NotifySlack, "webhook_url", f"{robots.url}/services")
    robots.moods.extend([(200, "ok"), (404, "no_team")])
    assert hand_over("apprise", target(good)).outcome is Outcome.ACCEPTED
    reply = hand_over("apprise", target(good))
    assert (reply.outcome, reply.status) == (Outcome.DEFERRED, 404)
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in reply.words
    assert "does not know" in sender.meaning(reply.words)


@pytest.mark.parametrize(
    ("channel", "pasted", "secret", "kept"),
    [
        (
            "wecom",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4",
            "x",
            "693a91f6-7xxx-4bc4",
        ),
        ("wecom", "ww1234567/1000002/@all", "s3cret", "ww1234567/1000002/@all"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/c1f2-abcd", "s", "c1f2-abcd"),
        ("feishu", "https://open.larksuite.com/open-apis/bot/v2/hook/c1f2-abcd", "s", "lark:c1f2-abcd"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=abcdef12345", "SECx", "abcdef12345"),
        ("webhook", "https://example.com/hook", "whsec_MTIzNDU2Nzg=", "https://example.com/hook"),
    ],
)
def test_what_people_paste_is_understood(channel, pasted, secret, kept):
    assert channels.of(channel).check(pasted, secret)[0] == kept


@pytest.mark.parametrize(
    ("channel", "pasted", "secret"),
    [
        ("wecom", "https://evil.example/cgi-bin/webhook/send?key=693a91f6-7xxx", ""),
        ("wecom", "http://169.254.169.254/latest/meta-data", ""),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", ""),
        ("wecom", "ww1234567/1000002/@all", ""),
        ("feishu", "https://open.feishu.cn.evil.example/open-apis/bot/v2/hook/abcdefgh", "s"),
        ("dingtalk", "short", "s"),
        ("dingtalk", "key with spaces", "s"),
        ("webhook", "ftp://example.com/", "whsec_MTIzNDU2Nzg="),
        ("webhook", "https://user:password@example.com/", "whsec_MTIzNDU2Nzg="),
        ("webhook", "https://example.com/", "no secret"),
    ],
)
def test_what_is_no_address_is_refused(channel, pasted, secret):
    with pytest.raises(ValidationError) as caught:
        channels.of(channel).check(pasted, secret)
    assert set(caught.value.message_dict) <= {"address", "secret"}


def test_the_windows_of_repetition():
    wecom_sender = channels.of("wecom")
    assert wecom_sender.repeats_within(target(Robots.KEYS[0])) is None
    assert wecom_sender.repeats_within(target(Robots.APP)) >= timedelta(minutes=30)
