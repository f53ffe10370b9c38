from odoo import fields, models


class OmsPackRunLine(models.Model):
    """A transfer to be planned by a run."""

    _name = "oms.pack.run.line"
    _description = "Transfer of a Packing Plan Run"
    _order = "id"

    run_id = fields.Many2one(
        "oms.pack.run", required=True, index=True, ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", required=True, index=True, ondelete="cascade"
    )
    plan_id = fields.Many2one("oms.pack.plan", index=True, ondelete="set null")
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done")], default="waiting", required=True
    )

    _waiting_idx = models.Index("(run_id, id) WHERE state = 'waiting'")
