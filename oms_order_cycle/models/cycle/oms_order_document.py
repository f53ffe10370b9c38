from odoo import api, fields, models

from ...tools.groups import INTERNAL


class OmsOrderDocument(models.AbstractModel):
    """What a document shows of the orders it belongs to.

    For transfers and invoices, and for whatever companions add: loads, proofs, returns.
    """

    _name = "oms.order.document"
    _description = "Document of Orders"

    #: Path from the document to its orders; each model that is one gives it.
    _oms_order_path = ""

    oms_order_ids = fields.Many2many(
        "sale.order",
        string="Orders in the Cycle",
        compute="_compute_oms_order_ids",
        compute_sudo=True,
        groups=INTERNAL,
    )
    oms_stage_summary = fields.Char(
        string="Order Stage",
        compute="_compute_oms_order_ids",
        compute_sudo=True,
        groups=INTERNAL,
    )

    @api.depends(
        lambda self: (
            [f"{self._oms_order_path}.oms_stage_id"] if self._oms_order_path else []
        )
    )
    @api.depends_context("lang")
    def _compute_oms_order_ids(self):
        for document in self:
            orders = document._oms_get_orders()
            document.oms_order_ids = orders
            document.oms_stage_summary = orders._oms_summarize_stages()

    def _oms_get_orders(self):
        """Orders of some documents, all together."""
        return self.mapped(self._oms_order_path)
