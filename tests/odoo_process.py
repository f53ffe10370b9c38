"""Real Odoo processes on databases of their own, for what a test inside Odoo cannot do."""

import json
import os
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager

from devkit import databases

MARK = "ANSWER:"
# Runs a script as Odoo's shell would, but with nothing else on standard output.
_PRELUDE = """
import json, os, sys, threading
import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

def answer(value):
    print({mark!r} + json.dumps(value), flush=True)

odoo.tools.config.parse_config(
    ["-d", {db!r}, "--no-http", "--max-cron-threads=0", "--log-level=warn"],
    setup_logging=True,
)
threading.current_thread().dbname = {db!r}
registry = Registry({db!r})
cr = registry.cursor()
env = api.Environment(cr, SUPERUSER_ID, {{}})
"""


@contextmanager
def database(template, name):
    """A clone that is dropped in the end."""
    db = f"oms_test_{os.getpid()}_{name}_{uuid.uuid4().hex[:6]}"
    databases.clone(template, db)
    try:
        yield db
    finally:
        databases.drop(db)


def start(db, script):
    """Start a Python process in which `env` is an environment of the database."""
    code = _PRELUDE.format(mark=MARK, db=db) + script
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process, timeout=300):
    """Wait for a process; return what it gave to `answer()` last."""
    out, err = process.communicate(timeout=timeout)
    assert process.returncode == 0, f"{out}\n{err}"
    answers = [line for line in out.splitlines() if line.startswith(MARK)]
    return json.loads(answers[-1].removeprefix(MARK)) if answers else None


def run(db, script, timeout=300):
    return finish(start(db, script), timeout)


@contextmanager
def server(db, *arguments):
    """Odoo's own server, with its thread for scheduled jobs, until it is killed."""
    command = [sys.executable, "-m", "odoo", "-d", db, "--no-http", "--workers=0"]
    command += ["--max-cron-threads=1", "--log-level=warn", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def query(db, sql, *params):
    """Rows of a query, and the first column when there is but one."""
    rows = databases.execute(sql, db=db, params=params)
    return [row[0] for row in rows] if rows and len(rows[0]) == 1 else rows


def wait_for(what, seconds=90, process=None):
    """Wait until a function gives something true, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        assert process is None or process.poll() is None, "the process ended"
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} seconds")


def odoo(db, *arguments):
    """Run Odoo until it stops by itself; return the warnings and errors of its log."""
    log = f"{db}.{uuid.uuid4().hex[:6]}.log"
    problems = databases.run_odoo(db, *arguments, log=log, what=" ".join(arguments))
    (databases.LOGS / log).unlink()
    return problems
