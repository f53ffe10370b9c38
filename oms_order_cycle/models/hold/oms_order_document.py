from odoo import api, fields, models

from ...tools.groups import INTERNAL


class OmsOrderDocument(models.AbstractModel):
    _inherit = "oms.order.document"

    oms_hold_summary = fields.Char(
        string="Holds",
        compute="_compute_oms_order_ids",
        compute_sudo=True,
        groups=INTERNAL,
    )
    oms_is_blocked = fields.Boolean(
        string="Blocked by a Hold",
        compute="_compute_oms_is_blocked",
        compute_sudo=True,
        groups=INTERNAL,
        help="A hold of its order stops this very document; other holds let it go on.",
    )

    def _compute_oms_order_ids(self):
        res = super()._compute_oms_order_ids()
        holds = self.oms_order_ids._oms_get_open_holds()
        for document in self:
            document.oms_hold_summary = document.oms_order_ids._oms_summarize_holds(
                holds
            )
        return res

    @api.depends(lambda self: [self._oms_order_path] if self._oms_order_path else [])
    def _compute_oms_is_blocked(self):
        holds_by_order = self.oms_order_ids._oms_get_open_holds()
        for document in self:
            held = [
                order for order in document.oms_order_ids if order in holds_by_order
            ]
            steps = held and document._oms_get_open_steps()
            document.oms_is_blocked = bool(steps) and any(
                hold._blocks(steps) for order in held for hold in holds_by_order[order]
            )

    def _oms_get_open_steps(self):
        """Hook: steps of the order cycle that this document is still to take, of
        ``release``, ``pick``, ``pack``, ``ship``, ``invoice``."""
        return ()
