"""Databases and their filestores: make, clone, drop, and the cached templates."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import closing

import psycopg2
from psycopg2 import sql

from . import assets
from .common import (
    FILESTORE,
    HOME,
    LOGS,
    ROOT,
    addons,
    addons_digest,
    dependencies,
    die,
    digest,
    lock,
    odoo_version,
    say,
)

# Templates with our addons differ with each edit; older ones are dropped.
KEEP_TEMPLATES = 5

_LOG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) (?P<db>\S+) (?P<text>.*)"
)
_LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")


def connect(db="postgres"):
    connection = psycopg2.connect(dbname=db)
    connection.autocommit = True
    return connection


def execute(query, *names, params=(), db="postgres"):
    """Run a query whose {} are identifiers; return its rows, if it has any."""
    with closing(connect(db)) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(*map(sql.Identifier, names)), params)
        return cursor.fetchall() if cursor.description else []


def exists(name):
    return bool(execute("SELECT 1 FROM pg_database WHERE datname = %s", params=[name]))


def names(pattern):
    rows = execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY 1",
        params=[pattern],
    )
    return [row[0] for row in rows]


def drop(name):
    execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def clone(source, target):
    with closing(connect()) as connection:
        # Copying files beats logging each page where nothing waits for the disk.
        strategy = "STRATEGY FILE_COPY" if connection.server_version >= 150000 else ""
    execute(f"CREATE DATABASE {{}} TEMPLATE {{}} {strategy}", target, source)
    _copy_filestore(source, target)


def _copy_filestore(source, target):
    """Odoo never changes a file of its filestore in place, so hard links will do."""
    shutil.rmtree(FILESTORE / target, ignore_errors=True)
    if (FILESTORE / source).is_dir():
        shutil.copytree(FILESTORE / source, FILESTORE / target, copy_function=os.link)


def rename(source, target):
    drop(target)
    execute("ALTER DATABASE {} RENAME TO {}", source, target)
    if (FILESTORE / source).is_dir():
        (FILESTORE / source).rename(FILESTORE / target)


def read_note(name):
    """What write_note() left: a comment, so it is gone with the database."""
    rows = execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = %s",
        params=[name],
    )
    try:
        return json.loads(rows[0][0]) if rows and rows[0][0] else {}
    except ValueError:
        return {}


def write_note(name, **values):
    execute("COMMENT ON DATABASE {} IS %s", name, params=[json.dumps(values)])


def run_odoo(db, *arguments, log, what):
    """Run Odoo until it stops by itself; return the problems in its log."""
    LOGS.mkdir(exist_ok=True)
    path = LOGS / log
    command = [sys.executable, "-m", "odoo", "-d", db, *arguments]
    command += [
        "--stop-after-init",
        "--no-http",
        "--max-cron-threads=0",
        "--log-level=info",
    ]
    say(what)
    started = time.time()
    with (
        path.open("w") as handle,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        try:
            for line in process.stdout:
                handle.write(line)
                if sys.stderr.isatty() and (match := _LOADING.search(line)):
                    print(
                        f"\r\033[K  {match[2]}/{match[3]} {match[1]}",
                        end="",
                        file=sys.stderr,
                        flush=True,
                    )
        except KeyboardInterrupt:
            # Else leaving the block would wait until Odoo has finished.
            process.terminate()
            raise
    if sys.stderr.isatty():
        print(f"\r\033[K  {time.time() - started:.0f} s", file=sys.stderr)
    problems = log_problems(path.read_text())
    if process.returncode:
        print("\n".join(problems) or path.read_text()[-5000:], file=sys.stderr)
        die(f"Odoo failed; its whole log is {path}")
    return problems


def run_shell(db, script):
    """Run a script in Odoo's shell; return what it printed, or None when it failed."""
    command = [sys.executable, "-m", "odoo", "shell", "-d", db, "--no-http"]
    done = subprocess.run(
        [*command, "--log-level=warn"],
        input=script,
        text=True,
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        return None
    return done.stdout


def compile_assets(db):
    say("compiling the pages' scripts and styles")
    script = assets.SCRIPT.format(folder=str(ROOT / "tools"))
    if run_shell(db, script) is None:
        die("compiling failed (see above)")


def log_problems(text):
    """Entries of a log at WARNING and above, each with the lines that belong to it."""
    found, taking = [], False
    for line in text.splitlines():
        match = _LOG_LINE.match(line)
        if match:
            taking = match["level"] in {"WARNING", "ERROR", "CRITICAL"}
            if taking:
                found.append(line)
        elif taking:
            found[-1] += f"\n{line}"
    return found


def _build(name, base, modules, what, demo=False):
    """Make a template under another name first, so that a broken one is never used."""
    if exists(name):
        return
    unfinished = f"{name}_new"
    drop(unfinished)
    if base:
        clone(base, unfinished)
    else:
        # Odoo's order of text (and its tests) expect the C collation.
        execute(
            "CREATE DATABASE {} ENCODING 'unicode' LC_COLLATE 'C' TEMPLATE template0",
            unfinished,
        )
    arguments = ["-i", ",".join(modules)] + (["--with-demo"] if demo else [])
    problems = run_odoo(unfinished, *arguments, log=f"{name}.log", what=what)
    write_note(unfinished, problems=problems)
    rename(unfinished, name)


def dependencies_template(demo=False):
    """A database with what our addons depend on, made once per list and Odoo."""
    wanted = dependencies()
    name = f"oms_tpl_{'demo' if demo else 'deps'}_{digest(odoo_version(), *wanted)}"
    with lock(name):
        what = "installing Odoo's addons" + (" with demo data" if demo else "")
        _build(name, None, wanted, f"{what} (once, some minutes)", demo=demo)
    return name


def addons_template(browser=False):
    """A database with our addons, made once per state of their files.

    For browser tests there is a second one in which the pages are compiled.
    """
    base = dependencies_template()
    if not addons():
        return base
    name = f"oms_tpl_addons_{digest(base, addons_digest(), *addons())}"
    with lock(name):
        _build(name, base, list(addons()), f"installing {', '.join(addons())}")
    _drop_old_templates(name)
    return compiled(name) if browser else name


def compiled(template):
    """The same, with the pages' scripts and styles compiled."""
    name = f"{template}_web"
    with lock(name):
        if not exists(name):
            unfinished = f"{name}_new"
            drop(unfinished)
            clone(template, unfinished)
            compile_assets(unfinished)
            write_note(unfinished, **read_note(template))
            rename(unfinished, name)
    return name


def _drop_old_templates(used):
    """Keep the templates used last, by the time stamps of files of the same name."""
    stamps = HOME / "templates"
    stamps.mkdir(exist_ok=True)
    (stamps / used).touch()
    by_age = sorted(
        stamps.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for stamp in by_age[KEEP_TEMPLATES:]:
        drop(stamp.name)
        drop(f"{stamp.name}_web")
        stamp.unlink(missing_ok=True)
