from odoo import api, models


class ReportOmsPackingSlip(models.AbstractModel):
    """The printed packing slip: from then on somebody packs by the paper."""

    _name = "report.oms_order_cycle.oms_packing_slip"
    _description = "Packing Slip"

    @api.model
    def _get_report_values(self, docids, data=None):
        plans = self.env["oms.pack.plan"].browse(docids)
        plans._note_printed()
        return {
            "doc_ids": docids,
            "doc_model": plans._name,
            "docs": plans,
            "data": data,
        }
