"""A demo server, a user's session and a browser without a window."""

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import websocket

LOCALHOST = "127.0.0.1"


class Failure(Exception):
    """A screen that could not be taken, with the reason."""


def free_port():
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return probe.getsockname()[1]


def wait_for(check, what, seconds=60):
    """Call ``check`` until it returns something; complain in words if it does not."""
    end = time.time() + seconds
    while time.time() < end:
        result = check()
        if result:
            return result
        time.sleep(0.1)
    raise Failure(f"waited {seconds} s in vain for {what}")


# -- Odoo ------------------------------------------------------------------------------


class Server:
    """Odoo on a database, on a free port, without scheduled actions.

    :param log: file that takes a line for each request; without it only warnings
    """

    def __init__(self, db, log=None):
        self.port = free_port()
        self.url = f"http://{LOCALHOST}:{self.port}"
        command = [
            *(sys.executable, "-m", "odoo", "-d", db, f"--db-filter=^{db}$"),
            *(f"--http-port={self.port}", "--max-cron-threads=0", "--workers=0"),
            *(
                ("--log-level=info", f"--logfile={log}")
                if log
                else ["--log-level=warn"]
            ),
        ]
        self.process = subprocess.Popen(command)
        wait_for(self._answers, "Odoo to start", 180)

    def _answers(self):
        if self.process.poll() is not None:
            raise Failure("Odoo stopped by itself, see above")
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=120):
                return True
        except (urllib.error.URLError, ConnectionError):
            return False

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Session:
    """A user's session: calls methods, and lends its cookie to the browser."""

    def __init__(self, url, db, login, password):
        self.url = url
        self.cookie = ""
        # A password is only asked for here, never for anything but the demo.
        self.info = self._post(
            "/web/session/authenticate",
            {"db": db, "login": login, "password": password},
        )
        if not self.info.get("uid"):
            raise Failure(f"{login} cannot log in to {db}")

    def _post(self, path, params):
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
            headers={"Content-Type": "application/json"},
        )
        if self.cookie:
            request.add_header("Cookie", f"session_id={self.cookie}")
        with urllib.request.urlopen(request, timeout=120) as answer:
            for header in answer.headers.get_all("Set-Cookie") or ():
                if header.startswith("session_id="):
                    self.cookie = header.split(";")[0].split("=", 1)[1]
            result = json.load(answer)
        if "error" in result:
            raise Failure(result["error"]["data"]["message"])
        return result["result"]

    def call(self, model, method, *args, **kwargs):
        return self._post(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def find(self, model, domain, order=None):
        """Id of the first record, or a sentence about what the demo lacks."""
        ids = self.call(model, "search", domain, limit=1, order=order or "id desc")
        if not ids:
            raise Failure(f"the demo has no {model} with {domain}")
        return ids[0]


# -- browser ---------------------------------------------------------------------------


class Browser:
    """Chromium without a window, driven by its DevTools protocol."""

    def __init__(self):
        program = os.environ.get("CHROMIUM") or next(
            filter(
                None,
                map(shutil.which, ("chromium", "chromium-browser", "google-chrome")),
            ),
            None,
        )
        if not program:
            raise Failure("there is no Chromium: apt-get install chromium")
        self.profile = tempfile.mkdtemp(prefix="oms-screenshots-")
        port = free_port()
        self.process = subprocess.Popen(
            [
                *(program, "--headless", "--no-sandbox", "--disable-gpu"),
                *("--hide-scrollbars", "--no-first-run", "--disable-extensions"),
                *("--force-color-profile=srgb", "--lang=en-US", "--mute-audio"),
                f"--user-data-dir={self.profile}",
                f"--remote-debugging-port={port}",
                f"--remote-allow-origins=http://{LOCALHOST}:{port}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        target = wait_for(lambda: self._page(port), "Chromium to start")
        self.socket = websocket.create_connection(
            target, timeout=60, origin=f"http://{LOCALHOST}:{port}"
        )
        self.number = 0
        self.complaints = []
        for domain in ("Page", "Runtime", "Network"):
            self.send(f"{domain}.enable")

    @staticmethod
    def _page(port):
        try:
            with urllib.request.urlopen(f"http://{LOCALHOST}:{port}/json") as answer:
                pages = json.load(answer)
        except (urllib.error.URLError, ConnectionError):
            return None
        return next(
            (p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page"), None
        )

    def send(self, method, **params):
        self.number += 1
        self.socket.send(
            json.dumps({"id": self.number, "method": method, "params": params})
        )
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                details = message["params"]["exceptionDetails"]
                thrown = details.get("exception", {}).get("description")
                self.complaints.append(thrown or details["text"])
            if message.get("id") == self.number:
                if "error" in message:
                    raise Failure(f"{method}: {message['error']['message']}")
                return message.get("result", {})

    def run(self, expression):
        """Evaluate JavaScript in the page and return its value."""
        result = self.send(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            thrown = details.get("exception", {}).get("description")
            raise Failure(thrown or details["text"])
        return result["result"].get("value")

    def size(self, width, height, scale=1):
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )

    def grey(self, on=True):
        """See as somebody who sees no colours, or as a black and white printer."""
        self.send(
            "Emulation.setEmulatedVisionDeficiency",
            type="achromatopsia" if on else "none",
        )

    def place(self, timezone):
        """Sit where the user does: Odoo's pages show the times of the browser."""
        if timezone:
            self.send("Emulation.setTimezoneOverride", timezoneId=timezone)

    def use(self, session):
        self.send("Network.clearBrowserCookies")
        if not session:
            return
        self.send(
            "Network.setCookie",
            name="session_id",
            value=session.cookie,
            url=session.url,
        )

    def open(self, url):
        # Another page first: a change of the fragment alone would not load again.
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=url)

    def wait(self, selector, seconds=60):
        quoted = json.dumps(selector)
        try:
            wait_for(
                lambda: self.run(f"!!document.querySelector({quoted})"),
                selector,
                seconds,
            )
        except Failure as failure:
            shown = self.run("document.body.innerText.slice(0, 600)")
            raise Failure(f"{failure}; the page shows: {shown}") from None

    def settle(self):
        """Wait until nothing is loaded or animated any more."""
        still = 0
        last = None
        end = time.time() + 20
        while still < 4 and time.time() < end:
            time.sleep(0.15)
            now = self.run(
                """[document.body.innerHTML.length, document.fonts.status,
                    [...document.images].every((i) => i.complete),
                    !document.querySelector(".o_loading_indicator, .o_blockUI")]
                    .join()"""
            )
            still = still + 1 if now == last else 0
            last = now

    def click(self, selector, text=""):
        """Click the first visible element that matches and contains the text."""
        self.run(
            f"""(() => {{
                const [selector, text] = {json.dumps([selector, text])};
                const found = [...document.querySelectorAll(selector)].find(
                    (el) => el.offsetParent && el.innerText.includes(text));
                if (!found) {{
                    throw new Error(`nothing to click: ${{selector}} ${{text}}`);
                }}
                found.click();
            }})()"""
        )

    def picture(self, path, selector=None):
        params = {"format": "png", "captureBeyondViewport": False}
        if selector:
            box = self.run(
                f"""(() => {{
                    const el = document.querySelector({json.dumps(selector)});
                    el.scrollIntoView({{block: "nearest"}});
                    const r = el.getBoundingClientRect();
                    return [r.x, r.y, r.width, r.height];
                }})()"""
            )
            margin = 12
            params["clip"] = {
                "x": max(0, box[0] - margin),
                "y": max(0, box[1] - margin),
                "width": box[2] + 2 * margin,
                "height": box[3] + 2 * margin,
                "scale": 1,
            }
        data = self.send("Page.captureScreenshot", **params)["data"]
        path.write_bytes(base64.b64decode(data))

    def stop(self):
        try:
            self.socket.close()
        finally:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
            shutil.rmtree(self.profile, ignore_errors=True)
