"""The rooms of the engine: who may know whom, read from the source."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
MODULES = {
    path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")
    for path in PACKAGE.rglob("*.py")
    if "tests" not in path.parts
}
# room or module beside the rooms -> what it may import
MAY_KNOW = {
    "model": set(),
    "geometry": set(),
    "tenths": {"model"},
    "check": {"model"},
    "problem": {"model", "geometry"},
    "freight": {"freight"},
    "picture": {"picture", "model", "tenths"},
    "proof": {"proof", "problem", "geometry"},
    "search": {"search", "proof", "problem", "geometry", "model"},
    "engine": {"search", "problem", "model", "geometry", "tenths"},
    "audit": {"engine", "model", "geometry", "tenths"},
    "choose": {"engine", "search", "problem", "model", "tenths"},
    "__init__": {"check", "engine", "freight", "model"},
}


def nodes(module):
    path = PACKAGE / (module.replace(".", "/") + ".py")
    return ast.walk(ast.parse(path.read_text()))


def imported(module):
    """Modules of the package that a module imports, by their place in it."""
    here = module.split(".")[:-1]
    for node in nodes(module):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = here[: len(here) - node.level + 1]
            base += node.module.split(".") if node.module else []
            for alias in node.names:
                found = ".".join([*base, alias.name])
                yield found if found in MODULES else ".".join(base)


def test_every_room_knows_only_what_it_may():
    for module in MODULES:
        room = module.split(".")[0]
        known = {other.split(".")[0] for other in imported(module)}
        assert known <= MAY_KNOW[room], (module, known - MAY_KNOW[room])


def test_no_circle_of_files():
    graph = {module: set(imported(module)) for module in MODULES}
    list(TopologicalSorter(graph).static_order())


def test_nothing_but_the_standard_library():
    for module in MODULES:
        names = []
        for node in nodes(module):
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.append(node.module)
        tops = {name.split(".")[0] for name in names}
        assert tops <= sys.stdlib_module_names, module
