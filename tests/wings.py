"""What the source says of its own walls: who defines a name, who uses it.

Read from the files alone, neither Odoo nor a database is needed. A *wing* is a folder
of `oms_order_cycle/models/`; folders of the same name below `views/`, `wizard/` and
`data/` belong to it, and `facts/` belongs to the cycle.
"""

import ast
import functools
import os
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

CORE = "oms_order_cycle"
DEMO = "oms_order_cycle_demo"
WINGS = ("cycle", "hold", "outbox", "freight", "pack")
FOLDERS = {**{wing: wing for wing in WINGS}, "facts": "cycle"}

# Tests and what others wrote may name everything, migrations what there was.
_NOT_READ = {"tests", "migrations", "i18n", "docs", "lib", "__pycache__"}
# What every model has.
ORM = ("odoo/orm/*.py", "*addons/mail/models/mail_thread.py")
# Of Odoo's addons those that ours stand on.
_ODOO_SOURCES = (
    *ORM,
    "odoo/addons/base/models/*.py",
    *(
        f"{folder}{name}/models/*.py"
        for folder in ("addons/", "odoo/addons/")
        for name in ("account", "delivery", "mail", "payment", "product", "sale*")
        + ("stock*", "uom", "web", "resource", "portal", "rating", "spreadsheet")
    ),
)
_ODOO_NAME = re.compile(r"^    (?:def )?(\w+)(?=\(| = fields\.)", re.MULTILINE)
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_XML_RECORD = re.compile(r"<(?:record|template|menuitem)\s[^>]*?\bid=\"(\w+)\"")
_XML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)


@dataclass(frozen=True)
class Definition:
    """A model, its field or method, where it is written down; a *record* of data or
    views, by its external id; else an *attribute*.

    Attributes are what modules, and classes that are no models, have.
    """

    name: str
    kind: str
    model: str
    addon: str
    wing: str | None
    path: Path
    line: int
    calls_super: bool = False


@dataclass(frozen=True)
class Use:
    """A name in a file, where it is not being defined.

    :param is_variable: whether it may just as well be a variable or an argument
    """

    name: str
    line: int
    is_variable: bool = False

    def means(self, definition):
        """Whether a use of this spelling is one of that definition."""
        return "oms" in definition.name or not self.is_variable


class File:
    """One source file of an addon."""

    def __init__(self, root, path):
        self.path = path.relative_to(root)
        self.addon = self.path.parts[0]
        self.text = path.read_text()

    @property
    def wing(self):
        """The wing that it belongs to, if any: only the core has wings."""
        if self.addon != CORE:
            return None
        folders = [FOLDERS[part] for part in self.path.parts[1:-1] if part in FOLDERS]
        return folders[0] if folders else None

    @functools.cached_property
    def tree(self):
        return ast.parse(self.text)

    @functools.cached_property
    def definitions(self):
        if self.path.suffix == ".xml":
            return list(self._records())
        if self.path.suffix != ".py":
            return []
        found = []
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef):
                found += self._read_class(node)
            names = [getattr(node, "name", ""), *_assigned(node)]
            found += [self._define(name, "attribute", "", node) for name in names]
        found += [
            self._define(node.attr, "attribute", "", node)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        ]
        return found

    def _records(self):
        """Records that get their id here: one with a dot is of another addon."""
        for match in _XML_RECORD.finditer(self._code):
            line = self._code.count("\n", 0, match.start(1)) + 1
            where = (self.addon, self.wing, self.path, line)
            yield Definition(match[1], "record", "", *where)

    def _read_class(self, node):
        says = {
            name: line.value
            for line in node.body
            for name in _assigned(line)
            if getattr(line, "value", None)
        }
        bases = _texts(says.get("_inherit"))
        model = [*_texts(says.get("_name")), *bases, ""][0]
        found = []
        if model and model not in bases:
            found.append(self._define(model, "model", model, node))
        for line in node.body:
            if isinstance(line, ast.FunctionDef):
                kind = "method" if model else "attribute"
                found.append(self._define(line.name, kind, model, line))
            for name in _assigned(line):
                if not model:
                    found.append(self._define(name, "attribute", "", line))
                elif _is_field(line.value):
                    found.append(self._define(name, "field", model, line))
        return found

    def _define(self, name, kind, model, node):
        calls_super = any(
            isinstance(inner, ast.Name) and inner.id == "super"
            for inner in ast.walk(node)
        )
        where = (self.addon, self.wing, self.path, node.lineno)
        return Definition(name, kind, model, *where, calls_super)

    @functools.cached_property
    def uses(self):
        """All words of the file that may be names, but for comments."""
        if self.path.suffix == ".py":
            return list(self._python_uses())
        return [
            use
            for number, line in enumerate(self._code.splitlines(), 1)
            for use in _words(line, number)
        ]

    @functools.cached_property
    def _code(self):
        """The text of a file that is not Python, with empty lines for its comments."""
        comment = _JS_COMMENT if self.path.suffix == ".js" else _XML_COMMENT
        return comment.sub(lambda match: "\n" * match[0].count("\n"), self.text)

    def _python_uses(self):
        docstrings = set(_docstrings(self.tree))
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute):
                yield Use(node.attr, node.end_lineno)
            elif isinstance(node, ast.Name):
                yield Use(node.id, node.lineno, True)
            elif isinstance(node, ast.keyword) and node.arg:
                yield Use(node.arg, node.lineno, True)
            elif isinstance(node, ast.ImportFrom | ast.Import):
                for name in node.names:
                    yield from _words(name.name, node.lineno)
                yield from _words(getattr(node, "module", None) or "", node.lineno)
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node not in docstrings
            ):
                for number, line in enumerate(node.value.splitlines()):
                    yield from _words(line, min(node.lineno + number, node.end_lineno))

    @functools.cached_property
    def imports(self):
        """Paths in the checkout of what Python imports: ``[(path, line)]``."""
        if self.path.suffix != ".py":
            return []
        return [
            (path, node.lineno)
            for node in ast.walk(self.tree)
            for path in self._targets(node)
        ]

    def _targets(self, node):
        if isinstance(node, ast.Import):
            return [_addon_path(name.name) for name in node.names]
        if not isinstance(node, ast.ImportFrom):
            return []
        parts = tuple((node.module or "").split(".")) if node.module else ()
        if node.level:
            base = self.path.parent
            for _up in range(node.level - 1):
                base = base.parent
            base = base.joinpath(*parts)
        else:
            base = _addon_path(node.module or "")
        return [base / name.name for name in node.names]


def _addon_path(module):
    return Path(*module.removeprefix("odoo.addons.").split("."))


def _assigned(node):
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _texts(node):
    """The strings of a constant, or of a list of them."""
    nodes = getattr(node, "elts", [node])
    return [found.value for found in nodes if isinstance(found, ast.Constant)]


def _is_field(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "fields"
    )


def _docstrings(tree):
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            yield body[0].value


def _words(text, line):
    """The words of a text, and dotted names (models) as a whole."""
    for match in _TOKEN.finditer(text):
        if "." in match[0]:
            yield Use(match[0], line)
        for word in match[0].split("."):
            yield Use(word, line)


class House:
    """All our addons of a checkout."""

    def __init__(self, root):
        self.root = Path(root)
        self.manifests = {
            path.parent.name: ast.literal_eval(path.read_text())
            for path in sorted(self.root.glob(f"*{CORE}*/__manifest__.py"))
        }

    @functools.cached_property
    def files(self):
        return [
            File(self.root, path)
            for name in self.manifests
            for path in sorted((self.root / name).rglob("*"))
            if path.suffix in {".py", ".xml", ".js", ".csv"}
            and path.name != "__manifest__.py"
            and not _NOT_READ & set(path.relative_to(self.root).parts)
        ]

    @functools.cached_property
    def definitions(self):
        return [found for file in self.files for found in file.definitions]

    def companions(self):
        return [
            name
            for name in self.manifests
            if name not in (CORE, DEMO) and not name.startswith("test_")
        ]

    def methods(self):
        """``{(addon, model, name): [definitions, in the order of the imports]}``"""
        found = defaultdict(list)
        for one in self.definitions:
            if one.kind == "method":
                found[one.addon, one.model, one.name].append(one)
        for addon in self.manifests:
            order = self._import_order(Path(addon))
            for key, definitions in found.items():
                if key[0] == addon:
                    definitions.sort(key=lambda one: order.get(one.path, -1))
        return found

    def _import_order(self, folder):
        """Position of each module of an addon in the order in which it is loaded."""
        found = {}
        self._walk_imports(folder, found)
        return found

    def _walk_imports(self, folder, found):
        init = self.root / folder / "__init__.py"
        if not init.exists():
            return
        for node in ast.parse(init.read_text()).body:
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                for name in node.names:
                    path = folder.joinpath(
                        *(node.module or "").split("."), name.name
                    ).with_suffix(".py")
                    found.setdefault(path, len(found))
                    self._walk_imports(path.with_suffix(""), found)

    def own_names(self, room):
        """``{name: definition}`` of names that one room alone defines, and not Odoo.

        Short names of fields say nothing: everybody has a `date`.

        :param room: function of a definition that gives its room (a wing, an addon)
        """
        rooms = defaultdict(set)
        first = {}
        for one in self.definitions:
            for name in _spellings(one):
                rooms[name].add(room(one))
                first.setdefault(name, one)
        return {
            name: first[name]
            for name, found in rooms.items()
            if len(found) == 1
            and first[name].kind != "attribute"
            and _tells(name)
            and name not in odoo_names()
        }


def _spellings(one):
    """A name as others would write it: a model also as its table, or in an id."""
    if one.kind != "model":
        return [one.name]
    underscored = one.name.replace(".", "_")
    return [one.name, underscored, f"model_{underscored}"]


def _tells(name):
    """Whether a name can only be that of a model, a field or a method."""
    return "_" in name.strip("_") or "." in name or name.startswith("_")


@functools.cache
def odoo_names(sources=_ODOO_SOURCES):
    """Names of the fields and methods of Odoo itself, which say nothing of ours.

    :param sources: patterns of files in Odoo; without it all that ours stand on
    """
    folder = Path(os.environ.get("ODOO_PATH", "/nonexistent"))
    found = set()
    for pattern in sources:
        for path in folder.glob(pattern):
            found.update(filter(None, _ODOO_NAME.findall(path.read_text())))
    return found
