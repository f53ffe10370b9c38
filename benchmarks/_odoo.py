"""Databases and processes of the benchmarks that need Odoo."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from devkit import common, databases  # noqa: E402


class Process:
    """A worker (see _worker.py) on one database."""

    def __init__(self, db):
        self.db = db
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("_worker.py")), db],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        self._answer()

    def call(self, what, **arguments):
        line = json.dumps({"do": what, **arguments})
        print(line, file=self.process.stdin, flush=True)
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            common.die(f"the process on {self.db} failed:\n{answer['error']}")
        return answer.get("answer")

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.close()


def make_base(name):
    """A database with Odoo's addons and the bench world, but nothing of ours."""
    databases.drop(name)
    databases.clone(databases.dependencies_template(), name)
    with Process(name) as process:
        process.call("build")
    databases.execute("VACUUM ANALYZE", db=name)


def install_ours(name, what="installing our addons"):
    """Install what the checkout has; problems in the log end the benchmark."""
    modules = ",".join(common.suite())
    databases.run_odoo(name, "-i", modules, log=f"{name}.install.log", what=what)
