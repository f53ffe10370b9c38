"""Who gets what of goods that are short: shared out by rule, in whole numbers.

Plain Python: nothing here knows of Odoo. Quantities are whole numbers of the smallest
step that goods are counted in; whoever asks converts once. Why somebody gets what he
gets is a code; who shows it finds the words.
"""

from .demand import METHODS, Demand, Policy, Share
from .share import allocate

__all__ = ["METHODS", "Demand", "Policy", "Share", "allocate"]
