"""From which warehouse each line of each order is delivered: rules of sourcing without
Odoo.

Plain Python and the standard library. Whoever asks describes the orders with what a
warehouse costs (:func:`make_sources` turns a goal into such costs) and what there is;
the answer says for each line how many parts come from where, what is short, and in
codes why. Words are made where they are shown.
"""

from .batch import choose_all
from .change import Holding, lower, raise_by
from .check import find_faults
from .choose import choose
from .goals import FEWEST, FIRST, GOALS, NEAREST, WHOLE, Place, make_sources
from .problem import Choice, Line, Order, Part, Source, Stock
from .reasons import Reason, explain
