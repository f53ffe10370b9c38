"""Choose cartons by what they cost to ship and place every unit in them.

Pure Python, standard library only; knows nothing of Odoo. ``pack`` makes a plan,
``check`` verifies one without knowing how it was made.
"""

from .check import check
from .engine import pack
from .model import Box, Carton, Item, Placement, Plan, Unpacked

__all__ = ["Box", "Carton", "Item", "Placement", "Plan", "Unpacked", "check", "pack"]
