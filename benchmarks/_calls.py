"""What the web client asks the server for on each screen, recorded in a real browser."""

import json
import re
import tempfile
import time
import urllib.error
import urllib.request

from _odoo import ROOT  # noqa: F401  (puts tools/ on the path)
from shots.driver import Browser, Failure, Server, Session

DESK = (1366, 768)

# Remembers the calls of a page, with what they asked. Bodies are strings of JSON.
RECORDER = """
(() => {
    const calls = (window.omsCalls = []);
    const keep = (url, body) => {
        if (typeof body === "string" && String(url).includes("/web/dataset/")) {
            calls.push(body);
        }
    };
    const open = XMLHttpRequest.prototype.open;
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.open = function (method, url, ...rest) {
        this.omsUrl = url;
        return open.call(this, method, url, ...rest);
    };
    XMLHttpRequest.prototype.send = function (body) {
        keep(this.omsUrl, body);
        return send.call(this, body);
    };
    const fetch = window.fetch;
    window.fetch = function (url, options) {
        keep(url?.url || url, options?.body);
        return fetch.call(this, url, options);
    };
})();
"""

# Asked for once per login or by the frame around the screens, whatever is on them.
FRAME = {
    "has_group",
    "get_views",
    "systray_get_activities",
    "get_activity_data",
    "check_access_rights",
    "load_menus",
    "mail_message",
    "init_messaging",
}


class Recorder:
    """A user's browser on a server; takes down what each screen asks for."""

    def __init__(self, db, login):
        self.server = Server(db)
        self.browser = None
        try:
            self.session = Session(self.server.url, db, login, login)
            self.browser = Browser()
            self.browser.send("Page.addScriptToEvaluateOnNewDocument", source=RECORDER)
            self.browser.size(*DESK)
            self.browser.use(self.session)
        except BaseException:
            self.close()
            raise

    def record(self, path):
        """Open a page of the web client.

        :param str path: as in the address line, with ``view_type`` where it matters
        :return: list of ``{model, method, args, kwargs}``, in the order they were sent
        :raise Failure: if the page shows an error
        """
        self.browser.complaints.clear()
        self.browser.open(f"{self.server.url}{path}")
        self.browser.wait(".o_view_controller, .o_action, .o_error_dialog", 90)
        self.browser.settle()
        time.sleep(0.3)
        error = self.browser.run(
            "document.querySelector('.o_error_dialog')?.innerText || ''"
        )
        if error or self.browser.complaints:
            raise Failure(f"{path}: {error or self.browser.complaints[0]}")
        return list(self._calls())

    def _calls(self):
        for body in self.browser.run("window.omsCalls"):
            params = json.loads(body).get("params", {})
            if params.get("method") and params["method"] not in FRAME:
                yield {
                    name: params[name] for name in ("model", "method", "args", "kwargs")
                }

    def close(self):
        if self.browser:
            self.browser.stop()
        self.server.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.close()


def _answer(request):
    try:
        return urllib.request.urlopen(request, timeout=300)
    except urllib.error.HTTPError as error:
        said = re.sub(r"<[^>]+>|\s+", " ", error.read().decode())[-600:]
        raise Failure(f"{request.full_url}: {error.code} {said}") from None


REQUEST = re.compile(
    r'"GET (?P<path>\S+) HTTP/[\d.]+" (?P<status>\d+) -'
    r" (?P<queries>\d+) (?P<sql>[\d.]+) (?P<rest>[\d.]+)"
)


def time_pages(db, login, paths, repetitions):
    """How long pages take that the server renders, by the server's own log.

    :return: ``{path: [(seconds, queries), ...]}``, the first of each left out
    :raise Failure: if a page does not answer as it should
    """
    with tempfile.NamedTemporaryFile("r", suffix=".log") as log:
        server = Server(db, log=log.name)
        try:
            session = Session(server.url, db, login, login)
            for path in paths:
                for _number in range(repetitions + 1):
                    request = urllib.request.Request(server.url + path)
                    request.add_header("Cookie", f"session_id={session.cookie}")
                    with _answer(request) as answer:
                        if (
                            answer.url.partition("?")[0]
                            != server.url + path.partition("?")[0]
                        ):
                            raise Failure(
                                f"{login} is sent from {path} to {answer.url}"
                            )
            time.sleep(0.5)
        finally:
            server.stop()
        found = {path: [] for path in paths}
        for line in log:
            match = REQUEST.search(line)
            if match and match["path"] in found and match["status"] == "200":
                seconds = float(match["sql"]) + float(match["rest"])
                found[match["path"]].append((seconds, int(match["queries"])))
    return {path: measured[1:] for path, measured in found.items()}
