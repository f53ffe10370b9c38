"""Goods that a vendor sends to the customer, as long as he was not asked for them.

A purchase order that is not confirmed has no transfers.  Odoo's purchase app is read
where it is there; nothing of it is extended.
"""

from odoo import api, models
from odoo.tools import SQL

from ...facts.query import merge_reads

#: States of purchase orders that the vendor does not deliver yet.
_WAITING = ("draft", "sent", "to approve")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_knows_vendors(self):
        """Whether purchase order lines tell which order lines they are for."""
        return "purchase_line_ids" in self.env["sale.order.line"]._fields

    @api.model
    def _oms_get_triggers(self):
        triggers = super()._oms_get_triggers()
        if self._oms_knows_vendors():
            path = "order_line.purchase_line_ids"
            triggers += [
                f"{path}.product_qty",
                f"{path}.product_uom_id",
                f"{path}.order_id.state",
            ]
        return triggers

    @api.model
    def _oms_facts_fragments(self):
        fragments = super()._oms_facts_fragments()
        if self._oms_knows_vendors():
            fragments["awaited"] = SQL(
                """
                SELECT pol.product_id, (pol.product_qty * pu.factor)::float8
                  FROM purchase_order_line pol
                  JOIN purchase_order po ON po.id = pol.order_id
                  JOIN uom_uom pu ON pu.id = pol.product_uom_id
                 WHERE pol.sale_line_id = s.line_id
                   AND po.state IN %s""",
                _WAITING,
            )
        return fragments

    @api.model
    def _oms_facts_reads(self):
        reads = super()._oms_facts_reads()
        if self._oms_knows_vendors():
            line = ("order_id", "product_id", "product_qty", "product_uom_id")
            reads = merge_reads(
                reads,
                {
                    "purchase.order": ("state",),
                    "purchase.order.line": (*line, "sale_line_id"),
                },
            )
        return reads

    def _oms_explain_awaited(self):
        if not self._oms_knows_vendors():
            return super()._oms_explain_awaited()
        # sellers may know which purchase their order waits for
        waiting = (
            self.sudo()
            .order_line.filtered(lambda line: line.qty_delivered_method == "stock_move")
            .purchase_line_ids.order_id.filtered(lambda order: order.state in _WAITING)
        )
        if not waiting:
            return super()._oms_explain_awaited()
        names = ", ".join(waiting.mapped("name"))
        if len(waiting) == 1:
            return self.env._("purchase order %s is not confirmed", names)
        return self.env._("purchase orders %s are not confirmed", names)
