from odoo import Command

from odoo.addons.oms_order_cycle.tests.common import OrderCycleCommon


class SourcingCommon(OrderCycleCommon):
    """Three warehouses: the company's own (W), a second (N) and a third (S)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north = cls.create_warehouse("OMS North", "NRT")
        cls.south = cls.create_warehouse("OMS South", "STH")
        cls.goods = cls.create_product("OMS Goods", quantity=0)
        cls.other = cls.create_product("OMS Other Goods", quantity=0)
        cls.sources = cls.env["oms.sourcing.line"]

    @classmethod
    def create_warehouse(cls, name, code, company=None, **values):
        return cls.env["stock.warehouse"].create(
            {
                "name": name,
                "code": code,
                "company_id": (company or cls.company).id,
                **values,
            }
        )

    @classmethod
    def create_rule(cls, *warehouses, **values):
        return cls.env["oms.sourcing.rule"].create(
            {
                "name": "OMS Rule",
                "company_id": cls.company.id,
                "place_ids": [
                    Command.create({"warehouse_id": warehouse.id, "sequence": rank})
                    for rank, warehouse in enumerate(warehouses)
                ],
                **values,
            }
        )

    @classmethod
    def stock(cls, product, **quantities):
        """Put goods into warehouses: ``own=3, north=4``."""
        for name, quantity in quantities.items():
            warehouse = cls.warehouse if name == "own" else getattr(cls, name)
            cls.stock_up(product, quantity, warehouse)

    def plan(self, line):
        """Where a line comes from: ``{warehouse: quantity}``."""
        return {row.warehouse_id: row.quantity for row in line.oms_sourcing_ids}

    def asked(self, line):
        """What open and done transfers bring, by warehouse."""
        found = {}
        for key, quantity in line._oms_get_asked().items():
            if quantity:
                found[self.env["stock.warehouse"].browse(key)] = quantity
        return found

    def assertComesFrom(self, line, expected):
        """Plan and transfers say the same."""
        self.assertEqual(self.plan(line), expected)
        self.assertEqual(self.asked(line), expected)

    def picking_of(self, order, warehouse):
        return order.picking_ids.filtered(
            lambda picking: (
                picking.picking_type_id.warehouse_id == warehouse
                and picking.state not in ("done", "cancel")
            )
        )
