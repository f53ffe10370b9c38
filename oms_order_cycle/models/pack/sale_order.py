from odoo import fields, models

from ...tools.packer.contents import Collector, Job, count_units


class SaleOrder(models.Model):
    """Parcels of an order before anything is picked: for the price of the freight."""

    _inherit = "sale.order"

    def _oms_after_write(self, vals):
        if "carrier_id" in vals:
            self.sudo().picking_ids._oms_note_new_carrier()
        if vals.get("delivery_message"):
            self._oms_log_fallback(vals["delivery_message"])
        return super()._oms_after_write(vals)

    def _oms_log_fallback(self, message):
        """Keep in the log that the price of the delivery is an estimate."""
        fallback = self.env["delivery.carrier"]._oms_get_fallback_note()
        if fallback in message:
            words = self.env._("Price of the delivery: %s", fallback)
            self._message_log_batch({order.id: words for order in self})

    def _oms_get_parcels(self, carrier):
        """Pack the lines of the order and return the parcels.

        What goes into no carton is one parcel more, as compact as its volume allows.
        """
        self.ensure_one()
        if not self.env["stock.package.type"]._oms_is_packing_set_up():
            return super()._oms_get_parcels(carrier)
        job = self._oms_get_pack_job(carrier)
        if not job.contents:
            return super()._oms_get_parcels(carrier)
        parcels = carrier._oms_estimate_parcels(job, self.sudo().picking_ids)
        return parcels or super()._oms_get_parcels(carrier)

    def _oms_get_pack_job(self, carrier):
        collector = Collector()
        for line in self.order_line:
            product = line.product_id
            if product.type != "consu" or line.is_delivery or line.state == "cancel":
                continue
            quantity = line.product_uom_id._compute_quantity(
                line.product_uom_qty, product.uom_id, round=False
            )
            uoms = product._oms_get_packing_uoms() | line.product_uom_id
            value = line._oms_get_unit_value(product)
            collector.add(product.id, quantity, uoms.ids, value)
        contents = collector.contents()
        return Job(
            contents,
            carrier.id or False,
            self.company_id.id,
            self._oms_get_ship_date() or fields.Date.context_today(self),
            self.warehouse_id.id or False,
            carrier._oms_get_order_values(self, count_units(contents)),
        )
