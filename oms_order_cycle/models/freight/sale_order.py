from odoo import fields, models

from ...tools.units import Units, as_cube


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_get_ship_date(self):
        """Day on which the carrier is expected to pick the order up."""
        self.ensure_one()
        date = self.commitment_date or self.expected_date
        return fields.Date.context_today(self, date) if date else None

    def _oms_get_parcels(self, carrier):
        """Hook: the parcels an order goes in, as far as they are known.

        :param carrier: ``delivery.carrier`` that is asked for a price
        :return: list of (outer sides in mm, gross weight in g, number of them)
        """
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: (
                line.product_id.type == "consu"
                and not line.is_delivery
                and line.state != "cancel"
                and line.product_uom_qty > 0
            )
        )
        sizes = lines.product_id._oms_get_sizes(lines.product_uom_id, self.company_id)
        units = Units.of(self.env)
        mm3 = grams = 0.0
        for line in lines:
            product, uom = line.product_id, line.product_uom_id
            size = sizes.get((product, uom))
            count = line.product_uom_qty
            if not size:
                size = sizes.get((product, product.uom_id))
                count = uom._compute_quantity(count, product.uom_id, round=False)
            if size:
                mm3 += size.length * size.width * size.height * count
                grams += size.weight * count
            else:
                grams += units.grams(product.weight) * count
        return [(*as_cube(mm3, grams), 1)]
