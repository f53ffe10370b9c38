"""Every ``sudo()`` is in the table ``sudo.txt`` with its reason, and nothing else is."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).with_name("sudo.txt")
#: Not part of the running program, or run by nobody's request.
LEFT_OUT = {"tests", "migrations"}


def is_sudo(node):
    """``x.sudo()`` or ``x.sudo(flag)``; ``x.sudo(False)`` gives rights up."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "sudo"
        and not any(
            isinstance(flag, ast.Constant) and flag.value is False
            for flag in (*node.args, *(keyword.value for keyword in node.keywords))
        )
    )


def find_functions(node, name="-"):
    """Names of the functions that call ``sudo()``, ``-`` outside of any."""
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, ast.FunctionDef) else name
        if is_sudo(child):
            yield inner
        yield from find_functions(child, inner)


def find_uses():
    for path in sorted(ROOT.glob("oms_order_cycle*/**/*.py")):
        file = path.relative_to(ROOT)
        if LEFT_OUT.isdisjoint(file.parts):
            for function in find_functions(ast.parse(path.read_text("utf-8"))):
                yield str(file), function


def read_table():
    """``[(reason, file, function)]``"""
    rows, reason = [], None
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("["):
            reason = line[1 : line.index("]")]
            assert line.partition("]")[2].strip(), f"no words for {reason}"
        elif line and not line.startswith("#"):
            file, _colon, functions = line.partition(": ")
            rows += [(reason, file, function) for function in functions.split()]
    return rows


def test_every_use_has_its_reason():
    listed = {(file, function) for _reason, file, function in read_table()}
    new = sorted(set(find_uses()) - listed)
    assert not new, f"say in {TABLE.name} why these may use sudo(): {new}"


def test_every_line_has_its_use():
    gone = sorted({row[1:] for row in read_table()} - set(find_uses()))
    assert not gone, f"strike these from {TABLE.name}: {gone}"


def test_nothing_is_listed_twice():
    keys = [row[1:] for row in read_table()]
    assert len(keys) == len(set(keys))


def test_what_counts_as_sudo():
    source = """
class A:
    x = env.sudo()
    def f(self):
        return [a.sudo().b for a in self]
    def g(self):
        def h():
            self.sudo(flag)
        return self.sudo(False)
"""
    assert list(find_functions(ast.parse(source))) == ["-", "f", "h"]
