"""XLSX through openpyxl, and what it does not tell: formulas that were never worked
out, merged cells, hidden rows."""

import math
import re
import warnings
from datetime import date, datetime, time, timedelta
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.xml.functions import iterparse

from .fault import SheetFault
from .reader import Grid, SheetInfo, clean_text, is_blank

#: After so many blank rows the sheet is over: formatted tails reach row 1,048,576.
_BLANK_ROWS = 2000
#: Of what lies right of the last column allowed, so much is looked at.
_LOOKED_AT = 300
_PADDED = re.compile(r"0{2,}")
# Of the part of a sheet: where its cells begin and end, and what is merged.
_ROOT = re.compile(rb"<(?:[\w.-]+:)?worksheet\b[^>]*>")
_CLOSE = re.compile(rb"</(?:[\w.-]+:)?worksheet\s*>\s*$")
_BEGIN = re.compile(rb"<(?:[\w.-]+:)?sheetData\s*>")
_END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
_MERGED = re.compile(rb"<(?:[\w.-]+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:$]+)[\"']")


def list_xlsx(content):
    """Names of the sheets, in the workbook's order."""
    with _Workbook(content) as book:
        return [
            SheetInfo(sheet.title, sheet.sheet_state != "visible")
            for sheet in book.worksheets
        ]


def read_xlsx(content, name, rows, limits):
    """The grid of one sheet.

    :raise SheetFault: no such sheet, too large, or broken
    """
    with _Workbook(content) as book:
        sheet = _find_sheet(book, name)
        grid = Grid(sheet.title, is_1904=book.epoch == MAC_EPOCH)
        blank = 0
        part = _Part(book, sheet)
        # openpyxl would read all that stands beside the cells, which takes long
        sheet._get_source = lambda: BytesIO(part.cells)
        # dimensions that a program wrote into the file may be wrong
        sheet.reset_dimensions()
        cells = sheet.iter_rows(max_col=limits.columns + _LOOKED_AT)
        for number, row in enumerate(cells):
            if number == rows or blank > _BLANK_ROWS:
                break
            values = [_read_cell(cell, limits) for cell in row]
            while values and is_blank(values[-1]):
                values.pop()
            blank = 0 if values else blank + 1
            if values and number >= limits.rows:
                raise SheetFault("too_many_rows", limit=limits.rows)
            if len(values) > limits.columns:
                raise SheetFault("too_many_columns", limit=limits.columns)
            grid.rows.append(values)
        _add_what_is_not_told(grid, part, limits)
    return grid


def _find_sheet(book, name):
    sheets = book.worksheets
    if not sheets:
        raise SheetFault("no_sheet")
    if name:
        for sheet in sheets:
            if sheet.title == name:
                return sheet
        raise SheetFault("sheet_unknown", sheet=name)
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    return (visible or sheets)[0]


class _Workbook:
    """A workbook, open; whatever openpyxl stumbles over is a fault."""

    def __init__(self, content):
        self._content = content

    def __enter__(self):
        self._silence = warnings.catch_warnings()
        self._silence.__enter__()
        warnings.simplefilter("ignore")
        try:
            self._book = load_workbook(
                BytesIO(self._content), read_only=True, data_only=True, keep_links=False
            )
        except Exception as error:
            self._silence.__exit__(None, None, None)
            raise SheetFault("not_readable") from error
        return self._book

    def __exit__(self, kind, error, _trace):
        self._book.close()
        self._silence.__exit__(None, None, None)
        if isinstance(error, Exception) and not isinstance(error, SheetFault):
            raise SheetFault("not_readable") from error


def _read_cell(cell, limits):
    value = cell.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _read_number(value, cell)
    if isinstance(value, datetime):
        day = value.date().isoformat()
        is_day = value.time() == time()
        return {"date": day if is_day else f"{day}T{value.time():%H:%M:%S}"}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    text = clean_text(str(value))
    if cell.data_type == "e":
        return {"fault": "cell_error", "text": text}
    if len(text) > limits.cell_chars:
        return {"fault": "cell_too_long", "text": text[:100]}
    return text


def _read_number(value, cell):
    """A number, with the zeros that its format shows in front."""
    if abs(value) >= 1e300 or math.isnan(value):
        return {"fault": "cell_error", "text": str(value)[:100]}
    if isinstance(value, int) and 0 <= value < 1e15:
        pattern = cell.number_format or ""
        if _PADDED.fullmatch(pattern):
            return str(value).zfill(len(pattern))
        return value
    return float(value)


class _Part:
    """The part of a sheet.

    :ivar cells: a sheet of its cells alone
    :ivar rest: what comes behind them
    """

    def __init__(self, book, sheet):
        # openpyxl has no public name for it
        with book._archive.open(sheet._worksheet_path) as part:
            content = part.read()
        self.cells = self.rest = content
        root, begin = _ROOT.search(content), _BEGIN.search(content)
        end = begin and _END.search(content, begin.end())
        close = _CLOSE.search(content[-200:])
        if root and end and close:
            cells = content[begin.start() : end.end()]
            self.cells = content[: root.end()] + cells + close.group()
            self.rest = content[end.end() :]


def _add_what_is_not_told(grid, part, limits):
    """Formulas without a value become faults, merged cells say the same in all rows,
    hidden rows are known."""
    if any(sign in part.cells for sign in (b"<f", b":f", b"hidden=")):
        _add_of_cells(grid, part.cells, limits)
    refs = _MERGED.findall(part.rest)
    if len(refs) > limits.rows:
        raise SheetFault("too_many_cells")
    left_to_fill = 10 * limits.rows
    for ref in refs:
        left_to_fill -= _fill_merged(grid, ref.decode())
        if left_to_fill < 0:
            raise SheetFault("not_readable")


def _add_of_cells(grid, content, limits):
    row_number = 0
    for _event, element in iterparse(BytesIO(content)):
        if element.tag.rpartition("}")[2] == "row":
            row_number = int(element.get("r") or row_number + 1)
            if element.get("hidden") in ("1", "true"):
                grid.hidden.add(row_number - 1)
            for cell in element:
                _note_formula(grid, cell, limits)
            element.clear()


def _note_formula(grid, cell, limits):
    parts = {child.tag.rpartition("}")[2]: child.text for child in cell}
    if "f" not in parts or parts.get("v") or not cell.get("r"):
        return
    row, column = coordinate_to_tuple(cell.get("r"))
    if row > len(grid.rows) or column > limits.columns:
        return
    if cell.get("t") == "str" and "v" in parts:
        return  # a formula whose answer is an empty text
    values = grid.rows[row - 1]
    values += [None] * (column - len(values))
    text = clean_text(parts["f"] or "")[:100]
    values[column - 1] = {"fault": "formula_no_value", "text": f"={text}"}


def _fill_merged(grid, ref):
    """What is merged over several rows holds for each; its columns stay as they are.

    :return: how many rows it spans
    """
    left, top, _right, bottom = range_boundaries(ref)
    rows = grid.rows[top - 1 : bottom]
    if len(rows) < 2 or len(rows[0]) < left or is_blank(rows[0][left - 1]):
        return 1
    for values in rows[1:]:
        if any(not is_blank(value) for value in values):
            values += [None] * (left - len(values))
            values[left - 1] = rows[0][left - 1]
    return len(rows)
