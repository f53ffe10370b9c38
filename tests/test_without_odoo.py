"""Packages that know nothing of Odoo are tested without it, each in its own process."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# such a package has settings of pytest beside its tests, which make it their root
FOLDERS = sorted(
    path.parent for path in ROOT.glob("oms_order_cycle*/*/tests/pytest.ini")
)


def test_packages_are_found():
    assert ROOT / "oms_order_cycle" / "packing" / "tests" in FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_package(folder):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:odoo", "-q"]
        + ["-c", str(folder / "pytest.ini"), str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
