"""``pytest oms_order_cycle_floor/walk/tests`` runs these tests without Odoo."""

import importlib.util
import sys
from pathlib import Path

# the package is loaded by itself, without the addon around it, which needs Odoo
if "walk" not in sys.modules:
    folder = Path(__file__).resolve().parents[1]
    spec = importlib.util.spec_from_file_location(
        "walk", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["walk"] = module
    spec.loader.exec_module(module)
