"""Dates for order lines, from what is there and the rules of the way."""

from pytz import UTC

from odoo import fields

from ..atp import Part, Reason, Want, promise
from .plan import Plan
from .routes import Routes


class Planner:
    """Plans lines, one after the other: what one gets, the next does not.

    :param env: the environment
    :param now: naive UTC; default: the moment
    """

    def __init__(self, env, now=None):
        self.env = env
        self.now = now or fields.Datetime.now()
        self.moment = UTC.localize(self.now)
        self.routes = Routes()

    def read_levels(self, lines):
        """What is left for lines, apart from what they have themselves."""
        return self.env["oms.supply"]._get_levels(
            lines.product_id.filtered("is_storable"),
            lines.warehouse_id.union(
                *(source for line in lines for source in line._oms_get_sources())
            ),
            apart_from=lines,
            now=self.now,
        )

    def plan(self, lines, levels):
        """Plan lines of one order or of many, in their order.

        :param lines: ``sale.order.line``, as far as dates are made for them
        :param dict levels: of ``oms.supply._get_levels``; what is planned is taken
        :return: ``{line: Plan}``
        """
        plans = {line: self.plan_sources(line, levels) for line in lines}
        for order, same in lines.grouped("order_id").items():
            if order.picking_policy == "one" and len(same) > 1:
                self._align(same, plans, levels)
        return plans

    def plan_sources(self, line, levels):
        """Plan what is still to leave of a line, from wherever it does."""
        plans = [
            self.plan_line(line, levels, quantity, warehouse)
            for warehouse, quantity in line._oms_get_sources().items()
        ]
        if not plans:
            return self.plan_line(line, levels)
        first = plans[0]
        return first if len(plans) == 1 else first.replan(first.open_quantity, plans)

    def plan_line(self, line, levels, quantity=None, warehouse=None):
        """
        :param float quantity: in the product's unit; default: what is still to leave
        :param warehouse: where that leaves from; default: that of the line
        """
        if quantity is None:
            quantity = line._oms_get_open_quantity()
        route = self.get_route(line, warehouse)
        level = self._get_level(line, levels, warehouse)
        found = promise(self._get_want(line, quantity), level, route, self.moment)
        for part in found.parts:
            self._take(level, part)
        parts = found.parts
        if warehouse and warehouse != line.warehouse_id:
            reason = Reason("from", {"warehouse": warehouse.id})
            parts = tuple(
                part._replace(reasons=(reason, *part.reasons)) for part in parts
            )
        return Plan(
            parts,
            found.missing,
            line.warehouse_id.id,
            line.product_id.id,
            line._oms_get_product_quantity(),
        )

    def get_route(self, line, warehouse=None):
        """The way that the goods of a line take."""
        order = line.order_id
        return self.routes.get(
            warehouse or line.warehouse_id, order.carrier_id, order.partner_shipping_id
        )

    def _get_want(self, line, quantity):
        order = line.order_id
        ordered = order.date_order if order.state == "sale" else self.now
        received = order.sudo().oms_channel_id._effective_order_date(ordered)
        unit, own = line.product_uom_id, line.product_id.uom_id
        return Want(
            quantity,
            max(UTC.localize(received), self.moment),
            order._oms_get_requested_day(),
            order.picking_policy == "direct",
            None if unit == own else unit._compute_quantity(1, own, round=False),
        )

    def _get_level(self, line, levels, warehouse=None):
        if not line.product_id.is_storable:
            return None
        return levels[line.product_id.id, (warehouse or line.warehouse_id).id]

    def _take(self, level, part):
        if level is not None:
            level.take(part.ship, part.quantity)

    def _align(self, lines, plans, levels):
        """What is to be delivered at once leaves with the last of it."""
        for same in lines.grouped("warehouse_id").values():
            parts = [part for line in same for part in plans[line].parts]
            if not parts:
                continue
            ship = max(part.ship for part in parts)
            arrive = max(part.arrive for part in parts)
            for line in same:
                plans[line] = self._hold_back(line, plans[line], ship, arrive, levels)

    def _hold_back(self, line, plan, ship, arrive, levels):
        level = self._get_level(line, levels)
        parts = []
        for part in plan.parts:
            reasons = part.reasons
            if (part.ship, part.arrive) != (ship, arrive):
                reasons = (*reasons, Reason("together", {"day": ship}))
            held = Part(part.quantity, ship, arrive, reasons)
            if level is not None:
                level.add(part.ship, part.quantity)
            self._take(level, held)
            parts.append(held)
        return plan.with_parts(parts)
