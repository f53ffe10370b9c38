from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.derived import refuse_derived

#: What only recording the arrival writes.
_GUARDED_FIELDS = frozenset(("oms_delivered_at", "oms_delivered_by"))


class StockPicking(models.Model):
    _inherit = "stock.picking"

    oms_delivered_at = fields.Datetime(
        string="Arrived On",
        copy=False,
        readonly=True,
        help="When the goods arrived at the customer (UTC).",
    )
    oms_delivered_by = fields.Many2one(
        "res.users", string="Arrival Recorded By", copy=False, readonly=True
    )
    oms_order_ids = fields.Many2many(
        "sale.order",
        string="Orders in the Cycle",
        compute="_compute_oms_order_ids",
        compute_sudo=True,
    )
    oms_stage_summary = fields.Char(
        string="Order Stage", compute="_compute_oms_order_ids", compute_sudo=True
    )
    oms_hold_summary = fields.Char(
        string="Holds", compute="_compute_oms_order_ids", compute_sudo=True
    )
    oms_can_mark_delivered = fields.Boolean(compute="_compute_oms_can_mark_delivered")

    @api.depends("move_ids.sale_line_id.order_id.oms_stage_id")
    @api.depends_context("lang")
    def _compute_oms_order_ids(self):
        for picking in self:
            orders = picking.move_ids.sale_line_id.order_id
            picking.oms_order_ids = orders
            picking.oms_stage_summary = orders._oms_summarize_stages()
            picking.oms_hold_summary = orders._oms_summarize_holds()

    @api.depends("state", "oms_delivered_at", "location_dest_id.usage")
    def _compute_oms_can_mark_delivered(self):
        for picking in self:
            picking.oms_can_mark_delivered = picking._oms_is_on_its_way()

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _GUARDED_FIELDS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_derived(self, [vals], _GUARDED_FIELDS)
        res = super().write(vals)
        if "oms_delivered_at" in vals:
            self.move_ids._oms_rederive_orders()
        return res

    def _oms_is_on_its_way(self):
        return (
            self.state == "done"
            and not self.oms_delivered_at
            and self.location_dest_id.usage == "customer"
        )

    def action_oms_mark_delivered(self):
        """Record that the goods of shipped transfers arrived at the customer now."""
        self.check_access("write")
        wrong = self.filtered(lambda picking: not picking._oms_is_on_its_way())
        if wrong:
            raise UserError(
                self.env._(
                    "The arrival of %s cannot be recorded: only a delivery that has"
                    " left and has not arrived yet can.",
                    ", ".join(wrong.mapped("name")),
                )
            )
        now = fields.Datetime.now()
        self.sudo().write({"oms_delivered_at": now, "oms_delivered_by": self.env.uid})
        self.env["oms.event"]._log(
            [
                {
                    "order_id": order.id,
                    "kind": "delivered",
                    "date": now,
                    "res_model": self._name,
                    "res_id": picking.id,
                    "name": self.env._("%s arrived at the customer", picking.name),
                }
                for picking in self
                for order in picking.oms_order_ids
            ]
        )
        return True
