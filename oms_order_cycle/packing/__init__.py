"""Choose cartons by what they cost to ship and place every unit in them.

Pure Python, standard library only; knows nothing of Odoo. ``pack`` makes a plan,
``check`` verifies one without knowing how it was made, ``choose`` says which cartons to
stock, ``billing`` what a carrier bills.

Rooms, each of which knows only those named before it and the modules beside this one:

- ``freight``: billable weight, rules of carriers
- ``picture``: packed cartons, drawn
- ``proof``: what cannot be, and what the best plan costs at least
- ``search``: how good plans are found
"""

from .check import Fault, FaultCode, check
from .engine import pack
from .freight import billing
from .model import Box, Carton, Item, Placement, Plan, Reason, Unpacked

__all__ = [
    "Box",
    "Carton",
    "Fault",
    "FaultCode",
    "Item",
    "Placement",
    "Plan",
    "Reason",
    "Unpacked",
    "billing",
    "check",
    "pack",
]
