from odoo import models

#: Context key of lines that are split over packages: what is reserved stays reserved.
KEEPS_RESERVED = "oms_keeps_reserved"
#: Its value; no client can send this.
KEEP = object()


class StockMove(models.Model):
    _inherit = "stock.move"

    def _should_bypass_reservation(self, forced_location=False):
        """Parts of a line are the same goods as before: nothing is set free, and
        nothing is looked for, for each of them."""
        if self.env.context.get(KEEPS_RESERVED) is KEEP:
            return True
        return super()._should_bypass_reservation(forced_location)

    def _oms_get_unit_value(self):
        """What one unit is worth: see ``sale.order.line``."""
        self.ensure_one()
        return self.sudo().sale_line_id._oms_get_unit_value(self.product_id)
