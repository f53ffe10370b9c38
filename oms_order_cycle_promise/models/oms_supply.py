from collections import defaultdict
from typing import NamedTuple

from pytz import UTC

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..atp import Levels
from ..tools.plan import Plan
from ..tools.routes import get_warehouse_route

_OPEN = ("waiting", "confirmed", "partially_available", "assigned")
#: Fields that ``_read_moves`` reads in the database.
_MOVE_FIELDS = (
    "date", "location_dest_id", "location_final_id", "location_id", "product_id",
    "product_qty", "sale_line_id", "state",
)  # fmt: skip


class Receipt(NamedTuple):
    """Goods that are to come in.

    :param day: local day of the warehouse on which they can be picked
    :param quantity: in the product's unit
    :param is_late: whether they should have come before
    """

    day: object
    quantity: float
    is_late: bool


class Demand(NamedTuple):
    """Goods that are to leave.

    :param line_id: of the order line that wants them, or None
    :param quantity: in the product's unit, still to leave
    :param moment: when, as their transfer has it (UTC); None for what has none yet
    :param reserved: how much of it is reserved for the line
    """

    line_id: int | None
    quantity: float
    moment: object
    reserved: float


class OmsSupply(models.AbstractModel):
    """What there is of goods, and what of it is spoken for, by warehouse.

    The one place where sourcing, promises and allocation read it. All answers are by
    ``(product id, warehouse id)``, in the product's unit, and cost a number of queries
    that does not grow with what is asked for. A kit of Odoo's manufacturing app has
    none of its own.
    """

    _name = "oms.supply"
    _description = "Order Cycle Supply"

    # -- what may be given away -------------------------------------------------------

    @api.model
    @api.private
    def _get_free(self, products, warehouses, apart_from=None):
        """What may be given away now.

        Where dates are promised, what is promised for later is not given away: see
        ``Levels.available``. Elsewhere it is what nobody has reserved.

        :param products: ``product.product``
        :param warehouses: ``stock.warehouse``
        :param apart_from: ``sale.order.line`` that it is for: what they have, or were
            promised, counts as free
        :return: ``{(product id, warehouse id): quantity}``, above zero; pairs of which
            there is nothing are left out
        """
        promising = warehouses.filtered("oms_calendar_id")
        free = self._get_unreserved(products, warehouses - promising)
        levels = self._get_levels(products, promising, apart_from=apart_from)
        for pair, level in levels.items():
            if level.available() > 0:
                free[pair] = level.available()
        return free

    @api.model
    def _get_unreserved(self, products, warehouses):
        """What is on hand less what is reserved, in one query."""
        return {
            pair: quantity - reserved
            for pair, (quantity, reserved) in self._read_stock(
                products, warehouses
            ).items()
            if quantity > reserved
        }

    @api.model
    @api.private
    def _get_levels(self, products, warehouses, apart_from=None, now=None):
        """What is left of goods, day by day.

        :param products: ``product.product``
        :param warehouses: ``stock.warehouse``
        :param apart_from: ``sale.order.line`` whose wants are not counted
        :param now: naive UTC; default: the moment
        :return: ``{(product id, warehouse id): Levels}``, for each pair
        """
        now = now or fields.Datetime.now()
        stock = self._read_stock(products, warehouses)
        receipts, demand = self._read_flows(products, warehouses, apart_from, now)
        plans = self._read_plans(demand)
        return {
            (product.id, warehouse.id): levels
            for warehouse in warehouses
            for product, levels in self._make_levels(
                products, warehouse, stock, receipts, demand, plans, now
            )
        }

    @api.model
    def _make_levels(self, products, warehouse, stock, receipts, demand, plans, now):
        """Levels of products in a warehouse, from what was read of them."""
        zone = get_warehouse_route(warehouse).work
        today = zone.local(UTC.localize(now)).date()
        for product in products:
            pair = (product.id, warehouse.id)
            yield (
                product,
                Levels(
                    stock.get(pair, (0.0, 0.0))[0],
                    [receipt[:2] for receipt in receipts[pair]],
                    self._get_departures(demand[pair], plans, zone, today),
                    today=today,
                ),
            )

    @api.model
    def _get_departures(self, demand, plans, zone, today):
        """The days on which goods are to leave. What has no date takes nothing from
        others, but what is reserved for it.

        :param demand: list of Demand of one product in one warehouse
        :param dict plans: Plan by line
        :return: list of ``(day, quantity)``
        """
        departures = []
        for want in demand:
            plan = plans.get(want.line_id)
            if plan:
                departures += plan.get_departures(want.quantity)
                taken = plan.get_taken(want.quantity, want.reserved)
                departures.append((today, taken))
            elif want.moment:
                day = zone.local(UTC.localize(want.moment)).date()
                departures.append((day, want.quantity))
            else:
                departures.append((today, want.quantity))
        return departures

    # -- what is there and what comes -------------------------------------------------

    @api.model
    def _read_stock(self, products, warehouses):
        """
        :return: ``{pair: (on hand, reserved)}``
        """
        if not products or not warehouses:
            return {}
        domain, _incoming, _outgoing = products.with_context(
            warehouse_id=warehouses.ids
        )._get_domain_locations()
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [*domain, ("product_id", "in", products.ids)],
                ["product_id", "warehouse_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            )
        )
        return {
            (product.id, warehouse.id): (quantity, reserved)
            for product, warehouse, quantity, reserved in groups
        }

    @api.model
    def _read_flows(self, products, warehouses, apart_from, now):
        """What is to come and what is to leave.

        :return: ``{pair: list of Receipt}``, ``{pair: list of Demand}``
        """
        receipts, demand = defaultdict(list), defaultdict(list)
        if not products or not warehouses:
            return receipts, demand
        apart = set(apart_from.ids) if apart_from else set()
        ids = set(warehouses.ids)
        arrivals = defaultdict(list)
        for row in self._read_moves(products, warehouses):
            product_id, source, target, is_return, line_id, moment, quantity, held = row
            # what customers send back may come in any state, or not at all
            if target in ids and not is_return:
                arrivals[target].append((product_id, moment, quantity))
            if source in ids and line_id not in apart:
                want = Demand(line_id, quantity, moment, held)
                demand[product_id, source].append(want)
        for warehouse in warehouses:
            self._add_receipts(receipts, warehouse, arrivals[warehouse.id], now)
        for pair, want in self._read_unprocured(products, warehouses, apart, now):
            demand[pair].append(want)
        return receipts, demand

    @api.model
    def _read_moves(self, products, warehouses):
        """Open moves into warehouses and out of them, not those within; of a chain of
        steps the one that is at work counts, for the place where it ends."""
        self.env["stock.move"].flush_model(_MOVE_FIELDS)
        self.env["stock.move.line"].flush_model(["move_id", "quantity_product_uom"])
        return self.env.execute_query(
            SQL(
                """
                SELECT m.product_id, source.warehouse_id, target.warehouse_id,
                       source.usage = 'customer', m.sale_line_id, m.date,
                       SUM(m.product_qty), SUM(COALESCE(taken.quantity, 0))
                  FROM stock_move m
                  JOIN stock_location source ON source.id = m.location_id
                  JOIN stock_location target
                    ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
             LEFT JOIN LATERAL (
                       SELECT SUM(quantity_product_uom) AS quantity
                         FROM stock_move_line
                        WHERE move_id = m.id AND m.sale_line_id IS NOT NULL
                       ) taken ON TRUE
                 WHERE m.state IN %(open)s
                   AND m.product_id IN %(products)s
                   AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
                   AND (source.warehouse_id IN %(warehouses)s
                        OR target.warehouse_id IN %(warehouses)s)
              GROUP BY 1, 2, 3, 4, 5, 6
                """,
                open=_OPEN,
                products=tuple(products.ids),
                warehouses=tuple(warehouses.ids),
            )
        )

    @api.model
    def _add_receipts(self, receipts, warehouse, arrivals, now):
        """When goods that arrive can be picked; late ones as the company says."""
        company = warehouse.company_id.sudo()
        route = get_warehouse_route(warehouse)
        today = route.work.local(UTC.localize(now)).date()
        late_day = company.oms_count_late_supply and route.work.days_after(
            today, company.oms_late_supply_days
        )
        for product_id, moment, quantity in arrivals:
            arrival = route.work.local(UTC.localize(moment)).date()
            is_late = arrival < today
            day = late_day if is_late else route.put_away(arrival)
            if day:
                pair = (product_id, warehouse.id)
                receipts[pair].append(Receipt(day, quantity, is_late))

    # -- what is wanted and not yet asked for -----------------------------------------

    @api.model
    def _read_unprocured(self, products, warehouses, apart, now):
        """What confirmed orders want that the warehouse was not asked for yet, and what
        is kept for quotations.

        :param set apart: ids of lines that are not counted
        :return: list of ``(pair, Demand)``
        """
        unreleased = Domain("state", "=", "sale") & Domain(
            "oms_release_pending", "=", True
        )
        kept = (
            Domain("state", "in", ("draft", "sent"))
            & Domain("order_id.oms_kept_until", ">", now)
            & Domain("oms_plan", "!=", False)
        )
        lines = self.env["sale.order.line"].sudo()
        lines = lines.search_fetch(
            Domain("product_id", "in", products.ids)
            & Domain("warehouse_id", "in", warehouses.ids)
            & Domain("id", "not in", list(apart))
            & (unreleased | kept),
            [
                "order_id",
                "oms_plan",
                "product_id",
                "product_uom_id",
                "product_uom_qty",
                "state",
                "warehouse_id",
            ],
        )
        wants = []
        for line in lines:
            quantity = line._oms_get_unprocured_quantity()
            if quantity > 0:
                pair = (line.product_id.id, line.warehouse_id.id)
                wants.append((pair, Demand(line.id, quantity, None, 0.0)))
        return wants

    @api.model
    def _read_plans(self, demand):
        """What was promised of lines.

        :param dict demand: of :meth:`_read_flows`
        :return: ``{line id: Plan}``
        """
        ids = {want.line_id for wants in demand.values() for want in wants} - {None}
        lines = self.env["sale.order.line"].sudo().browse(ids)
        lines.fetch(["oms_plan"])
        return {line.id: Plan.load(line.oms_plan) for line in lines if line.oms_plan}
