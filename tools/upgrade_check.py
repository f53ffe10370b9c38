"""./oms upgrade-check [COMMIT]: update a database of an earlier version, lose nothing.

The earlier version is taken out of git and installed with its demo company; what users
do is added (tools/upgrade/fill.py); a copy of that database is updated with the
checkout's files; then both are compared (tools/upgrade/compare.py). The database of the
earlier version is kept as a template, so a second run takes the time of the update.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from devkit import databases
from devkit.common import CORE, HOME, ROOT, die, digest, lock, say
from upgrade.compare import compare
from upgrade.snapshot import Snapshot

# The last commit before the house was rearranged.
BEFORE = "9327662"
FILL = ROOT / "tools" / "upgrade" / "fill.py"
LOOK = ROOT / "tools" / "upgrade" / "look.py"
MARK = "ANSWER:"


def main():
    parser = argparse.ArgumentParser(prog="./oms upgrade-check", description=__doc__)
    parser.add_argument("commit", nargs="?", default=BEFORE)
    parser.add_argument("--keep", action="store_true", help="keep the updated database")
    options = parser.parse_args()
    commit = _git("rev-parse", "--verify", f"{options.commit}^{{commit}}").strip()
    before = _template(commit)
    after = f"oms_test_{os.getpid()}_upgraded"
    databases.clone(before, after)
    try:
        return _check(before, after)
    finally:
        if options.keep:
            say(f"kept: {after}")
        else:
            databases.drop(after)


def _check(before, after):
    log = f"{before}.update.log"
    faults, remarks = _update(after, log)
    drift = databases.read_note(before)["drift"]
    looked = _call(after, LOOK, _addons_path(ROOT))
    compared = compare(Snapshot(before), Snapshot(after), looked, drift)
    faults += compared[0]
    remarks += compared[1]
    for remark in remarks:
        print(f"  note: {remark}")
    for fault in faults:
        print(f"  LOST OR CHANGED: {fault}")
    print(f"{len(faults)} faults, {len(remarks)} notes; the log is {log}")
    return 1 if faults else 0


def _update(db, log):
    """Update twice: while views are half old they may not fit, but not later."""
    first = databases.run_odoo(db, "-u", CORE, log=log, what=f"updating with {ROOT}")
    again = databases.run_odoo(db, "-u", CORE, log=f"again.{log}", what="and again")
    errors = [problem for problem in first if " WARNING " not in problem[:60]]
    faults = [f"the update logged: {problem}" for problem in errors]
    faults += [f"the second update logged: {problem}" for problem in again]
    warnings = len(first) - len(errors)
    return faults, [f"the first update logged {warnings} warnings"] * bool(warnings)


def _template(commit):
    """A database of the earlier version, in use, made once."""
    installed = _installed(commit)
    name = f"oms_tpl_used_{digest(installed, FILL.read_text())}"
    with lock(name):
        if not databases.exists(name):
            unfinished = f"{name}_new"
            databases.drop(unfinished)
            databases.clone(installed, unfinished)
            say("using it for a while")
            filled = _call(unfinished, FILL, _addons_path(_extract(commit)))
            say(f"there are {filled}")
            databases.write_note(unfinished, drift=filled["drift"])
            databases.rename(unfinished, name)
    return name


def _installed(commit):
    """A database of the earlier version with its demo company, made once."""
    base = databases.dependencies_template(demo=True)
    name = f"oms_tpl_before_{digest(base, commit)}"
    with lock(name):
        if not databases.exists(name):
            unfinished = f"{name}_new"
            databases.drop(unfinished)
            databases.clone(base, unfinished)
            arguments = ["-i", CORE, "--with-demo"]
            arguments += [f"--addons-path={_addons_path(_extract(commit))}"]
            what = f"installing {commit[:7]} with its demo company"
            databases.run_odoo(unfinished, *arguments, log=f"{name}.log", what=what)
            databases.rename(unfinished, name)
    return name


def _extract(commit):
    folder = HOME / "upgrade" / commit[:12]
    if not (folder / CORE).is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(
            ["git", "-C", ROOT, "archive", commit], stdout=subprocess.PIPE, check=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    return folder


def _git(*arguments):
    done = subprocess.run(
        ["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        die(f"the commit is not in this checkout's history: {done.stderr.strip()}")
    return done.stdout


def _addons_path(checkout):
    """Odoo's folders of addons, and a checkout of ours in place of this one."""
    configuration = Path(os.environ["ODOO_RC"]).read_text()
    found = re.search(r"^addons_path *= *(.*)$", configuration, re.MULTILINE)
    folders = [folder.strip() for folder in found[1].split(",")]
    foreign = [folder for folder in folders if Path(folder) != ROOT]
    return ",".join([*foreign, str(checkout)])


def _call(db, file, addons_path):
    """Call the function a file is named after, in Odoo's shell; return its answer."""
    script = f"""
import json, sys
sys.path.insert(0, {str(file.parent.parent)!r})
from upgrade.{file.stem} import {file.stem}
print({MARK!r} + json.dumps({file.stem}(env)), flush=True)
"""
    command = [sys.executable, "-m", "odoo", "shell", "-d", db, "--no-http"]
    command += ["--log-level=error", f"--addons-path={addons_path}"]
    done = subprocess.run(
        command, input=script, text=True, stdout=subprocess.PIPE, check=False
    )
    answers = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not answers:
        die(f"{file.name} failed on {db}:\n{done.stdout}")
    return json.loads(answers[-1].removeprefix(MARK))


if __name__ == "__main__":
    sys.exit(main())
