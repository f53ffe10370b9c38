"""What was shared out anew is promised anew: where dates are promised."""

from odoo import models

from ..tools.plan import Plan
from ..tools.planner import Planner


class OmsAllocation(models.TransientModel):
    _inherit = "oms.allocation"

    def _promise(self, changed):
        """Promise orders the first dates that can be kept with what they have now. The
        goods are locked.

        What is reserved leaves first, whoever was promised what; the rest by the rank
        of the rule. Who has less is not promised a better date for it.

        :param changed: lines that have more or less than before
        """
        order_lines = changed.move_id.sudo().sale_line_id
        reason = self.reason or self.rule_id.name
        order_lines.order_id._oms_note_promises(cause="allocated", reason=reason)
        # parts of kits have no dates of their own
        dated = order_lines.filtered(
            lambda line: (
                line.product_id == self.product_id and self._leaves_from_here(line)
            )
        )._oms_filter_datable()
        if not dated:
            return
        plans = self._plan(dated)
        losers = changed.filtered(lambda line: line.change < 0)
        for line in losers.move_id.sudo().sale_line_id & dated:
            before = line.oms_plan and Plan.load(line.oms_plan).arrive
            if before and plans[line].arrive and plans[line].arrive <= before:
                plans[line] = plans[line].arriving(before)
        dated._oms_keep_plans(plans)
        dated.order_id._oms_follow_promises(plans)

    def _leaves_from_here(self, order_line):
        """Whether nothing of a line leaves from another warehouse: the refresh of
        promises looks at what does."""
        moves = order_line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        houses = moves.location_id.warehouse_id | order_line.warehouse_id
        return houses == self.warehouse_id

    def _plan(self, order_lines):
        """
        :return: ``{order line: Plan}``
        """
        planner = Planner(self.env)
        order_lines = order_lines.sorted(self._get_rank)
        levels = planner.read_levels(order_lines)
        reserved = self._get_reserved(order_lines)
        first = {
            line: planner.plan_line(line, levels, quantity)
            for line, quantity in reserved.items()
        }
        plans = {}
        for line in order_lines:
            wanted = line._oms_get_open_quantity()
            parts = [first[line]] if line in first else []
            rest = wanted - reserved.get(line, 0.0)
            if self.uom_id.compare(rest, 0) > 0:
                parts.append(planner.plan_line(line, levels, rest))
            before = line.oms_plan and Plan.load(line.oms_plan)
            plans[line] = (before or parts[0]).replan(wanted, parts)
        return plans

    def _get_rank(self, order_line):
        move = self.line_ids.move_id.sudo().filtered(
            lambda move: move.sale_line_id == order_line
        )[:1]
        return self.rule_id._get_rank(
            move, self._get_promised_dates().get(order_line.id)
        )

    def _get_reserved(self, order_lines):
        """What leaves as it is: of an order that is delivered at once only if all of it
        is there.

        :return: ``{order line: quantity}``, in the unit of the product
        """
        reserved = {}
        for line in order_lines:
            moves = self.line_ids.move_id.sudo().filtered(
                lambda move, line=line: move.sale_line_id == line
            )
            quantity = sum(move._oms_get_reserved() for move in moves)
            is_whole = self.uom_id.compare(quantity, line._oms_get_open_quantity()) >= 0
            if quantity and (is_whole or line.order_id.picking_policy == "direct"):
                reserved[line] = quantity
        return reserved
