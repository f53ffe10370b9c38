from odoo import Command, api, fields, models

from ...models.oms_limited import MOST


class OmsHoldOverride(models.TransientModel):
    _name = "oms.hold.override"
    _description = "Override Order Holds"
    _inherit = ["oms.limited"]

    hold_ids = fields.Many2many("oms.hold", string="Holds", required=True)
    hold_count = fields.Integer(compute="_compute_summary")
    summary = fields.Text(compute="_compute_summary", string="Reasons")
    note = fields.Text(
        required=True, help="Why the order may go on. Kept with the hold."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(
        string="Order Total Up To",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Order total up to which the override counts: when the order grows above"
        " it, it is held again. 0: whatever the total.",
    )
    expiry = fields.Datetime(
        string="Until",
        help="When the override ends: an order that is still held back by the same"
        " cause is held again. Empty: it does not end.",
    )

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "amount": (0, MOST),
        }

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if (
            "hold_ids" in fields_list
            and not values.get("hold_ids")
            and self.env.context.get("active_model") == "oms.hold"
        ):
            values["hold_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    @api.depends("hold_ids")
    def _compute_summary(self):
        for wizard in self:
            wizard.hold_count = len(wizard.hold_ids)
            wizard.summary = wizard.hold_ids._summarize()

    @api.depends("hold_ids")
    def _compute_currency_id(self):
        for wizard in self:
            currencies = wizard.hold_ids.currency_id
            wizard.currency_id = currencies if len(currencies) == 1 else False

    @api.depends("hold_ids")
    def _compute_amount(self):
        # one order: accept it as it is; several: each has its own total
        for wizard in self:
            orders = wizard.hold_ids.order_id
            wizard.amount = orders.amount_total if len(orders) == 1 else 0.0

    def action_override(self):
        """Override the holds on these terms."""
        self.ensure_one()
        self.hold_ids.action_override(self.note, amount=self.amount, expiry=self.expiry)
        return self.hold_ids._get_decision_notice()
