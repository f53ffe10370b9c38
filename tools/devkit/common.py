"""Places, messages and what the checkout's addons say about themselves."""

import ast
import fcntl
import functools
import hashlib
import os
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(os.environ["OMS_ROOT"])
HOME = Path(os.environ["OMS_HOME"])
ODOO_PATH = Path(os.environ["ODOO_PATH"])
LOGS = HOME / "logs"
FILESTORE = HOME / "data" / "filestore"

CORE = "oms_order_cycle"
# The demo company stands on everything else and is never installed by itself.
DEMO = "oms_order_cycle_demo"

# Always part of the test databases, so that adding a bridge does not rebuild them.
BASE_DEPENDS = {
    "account",
    "barcodes_gs1_nomenclature",
    "portal",
    "sale_management",
    "sale_stock",
    "stock_delivery",
    "stock_fleet",
    "stock_picking_batch",
}


def say(text):
    print(f"\033[36m•\033[0m {text}", file=sys.stderr, flush=True)


def die(text):
    print(f"\033[31m✗\033[0m {text}", file=sys.stderr, flush=True)
    sys.exit(1)


@contextmanager
def lock(name):
    """Simultaneous ./oms commands build a shared database once, not twice."""
    (HOME / "locks").mkdir(exist_ok=True)
    with open(HOME / "locks" / name, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another ./oms that prepares {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _manifest(folder):
    return ast.literal_eval((folder / "__manifest__.py").read_text())


@functools.cache
def _foreign_addons_folders():
    """Where Odoo's addons and addons installed with pip are."""
    folders = [ODOO_PATH / "odoo" / "addons", ODOO_PATH / "addons"]
    folders += [
        Path(entry) / "odoo" / "addons"
        for entry in sys.path
        if "site-packages" in entry
    ]
    return [folder for folder in folders if folder.is_dir()]


def _is_foreign_addon(name):
    return any(
        (folder / name / "__manifest__.py").exists()
        for folder in _foreign_addons_folders()
    )


@functools.cache
def _all_addons():
    """Manifests of the checkout's addons that can be installed here, by name."""
    manifests = {
        path.parent.name: _manifest(path.parent)
        for pattern in (f"{CORE}*", f"test_{CORE}*")
        for path in sorted(ROOT.glob(f"{pattern}/__manifest__.py"))
    }
    manifests = {
        name: man for name, man in manifests.items() if man.get("installable", True)
    }
    # A bridge to an addon that is not here cannot be installed, nor what builds on it.
    missing = True
    while missing:
        missing = {
            name: lacking
            for name, man in manifests.items()
            if (
                lacking := [
                    d
                    for d in man["depends"]
                    if d not in manifests and not _is_foreign_addon(d)
                ]
            )
        }
        for name, lacking in missing.items():
            say(f"{name} left out: {', '.join(lacking)} not available")
            del manifests[name]
    return manifests


def addons():
    """Manifests of all that can be shown to a user: the core, companions, the demo."""
    return {
        name: man for name, man in _all_addons().items() if name not in test_addons()
    }


def manifest(name):
    return _all_addons()[name]


def companions():
    """Names of the addons that come with the core: all but itself, demo and tests."""
    return [name for name in addons() if name not in (CORE, DEMO)]


def suite():
    """Names of the addons a user has after installing the app."""
    return [name for name in addons() if name != DEMO]


def test_addons():
    """Names of the addons that only tests install."""
    return [name for name in _all_addons() if name.startswith("test_")]


def dependencies():
    """Addons of others that ours need; what only tests need is installed with those."""
    found = set(BASE_DEPENDS)
    for manifest in addons().values():
        found.update(manifest["depends"])
    return sorted(found - set(_all_addons()))


def odoo_version():
    """Changes when another Odoo is used, or the same one at another build."""
    release = ODOO_PATH / "odoo" / "release.py"
    return f"{release}:{release.stat().st_mtime_ns}"


def digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


# What changes neither the database nor what is loaded from it.
_NOT_INSTALLED = {"tests", "docs", "readme", "__pycache__"}


def addons_digest(names=None):
    """Changes when a file changes that an installed database depends on.

    :param names: addons to look at; without it all that can be shown to a user
    """
    found = hashlib.sha256()
    for name in addons() if names is None else names:
        for path in sorted((ROOT / name).rglob("*")):
            relative = path.relative_to(ROOT)
            if (
                not path.is_file()
                or path.suffix in (".md", ".pot")
                or _NOT_INSTALLED & set(relative.parts)
            ):
                continue
            found.update(f"{relative}\0".encode() + path.read_bytes())
    return found.hexdigest()[:12]
