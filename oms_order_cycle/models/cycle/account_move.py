from odoo import api, fields, models

from ...tools.derived import refuse_derived
from ...tools.groups import INTERNAL

_GUARDED_FIELDS = frozenset(("oms_posted_at",))


class AccountMove(models.Model):
    _inherit = "account.move"

    oms_posted_at = fields.Datetime(
        string="Posted On",
        copy=False,
        readonly=True,
        help="When the invoice was posted (UTC); Odoo itself keeps the date only.",
    )
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
    oms_hold_summary = fields.Char(
        string="Holds",
        compute="_compute_oms_order_ids",
        compute_sudo=True,
        groups=INTERNAL,
    )

    # the dependencies are those of Odoo's method
    def _compute_payment_state(self):
        res = super()._compute_payment_state()
        self.filtered(lambda move: move.state == "posted")._oms_rederive_orders()
        return res

    @api.depends("line_ids.sale_line_ids.order_id.oms_stage_id")
    @api.depends_context("lang")
    def _compute_oms_order_ids(self):
        for move in self:
            orders = move.line_ids.sale_line_ids.order_id
            move.oms_order_ids = orders
            move.oms_stage_summary = orders._oms_summarize_stages()
            move.oms_hold_summary = orders._oms_summarize_holds()

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _GUARDED_FIELDS)
        moves = super().create(vals_list)
        # imported as posted
        posted = moves.filtered(lambda move: move.state == "posted")
        posted._oms_rederive_orders()
        return moves

    def write(self, vals):
        refuse_derived(self, [vals], _GUARDED_FIELDS)
        if "state" not in vals or not any(move.is_sale_document(True) for move in self):
            return super().write(vals)
        if "oms_posted_at" not in vals:
            now = fields.Datetime.now()
            vals = dict(vals, oms_posted_at=now if vals["state"] == "posted" else False)
        changing = self.filtered(lambda move: "posted" in (move.state, vals["state"]))
        res = super().write(vals)
        changing._oms_rederive_orders()
        return res

    def unlink(self):
        orders = self.sudo().line_ids.sale_line_ids.order_id
        res = super().unlink()
        if orders:
            orders._oms_rederive()
        return res

    def _oms_rederive_orders(self):
        """Have the facts of the invoices' orders derived anew."""
        invoices = self.filtered(lambda move: move.is_sale_document(True))
        orders = invoices.sudo().line_ids.sale_line_ids.order_id
        if orders:
            orders._oms_rederive()
