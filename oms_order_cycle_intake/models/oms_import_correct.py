"""Rows of a file that a person corrects: a cell, or the product that is meant."""

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ..sheet import TARGETS
from ..sheet.reader import clean_text
from ..sheet.values import cell_text

#: Longest value that is typed into a cell.
MOST_LETTERS = 5000
#: Columns for whose codes a product may be picked.
PICKABLE = [key for key, target in TARGETS.items() if target.is_product]
#: Of those, the ones that may hold the customer's own code.
LEARNABLE = ("lines.product", "lines.product.customer_code")


class OmsImport(models.Model):
    _inherit = "oms.import"

    def correct(self, row_id, column, value, everywhere=False):
        """Type another value into a cell.

        :param int row_id: of the row
        :param int column: index of the column
        :param str value: what should stand there
        :param bool everywhere: also in all rows that have the same in that column
        :return: how many rows were changed
        """
        rows = self._get_rows_alike(row_id, column, everywhere)
        text = clean_text(str(value or "")).strip()[:MOST_LETTERS]
        for row in rows:
            cells = [*row.cells, *[None] * (column + 1 - len(row.cells))]
            cells[column] = text or None
            row.cells = cells
        if self._get_mapping().get(column) in PICKABLE:
            rows.product_id = False
        self._check_rows(rows)
        return len(rows)

    def pick_product(self, row_id, column, product_id, everywhere=False, learn=False):
        """Say which product an unknown code means.

        :param int product_id: the product
        :param bool learn: remember it as the customer's own code
        :return: how many rows were changed
        """
        rows = self._get_rows_alike(row_id, column, everywhere)
        is_id = isinstance(product_id, int) and 0 < product_id < 2**31
        product = self.env["product.product"].browse(product_id if is_id else ())
        product = product.exists()
        product.check_access("read")
        if not product:
            raise UserError(self.env._("This product does not exist any more."))
        learnt = self.env["oms.import.row"]
        if learn and self._get_mapping().get(column) in LEARNABLE:
            codes = defaultdict(dict)
            for row in rows.filtered("partner_id"):
                code = self._get_cell_text(row, column)
                if code:
                    codes[row.partner_id][code] = product.id
                    learnt |= row
            orders = self.env["sale.order"].with_company(self.company_id)
            for partner, products in codes.items():
                orders._oms_learn_codes(
                    partner, [(code, product.id, False) for code in products]
                )
        # what is learnt is found by its code, now and when the file comes again
        learnt.product_id = False
        (rows - learnt).product_id = product
        self._check_rows(rows)
        return len(rows)

    def _get_rows_alike(self, row_id, column, everywhere):
        """A row, or all that have the same value in a column.

        :raise UserError: the row is none of this file, or it was imported
        """
        self.ensure_one()
        self.check_access("write")
        self._check_is_still()
        rows = self._get_rows().filtered(
            lambda row: row.state in ("good", "faulty", "waiting")
        )
        row = rows.filtered(lambda row: row.id == row_id)
        if not row or column not in [*self._get_mapping()]:
            raise UserError(self.env._("This row cannot be changed any more."))
        if not everywhere:
            return row
        same = self._get_cell_text(row, column)
        return rows.filtered(lambda row: self._get_cell_text(row, column) == same)

    @api.model
    def _get_cell_text(self, row, column):
        cells = row.cells or []
        return cell_text(cells[column]).strip() if column < len(cells) else ""
