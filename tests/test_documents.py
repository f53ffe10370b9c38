"""Documents are read and written without Odoo, and that is tested without it."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "oms_order_cycle_intake" / "documents" / "tests"


def test_documents():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:odoo", "-q"]
        + ["-c", str(FOLDER / "pytest.ini"), str(FOLDER)],
        capture_output=True,
        text=True,
        cwd=FOLDER,
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
