"""What the screen of an import asks for, and the files that it gives."""

import json

from odoo import api, models
from odoo.fields import Domain

from ..sheet import TARGETS, is_blank, write_sheet
from ..sheet.columns import normalize_label
from ..sheet.targets import REASON_WORDS
from ..sheet.values import cell_text
from .oms_import_correct import LEARNABLE, PICKABLE

#: Kinds of cells that are set to the right.
NUMBERS = ("number", "price")
#: Rows of a page at most.
MOST_ROWS = 200
#: Letters of a file's name: headers of HTTP have no more room.
MOST_NAME = 100
_FILTERS = {
    "all": [("state", "!=", "blank")],
    "good": [("state", "=", "good")],
    "faulty": [("state", "=", "faulty")],
    "waiting": [("state", "=", "waiting")],
    "done": [("state", "=", "done")],
}


class OmsImport(models.Model):
    _inherit = "oms.import"

    def get_page(self, offset=0, limit=50, which="all"):
        """A page of rows, for the screen.

        :param str which: ``all``, ``good``, ``faulty``, ``waiting`` or ``done``
        :return: ``{"columns", "rows", "total", "counts", "results"}``
        """
        self.ensure_one()
        self.check_access("read")
        which = which if which in [*_FILTERS] else "all"
        domain = Domain("import_id", "=", self.id) & Domain(_FILTERS[which])
        model = self.env["oms.import.row"]
        rows = model.search(
            domain,
            offset=_within(offset, 0, 1_000_000),
            limit=_within(limit, 1, MOST_ROWS),
            order="number",
        )
        orders = rows.order_id._filtered_access("read")
        counts = dict(
            model._read_group([("import_id", "=", self.id)], ["state"], ["__count"])
        )
        counts.pop("blank", None)
        return {
            "columns": self._get_shown_columns(),
            "rows": [self._read_row(row, orders) for row in rows],
            "total": model.search_count(domain),
            "results": self._read_results(),
            "counts": {
                "all": sum(counts.values()),
                **{state: counts.get(state, 0) for state in _FILTERS if state != "all"},
            },
        }

    def _read_results(self):
        """How many orders were made, found or changed."""
        model = self.env["oms.import.row"]
        labels = dict(model._fields["result"]._description_selection(self.env))
        return [
            {"key": result, "label": labels[result], "orders": orders}
            for result, orders in model._read_group(
                [("import_id", "=", self.id), ("result", "!=", False)],
                ["result"],
                ["order_id:count_distinct"],
            )
        ]

    def action_view_orders(self):
        """Open the orders of the file."""
        self.ensure_one()
        orders = self.env["oms.import.row"].search(
            [("import_id", "=", self.id), ("order_id", "!=", False)]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        action["domain"] = [("id", "in", orders.order_id.ids)]
        action["context"] = {}
        return action

    def _get_shown_columns(self):
        mapping = self._get_mapping()
        labels = self._get_target_labels()
        return [
            {
                "index": column["index"],
                "label": column["label"],
                "target": labels.get(mapping.get(column["index"]), False),
                "is_product": mapping.get(column["index"]) in PICKABLE,
                "is_learnable": mapping.get(column["index"]) in LEARNABLE,
                "is_number": TARGETS[mapping[column["index"]]].kind in NUMBERS
                if column["index"] in mapping
                else False,
            }
            for column in self._get_columns()
        ]

    @api.model
    def _read_row(self, row, orders):
        order = row.order_id if row.order_id in orders else orders.browse()
        product = row.product_id._filtered_access("read")
        return {
            "id": row.id,
            "number": row.number,
            "cells": [cell_text(cell) for cell in row.cells or []],
            "faults": row.faults or [],
            "state": row.state,
            "order": {"id": order.id, "name": order.name} if order else False,
            "result": dict(row._fields["result"]._description_selection(row.env)).get(
                row.result, ""
            ),
            "product": product.display_name or "",
        }

    def count_alike(self, row_id, column):
        """How many rows have the same in a column as a row, itself among them."""
        return len(self._get_rows_alike(row_id, column, True))

    # -- files ------------------------------------------------------------------------

    def action_download_faulty(self):
        """The faulty rows in the layout of the file, with what is wrong."""
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/oms_intake/import/{self.id}/faulty.xlsx",
            "target": "download",
        }

    @api.model
    def action_download_template(self):
        """An empty file with the labels that are known."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": "/oms_intake/order_template.xlsx",
            "target": "download",
        }

    def _write_faulty_file(self):
        """All rows of the orders that have a fault, as they stand now.

        An order is taken as a whole or not at all, so its good rows go with the faulty
        ones. The file can be loaded as it is: what was imported meanwhile is not
        imported again.

        :return: (name, content) of the file
        """
        self.ensure_one()
        rows = self.env["oms.import.row"].search(
            [("import_id", "=", self.id), ("state", "in", ("faulty", "waiting"))],
            order="number",
        )
        head = self.head or [[]]
        column = self._find_reason_column(head[-1])
        width = max(len(head[-1]), *(len(row.cells or []) for row in rows), column, 0)
        sheet = [_pad(line, width) for line in head]
        sheet[-1][column : column + 1] = [self.env._("Reason")]
        marked = set()
        refs = self._get_refs(rows)
        for row in rows:
            cells = _pad(row.cells or [], width)
            for index, ref in refs.get(row.number, {}).items():
                cells[index] = ref
            faults = row.faults or []
            reason = "; ".join(fault["message"] for fault in faults)
            cells[column : column + 1] = [reason]
            marked |= {
                (len(sheet), fault["column"])
                for fault in faults
                if fault["column"] is not None and fault["blocking"]
            }
            sheet.append(cells)
        name = self.file_name or "orders"
        base = (name.rpartition(".")[0] or name)[:MOST_NAME]
        content = write_sheet(
            self.sheet_name or base, sheet, header=len(head) - 1, marked=marked
        )
        return self.env._("%s - faulty rows.xlsx", base), content

    def _get_refs(self, rows):
        """References of rows that left theirs blank: the row above may not be in the
        file that is given back.

        :return: ``{row number: {column: reference}}``
        """
        column = next(
            (i for i, key in self._get_mapping().items() if key == "external_ref"), None
        )
        if column is None:
            return {}
        found = {}
        for row in rows:
            cells = row.cells or []
            if column >= len(cells) or is_blank(cells[column]):
                ref = json.loads(row.key or "[null]")[0]
                # an order without a reference has a key that is none
                if ref and not ref.startswith("\0"):
                    found[row.number] = {column: ref}
        return found

    def _find_reason_column(self, labels):
        """Where the reason stands: in the column of an earlier download, else the next
        one."""
        own = {*REASON_WORDS, normalize_label(self.env._("Reason"))}
        for index, label in enumerate(labels):
            if normalize_label(label) in own and index not in self._get_mapping():
                return index
        return len(labels)

    @api.model
    def _write_template(self):
        """A file to fill in: labels on one sheet, what they mean on the other.

        :return: (name, content)
        """
        labels = self._get_target_labels()
        keys = ("external_ref", "customer.ref", "requested_date", "lines.product")
        keys += ("lines.qty", "lines.uom", "lines.price", "lines.note")
        content = write_sheet(
            self.env._("Orders"), [[labels[key] for key in keys]], header=0
        )
        return self.env._("orders.xlsx"), content


def _within(value, least, most):
    """A whole number between limits, whatever a program has sent."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return min(max(value, least), most) if is_number else least


def _pad(cells, width):
    return [*cells, *[None] * (width - len(cells))]
