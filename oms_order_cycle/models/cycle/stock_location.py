from odoo import models


class StockLocation(models.Model):
    """How far on its way to the customer a location is."""

    _inherit = "stock.location"

    def _oms_is_outside(self):
        """Whether goods there are the customer's, or another of our companies'; False
        for no location at all."""
        if not self:
            return False
        self.ensure_one()
        if self.usage == "customer":
            return True
        path = self.env["sale.order"]._oms_get_intercompany_path().rstrip("%")
        return bool(path) and (self.parent_path or "").startswith(path)

    def _oms_get_zone(self, warehouse):
        """How far on its way to the door of a warehouse the location is.

        :return: 0 on the shelf, 1 where goods are packed, 2 where they wait for the
            truck
        :rtype: int
        """
        self.ensure_one()
        path = self.parent_path or ""
        for zone, location in (
            (2, warehouse.wh_output_stock_loc_id),
            (1, warehouse.wh_pack_stock_loc_id),
        ):
            if location and path.startswith(location.parent_path):
                return zone
        return 0
