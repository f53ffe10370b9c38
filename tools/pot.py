"""./oms pot: write the templates of translations; with --check, tell what is old.

Translations follow: what they say of terms that are still there stays.

Terms are read as Odoo's own export reads them, from a database with our addons.
"""

import argparse
import io
import json
import os
import subprocess
import sys

import polib
from devkit import databases
from devkit.common import ROOT, die, say, suite

EXPORT = """
import io, json, sys, threading
import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools.translate import trans_export

db, *names = json.loads(sys.argv[1])
odoo.tools.config.parse_config(
    ["-d", db, "--no-http", "--max-cron-threads=0", "--log-level=error"],
    setup_logging=True,
)
threading.current_thread().dbname = db
with Registry(db).cursor() as cr:
    env = api.Environment(cr, SUPERUSER_ID, {})
    found = {}
    installed = env["ir.module.module"].search([("state", "=", "installed")])
    for name in names:
        if name in installed.mapped("name"):
            buffer = io.BytesIO()
            trans_export(False, [name], buffer, "po", env)
            found[name] = buffer.getvalue().decode()
print("EXPORT:" + json.dumps(found))
"""
# When it was made would make it differ each time.
_DATES = ("POT-Creation-Date", "PO-Revision-Date")


def export():
    """``{addon: text of its .pot}`` of our addons that can be installed here.

    The demo company is made of names: nothing of it is translated.
    """
    db = f"oms_test_{os.getpid()}_pot"
    databases.clone(databases.addons_template(), db)
    try:
        result = subprocess.run(
            [sys.executable, "-c", EXPORT, json.dumps([db, *sorted(suite())])],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        databases.drop(db)
    lines = [line for line in result.stdout.splitlines() if line[:7] == "EXPORT:"]
    if not lines:
        die(f"the terms cannot be exported:\n{result.stderr}")
    return {
        name: _normal(text) for name, text in json.loads(lines[-1][7:]).items() if text
    }


def _normal(text):
    return "".join(
        line
        for line in io.StringIO(text)
        if not any(f'"{date}' in line for date in _DATES)
    )


def terms(text):
    """The terms alone, without where they stand."""
    return {
        block.partition("msgid ")[2].partition("\nmsgstr")[0]
        for block in text.split("\n\n")[1:]
    }


def path(name):
    return ROOT / name / "i18n" / f"{name}.pot"


def differences():
    """``{addon: (terms missing in its .pot, terms that are gone)}`` where any are."""
    found = {}
    for name, text in export().items():
        kept = path(name).read_text() if path(name).exists() else ""
        now, before = terms(text), terms(kept)
        if now != before:
            found[name] = (sorted(now - before), sorted(before - now))
    return found


def translations(name):
    """Files of the languages that an addon is translated into."""
    return sorted(path(name).parent.glob("*.po"))


def merge(name):
    """Bring an addon's translations to the terms of its template, sorted as OCA's are.

    A term that reads the same in the other language is left empty, as OCA has it.

    :return: ``{language: terms that were not there before}``
    """
    template = polib.pofile(str(path(name)))
    new = {}
    for translation in translations(name):
        old = polib.pofile(str(translation))
        known = {entry.msgid: entry.msgstr for entry in old}
        merged = polib.POFile()
        merged.header, merged.metadata = old.header, old.metadata
        for entry in sorted(template, key=lambda entry: entry.msgid):
            said = known.get(entry.msgid, "")
            entry.msgstr = "" if said == entry.msgid else said
            merged.append(entry)
        translation.write_text(str(merged))
        new[translation.stem] = [e.msgid for e in template if e.msgid not in known]
    return new


def main():
    parser = argparse.ArgumentParser(prog="./oms pot", description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        for name, (missing, gone) in differences().items():
            print(f"{name}: {len(missing)} terms are missing, {len(gone)} are gone")
            return 1
        return 0
    for name, text in export().items():
        path(name).parent.mkdir(exist_ok=True)
        path(name).write_text(text)
        say(f"{path(name).relative_to(ROOT)}: {len(terms(text))} terms")
        for language, new in merge(name).items():
            say(f"{name}: {len(new)} of them are new in {language}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
