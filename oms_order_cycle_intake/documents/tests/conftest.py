"""Run these tests with ``pytest oms_order_cycle_intake/documents/tests``: no Odoo."""

import importlib.util
import sys
from pathlib import Path

# the package is loaded by itself, without the addon around it, which needs Odoo
if "documents" not in sys.modules:
    folder = Path(__file__).resolve().parents[1]
    spec = importlib.util.spec_from_file_location(
        "documents", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["documents"] = module
    spec.loader.exec_module(module)
