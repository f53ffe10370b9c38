from odoo import api, fields, models

from ...tools.groups import INTERNAL


class AccountMove(models.Model):
    """What the banner of an invoice says of the holds of its orders."""

    _inherit = "account.move"

    oms_is_blocked = fields.Boolean(
        string="Stopped by a Hold",
        compute="_compute_oms_is_blocked",
        compute_sudo=True,
        groups=INTERNAL,
        help="A hold of its order keeps the invoice from being confirmed.",
    )

    @api.depends("state", "move_type", "line_ids.sale_line_ids")
    def _compute_oms_is_blocked(self):
        for move in self:
            move.oms_is_blocked = (
                move.state == "draft"
                and move.move_type in ("out_invoice", "out_receipt")
                and bool(move.oms_order_ids._oms_blocking_holds("invoice"))
            )
