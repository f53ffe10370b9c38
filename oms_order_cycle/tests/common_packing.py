from odoo.fields import Command

from odoo.addons.oms_order_cycle.tools.packer.memory import MEMORY

from .common import OrderCycleCommon


class PackingCommon(OrderCycleCommon):
    """Three cartons, a carrier that bills by volume, products with a size."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.package.type"].search([]).write({"oms_is_carton": False})
        cls.small = cls.create_carton("OMS Small", (200, 150, 100), 0.1)
        cls.medium = cls.create_carton("OMS Medium", (300, 200, 200), 0.2)
        cls.large = cls.create_carton("OMS Large", (600, 400, 400), 0.5)
        cls.dim_rule = cls.env["oms.dim.rule"].create(
            {
                "name": "OMS Rule 5000",
                "unit_system": "cm_kg",
                "version_ids": [
                    Command.create({"divisor": 5000, "weight_step": 0.5,
                                    "actual_step": 0.5})
                ],
            }
        )  # fmt: skip
        delivery = cls.env["product.product"].create(
            {"name": "OMS Freight", "type": "service"}
        )
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "OMS Parcel Service",
                "product_id": delivery.id,
                "delivery_type": "fixed",
                "oms_dim_rule_id": cls.dim_rule.id,
                "oms_cost_method": "rate",
                "oms_parcel_fee": 4.0,
                "oms_weight_rate": 0.9,
            }
        )
        cls.mug = cls.create_sized("OMS Mug", (100, 100, 100), 0.4)
        cls.book = cls.create_sized("OMS Book", (190, 140, 20), 0.5)

    def setUp(self):
        super().setUp()
        # each test has its answers to itself
        MEMORY.clear()

    @classmethod
    def create_carton(cls, name, inner, tare, **values):
        length, width, height = inner
        return cls.env["stock.package.type"].create(
            {
                "name": name,
                "packaging_length": length + 8,
                "width": width + 8,
                "height": height + 12,
                "oms_inner_length": length,
                "oms_inner_width": width,
                "oms_inner_height": height,
                "base_weight": tare,
                "oms_is_carton": True,
                **values,
            }
        )

    @classmethod
    def create_sized(cls, name, sides, weight, **values):
        product = cls.create_product(name, weight=weight, **values)
        cls.give_size(product, sides, weight)
        return product

    @classmethod
    def give_size(cls, product, sides, weight, uom=None, **values):
        return cls.env["oms.product.size"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "uom_id": (uom or product.uom_id).id,
                "length": sides[0],
                "width": sides[1],
                "height": sides[2],
                "weight": weight,
                **values,
            }
        )

    @classmethod
    def create_packing_order(cls, *lines, **values):
        return cls.create_order(*lines, carrier_id=cls.carrier.id, **values)
