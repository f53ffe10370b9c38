from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.derived import refuse_derived, without_derived_defaults
from ...tools.groups import INTERNAL

#: Key of the transfers whose orders were read, in ``cr.precommit.data``.
ORDERS_KNOWN = "oms_order_cycle.orders_known"
#: What only recording the arrival writes.
_GUARDED_FIELDS = frozenset(("oms_delivered_at", "oms_delivered_by"))


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "oms.order.document"]
    _oms_order_path = "move_ids.sale_line_id.order_id"

    oms_delivered_at = fields.Datetime(
        string="Arrived On",
        copy=False,
        readonly=True,
        help="When the goods arrived at the customer (UTC).",
    )
    oms_delivered_by = fields.Many2one(
        "res.users",
        string="Arrival Recorded By",
        copy=False,
        readonly=True,
        groups=INTERNAL,
    )
    oms_can_mark_delivered = fields.Boolean(
        compute="_compute_oms_can_mark_delivered", groups=INTERNAL
    )

    @api.depends("state", "oms_delivered_at", "location_dest_id")
    def _compute_oms_can_mark_delivered(self):
        for picking in self:
            picking.oms_can_mark_delivered = (
                picking.state == "done"
                and not picking.oms_delivered_at
                and picking._oms_leaves_the_company()
            )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _GUARDED_FIELDS)
        clean = without_derived_defaults(self, _GUARDED_FIELDS)
        return super(StockPicking, clean).create(vals_list).with_env(self.env)

    def write(self, vals):
        refuse_derived(self, [vals], _GUARDED_FIELDS)
        memo = self._oms_before_write(vals)
        res = super().write(vals)
        if "oms_delivered_at" in vals:
            self.move_ids._oms_rederive_orders()
        self._oms_after_write(vals, memo)
        return res

    def _oms_before_write(self, vals):
        """Hook: transfers are about to be written.

        :return: what is to be known afterwards
        """

    def _oms_after_write(self, vals, memo):
        """Hook: transfers were written; ``memo`` is from before."""

    def action_put_in_pack(self, **kwargs):
        self._oms_fetch_orders()
        return super().action_put_in_pack(**kwargs)

    def _oms_fetch_orders(self):
        """Read the orders of all transfers that are looked at together, in one query:
        transfers are packed one after the other, and each asks for its orders."""
        known = self.env.cr.precommit.data.setdefault(ORDERS_KNOWN, set())
        if not known.issuperset(self.ids):
            pickings = self.browse(self._prefetch_ids)
            self.env["sale.order.line"].sudo().search_fetch(
                [("move_ids.picking_id", "in", pickings.ids)], ["order_id"], order="id"
            )
            known.update(pickings.ids)

    def _oms_leaves_the_company(self):
        """Whether the goods go to a customer, or to another of our companies: what the
        facts call shipped."""
        self.ensure_one()
        return self.location_dest_id.sudo()._oms_is_outside()

    def _oms_check_can_mark_delivered(self):
        self.check_access("write")
        wrong = self.filtered(lambda picking: not picking.oms_can_mark_delivered)
        if wrong:
            raise UserError(
                self.env._(
                    "The arrival of %s cannot be recorded: only a delivery that has"
                    " left and has not arrived yet can.",
                    ", ".join(wrong.mapped("name")),
                )
            )

    def action_oms_mark_delivered(self):
        """Record that the goods of shipped transfers arrived at the customer now."""
        self._oms_check_can_mark_delivered()
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
                for order in picking.sudo().oms_order_ids
            ]
        )
        return True

    def action_oms_undo_arrival(self):
        """Take back an arrival that was recorded by mistake; the journal keeps both."""
        self.check_access("write")
        wrong = self.filtered(lambda picking: not picking.oms_delivered_at)
        if wrong:
            raise UserError(
                self.env._(
                    "No arrival of %s has been recorded.",
                    ", ".join(wrong.mapped("name")),
                )
            )
        self.sudo().write({"oms_delivered_at": False, "oms_delivered_by": False})
        self.env["oms.event"]._log(
            [
                {
                    "order_id": order.id,
                    "kind": "fact_cleared",
                    "res_model": self._name,
                    "res_id": picking.id,
                    "name": self.env._("Arrival of %s taken back", picking.name),
                }
                for picking in self
                for order in picking.sudo().oms_order_ids
            ]
        )
        return True
