from odoo import api, fields, models


class OmsHoldLift(models.TransientModel):
    _name = "oms.hold.lift"
    _description = "Lift Order Holds"

    hold_ids = fields.Many2many("oms.hold", string="Holds", required=True)
    summary = fields.Text(compute="_compute_summary", string="Reasons")
    note = fields.Text(help="Why the order may go on. Kept with the hold.")

    @api.depends("hold_ids")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = wizard.hold_ids._summarize()

    def action_lift(self):
        """Lift the holds, and keep the note with them."""
        self.ensure_one()
        self.hold_ids.action_lift((self.note or "").strip() or None)
        return self.hold_ids._get_decision_notice()
