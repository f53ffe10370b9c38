"""Choose cartons by what they cost to ship and place every unit in them.

Pure Python, standard library only; knows nothing of Odoo. ``pack`` makes a plan,
``check`` verifies one without knowing how it was made, ``choose`` says which cartons to
stock, ``billing`` what a carrier bills.

Rooms (``tests/test_rooms.py`` holds who may know whom):

- ``search``: how good plans are found; asks ``proof``, knows no other room
- ``proof``: what cannot be, and what the best plan costs at least
- ``freight``: billable weight, rules of carriers
- ``picture``: packed cartons, drawn
"""

from .check import Fault, FaultCode, check
from .engine import pack
from .freight import billing
from .model import (
    Aim,
    Box,
    Carton,
    Item,
    Outcome,
    Placement,
    Plan,
    Reason,
    Trial,
    Unpacked,
)

__all__ = [
    "Aim",
    "Box",
    "Carton",
    "Fault",
    "FaultCode",
    "Item",
    "Outcome",
    "Placement",
    "Plan",
    "Reason",
    "Trial",
    "Unpacked",
    "billing",
    "check",
    "pack",
]
