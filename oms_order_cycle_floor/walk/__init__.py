"""The shortest walk to all bays of a pick list and back, between parallel aisles.

Pure Python, standard library only; knows nothing of Odoo.

Rooms: ``layout`` (what the warehouse looks like, distances), ``section`` (how a walk
looks where it is cut between two aisles), ``optimum`` (the shortest walk, as pieces of
aisles), ``improve`` (a good walk, where the shortest would take too long to find),
``tour`` (pieces in the order in which they are walked), ``plan`` (all of it, and bays
without a place).
"""

from .layout import Layout
from .plan import Walk, plan_walk

__all__ = ["Layout", "Walk", "plan_walk"]
