from odoo import models


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["stock.move", "oms.by.walk"]

    def _oms_sort_by_walk(self):
        """The moves in the order in which a picker comes to the first of their goods.

        As they are where no location has a place or a pick sequence. What nothing is
        reserved for comes last.
        """
        ranks = self.move_line_ids.location_id._oms_rank_by_walk()
        if not ranks:
            return self
        last = len(ranks)
        return self.sorted(
            lambda move: min(
                (ranks.get(one.id, last) for one in move.move_line_ids.location_id),
                default=last,
            )
        )
