"""./oms test: everything through one pytest, on a database of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import uuid

from . import databases
from .common import ROOT, addons, die


def main(arguments):
    need_browser()
    drop_leftovers()
    template = databases.addons_template(browser=_wants_browser(arguments))
    name = (
        os.environ.get("OMS_TEST_DB")
        or f"oms_test_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    )
    databases.drop(name)
    databases.clone(template, name)
    try:
        return _pytest(
            name, arguments, databases.read_note(template).get("problems", [])
        )
    finally:
        if not os.environ.get("OMS_TEST_DB"):
            databases.drop(name)


def _wants_browser(arguments):
    """Whether browser tests are likely among those asked for.

    A wrong guess costs only time: the plugin compiles what is missing.
    """
    if "-k" in arguments:
        return False
    paths = [ROOT / argument.split("::")[0] for argument in arguments]
    paths = [path for path in paths if path.exists()] or [
        ROOT / name for name in addons()
    ]
    files = {file for path in paths for file in (path, *path.rglob("test_*.py"))}
    return any("HttpCase" in file.read_text() for file in files if file.is_file())


def need_browser():
    """Odoo skips tours silently without these; here their absence is an error."""
    browsers = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
    if not any(map(shutil.which, browsers)):
        die("no Chromium for the browser tests: apt-get install chromium")
    try:
        import websocket  # noqa: F401
    except ImportError:
        die(
            "websocket-client is missing from the virtual environment: "
            "remove that folder and run ./oms setup"
        )


def drop_leftovers():
    """Databases of runs that were killed."""
    for name in databases.names(r"oms\_test\_%"):
        match = re.match(r"oms_test_(\d+)_", name)
        if match and not os.path.exists(f"/proc/{match[1]}"):
            databases.drop(name)


def _pytest(db, arguments, problems):
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(
            [str(ROOT / "tools"), os.environ.get("PYTHONPATH", "")]
        ),
        "OMS_INSTALL_PROBLEMS": "\n".join(problems),
    }
    command = [sys.executable, "-m", "pytest", "-p", "devkit.pytest_oms"]
    command += [
        f"--odoo-database={db}",
        "--odoo-http",
        "--odoo-extra=max-cron-threads=0",
    ]
    with subprocess.Popen([*command, *arguments], env=environment) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # Ctrl-C reached pytest as well; one that came to us alone is passed on.
                process.send_signal(signal.SIGINT)
