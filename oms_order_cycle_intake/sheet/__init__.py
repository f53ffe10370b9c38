"""Order files of customers: CSV and XLSX read safely, columns guessed, cells turned
into values, rows into order payloads, faulty rows written back.

Plain Python beside openpyxl, which Odoo installs: nothing here knows of Odoo. Faults
are codes with their details; who shows them finds the words.

A **grid** is what a sheet holds: rows of cells as JSON can keep them. A cell is text,
a number, a boolean, ``None``, ``{"date": "2026-12-04"}`` or, where it cannot be used,
``{"fault": code, "text": what stands there}``.
"""

from .columns import (
    ColumnGuess,
    check_mapping,
    column_label,
    guess_columns,
    guess_header,
    normalize_label,
)
from .fault import SheetFault
from .orders import Fault, SheetOrder, build_orders
from .reader import (
    Grid,
    Limits,
    SheetInfo,
    clean_text,
    is_blank,
    list_sheets,
    read_sheet,
)
from .targets import TARGETS, Target
from .values import Settings, cell_text, convert, guess_settings
from .writer import write_sheet
