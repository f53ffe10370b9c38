"""Imported after ``sale_order_line.py``: changed orders are checked before the lines
that are held are kept from the warehouse."""

from odoo import models

from .sale_order_hold_check import CHECKED

#: Fields of a line that change what the order is worth without new procurement.
_VALUE_FIELDS = frozenset(
    {"discount", "price_unit", "product_id", "product_uom_id", "tax_ids"}
)


class SaleOrder(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    # the other extension must come before sale_order.py, this one after it
    _inherit = "sale.order"

    def _oms_release(self):
        # Odoo procures nothing for locked orders, and locks them at confirmation
        locked = self.filtered(
            lambda order: order.locked and order._oms_get_pending_lines()
        )
        locked.locked = False
        # it makes the checks itself: launching the lines needs not make them again
        res = super(
            SaleOrder, self.with_context(oms_holds_checked=CHECKED)
        )._oms_release()
        locked.locked = True
        return res


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        res = super().write(vals)
        if not _VALUE_FIELDS.isdisjoint(vals):
            self.filtered(
                lambda line: line.state == "sale" and not line.is_downpayment
            ).order_id._oms_recheck_after_change()
        return res

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        freed = self.order_id._oms_run_checks_before_launch()
        res = super()._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        freed._oms_release()
        return res
