"""No way round a hold: what is written on moves instead of working them off."""

from odoo import models
from odoo.exceptions import UserError

from .oms_hold_type import GOODS_STEPS

#: Fields that say for which order goods move, and which steps of it they take.
_ROUTE_FIELDS = frozenset(
    {
        "location_dest_id",
        "location_final_id",
        "location_id",
        "origin_returned_move_id",
        "picking_id",
        "picking_type_id",
        "sale_line_id",
    }
)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _oms_after_create(self):
        # imported as done, or added to a transfer that is done
        self.filtered(lambda move: move.state == "done")._oms_check_not_stopped(
            ended=True
        )
        return super()._oms_after_create()

    def _oms_before_write(self, vals):
        super()._oms_before_write(vals)
        if vals.get("state") == "done":
            self._oms_check_not_stopped()
        if _ROUTE_FIELDS.isdisjoint(vals):
            return None
        held = self._oms_filter_held()
        if "sale_line_id" in vals:
            self._oms_check_sale_line(held, vals["sale_line_id"])
        return held._oms_get_stopping()

    def _oms_after_write(self, vals, memo):
        self._oms_check_still_stopped(memo)
        return super()._oms_after_write(vals, memo)

    def _oms_check_still_stopped(self, memo):
        """Refuse what takes moves out of a hold's way.

        :param memo: see :meth:`_oms_get_stopping`, from before the change
        :raise UserError: naming the orders and holds
        """
        if not memo:
            return
        stopped = self.browse().union(*memo)
        freed = stopped - self.browse().union(*stopped._oms_get_stopping())
        blocking = {}
        for move in freed:
            blocking.update(memo[move])
        if blocking:
            orders = self.env["sale.order"]
            raise UserError(orders._oms_describe_kept(blocking))

    def _oms_filter_held(self):
        """Moves of orders that are on hold; without one they cost no query."""
        return self.filtered(
            lambda move: (
                move.state != "cancel"
                and move.sudo().sale_line_id.order_id.oms_open_hold_count
            )
        )

    def _oms_check_sale_line(self, held, line_id):
        """A held order keeps its moves; it gets none that were done without it."""
        taken = held.filtered(lambda move: move.sale_line_id.id != line_id)
        orders = taken.sudo().sale_line_id.order_id
        given = self.filtered(
            lambda move: move.state == "done" and move.sale_line_id.id != line_id
        )
        if line_id and given:
            orders |= self.env["sale.order.line"].sudo().browse(line_id).order_id
        orders._oms_check_kept(*GOODS_STEPS)

    def _oms_get_stopping(self):
        """Which holds stop each of the moves.

        :return: ``{move: {order: holds}}``, only moves that are stopped
        """
        open_moves = self.filtered(lambda move: move.state not in ("done", "cancel"))
        holds_by_order = open_moves.sudo().sale_line_id.order_id._oms_get_open_holds()
        stopping = {}
        for move in open_moves if holds_by_order else ():
            order = move.sudo().sale_line_id.order_id
            steps = move._oms_get_steps()
            holds = holds_by_order.get(order, self.env["oms.hold"]).filtered(
                lambda hold, steps=steps: hold._blocks(steps)
            )
            if holds:
                stopping[move] = {order: holds}
        return stopping

    def _oms_check_not_stopped(self, ended=False):
        """Refuse to call moves done that holds stop.

        :param bool ended: the moves bear the state already
        """
        self.filtered(
            lambda move: ended or move.state not in ("done", "cancel")
        )._oms_check_steps()
