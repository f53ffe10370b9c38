"""``pytest oms_order_cycle_promise/allocation/tests`` runs these tests without Odoo."""

import importlib.util
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

# how long the machine takes says nothing of what is tested
settings.register_profile(
    "allocation", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("allocation")

# the package is loaded by itself, without the addon around it, which needs Odoo
if "allocation" not in sys.modules:
    folder = Path(__file__).resolve().parents[1]
    spec = importlib.util.spec_from_file_location(
        "allocation", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["allocation"] = module
    spec.loader.exec_module(module)
