"""From when goods could be with who asks for them, where dates are promised."""

from pytz import UTC

from odoo import api, fields, models

from odoo.addons.oms_order_cycle.models.cycle.sale_order_availability import (
    AWAITED,
    FROM,
    IN_STOCK,
    NOTHING,
    TO_ORDER,
)

from ..atp import Want, promise
from ..tools.routes import Routes


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _oms_get_availability(self, wants, warehouse, partner=None, channel=None):
        answers = super()._oms_get_availability(wants, warehouse, partner, channel)
        promising = self.env["stock.warehouse"]._oms_get_promising()
        if not warehouse or warehouse.id not in promising:
            return answers
        kept = [want for want, answer in zip(wants, answers, strict=True) if answer[0]]
        found = iter(self._oms_find_days(kept, warehouse, partner, channel))
        return [
            answer
            if answer[0] == NOTHING
            else self._oms_choose_day(answer, next(found))
            for answer in answers
        ]

    @api.model
    def _oms_choose_day(self, answer, found):
        """What is said of goods: whether they could leave today, or the day on which
        they could arrive.

        :param answer: the core's; it knows of receipts that are late
        :param found: (whether it could leave from stock, day or None)
        """
        in_stock, day = found
        if in_stock:
            return IN_STOCK, False
        if day:
            return FROM, day
        # what is there is promised to others
        return (AWAITED if answer[0] == AWAITED else TO_ORDER), False

    @api.model
    def _oms_find_days(self, wants, warehouse, partner, channel):
        now = fields.Datetime.now()
        moment = UTC.localize(now)
        received = channel._effective_order_date(now) if channel else now
        route = Routes().get(
            warehouse,
            self.env["delivery.carrier"],
            partner or self.env["res.partner"],
        )
        products = self.env["product.product"].union(*(want[0] for want in wants))
        levels = self.env["oms.supply"]._get_levels(products, warehouse, now=now)
        days = []
        for product, quantity, _wanted in wants:
            level = levels[product.id, warehouse.id]
            want = Want(quantity, max(UTC.localize(received), moment))
            found = promise(want, level, route, moment)
            in_stock = product.uom_id.compare(level.available(), quantity) >= 0
            for part in found.parts:
                level.take(part.ship, part.quantity)
            days.append((in_stock, found.arrive))
        return days
