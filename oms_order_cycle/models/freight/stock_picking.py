from odoo import fields, models

from ...tools.shipment import Shipment


class StockPicking(models.Model):
    """What a carrier gets with transfers, for its price."""

    _inherit = "stock.picking"

    def _oms_get_shipment(self, carrier):
        """What this transfer ships, of an order or of a part of it.

        :param carrier: ``delivery.carrier`` that is asked for a price
        :return: :class:`..tools.shipment.Shipment`
        """
        self.ensure_one()
        picking = self.sudo()
        lines = picking._oms_get_shipped_lines()
        return Shipment(
            parcels=tuple(picking._oms_get_parcels(carrier.sudo())),
            ship_date=fields.Date.context_today(self, self.date_done),
            company_id=self.company_id.id,
            quantity=sum(lines.mapped("quantity_product_uom")),
        )

    def _oms_get_parcels(self, carrier):
        """Hook: the parcels of the transfer, as far as they are known.

        :param carrier: ``delivery.carrier`` that is asked for a price
        :return: list of (outer sides in mm, gross weight in g, number of them)
        """
        self.ensure_one()
        weight = volume = 0.0
        for line in self._oms_get_loose_shipped_lines():
            weight += line.product_id.weight * line.quantity_product_uom
            volume += line.product_id.volume * line.quantity_product_uom
        return carrier._oms_guess_parcels(weight, volume)

    def _oms_get_shipped_lines(self):
        """Move lines of the goods that leave with the transfer."""
        return self.move_line_ids.filtered(
            lambda line: (
                line.state != "cancel"
                and line.quantity > 0
                and line.product_id.type == "consu"
            )
        )

    def _oms_get_loose_shipped_lines(self):
        """Hook: those of the shipped lines whose goods are in no package."""
        return self._oms_get_shipped_lines()
