"""Databases and their filestores: make, clone, drop, and the cached templates."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import date

import psycopg2
from psycopg2 import sql

from . import assets
from .common import (
    CORE,
    DEMO,
    FILESTORE,
    HOME,
    LOGS,
    ROOT,
    addons_digest,
    companions,
    dependencies,
    die,
    digest,
    lock,
    odoo_version,
    say,
    suite,
    test_addons,
)

# Templates with our addons differ with each edit; older ones are dropped. Each state of
# a checkout has three or four of them, and several checkouts may be worked on at once.
KEEP_TEMPLATES = 24

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
    if base:
        # The companions would come with the core, and not stay out where it is tested.
        arguments.append("--skip-auto-install")
    problems = run_odoo(unfinished, *arguments, log=f"{name}.log", what=what)
    before = read_note(base).get("problems", []) if base else []
    write_note(unfinished, problems=before + problems)
    rename(unfinished, name)


def dependencies_template(demo=False):
    """A database with what our addons depend on, made once per list and Odoo."""
    wanted = dependencies()
    name = f"oms_tpl_{'demo' if demo else 'deps'}_{digest(odoo_version(), *wanted)}"
    with lock(name):
        what = "installing Odoo's addons" + (" with demo data" if demo else "")
        _build(name, None, wanted, f"{what} (once, some minutes)", demo=demo)
    return name


def addons_template(names=None, browser=False):
    """A database with our addons, made once per state of their files.

    It is made in layers, each a template of its own: the core, its companions, the
    rest. So an edit in a companion does not install the core anew.

    :param names: addons to install; without it what a user gets with the app
    :param browser: whether the pages shall be compiled, for browser tests
    """
    wanted = set(suite() if names is None else names)
    template = dependencies_template()
    below = set()
    for layer in ({CORE}, set(companions()), set(test_addons()), wanted):
        chosen = sorted(layer & wanted - below)
        if chosen:
            template = _layer(template, chosen)
            below.update(chosen)
    return compiled(template) if browser and wanted else template


def _layer(base, chosen):
    # The demo company's orders are made up to today: tomorrow some would be late.
    day = [str(date.today())] if DEMO in chosen else []
    name = f"oms_tpl_addons_{digest(base, addons_digest(chosen), *chosen, *day)}"
    _use(name)
    with lock(name):
        _build(name, base, chosen, f"installing {', '.join(chosen)}")
    _drop_old_templates()
    return name


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


# Shared locks of the templates this process uses; held until it ends.
_in_use = {}


def _stamp(name):
    folder = HOME / "templates"
    folder.mkdir(exist_ok=True)
    return folder / name


def _use(name):
    """Say that a template is needed now, so that no other run drops it meanwhile."""
    while name not in _in_use or not _is_same_file(_in_use[name], _stamp(name)):
        # Its stamp may have been taken away while we waited for the one who drops it.
        handle = _stamp(name).open("a")
        fcntl.flock(handle, fcntl.LOCK_SH)
        _in_use[name] = handle
    os.utime(_stamp(name))


def _is_same_file(handle, path):
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _drop_old_templates():
    """Keep the templates used last, by the time stamps of files of the same name."""
    stamps = sorted(_stamp("").iterdir(), key=_last_use, reverse=True)
    for stamp in stamps[KEEP_TEMPLATES:]:
        with suppress(FileNotFoundError, BlockingIOError), stamp.open() as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same_file(handle, stamp):
                drop(f"{stamp.name}_web")
                drop(stamp.name)
                stamp.unlink()


def _last_use(stamp):
    """Time of a template's last use; 0 when another run has just dropped it."""
    try:
        return stamp.stat().st_mtime
    except FileNotFoundError:
        return 0
