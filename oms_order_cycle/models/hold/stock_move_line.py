from odoo import api, models

#: Fields that say how much goes where, also of a line that is done.
_GOODS_FIELDS = frozenset(
    {
        "location_dest_id",
        "location_id",
        "move_id",
        "picking_id",
        "product_uom_id",
        "quantity",
        "quantity_product_uom",
    }
)


class StockMoveLine(models.Model):
    """What is done is corrected in its lines: goods of a held order do not go out by
    a correction."""

    _inherit = "stock.move.line"

    def _oms_after_create(self):
        done = self.filtered(lambda line: line.state == "done")
        done.move_id._oms_check_not_stopped(ended=True)
        return super()._oms_after_create()

    def _oms_before_write(self, vals):
        if not _GOODS_FIELDS.isdisjoint(vals):
            done = self.filtered(lambda line: line.move_id.state == "done")
            done.filtered(
                lambda line: line._oms_is_more(vals)
            ).move_id._oms_check_not_stopped(ended=True)
            self._oms_check_sent_out(done, vals.get("location_dest_id"))
            if vals.get("move_id"):
                move = self.env["stock.move"].browse(vals["move_id"])
                move.filtered(lambda move: move.state == "done")._oms_check_not_stopped(
                    ended=True
                )
        return super()._oms_before_write(vals)

    @api.model
    def _oms_check_sent_out(self, done, location_id):
        """Goods that are in the house do not leave it by a correction."""
        if done and self.env["stock.location"].browse(location_id)._oms_is_outside():
            held = done.move_id._oms_get_bound_orders().filtered("oms_open_hold_count")
            held._oms_check_blocked("ship")

    def _oms_is_more(self, vals):
        """Whether the values move more goods than the line did, or others.

        What takes goods back is no step of the order.
        """
        self.ensure_one()
        changed = {
            name
            for name in _GOODS_FIELDS.intersection(vals)
            if vals[name]
            != (self[name].id if self._fields[name].relational else self[name])
        }
        # less of them somewhere else is no taking back
        if changed == {"quantity"} and vals["quantity"] < self.quantity:
            return False
        return bool(changed)
