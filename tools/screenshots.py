"""./oms screenshots: pictures for the documentation, taken from the running demo.

Starts Odoo on the demo database (or uses the server that --url names) and Debian's
Chromium without a window, logs in, opens one screen after the other and saves it as a
PNG in docs/img. Each picture waits for its screen to be complete, so that a change in
the addon shows as a changed picture and nothing else.

    ./oms screenshots                    all of them
    ./oms screenshots order board        these only
    ./oms screenshots --list             what there is
"""

import argparse
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
from dataclasses import dataclass, field
from pathlib import Path

import websocket

ROOT = Path(os.environ.get("OMS_ROOT") or Path(__file__).resolve().parent.parent)
FOLDER = ROOT / "docs" / "img"
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
    """Odoo on a database, on a free port, without scheduled actions."""

    def __init__(self, db):
        self.port = free_port()
        self.url = f"http://{LOCALHOST}:{self.port}"
        command = [
            *(sys.executable, "-m", "odoo", "-d", db, f"--db-filter=^{db}$"),
            *(f"--http-port={self.port}", "--max-cron-threads=0", "--workers=0"),
            "--log-level=warn",
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


# -- pictures --------------------------------------------------------------------------


@dataclass
class Picture:
    """What to show: a path (or a function of the session that finds it)."""

    path: object
    wait: str
    login: str = "manager"
    width: int = 1280
    height: int = 800
    scale: float = 1
    grey: bool = False
    # as a visitor who is not logged in
    public: bool = False
    clip: str | None = None
    # before the picture: clicks ("selector", "text") or functions of browser, session
    steps: list = field(default_factory=list)


def held_order(session):
    return session.find(
        "sale.order",
        [("oms_is_held", "=", True), ("state", "=", "sale")],
        order="oms_open_hold_count desc, amount_total desc, id",
    )


def busy_order(session, domain=()):
    """An order in the middle of a long workflow, with a history to show."""
    domain = [("oms_cycle_state", "=", "open"), ("state", "=", "sale"), *domain]
    own = [*domain, ("oms_workflow_id.is_default", "=", False)]
    for milestone in ("packed", "picked", "released", "confirmed"):
        reached = (f"oms_{milestone}_at", "!=", False)
        ids = session.call(
            "sale.order",
            "search",
            [*own, reached, ("oms_shipped_at", "=", False)],
            order="id",
            limit=1,
        )
        if ids:
            return ids[0]
    return session.find("sale.order", domain)


def workflow(session):
    return session.find(
        "oms.workflow",
        [("is_default", "=", False), ("state", "!=", "retired")],
        order="state desc, sequence",
    )


def draft_workflow(session):
    """A draft whose stages end by a milestone, an approval and a condition."""
    domain = [("state", "=", "draft"), ("stage_ids.exit_kind", "=", "domain")]
    return f"/odoo/oms-workflows/{session.find('oms.workflow', domain)}"


def held_transfer(session):
    """A transfer that a hold stops; else one that may go on in spite of a hold."""
    found = session.call(
        "stock.picking",
        "search_read",
        [
            ("sale_id.oms_open_hold_count", ">", 0),
            ("state", "not in", ("done", "cancel")),
        ],
        ["oms_is_blocked"],
    )
    if not found:
        raise Failure("the demo has no held order with an open transfer")
    return max(found, key=lambda picking: picking["oms_is_blocked"])["id"]


def portal_order(session):
    for domain in (
        [("oms_shipped_at", "!=", False), ("oms_cycle_state", "=", "open")],
        [("oms_released_at", "!=", False), ("oms_cycle_state", "=", "open")],
        [("oms_cycle_state", "=", "open")],
    ):
        ids = session.call(
            "sale.order",
            "search",
            [
                ("state", "=", "sale"),
                ("oms_stage_id.customer_label", "!=", False),
                ("oms_workflow_id.is_default", "=", False),
                *domain,
            ],
            limit=1,
        ) or session.call(
            "sale.order",
            "search",
            [
                ("state", "=", "sale"),
                ("oms_stage_id.customer_label", "!=", False),
                *domain,
            ],
            limit=1,
        )
        if ids:
            break
    else:
        raise Failure("the demo has no order with a label for the customer")
    return session.call("sale.order", "get_portal_url", ids)


def open_page(name):
    """Open a page of a form's notebook."""
    return (f".o_notebook_headers [name={name}]", "")


def try_on_order(session):
    """The path of a workflow's form; the wizard is opened by a step."""
    return f"/odoo/oms-workflows/{workflow(session)}"


def choose_in_wizard(browser, session):
    """Try the workflow on an order that has gone half the way."""
    order = busy_order(session, [("oms_workflow_id", "=", workflow(session))])
    (found,) = session.call("sale.order", "read", [order], ["name"])
    browser.click("button[name=action_try]")
    browser.wait(".modal .o_field_widget[name=order_id] input")
    browser.run(
        f"""(() => {{
            const input = document.querySelector(
                ".modal [name=order_id] input");
            input.focus();
            input.click();
            input.value = {json.dumps(found["name"])};
            input.dispatchEvent(new InputEvent("input", {{bubbles: true}}));
        }})()"""
    )
    # orders are offered as "number - customer"; at first the list says "Loading..."
    wait_for(
        lambda: browser.run(
            f"""[...document.querySelectorAll(".o-autocomplete--dropdown-item a")]
                .some((item) => item.innerText.includes({json.dumps(found["name"])}))"""
        ),
        "the orders to choose from",
    )
    browser.click(".o-autocomplete--dropdown-item a", found["name"])
    browser.wait(".modal .o_data_row")


PICTURES = {
    "order": Picture(
        lambda s: f"/odoo/oms-orders/{busy_order(s)}", ".o_oms_cycle_bar", height=860
    ),
    "order_held": Picture(
        lambda s: f"/odoo/oms-orders/{held_order(s)}",
        ".o_oms_cycle_bar",
        height=860,
        steps=[(".o_oms_why_button", "")],
    ),
    "order_cycle_page": Picture(
        lambda s: f"/odoo/oms-orders/{busy_order(s)}",
        ".o_oms_cycle_bar",
        height=1250,
        steps=[open_page("oms_cycle")],
    ),
    "order_cycle_page_held": Picture(
        lambda s: f"/odoo/oms-orders/{held_order(s)}",
        ".o_oms_cycle_bar",
        login="credit",
        width=1440,
        height=1250,
        steps=[open_page("oms_cycle")],
    ),
    "order_narrow": Picture(
        lambda s: f"/odoo/oms-orders/{busy_order(s)}",
        ".o_oms_cycle_bar",
        width=420,
        height=800,
        scale=2,
    ),
    "order_grey": Picture(
        lambda s: f"/odoo/oms-orders/{held_order(s)}",
        ".o_oms_cycle_bar",
        clip=".o_oms_cycle_bar",
        grey=True,
    ),
    "board": Picture("/odoo/oms-board", ".o_kanban_record", width=1440, height=860),
    "orders": Picture("/odoo/oms-orders", ".o_data_row", width=1440),
    "late": Picture("/odoo/oms-late", ".o_list_view", width=1440),
    "workflows": Picture("/odoo/oms-workflows", ".o_data_row"),
    "workflow": Picture(
        lambda s: f"/odoo/oms-workflows/{workflow(s)}",
        ".o_oms_picture svg",
        width=1440,
        height=1250,
    ),
    "workflow_draft": Picture(
        draft_workflow, ".o_oms_picture svg", width=1440, height=1250
    ),
    "workflow_try": Picture(
        try_on_order, ".o_oms_picture svg", steps=[choose_in_wizard]
    ),
    "holds": Picture("/odoo/oms-holds", ".o_list_view", width=1440),
    "journal": Picture("/odoo/oms-journal", ".o_data_row"),
    "calendar": Picture(
        "/odoo/oms-orders", ".o_data_row", steps=[(".o_switch_view.o_calendar", "")]
    ),
    "graph": Picture(
        "/odoo/oms-orders", ".o_data_row", steps=[(".o_switch_view.o_graph", "")]
    ),
    "pivot": Picture(
        "/odoo/oms-orders", ".o_data_row", steps=[(".o_switch_view.o_pivot", "")]
    ),
    "channels": Picture("/odoo/oms-channels", ".o_data_row"),
    "transfer_held": Picture(
        lambda s: f"/odoo/action-stock.action_picking_tree_all/{held_transfer(s)}",
        ".o_form_view .alert[name^=oms_hold]",
    ),
    "portal": Picture(portal_order, "#oms_portal_timeline", height=900, public=True),
    "portal_narrow": Picture(
        portal_order,
        "#oms_portal_timeline",
        width=420,
        height=900,
        scale=2,
        public=True,
    ),
}


def take(browser, session, picture, path):
    browser.complaints.clear()
    browser.size(picture.width, picture.height, picture.scale)
    browser.grey(picture.grey)
    browser.place(session.info.get("user_context", {}).get("tz"))
    browser.use(None if picture.public else session)
    where = picture.path(session) if callable(picture.path) else picture.path
    browser.open(session.url + where)
    browser.wait(picture.wait)
    browser.settle()
    for step in picture.steps:
        if callable(step):
            step(browser, session)
        else:
            browser.click(*step)
        browser.settle()
    # no blinking cursor and no tooltip in the picture
    browser.run("document.activeElement?.blur()")
    browser.settle()
    if browser.run("!!document.querySelector('.o_error_dialog')"):
        raise Failure("an error dialog is open")
    if browser.complaints:
        raise Failure("; ".join(browser.complaints))
    browser.picture(path, picture.clip)


def main():
    parser = argparse.ArgumentParser(prog="./oms screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which; default: all")
    parser.add_argument("--db", default="oms_demo")
    parser.add_argument("--url", help="a server that is running already")
    parser.add_argument("--password", help="of the users; default: the login")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(PICTURES))
        return 0
    unknown = set(options.names) - set(PICTURES)
    if unknown:
        parser.error(f"no picture is called {', '.join(sorted(unknown))}")
    options.out.mkdir(parents=True, exist_ok=True)
    server = browser = None
    failed = 0
    try:
        server = None if options.url else Server(options.db)
        url = options.url or server.url
        browser = Browser()
        sessions = {}
        for name in options.names or PICTURES:
            picture = PICTURES[name]
            try:
                if picture.login not in sessions:
                    sessions[picture.login] = Session(
                        url,
                        options.db,
                        picture.login,
                        options.password or picture.login,
                    )
                take(
                    browser,
                    sessions[picture.login],
                    picture,
                    options.out / f"{name}.png",
                )
                print(f"  {name}.png", flush=True)
            except Failure as failure:
                failed += 1
                print(f"  {name}: {failure}", file=sys.stderr, flush=True)
    except Failure as failure:
        print(f"✗ {failure}", file=sys.stderr)
        return 1
    finally:
        for part in (browser, server):
            if part:
                part.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
