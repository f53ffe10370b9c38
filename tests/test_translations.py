"""Translations say what the terms say: same values to fill in, same marks."""

import re
import sys
from collections import Counter
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import pot  # noqa: E402
from devkit.common import suite  # noqa: E402

FILES = [path for name in suite() for path in pot.translations(name)]

# what is filled in, tags and entities
MARKS = re.compile(
    r"%\(\w+\)[.\d]*[a-z]|%[.\d]*[sdf](?![a-z])|%%|\$\{.*?\}|</?[a-z][^>]*>|&[a-z]+;"
)
# attributes of tags that are shown, and so are translated
SHOWN = re.compile(r' (?:title|aria-label|placeholder|alt|data-tooltip)="[^"]*"')


def marks(text):
    return Counter(MARKS.findall(SHOWN.sub("", text)))


def name_of(path):
    return f"{path.parts[-3]}-{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_marks_are_kept(path):
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(path)).translated_entries()
        if marks(entry.msgid) != marks(entry.msgstr)
    ]
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_terms_are_those_of_the_template(path):
    template = polib.pofile(str(path.parent / f"{path.parts[-3]}.pot"))
    terms = {entry.msgid for entry in template}
    assert {entry.msgid for entry in polib.pofile(str(path))} == terms


def test_each_addon_has_the_same_languages():
    languages = {
        name: [path.stem for path in pot.translations(name)] for name in suite()
    }
    assert languages["oms_order_cycle"]
    assert len({tuple(found) for found in languages.values() if found}) == 1
