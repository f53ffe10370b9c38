"""Dates that can be kept: what is left of goods day by day, and the days on which they
leave and arrive.

Plain Python, its standard library only: nothing here knows of Odoo. Days are local
dates, moments are aware datetimes, quantities are numbers in one unit of the product.
Why a date is what it is, is told in codes with their details; who shows them finds the
words.
"""

from .levels import Levels
from .promise import Part, Promise, Want, commitment, promise
from .route import Reason, Route, apply_cutoff
from .worktime import ALWAYS, WorkTime, weekly
