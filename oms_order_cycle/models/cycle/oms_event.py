from odoo import api, fields, models
from odoo.exceptions import UserError


class OmsEvent(models.Model):
    """Journal of the order cycle: what happened, when, by whom. Append-only."""

    _name = "oms.event"
    _description = "Order Cycle Event"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "name"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    kind = fields.Selection(
        [
            ("fact", "Reached"),
            ("fact_cleared", "No Longer True"),
            ("stage", "Stage"),
            ("approval", "Approved"),
            ("approval_withdrawn", "Approval Withdrawn"),
            ("hold", "On Hold"),
            ("hold_lifted", "Hold Lifted"),
            ("hold_overridden", "Hold Overridden"),
            ("promised", "Promised"),
            ("delivered", "Arrived"),
            ("cancelled", "Cancelled"),
            ("closed", "Closed"),
            ("reopened", "Reopened"),
            ("action", "Automatic Action"),
            ("note", "Note"),
        ],
        required=True,
        readonly=True,
    )
    milestone = fields.Char(readonly=True)
    stage_id = fields.Many2one("oms.stage", readonly=True, ondelete="set null")
    from_stage_id = fields.Many2one("oms.stage", readonly=True, ondelete="set null")
    amount = fields.Float(
        string="Order Total",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="Of an approval: the total that was approved, in the order's currency.",
    )
    user_id = fields.Many2one(
        "res.users", readonly=True, ondelete="set null", string="By"
    )
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document ID", model_field="res_model", readonly=True
    )
    name = fields.Char("What Happened", required=True, readonly=True)

    _order_date_idx = models.Index("(order_id, date)")
    _approval_idx = models.Index(
        "(order_id, stage_id) WHERE kind IN ('approval', 'approval_withdrawn')"
    )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("The journal of the order cycle is kept as it was written.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("The journal of the order cycle is kept as it was written.")
        )

    @api.model
    @api.private
    def _log(self, vals_list):
        """Append events.

        :param list vals_list: values of ``oms.event``; ``user_id`` and ``company_id``
            are filled in where missing
        :return: the events
        """
        if not vals_list:
            return self.browse()
        orders = self.env["sale.order"].browse(vals["order_id"] for vals in vals_list)
        company_by_order = {order.id: order.company_id.id for order in orders.sudo()}
        for vals in vals_list:
            vals.setdefault("user_id", self.env.uid)
            vals.setdefault("company_id", company_by_order[vals["order_id"]])
        return self.sudo().create(vals_list)

    def action_open_document(self):
        """Open the document the event came from."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }
