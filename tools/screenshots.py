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
import os
import sys
from pathlib import Path

from shots import floor, intake, order, packing, promise
from shots.driver import Browser, Failure, Server, Session

ROOT = Path(os.environ.get("OMS_ROOT") or Path(__file__).resolve().parent.parent)
FOLDER = ROOT / "docs" / "img"
PICTURES = (
    order.PICTURES
    | packing.PICTURES
    | intake.PICTURES
    | promise.PICTURES
    | floor.PICTURES
)


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
