from odoo import api, fields, models

from ...tools.groups import INTERNAL


class StockPicking(models.Model):
    """What the banner of a transfer says of the holds of its orders."""

    _inherit = "stock.picking"

    oms_is_blocked = fields.Boolean(
        string="Stopped by a Hold",
        compute="_compute_oms_is_blocked",
        compute_sudo=True,
        groups=INTERNAL,
        help="A hold of its order stops this very transfer; other holds let it go on.",
    )

    @api.depends("state", "picking_type_id.oms_step", "move_ids.sale_line_id")
    def _compute_oms_is_blocked(self):
        for picking in self:
            orders = picking.oms_order_ids.filtered("oms_open_hold_count")
            if not orders or picking.state in ("done", "cancel"):
                picking.oms_is_blocked = False
                continue
            steps = {
                step for move in picking.move_ids for step in move._oms_get_steps()
            }
            picking.oms_is_blocked = bool(orders._oms_blocking_holds(*steps))
