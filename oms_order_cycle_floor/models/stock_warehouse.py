from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.warehouse_map import WarehouseMap, read_bays
from .stock_location import MOST


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    oms_bays_of_blocks = fields.Char(
        string="Bays of Blocks",
        help="How many bays an aisle has between two cross aisles, from the front:"
        " 23, 23 is a warehouse with cross aisles at the front, in the middle and at"
        " the back. Empty: as many as the bays of its locations say.",
    )
    oms_bay_width = fields.Float(
        string="Bay Width",
        default=1,
        help="From the middle of a bay to the middle of the next one. All lengths of"
        " the walk are in one unit, such as metres.",
    )
    oms_aisle_pitch = fields.Float(
        string="Aisle to Aisle",
        default=3,
        help="From the middle of an aisle to the middle of the next one.",
    )
    oms_cross_aisle_width = fields.Float(
        string="Width of Cross Aisles",
        default=2,
        help="From the last bay before a cross aisle to the first one behind it.",
    )
    oms_depot_aisle = fields.Integer(
        string="Depot at Aisle",
        default=1,
        help="Where walks begin and end: the aisle in front of which carts are taken"
        " and handed over.",
    )
    oms_depot_distance = fields.Float(
        string="Depot from the Front",
        help="How far the depot is from the cross aisle at the front, along its aisle."
        " 0 if it is in that cross aisle.",
    )

    @api.constrains("oms_bays_of_blocks")
    def _check_oms_bays_of_blocks(self):
        for warehouse in self:
            try:
                read_bays(warehouse.oms_bays_of_blocks)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%s: Bays of Blocks are whole numbers with commas between,"
                        " one for each block, as in 23, 23.",
                        warehouse.display_name,
                    )
                ) from error

    @api.constrains(
        "oms_bay_width",
        "oms_aisle_pitch",
        "oms_cross_aisle_width",
        "oms_depot_aisle",
        "oms_depot_distance",
    )
    def _check_oms_layout(self):
        for warehouse in self:
            if not (
                0 < warehouse.oms_bay_width <= MOST
                and 0 <= warehouse.oms_aisle_pitch <= MOST
                and 0 <= warehouse.oms_cross_aisle_width <= MOST
                and 1 <= warehouse.oms_depot_aisle <= MOST
                and -MOST <= warehouse.oms_depot_distance <= MOST
            ):
                raise ValidationError(
                    self.env._(
                        "%s: bays have a width, lengths are not negative, and aisles"
                        " are counted from 1. The distance of the depot alone is"
                        " negative where it is in front of the cross aisle.",
                        warehouse.display_name,
                    )
                )

    def _oms_make_map(self):
        """Where bays are; one query where the bays of blocks are not set."""
        self.ensure_one()
        return WarehouseMap(self, self._oms_get_bays_of_blocks())

    def _oms_get_bays_of_blocks(self):
        """How many bays an aisle has in each block, from the front."""
        self.ensure_one()
        if self.oms_bays_of_blocks:
            return read_bays(self.oms_bays_of_blocks)
        groups = self.env["stock.location"]._read_group(
            [
                ("warehouse_id", "=", self.id),
                ("oms_aisle", ">", 0),
                ("oms_position", ">", 0),
            ],
            ["oms_block"],
            ["oms_position:max"],
        )
        bays = {}
        for block, position in groups:
            bays[max(block, 1)] = max(bays.get(max(block, 1), 1), round(position + 0.4))
        return [bays.get(block, 1) for block in range(1, max(bays, default=0) + 1)]
