from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..sourcing import NEAREST, Line, Order, Place, choose_all, explain, make_sources
from ..tools.distance import measure_distances

#: What a part costs that is not there: more than any number of deliveries.
_SHORT_COST = 1e4
_OPEN = ("waiting", "confirmed", "partially_available", "assigned")


class Chosen(NamedTuple):
    """So much of a line from a warehouse, in the line's unit, and why.

    :param refused: ``[[warehouse id, code, what it has], ...]``
    """

    warehouse_id: int
    quantity: float
    short: float
    code: str
    refused: list
    rule_id: int


class OmsSourcing(models.AbstractModel):
    """Chooses warehouses for order lines: what the rules say, of what is free."""

    _name = "oms.sourcing"
    _description = "Sourcing"

    @api.model
    @api.private
    def _choose(self, wants, used=None, is_preview=False):
        """Choose the warehouses of lines, of all orders together.

        :param dict wants: ``{sale.order.line: quantity in its unit}``
        :param dict used: ``{sale.order: warehouses that deliver of it already}``
        :param bool is_preview: nothing is to follow from it: nothing is locked
        :return: ``{line: [Chosen]}``; lines that no rule is for are left out
        """
        lines = self.env["sale.order.line"].union(*wants)
        rules = self.env["oms.sourcing.rule"]._match(lines.order_id)
        lines = lines.filtered(lambda line: line.order_id in rules)
        lines -= self._find_routed(lines)
        places = self._get_places(lines.order_id, rules)
        lines = lines.filtered(lambda line: places[line.order_id])
        if not lines:
            return {}
        needs = self._get_needs(lines)
        products = self.env["product.product"].browse(
            {product_id for need in needs.values() for product_id in need}
        )
        warehouses = self.env["stock.warehouse"].browse(
            {place.key for order in lines.order_id for place in places[order]}
        )
        if not is_preview:
            self._lock(lines, needs, places)
        free = self._get_free(lines, products, warehouses)
        problem = _Problem(rules, places, used or {})
        for line in lines:
            problem.add(line, wants[line], needs[line])
        problem.waits = self._find_receipts(problem, free, products, warehouses)
        return problem.solve(free)

    @api.model
    def _lock(self, lines, needs, places):
        self.env["oms.promise.key"].sudo()._lock(
            (product_id, place.key)
            for line in lines
            for product_id in needs[line]
            for place in places[line.order_id]
        )

    @api.model
    def _get_free(self, lines, products, warehouses):
        """What may be given to the lines: what is free, less what other transfers wait
        for. These have nothing reserved where it is done by hand or by date.

        :return: ``{(product id, warehouse id): quantity in the product's unit}``
        """
        free = self.env["oms.supply"]._get_free(
            products,
            warehouses,
            # what transfers bring already is spoken for
            apart_from=lines.filtered(lambda line: not line.move_ids),
        )
        # where dates are promised, what is free is less what others are to get
        plain = warehouses.filtered(lambda warehouse: not warehouse.oms_calendar_id)
        for pair, quantity in self._get_waiting(lines, products, plain).items():
            if pair in free:
                free[pair] = max(free[pair] - quantity, 0.0)
        return free

    @api.model
    def _get_waiting(self, lines, products, warehouses):
        """What transfers to customers want that is not reserved, but for these lines.

        :return: ``{(product id, warehouse id): quantity in the product's unit}``
        """
        waiting = defaultdict(float)
        if not products or not warehouses:
            return waiting
        _stock, _incoming, outgoing = products.with_context(
            warehouse_id=warehouses.ids
        )._get_domain_locations()
        groups = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                Domain(outgoing)
                & Domain("product_id", "in", products.ids)
                & Domain("state", "in", _OPEN)
                & Domain("sale_line_id", "not in", lines.ids),
                ["product_id", "location_id.warehouse_id", "product_uom"],
                ["product_qty:sum", "quantity:sum"],
            )
        )
        for product, warehouse, unit, wanted, reserved in groups:
            waiting[product.id, warehouse.id] += wanted - unit._compute_quantity(
                reserved, product.uom_id, round=False
            )
        return waiting

    # -- what there is to choose from -------------------------------------------------

    @api.model
    def _get_places(self, orders, rules):
        """The warehouses that may deliver.

        :return: ``{order: [Place]}``, none where the rule's are of another company
        """
        warehouses = self.env["stock.warehouse"].sudo()
        own = defaultdict(warehouses.browse)
        if any(not rules[order].warehouse_ids for order in orders):
            found = warehouses.search([("company_id", "in", orders.company_id.ids)])
            own.update(found.grouped("company_id"))
        places = {}
        for order in orders:
            rule = rules[order]
            allowed = warehouses.browse(rule.warehouse_ids).filtered(
                lambda warehouse, order=order: (
                    warehouse.active and warehouse.company_id == order.company_id
                )
            )
            if not rule.warehouse_ids:
                first = order.warehouse_id.sudo()
                allowed = (first & own[order.company_id]) | own[order.company_id]
            distances = (
                measure_distances(order.partner_shipping_id.sudo(), allowed)
                if rule.goal == NEAREST
                else {}
            )
            places[order] = [
                Place(warehouse.id, distances.get(warehouse)) for warehouse in allowed
            ]
        return places

    @api.model
    def _find_routed(self, lines):
        """Lines whose goods come by a way of their own, whatever the warehouse has:
        they have a route, or their product is made or bought to order, or sent by the
        vendor."""
        routed = lines.filtered("route_ids")
        own = {}
        for product in (lines - routed).product_id.sudo():
            routes = product.route_ids | product.categ_id.total_route_ids
            own[product.id] = any(
                rule.action != "push"
                and (
                    rule.location_dest_id.usage == "customer"
                    or rule.procure_method == "make_to_order"
                )
                for rule in routes.rule_ids
            )
        return routed | (lines - routed).filtered(lambda line: own[line.product_id.id])

    @api.model
    def _get_needs(self, lines):
        """What one unit of a line takes from stock: of a kit its parts, of goods that
        nobody counts nothing.

        :return: ``{line: {product id: quantity in the product's unit}}``
        """
        needs = {}
        for company, of_company in lines.grouped("company_id").items():
            kits = self._find_kits(of_company.product_id, company)
            for line in of_company:
                product = line.product_id
                per_unit = line.product_uom_id._compute_quantity(
                    1.0, product.uom_id, round=False
                )
                kit = kits.get(product)
                if kit:
                    parts = self._explode(kit, product, per_unit)
                elif product.is_storable:
                    parts = {product.id: per_unit}
                else:
                    parts = {}
                needs[line] = parts
        return needs

    @api.model
    def _find_kits(self, products, company):
        """Bills of materials of kits, of Odoo's manufacturing app."""
        if "is_kits" not in products:
            return {}
        kits = products.sudo().filtered("is_kits")
        if not kits:
            return {}
        found = (
            self.env["mrp.bom"]
            .sudo()
            ._bom_find(kits, company_id=company.id, bom_type="phantom")
        )
        return {
            products.browse(product.id): bom for product, bom in found.items() if bom
        }

    @api.model
    def _explode(self, kit, product, quantity):
        """The parts of so much of a kit.

        :return: ``{product id: quantity in its unit}``
        """
        count = product.uom_id._compute_quantity(
            quantity, kit.product_uom_id, round=False
        )
        _kits, rows = kit.explode(product.sudo(), count / (kit.product_qty or 1.0))
        parts = defaultdict(float)
        for row, values in rows:
            part = row.product_id
            if part.is_storable:
                parts[part.id] += row.product_uom_id._compute_quantity(
                    values["qty"], part.uom_id, round=False
                )
        return {part: count for part, count in parts.items() if count > 0}

    @api.model
    def _find_receipts(self, problem, free, products, warehouses):
        """Where goods come in first of which there is not enough.

        :return: ``{product id: warehouse ids}``, the earliest receipt first
        """
        there = defaultdict(float)
        for (product_id, _warehouse_id), quantity in free.items():
            there[product_id] += quantity
        scarce = products.filtered(
            lambda product: there[product.id] < problem.demand[product.id]
        )
        if not scarce:
            return {}
        _stock, incoming, _outgoing = scarce.with_context(
            warehouse_id=warehouses.ids
        )._get_domain_locations()
        groups = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                Domain(incoming)
                & Domain("product_id", "in", scarce.ids)
                & Domain("state", "in", _OPEN)
                # what customers send back may come in any state, or not at all
                & Domain("location_id.usage", "!=", "customer"),
                ["product_id", "location_dest_id.warehouse_id"],
                ["date:min"],
            )
        )
        found = defaultdict(list)
        for product, warehouse, _moment in sorted(
            groups, key=lambda row: (row[2], row[1].id)
        ):
            found[product.id].append(warehouse.id)
        return found


class _Problem:
    """Between records and the package that chooses."""

    def __init__(self, rules, places, used):
        self.rules, self.places, self.used = rules, places, used
        self.lines = {}
        self.sizes = {}
        self.demand = defaultdict(float)
        self.needs = {}
        self.waits = {}

    def add(self, line, quantity, needs):
        """
        :param needs: what one unit of the line takes: ``{product id: quantity}``
        """
        parts, size = count_parts(line, quantity)
        rule = self.rules[line.order_id]
        rate = line.order_id.currency_rate or 1.0
        ordered = line.product_uom_qty or quantity
        value = max(line.price_subtotal / rate / ordered * size, 0.0) if ordered else 0
        self.sizes[line.id] = size
        self.needs[line.id] = needs
        for product_id, per_unit in needs.items():
            self.demand[product_id] += per_unit * quantity
        self.lines.setdefault(line.order_id, []).append(
            (
                line,
                Line(
                    line.id,
                    parts,
                    tuple((key, per_unit * size) for key, per_unit in needs.items()),
                    short_cost=_SHORT_COST * (1.0 + value),
                    value=value,
                    splittable=rule.splits_lines,
                ),
            )
        )

    def solve(self, free):
        orders = {order.id: self._make_order(order) for order in self.lines}
        choices, left = choose_all(list(orders.values()), free)
        found = {}
        for order, lines in self.lines.items():
            by_id = {line.id: line for line, _asked in lines}
            problem, choice = orders[order.id], choices[order.id]
            for part, reason in zip(
                choice.parts, explain(problem, choice, left), strict=True
            ):
                size = self.sizes[part.line]
                found.setdefault(by_id[part.line], []).append(
                    Chosen(
                        part.source,
                        part.parts * size,
                        part.short * size,
                        reason.code,
                        [
                            [key, code, count * size]
                            for key, code, count in reason.refused
                        ],
                        self.rules[order].id,
                    )
                )
        return found

    def _make_order(self, order):
        rule = self.rules[order]
        day = (order.commitment_date or order.date_order).date()
        return Order(
            order.id,
            tuple(asked for _line, asked in self.lines[order]),
            make_sources(rule.goal, self.places[order]),
            most=rule.most,
            least_value=rule.least_value,
            priority=0 if order.sudo().oms_channel_id.priority == "1" else 1,
            promise=day,
            waits={
                line.id: self._find_places_to_wait(line)
                for line, _asked in self.lines[order]
            },
            used=frozenset(self.used.get(order, ())),
        )

    def _find_places_to_wait(self, line):
        return list(
            dict.fromkeys(
                warehouse_id
                for product_id in self.needs[line.id]
                for warehouse_id in self.waits.get(product_id, ())
            )
        )


def count_parts(line, quantity):
    """How a quantity is divided: whole units of the line where it is whole, else whole
    units of the product, else what the unit is rounded to.

    :return: ``(number of parts, size of one in the line's unit)``
    """
    if float(quantity).is_integer():
        return int(quantity), 1.0
    unit, product_unit = line.product_uom_id, line.product_id.uom_id
    if unit != product_unit:
        pieces = unit._compute_quantity(quantity, product_unit, round=False)
        if pieces >= 1 and product_unit.compare(pieces, round(pieces)) == 0:
            return round(pieces), quantity / round(pieces)
    parts = max(round(quantity / unit.rounding), 1)
    return parts, quantity / parts
