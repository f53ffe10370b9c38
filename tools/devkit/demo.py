"""./oms demo: a living company, one order taken through its cycle, the server."""

import argparse
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from . import databases
from .common import HOME, LOGS, ROOT, addons, addons_digest, die, odoo_version, say

GUIDED_CYCLE = ROOT / "tools" / "guided_cycle.py"
LOGINS = ROOT / "tools" / "demo_logins.txt"

# Run inside Odoo's shell. What the module prints or returns is shown to the user, and
# kept for the next start.
_RUN_GUIDED_CYCLE = """
import sys
sys.path.insert(0, {folder!r})
import guided_cycle
result = guided_cycle.run(env)
env.cr.commit()
if isinstance(result, str):
    print(result)
"""


def main(arguments):
    parser = argparse.ArgumentParser(prog="./oms demo")
    parser.add_argument("--fresh", action="store_true", help="make the database anew")
    parser.add_argument("--no-serve", action="store_true", help="stop when it is ready")
    parser.add_argument("--port", type=int, default=8069)
    parser.add_argument("--db", default="oms_demo")
    options = parser.parse_args(arguments)
    if not addons():
        die("there is no oms_order_cycle addon in this checkout yet")
    if not options.no_serve and _answers(options.port):
        die(
            f"port {options.port} is in use: is ./oms demo running already? "
            "If not, choose another with --port"
        )
    prepare(options.db, options.fresh)
    _show(options.db)
    if not options.no_serve:
        return serve(options.db, options.port)
    return 0


def prepare(db, fresh):
    """Leave a database that fits the checkout's files, keeping its data if possible."""
    note = databases.read_note(db)
    state = {"ready": True, "addons": addons_digest(), "odoo": odoo_version()}
    if fresh or not note.get("ready"):
        _build(db)
    elif note != state:
        _update(db, everything=note.get("odoo") != state["odoo"])
    databases.write_note(db, **state)


def _build(db):
    names = ",".join(addons())
    template = databases.dependencies_template(demo=True)
    databases.drop(db)
    databases.clone(template, db)
    _install(db, f"installing {names} with demo data", "-i", names, "--with-demo")
    databases.compile_assets(db)
    _output(db).unlink(missing_ok=True)
    if GUIDED_CYCLE.exists():
        _run_guided_cycle(db)


def _update(db, everything):
    names = ",".join(addons())
    updated = "base" if everything else names
    _install(db, f"updating {db}, its data stays", "-i", names, "-u", updated)


def _install(db, what, *arguments):
    problems = databases.run_odoo(db, *arguments, log=f"{db}.install.log", what=what)
    for problem in problems:
        print(problem, file=sys.stderr)


def _output(db):
    return HOME / "data" / f"{db}.txt"


def _run_guided_cycle(db):
    say("taking one order through the cycle")
    script = _RUN_GUIDED_CYCLE.format(folder=str(GUIDED_CYCLE.parent))
    output = databases.run_shell(db, script)
    if output is None:
        die("the guided cycle failed (see above)")
    _output(db).write_text(output)


def _show(db):
    for path in (_output(db), LOGINS):
        if path.exists():
            print(path.read_text().strip("\n"), flush=True)


def _answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _set_base_url(db, port):
    """Links in e-mails lead to this server, as after a login of the administrator."""
    databases.execute(
        "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'"
        " AND NOT EXISTS (SELECT FROM ir_config_parameter"
        " WHERE key = 'web.base.url.freeze' AND value <> '')",
        params=[f"http://localhost:{port}"],
        db=db,
    )


def serve(db, port):
    _set_base_url(db, port)
    log = LOGS / f"{db}.server.log"
    command = [
        sys.executable,
        "-m",
        "odoo",
        "-d",
        db,
        f"--db-filter=^{db}$",
        "--no-database-list",
    ]
    command += [
        f"--http-port={port}",
        "--max-cron-threads=1",
        "--workers=0",
        f"--logfile={log}",
    ]
    # Odoo's start-up remarks belong in the log as well.
    with log.open("a") as errors:
        server = subprocess.Popen(command, stderr=errors)
    try:
        _wait_for_login_page(server, port, log)
        print(
            f"\n  http://localhost:{port}   (Ctrl-C stops it; the log is {log})\n",
            flush=True,
        )
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for_login_page(server, port, log, seconds=180):
    end = time.time() + seconds
    while time.time() < end:
        if server.poll() is not None:
            die(f"the server stopped; its log is {log}")
        try:
            with urllib.request.urlopen(
                f"http://localhost:{port}/web/login", timeout=seconds
            ):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
    die(f"the server does not answer; its log is {log}")
