"""Workbooks for the tests, made by openpyxl, and what it does not make, by hand."""

import re
import zipfile
from io import BytesIO

from openpyxl import Workbook


def workbook(rows, **sheets):
    """The bytes of a workbook; ``sheets`` are further ones by name."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    return save(book)


def save(book):
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def patched(content, part, change):
    """The same workbook with the text of one part changed."""
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            data = old.read(info)
            if re.fullmatch(part, info.filename):
                data = change(data.decode()).encode()
            new.writestr(info.filename, data)
    return target.getvalue()
