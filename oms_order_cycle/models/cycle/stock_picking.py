from odoo import api, fields, models

from ...tools.derived import refuse_derived, without_derived_defaults
from ...tools.groups import INTERNAL

#: Key of the transfers whose orders were read, in ``cr.precommit.data``.
ORDERS_KNOWN = "oms_order_cycle.orders_known"
#: What only recording the arrival writes.
_GUARDED_FIELDS = frozenset(
    ("oms_delivered_at", "oms_delivered_by", "oms_received_by", "oms_arrival_note")
)


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
    oms_received_by = fields.Char(
        string="Received By",
        copy=False,
        readonly=True,
        groups=INTERNAL,
        help="Name of the person who took the goods.",
    )
    oms_arrival_note = fields.Char(
        string="Remark on Arrival", copy=False, readonly=True, groups=INTERNAL
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
