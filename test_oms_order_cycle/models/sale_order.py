from odoo import api, models
from odoo.tools import SQL

from odoo.addons.oms_order_cycle.facts.query import merge_reads


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_facts_fragments(self):
        return {
            **super()._oms_facts_fragments(),
            "loaded": SQL(
                "(SELECT MAX(t.date) FROM test_oms_load t WHERE t.picking_id = p.id)"
            ),
        }

    @api.model
    def _oms_facts_reads(self):
        reads = {"test.oms.load": ("picking_id", "date")}
        return merge_reads(super()._oms_facts_reads(), reads)
