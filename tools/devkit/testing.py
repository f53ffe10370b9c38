"""./oms test: all tests in parts, each through one pytest on a database of its own."""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from . import databases
from .common import (
    CORE,
    DEMO,
    LOGS,
    ROOT,
    addons,
    companions,
    die,
    suite,
    test_addons,
)

# Options of pytest whose value is the next argument, which then is no path.
_WITH_VALUE = {"-k", "-m", "-p", "-o", "-W", "-c", "--deselect", "--ignore"}
USAGE_ERROR, NOTHING_COLLECTED = 4, 5


@dataclass(frozen=True)
class Part:
    """Tests that run with the same addons installed.

    :param addons: names of the addons; none where tests make databases of their own
    :param paths: where its tests are, below the checkout
    :param again: where tests of another part are that run here as well, but for those
        in a browser, when all tests are asked for
    """

    name: str
    addons: tuple
    paths: tuple
    again: tuple = ()

    def has(self, path):
        """Whether tests of this part are at or below a path, or the path is in it."""
        return bool(self.pick(path))

    def pick(self, path):
        """What of a path belongs here: itself, or the folders of this part below it."""
        own = [(ROOT / name).resolve() for name in self.paths]
        path = path.resolve()
        if any(path.is_relative_to(folder) for folder in own):
            return [path]
        return [folder for folder in own if folder.is_relative_to(path)]


def parts():
    """The parts of this checkout."""
    found = [
        Part("core", (CORE,), (CORE,)),
        Part(
            "all",
            (*suite(), *test_addons()),
            (*companions(), *test_addons()),
            again=(CORE,),
        ),
        Part("house", (), ("tests",)),
    ]
    if DEMO in addons():
        found.append(Part("demo", (*suite(), DEMO), (DEMO,)))
    return [part for part in found if part.paths]


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="./oms test", add_help=False, allow_abbrev=False
    )
    parser.add_argument("--part", choices=[part.name for part in parts()])
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    options, arguments = parser.parse_known_args(arguments)
    if options.jobs < 1:
        parser.error("argument --jobs: at least 1")
    runs = _runs(options.part, arguments)
    refuse_unknown(runs[0].arguments)
    for run in runs:
        run.is_alone = len(runs) == 1
    if any(run.part.addons for run in runs):
        need_browser()
    drop_leftovers()
    return _Together(runs, options.jobs, selected=bool(arguments)).run()


def _runs(wanted, arguments):
    """What to run: the parts that the arguments' paths belong to, or all."""
    paths, others = _split(arguments)
    chosen = [part for part in parts() if wanted in (None, part.name)]
    if not paths:
        again = not others
        return [Run(part, list(part.paths), others, again) for part in chosen]
    if wanted:
        return [Run(chosen[0], paths, others)]
    for path in paths:
        if not any(part.has(_file(path)) for part in chosen):
            die(f"no part of the tests has {path}")
    return [
        Run(part, picked, others)
        for part in chosen
        if (picked := [name for path in paths for name in _pick(part, path)])
    ]


def _split(arguments):
    """Paths among pytest's arguments, and the others."""
    paths, others = [], []
    for before, argument in zip(["", *arguments], arguments, strict=False):
        is_path = before not in _WITH_VALUE and not argument.startswith("-")
        is_there = is_path and _file(argument).exists()
        if is_path and not is_there and ("/" in argument or ".py" in argument):
            die(f"there is no {argument}")
        (paths if is_there else others).append(argument)
    return paths, others


def _file(path):
    return ROOT / path.split("::")[0]


def _pick(part, path):
    if "::" in path:
        return [path] if part.has(_file(path)) else []
    return [str(found.relative_to(ROOT.resolve())) for found in part.pick(_file(path))]


@dataclass
class Run:
    """One part's pytest.

    :param paths: paths (or test ids) below the checkout
    :param arguments: pytest's other arguments
    :param with_again: whether the tests of other parts run again in this one
    :param is_alone: whether it writes to the terminal itself
    """

    part: Part
    paths: list
    arguments: list
    with_again: bool = False
    is_alone: bool = False
    process: subprocess.Popen | None = None
    is_stopped: bool = False
    seconds: float = 0
    totals: dict = field(default_factory=dict)

    def __post_init__(self):
        name = f"test-{os.getpid()}-{self.part.name}"
        self.output = LOGS / f"{name}.log"
        self.counted = LOGS / f"{name}.json"

    def execute(self):
        """Run it; return pytest's exit status."""
        started = time.time()
        LOGS.mkdir(exist_ok=True)
        self.output.write_text("")
        try:
            if not self.part.addons:
                return self._pytest(["-p", "no:odoo"], [])
            return self._execute_on_database()
        finally:
            self.seconds = time.time() - started
            with suppress(FileNotFoundError):
                self.totals = json.loads(self.counted.read_text())
                self.counted.unlink()

    def _execute_on_database(self):
        template = databases.addons_template(
            self.part.addons, browser=_wants_browser(self.paths, self.arguments)
        )
        name = self._database()
        databases.drop(name)
        databases.clone(template, name)
        try:
            options = [f"--odoo-database={name}", "--odoo-http"]
            options += ["--odoo-extra=max-cron-threads=0"]
            problems = databases.read_note(template).get("problems", [])
            return self._pytest(options, problems)
        finally:
            if not os.environ.get("OMS_TEST_DB"):
                databases.drop(name)

    def _database(self):
        kept = os.environ.get("OMS_TEST_DB")
        if kept:
            return kept if self.is_alone else f"{kept}_{self.part.name}"
        return f"oms_test_{os.getpid()}_{self.part.name}_{uuid.uuid4().hex[:6]}"

    def _pytest(self, options, problems):
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(
                [str(ROOT / "tools"), os.environ.get("PYTHONPATH", "")]
            ),
            "OMS_TEST_TOTALS": str(self.counted),
        }
        environment.pop("OMS_INSTALL_PROBLEMS", None)
        if self.part.addons:
            environment["OMS_INSTALL_PROBLEMS"] = "\n".join(problems)
        command = [sys.executable, "-m", "pytest", "-p", "devkit.pytest_oms"]
        # Parts that run at the same time must not write one cache.
        command += ["-o", f"cache_dir=.pytest_cache/{self.part.name}"]
        command += [*options, *self._own_arguments(), *self.paths]
        if self.is_stopped:
            return signal.SIGINT
        with self.output.open("a") as output:
            streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
            self.process = subprocess.Popen(
                command, env=environment, **({} if self.is_alone else streams)
            )
            return self.process.wait()

    def _own_arguments(self):
        found = list(self.arguments)
        if not self.part.addons:
            found = [name for name in found if not name.startswith("--odoo-")]
        if self.with_again:
            found += [f"--no-browser-in={path}" for path in self.part.again]
            found += self.part.again
        return found

    def stop(self):
        """Ctrl-C may have reached us alone, and not pytest."""
        self.is_stopped = True
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)


class _Together:
    """Runs parts at the same time and shows what they write one after the other."""

    def __init__(self, runs, jobs, selected):
        self.runs = runs
        self.jobs = jobs
        self.selected = selected

    def run(self):
        statuses = self._execute()
        failed = self._failed_parts(statuses)
        if len(self.runs) > 1:
            self._print_parts(statuses)
        totals = {
            outcome: sum(run.totals.get(outcome, 0) for run in self.runs)
            for outcome in ("passed", "failed", "skipped")
        }
        # One that broke off before it could count counts as a failure.
        totals["failed"] += sum(not run.totals.get("failed") for run in failed)
        print(", ".join(f"{count} {outcome}" for outcome, count in totals.items()))
        return statuses[self.runs.index(failed[0])] if failed else 0

    def _execute(self):
        with ThreadPoolExecutor(self.jobs) as pool:
            started = [pool.submit(run.execute) for run in self.runs]
            try:
                for run, future in zip(self.runs, started, strict=True):
                    self._show(run, future)
                return [future.result() for future in started]
            except BaseException:
                for run in self.runs:
                    run.stop()
                pool.shutdown(cancel_futures=True)
                raise

    def _show(self, run, future):
        """Write what a run writes, until it has finished."""
        if run.is_alone:
            future.result()
            return
        print(f"\n##### {run.part.name}: {', '.join(run.part.addons)}", flush=True)
        written = 0
        while True:
            is_last = future.done()
            if run.output.exists():
                text = run.output.read_text(errors="replace")
                print(text[written:], end="", flush=True)
                written = len(text)
            if is_last:
                break
            time.sleep(0.5)
        future.result()
        run.output.unlink()

    def _failed_parts(self, statuses):
        """Those with failures, and those without a test that should have some."""
        empty = [
            run
            for run, status in zip(self.runs, statuses, strict=True)
            if status == NOTHING_COLLECTED
        ]
        # A choice such as `-k word` may well be of one part alone.
        is_allowed = self.selected and len(empty) < len(self.runs)
        return [
            run
            for run, status in zip(self.runs, statuses, strict=True)
            if status and not (is_allowed and run in empty)
        ]

    def _print_parts(self, statuses):
        print()
        for run, status in zip(self.runs, statuses, strict=True):
            counts = [f"{count} {name}" for name, count in run.totals.items() if count]
            print(
                f"{run.part.name}: {', '.join(counts) or 'no test'},"
                f" {run.seconds:.0f} s, exit status {status}"
            )


def _wants_browser(paths, arguments):
    """Whether browser tests are likely among those asked for.

    A wrong guess costs only time: the plugin compiles what is missing.
    """
    if "-k" in arguments:
        return False
    files = {
        file for path in map(_file, paths) for file in (path, *path.rglob("test_*.py"))
    }
    return any("HttpCase" in file.read_text() for file in files if file.is_file())


def refuse_unknown(arguments):
    """Have pytest read its arguments before databases are made for it."""
    # without a database, which pytest-odoo would ask for
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("ODOO_RC", "OPENERP_SERVER")
    }
    environment["PYTHONPATH"] = str(ROOT / "tools")
    command = [sys.executable, "-m", "pytest", "-p", "devkit.pytest_oms", "--version"]
    found = subprocess.run(
        [*command, *arguments], env=environment, capture_output=True, text=True
    )
    if found.returncode == USAGE_ERROR:
        words = re.search(r"error: (.*)", found.stderr)
        die(f"pytest: {words[1] if words else found.stderr.strip()}")


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
