"""Supply that is less, or comes later, than what was promised from it."""

from odoo import models

from odoo.addons.oms_order_cycle.models.cycle.stock_move import ENDED

#: What may take supply away.
_SUPPLY_FIELDS = frozenset(("date", "product_uom_qty", "state"))


class StockMove(models.Model):
    _inherit = "stock.move"

    def _oms_before_write(self, vals):
        memo = super()._oms_before_write(vals)
        return memo, self._oms_read_supply(vals)

    def _oms_after_write(self, vals, memo):
        memo, before = memo
        if before:
            self._oms_note_less(before)
        return super()._oms_after_write(vals, memo)

    def _oms_read_supply(self, vals):
        """What moves bring, and when, before it changes.

        :return: ``{move: (date, quantity)}``, of those that bring goods to a warehouse
            which promises dates, or take them from it for nobody's order
        """
        changed = _SUPPLY_FIELDS.intersection(vals)
        if not changed or (changed == {"state"} and vals["state"] not in ENDED):
            return {}
        promising = self.env["stock.warehouse"]._oms_get_promising()
        if not promising:
            return {}
        before = {}
        for move in self.sudo():
            source, target = move._oms_get_warehouses()
            if move.state in ("draft", "done", "cancel") or source == target:
                continue
            if target.id in promising or (
                source.id in promising and not move.sale_line_id
            ):
                before[move] = (move.date, move.product_qty)
        return before

    def _oms_get_warehouses(self):
        """Where goods come from and where they end, each a warehouse or none."""
        self.ensure_one()
        target = self.location_final_id or self.location_dest_id
        return self.location_id.warehouse_id, target.warehouse_id

    def _oms_note_less(self, before):
        """Have promises looked at again where there is less than there was.

        :param dict before: of :meth:`_oms_read_supply`
        """
        receipts, losses = set(), set()
        for move, (date, quantity) in before.items():
            source, target = move._oms_get_warehouses()
            if target and (
                move.state == "cancel"
                or (move.state != "done" and move.date > date)
                or move.product_uom.compare(move.product_qty, quantity) < 0
            ):
                receipts.add((move.product_id.id, target.id))
            if source and move.state == "done":
                losses.add((move.product_id.id, source.id))
        keys = self.env["oms.promise.key"].sudo()
        keys._note_less(receipts, "receipt")
        keys._note_less(losses, "stock")
