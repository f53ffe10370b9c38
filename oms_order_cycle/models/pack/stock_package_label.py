from odoo import models

from ...tools.barcode import barcode_image


class StockPackage(models.Model):
    """The label that a packer puts on a parcel."""

    _inherit = "stock.package"

    def _oms_get_label(self):
        """What is printed on the label of a package.

        :return: dict of ``barcode`` (source of an image), ``picking``, ``partner`` and
            ``number``: which of how many boxes, where they were planned
        """
        self.ensure_one()
        package = self.sudo()
        box = package.oms_pack_box_ids[:1]
        picking = box.picking_id or package.picking_ids[:1]
        number = ""
        if box:
            number = self.env._(
                "%(number)s of %(count)s",
                number=box.plan_id._get_box_offset() + box.sequence,
                count=box.plan_id._get_box_total(),
            )
        return {
            "barcode": barcode_image(self.name),
            "picking": picking,
            "partner": picking.partner_id,
            "number": number,
        }
