"""Stand-ins for WeCom, Feishu, DingTalk and a webhook's receiver: they check signatures and limits as the makers say.

`Robots` listens on one port of 127.0.0.1 for all of them. It keeps what it has taken and answers as it is told to.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

DUPLICATE_WINDOW_SECONDS = 1800


@dataclass
class Taken:
    """One message that a group or a person really sees."""

    place: str
    payload: dict
    headers: dict
    at: float = field(default_factory=time.monotonic)

    @property
    def text(self):
        return json.dumps(self.payload, ensure_ascii=False)


class Robots:
    KEYS = ("key-of-sales", "key-of-finance")
    SECRET = "SEC-of-the-robot"
    WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes, ok").decode()
    APP = "corp-1234/1000002/wangfang"
    APP_SECRET = "secret-of-the-app"

    def __init__(self):
        self.taken: list[Taken] = []
        self.asked = 0
        # Status and body that are answered instead, the first first; "hang up" breaks the line after the request.
        self.moods: deque = deque()
        self.seconds = 0.0
        self.clock = time.monotonic
        self.access = "access-1"
        self._lock = threading.Lock()
        self._times = defaultdict(list)
        self._repeats: dict[str, float] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def listening(self):
        thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join(5)

    def forget(self):
        """As if a while had passed: nobody has sent too much."""
        self._times.clear()

    @property
    def settings(self):
        """What the site has to be told to find them."""
        names = ("WECOM_BASE_URL", "FEISHU_BASE_URL", "LARK_BASE_URL", "DINGTALK_BASE_URL")
        return dict.fromkeys(names, self.url)

    def answer(self, method, path, query, headers, body):
        """Status and body for one request; what is taken is kept."""
        if method == "GET" and path == "/cgi-bin/gettoken":
            if (query.get("corpid"), query.get("corpsecret")) != (self.APP.split("/")[0], self.APP_SECRET):
                return 200, {"errcode": 40001, "errmsg": "invalid credential"}
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": self.access, "expires_in": 7200}
        payload = json.loads(body)
        if path == "/cgi-bin/webhook/send":
            return self._robot(
                "wecom", query.get("key"), payload, headers, count=20, busy=45009, unknown=93000
            )
        if path == "/cgi-bin/message/send":
            return self._application(query, payload, body, headers)
        if path.startswith("/open-apis/bot/v2/hook/"):
            return self._feishu(path.rpartition("/")[2], payload, headers)
        if path == "/robot/send":
            return self._dingtalk(query, payload, headers)
        if path.startswith("/hook"):
            return self._webhook(path, payload, headers, body)
        return 404, {"error": "nothing here"}

    def _robot(self, name, key, payload, headers, *, count, busy, unknown, code="errcode", words="errmsg"):
        if key not in self.KEYS:
            return 200, {code: unknown, words: "invalid robot"}
        if self._is_too_often(f"{name} {key}", count, 60):
            return 200, {code: busy, words: "too many"}
        self._take(f"{name} {key}", payload, headers)
        return 200, {code: 0, words: "ok"}

    def _application(self, query, payload, body, headers):
        if query.get("access_token") != self.access:
            return 200, {"errcode": 40014, "errmsg": "invalid access_token"}
        window = payload.get("duplicate_check_interval", DUPLICATE_WINDOW_SECONDS)
        if len(payload["markdown"]["content"].encode()) > 2048:
            return 200, {"errcode": 40058, "errmsg": "content too long"}
        with self._lock:
            last, self._repeats[body] = self._repeats.get(body), self.clock()
        if payload.get("enable_duplicate_check") and last is not None and self.clock() - last < window:
            return 200, {"errcode": 0, "errmsg": "ok", "msgid": "the same"}
        self._take(f"wecom app {payload['touser']}", payload, headers)
        return 200, {"errcode": 0, "errmsg": "ok", "msgid": "new"}

    def _feishu(self, key, payload, headers):
        stamp = payload.get("timestamp", "0")
        wanted = hmac.new(f"{stamp}\n{self.SECRET}".encode(), b"", hashlib.sha256).digest()
        if abs(time.time() - int(stamp)) > 3600 or payload.get("sign") != base64.b64encode(wanted).decode():
            return 200, {
                "code": 19021,
                "msg": "sign match fail or timestamp is not within one hour from current time",
            }
        if self._is_too_often(f"feishu second {key}", 5, 1):
            return 200, {"code": 11232, "msg": "frequency limited"}
        return self._robot(
            "feishu", key, payload, headers, count=100, busy=11232, unknown=19001, code="code", words="msg"
        )

    def _dingtalk(self, query, payload, headers):
        stamp = query.get("timestamp", "0")
        wanted = hmac.new(self.SECRET.encode(), f"{stamp}\n{self.SECRET}".encode(), hashlib.sha256).digest()
        is_fresh = abs(time.time() * 1000 - int(stamp)) < 3_600_000
        if not is_fresh or query.get("sign") != base64.b64encode(wanted).decode():
            return 200, {"errcode": 310000, "errmsg": "sign not match"}
        return self._robot(
            "dingtalk", query.get("access_token"), payload, headers, count=20, busy=130101, unknown=300005
        )

    def _webhook(self, path, payload, headers, body):
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
        secret = base64.b64decode(self.WEBHOOK_SECRET.removeprefix("whsec_"))
        wanted = "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
        if (
            headers["webhook-signature"] != wanted
            or abs(time.time() - int(headers["webhook-timestamp"])) > 300
        ):
            return 401, {"error": "bad signature"}
        self._take(path, payload, headers)
        return 200, {"ok": True}

    def _take(self, place, payload, headers):
        with self._lock:
            self.taken.append(Taken(place, payload, headers))

    def _is_too_often(self, place, count, seconds):
        with self._lock:
            now = self.clock()
            self._times[place] = [at for at in self._times[place] if at > now - seconds]
            self._times[place].append(now)
            return len(self._times[place]) > count

    def _handler(robots):  # noqa: N805 - `self` is the handler inside
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self._do("POST")

            def do_GET(self):
                self._do("GET")

            def _do(self, method):
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                robots.asked += 1
                mood = robots.moods.popleft() if robots.moods and method == "POST" else None
                if mood is None or mood == "take and hang up":
                    status, answer = robots.answer(method, parts.path, query, dict(self.headers), body)
                else:
                    status, answer = mood if isinstance(mood, tuple) else (0, "")
                time.sleep(robots.seconds)
                if mood in ("hang up", "take and hang up"):
                    self.close_connection = True
                    return
                raw = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
                self.send_response(status)
                if status in (301, 302, 307):
                    self.send_header("Location", answer)
                if status == 429:
                    self.send_header("Retry-After", "7")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *args):
                pass

        return Handler
