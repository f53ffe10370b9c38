"""While the customer is awaited, the clock of an order's stage stands still."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_get_pauses(self):
        # the customer was awaited; overlapping holds are merged
        pauses = super()._oms_get_pauses()
        if not self:
            return pauses
        holds = self.env["oms.hold"].search_fetch(
            [("order_id", "in", self.ids), ("type_id.customer_caused", "=", True)],
            ["order_id", "opened_at", "lifted_at", "state"],
            order="opened_at, id",
        )
        for hold in holds:
            end = None if hold.state == "open" else hold.lifted_at
            intervals = pauses.setdefault(hold.order_id, [])
            if intervals and (
                intervals[-1][1] is None or intervals[-1][1] >= hold.opened_at
            ):
                begin, last = intervals[-1]
                merged = None if None in (last, end) else max(last, end)
                intervals[-1] = (begin, merged)
            else:
                intervals.append((hold.opened_at, end))
        return pauses
