from odoo import Command

from odoo.addons.oms_order_cycle.tests.common import OrderCycleCommon


class FloorCommon(OrderCycleCommon):
    """A hall of three aisles with twelve bays each, goods in some of them.

    Bays are called as people do, so that Odoo's order has A-10 before A-2.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hall = cls.create_location("Hall", cls.warehouse.lot_stock_id, "view")
        cls.bays = {
            f"{aisle}-{bay}": cls.create_location(f"{aisle}-{bay}", cls.hall)
            for aisle in "ABC"
            for bay in range(1, 13)
        }
        cls.goods = {
            name: cls.create_product(f"Goods of {name}", quantity=0)
            for name in ("A-2", "A-10", "B-3", "B-11", "C-1")
        }
        for name, product in cls.goods.items():
            cls.env["stock.quant"]._update_available_quantity(
                product, cls.bays[name], 100
            )

    @classmethod
    def create_location(cls, name, parent, usage="internal"):
        return cls.env["stock.location"].create(
            {"name": name, "location_id": parent.id, "usage": usage}
        )

    @classmethod
    def create_picking(cls, names, warehouse=None):
        """A delivery of goods, reserved.

        :param names: the bays of the goods, in the order of the lines
        """
        warehouse = warehouse or cls.warehouse
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": cls.goods[name].id,
                            "product_uom_qty": 2,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": cls.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                    for name in names
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    @classmethod
    def open_numbering(cls, **values):
        return cls.env["oms.bay.numbering"].create(
            {"location_id": cls.hall.id, **values}
        )

    def bay_names(self, lines):
        """Of move lines or moves, the names of the bays that they take from."""
        return [line.product_id.name.removeprefix("Goods of ") for line in lines]
