from odoo import api, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model
    @api.readonly
    def web_search_read(
        self,
        domain,
        specification,
        offset=0,
        limit=None,
        order=None,
        count_limit=None,
    ):
        """By walk where the lines of a document are looked at, until one sorts them."""
        if not self.env.context.get("oms_by_walk") or order:
            return super().web_search_read(
                domain, specification, offset, limit, order, count_limit
            )
        lines = self.search(domain)._oms_sort_by_walk()
        page = lines[offset : offset + limit if limit else None]
        return {"length": len(lines), "records": page.web_read(specification)}

    def _oms_sort_by_walk(self):
        """The lines in the order in which a picker walks to what they take.

        As they are where no location has a place or a pick sequence.
        """
        ranks = self.location_id._oms_rank_by_walk()
        if not ranks:
            return self
        return self.sorted(lambda line: ranks.get(line.location_id.id, len(ranks)))
