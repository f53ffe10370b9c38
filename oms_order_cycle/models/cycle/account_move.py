from odoo import api, fields, models

from ...tools.derived import refuse_derived, without_derived_defaults

_GUARDED_FIELDS = frozenset(("oms_posted_at",))


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "oms.order.document"]
    _oms_order_path = "line_ids.sale_line_ids.order_id"

    oms_posted_at = fields.Datetime(
        string="Posted On",
        copy=False,
        readonly=True,
        help="When the invoice was posted (UTC); Odoo itself keeps the date only.",
    )

    # the dependencies are those of Odoo's method
    def _compute_payment_state(self):
        res = super()._compute_payment_state()
        self.filtered(lambda move: move.state == "posted")._oms_rederive_orders()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _GUARDED_FIELDS)
        clean = without_derived_defaults(self, _GUARDED_FIELDS)
        moves = super(AccountMove, clean).create(vals_list).with_env(self.env)
        # imported as posted
        posted = moves.filtered(lambda move: move.state == "posted")
        posted._oms_check_posting()
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
        if vals["state"] == "posted":
            changing._oms_check_posting()
        res = super().write(vals)
        changing._oms_rederive_orders()
        return res

    def _oms_check_posting(self):
        """Hook: moves are posted, by whatever way; refuse those that must not be.

        :raise UserError: naming why
        """

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
