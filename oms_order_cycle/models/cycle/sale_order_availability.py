"""From when goods can be had, by what is in stock and what is to come."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

#: What may be said of goods: in stock, from a day on, on their way without a day that
#: still lies ahead, to be ordered first; nothing of what is not kept in stock.
IN_STOCK, FROM, AWAITED, TO_ORDER, NOTHING = (
    "in_stock", "from", "awaited", "to_order", "",
)  # fmt: skip

_OPEN = ("waiting", "confirmed", "partially_available", "assigned")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_get_availability(self, wants, warehouse, partner=None, channel=None):
        """Hook: from when goods could be had that somebody asks for; nothing is
        promised by it.

        Goods that are wanted twice count together, in the order of ``wants``.

        :param wants: ``[(product, quantity in its own unit, day wanted or False)]``
        :param warehouse: where they leave from
        :param partner: the delivery address, where it is known
        :param channel: the ``oms.channel`` that they are asked for over, if any
        :return: ``[(code, day or False)]`` for each: ``in_stock``, ``from`` (a day),
            ``awaited``, ``to_order``, or nothing for what is not kept in stock
        """
        products = self.env["product.product"].union(*(want[0] for want in wants))
        kept = products.filtered(_is_kept_in_stock)
        levels = self._oms_get_levels(kept, warehouse)
        taken = defaultdict(float)
        answers = []
        for product, quantity, _day in wants:
            if product not in kept:
                answers.append((NOTHING, False))
                continue
            taken[product.id] += quantity
            answers.append(
                self._oms_find_moment(product, taken[product.id], levels[product.id])
            )
        return answers

    @api.model
    def _oms_find_moment(self, product, quantity, levels):
        """
        :param levels: see :meth:`_oms_get_levels`
        """
        now, receipts, overdue = levels
        if product.uom_id.compare(now, quantity) >= 0:
            return IN_STOCK, False
        level = now
        for day, arriving in receipts:
            level += arriving
            if product.uom_id.compare(level, quantity) >= 0:
                return FROM, day
        if product.uom_id.compare(level + overdue, quantity) >= 0:
            return AWAITED, False
        return TO_ORDER, False

    @api.model
    def _oms_get_levels(self, products, warehouse):
        """What is free and what comes in, in three queries for all products.

        :return: ``{product id: (free now, [(day, quantity)], overdue quantity)}``; what
            is free is not asked for by anybody, in the product's unit. Only words made
            of it are for customers.
        """
        levels = {product.id: (0.0, [], 0.0) for product in products}
        if not (products and warehouse):
            return levels
        located = products.sudo().with_context(warehouse_id=warehouse.ids)
        in_quants, incoming, outgoing = located._get_domain_locations()
        these = Domain("product_id", "in", products.ids)
        moves = located.env["stock.move"]
        still_open = these & Domain("state", "in", _OPEN)
        wanted = dict(
            moves._read_group(
                still_open & Domain(outgoing), ["product_id"], ["product_qty:sum"]
            )
        )
        arriving = defaultdict(list)
        for product, moment, quantity in moves._read_group(
            still_open & Domain(incoming),
            ["product_id", "date:day"],
            ["product_qty:sum"],
        ):
            arriving[product.id].append((fields.Date.to_date(moment), quantity))
        today = fields.Date.context_today(self)
        for product, quantity, reserved in located.env["stock.quant"]._read_group(
            these & Domain(in_quants),
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        ):
            # reserved for an order, or for work inside the house
            free = quantity - max(reserved, wanted.pop(product, 0.0))
            levels[product.id] = (free, [], 0.0)
        for product, quantity in wanted.items():
            levels[product.id] = (-quantity, [], 0.0)
        for product_id, receipts in arriving.items():
            levels[product_id] = (
                levels[product_id][0],
                sorted(receipt for receipt in receipts if receipt[0] >= today),
                sum(quantity for day, quantity in receipts if day < today),
            )
        return levels


def _is_kept_in_stock(product):
    """Of a kit, of Odoo's manufacturing app, only the parts are in stock."""
    return product.is_storable and not ("is_kits" in product and product.is_kits)
