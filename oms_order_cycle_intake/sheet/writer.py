"""Sheets that are given back: faulty rows with their reasons, and the template."""

import re
from datetime import date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

#: What a spreadsheet might take for a formula. Behind an apostrophe it does not, in
#: CSV neither; the reader takes it off again.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MARKED = PatternFill("solid", start_color="FFF3CD")
_BOLD = Font(bold=True)
_WIDTH_MAX = 60


def write_sheet(title, rows, header=None, marked=()):
    """A workbook of one sheet.

    :param str title: of the sheet
    :param rows: lists of cells of a grid
    :param int header: index of the row of labels
    :param marked: set of (row index, column index) of cells to be seen at once
    :return: the file
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(
        re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31] or "1"
    )
    for index, width in enumerate(_widths(rows)):
        sheet.column_dimensions[get_column_letter(index + 1)].width = width
    if header is not None:
        sheet.freeze_panes = f"A{header + 2}"
    for row_index, row in enumerate(rows):
        cells = []
        for index, value in enumerate(row):
            cell = _write_cell(sheet, value)
            if cell is not None and row_index == header:
                cell.font = _BOLD
            if (row_index, index) in marked:
                cell = cell or WriteOnlyCell(sheet)
                cell.fill = _MARKED
            cells.append(cell)
        sheet.append(cells)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _write_cell(sheet, value):
    if value is None:
        return None
    if isinstance(value, dict):
        value = _as_date(value["date"]) if "date" in value else value.get("text", "")
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = escape(value)
        # text whatever it looks like: codes keep their zeros
        cell.data_type = "s"
        cell.number_format = "@"
    else:
        cell.value = value
        if isinstance(value, date):
            has_time = isinstance(value, datetime)
            cell.number_format = "yyyy-mm-dd hh:mm" if has_time else "yyyy-mm-dd"
    return cell


def _as_date(text):
    if "T" in text:
        return datetime.fromisoformat(text)
    day = date.fromisoformat(text)
    # a workbook counts its days from 1900 on
    return day if day.year >= 1900 else text


def escape(text):
    """Text that no spreadsheet works out."""
    return f"'{text}" if _FORMULA.match(text) else text


def _widths(rows):
    widths = []
    for row in rows[:200]:
        widths += [8] * (len(row) - len(widths))
        for index, value in enumerate(row):
            text = value if isinstance(value, str) else "0" * 10 if value else ""
            longest = max(map(len, text.split("\n")), default=0)
            widths[index] = min(max(widths[index], longest + 2), _WIDTH_MAX)
    return widths
