"""What pages say that can be told from the source: hooks, events, menus, links.

Read from the files alone, neither Odoo nor a database is needed.
"""

import ast
import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

import pytest
from wings import CORE, House

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "architecture.md"
CONSULTANT = ROOT / "docs" / "consultant.md"
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not {"node_modules", ".git"}.intersection(path.parts)
)

_ROW = re.compile(r"^\| (`.*) \| (.*) \| .* \|$", re.MULTILINE)
_CALL = re.compile(r"`(\w+)\(")
_MODEL = re.compile(r"`([a-z][a-z.]+)`")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_HEADING = re.compile(r"^#+ +(.*?) *#*$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]\n]*\]\(\s*([^)\s]+)[^)]*\)")
# A way through our menu: "Order Cycle" may be left out before "Configuration".
_WAY = re.compile(r"\*((?:Order Cycle|Configuration)\s*[>▸][^*]+)\*")
# Joined by Odoo or called by it, so not ours to name a hook.
_OF_ODOO = re.compile(r"^_(compute|search|inverse|check|default|unlink|register|auto)_")


# -- hooks ---------------------------------------------------------------------------


def methods(addons):
    """``{(model, method): docstrings, one for each definition}`` in source files."""
    found = defaultdict(list)
    for file in House(ROOT).files:
        if file.path.suffix != ".py" or file.addon not in addons:
            continue
        for node in file.tree.body:
            model = _model(node) if isinstance(node, ast.ClassDef) else None
            for item in node.body if model else ():
                if isinstance(item, ast.FunctionDef):
                    found[model, item.name].append(ast.get_docstring(item) or "")
    return found


def _model(node):
    """The model that a class is, or extends."""
    values = {
        target.id: item.value
        for item in node.body
        if isinstance(item, ast.Assign)
        for target in item.targets
        if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
    }
    value = values.get("_name") or values.get("_inherit")
    try:
        names = ast.literal_eval(value) if value else None
    except ValueError:
        return None
    return names[0] if isinstance(names, list) and names else names


def declared():
    return {
        key
        for key, docstrings in methods({CORE}).items()
        if any(text.startswith("Hook:") for text in docstrings)
    }


def listed():
    section = GUIDE.read_text().split("### The hooks")[1].split("\n## ")[0]
    return {
        (model, method)
        for calls, models in _ROW.findall(section)
        for method in _CALL.findall(calls)
        for model in _MODEL.findall(models)
    }


def test_table_of_hooks():
    """Each hook is in the table, and nothing else is."""
    assert listed() == declared()
    assert len(listed()) > 20


def test_what_wings_and_companions_join_is_a_hook():
    names = {CORE, *House(ROOT).companions()}
    ours = methods({CORE})
    joined = {
        (model, name)
        for (model, name), docstrings in methods(names).items()
        if (model, name) in ours
        and len(docstrings) > 1
        and name.startswith("_oms_" if not model.startswith("oms.") else "_")
        and not _OF_ODOO.match(name.removeprefix("_oms"))
        and not name.startswith("__")
    }
    assert joined <= declared()
    assert len(joined) > 10


# -- events and menus ----------------------------------------------------------------


def kinds():
    """Labels of the kinds of events, by name."""
    source = (ROOT / CORE / "models" / "cycle" / "oms_event.py").read_text()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and node.targets[0].id == "kind":
            return dict(ast.literal_eval(node.value.args[0]))


def test_events_of_the_guide():
    """Each event that an automatic action can follow is told of, and no other."""
    section = CONSULTANT.read_text().split("### The events there are")[1]
    table = section.split("\n\n")[1].splitlines()[2:]
    told = [name for row in table for name in row.split(" | ")[0][2:].split(", ")]
    labels = kinds()
    del labels["action"]
    assert sorted(told) == sorted(labels.values())


def menus():
    """``{external id: (name, external id of the parent)}`` of all addons."""
    found = {}
    for path in ROOT.glob(f"{CORE}*/views/*.xml"):
        for item in ET.parse(path).iter("menuitem"):
            name = item.get("id")
            found.setdefault(name, (item.get("name"), _local(item.get("parent"))))
            for child in item.findall("menuitem"):
                found[child.get("id")] = (child.get("name"), name)
    return found


def _local(xmlid):
    return xmlid and xmlid.rpartition(".")[2]


def ways():
    """The names on the way to each entry of the menu."""
    items = menus()
    found = set()
    for name, parent in items.values():
        way = (name,)
        while parent:
            name, parent = items[parent]
            way = (name, *way)
        found.add(way)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_ways_through_the_menu(page):
    known = ways()
    for text in _WAY.findall(page.read_text()):
        way = [" ".join(name.split()).rstrip(".") for name in re.split("[>▸]", text)]
        if way[0] != "Order Cycle":
            way.insert(0, "Order Cycle")
        if way[-1] == "New":
            way.pop()
        assert tuple(way) in known, text


def test_ways_are_found():
    assert ("Order Cycle", "Orders", "Order Log") in ways()
    assert ("Order Cycle", "Warehouse", "Carton Studies") in ways()
    assert len(_WAY.findall(CONSULTANT.read_text())) > 5


# -- links ---------------------------------------------------------------------------


def slug(heading):
    """The anchor that a heading gets on GitHub."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    words = re.sub(r"[^\w\- ]", "", words.replace("*", "").lower())
    return words.replace(" ", "-")


def anchors(page):
    """Anchors of a page; a heading that comes again gets a number."""
    seen = defaultdict(int)
    found = set()
    for heading in _HEADING.findall(_FENCE.sub("", page.read_text())):
        name = slug(heading)
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def broken_links(page):
    text = _CODE.sub("", _FENCE.sub("", page.read_text()))
    faults = []
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.is_relative_to(ROOT) or not target.exists():
            faults.append(f"{link}: there is no such file")
        elif anchor and (target.suffix != ".md" or anchor not in anchors(target)):
            faults.append(f"{link}: there is no such heading")
    return faults


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links(page):
    assert broken_links(page) == []


def test_every_page_is_found():
    names = {str(page.relative_to(ROOT)) for page in PAGES}
    assert {"README.md", "docs/consultant.md", f"{CORE}/README.md"} <= names


def test_broken_links_are_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "other.md").write_text(
        "# It is: *here*\n\n## Twice\n\n## Twice\n\n## ... so\n"
    )
    page = tmp_path / "page.md"
    page.write_text(
        "[a](other.md) [b](other.md#it-is-here) [c](other.md#twice-1) [d](#own)\n"
        "[e](other.md#-so)\n"
        "# Own\n`[not](a-link.md)` [web](https://example.com/x)\n"
        "```\n[nor](this.md)\n```\n"
        "[lost](lost.md) ![lost](lost.png) [gone](other.md#gone) [gone](#gone)\n"
    )
    assert [fault.split(":")[0] for fault in broken_links(page)] == [
        "lost.md",
        "lost.png",
        "other.md#gone",
        "#gone",
    ]
