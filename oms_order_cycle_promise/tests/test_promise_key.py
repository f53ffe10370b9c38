from odoo.tests import tagged

from odoo.addons.oms_order_cycle.tests.common import OrderCycleCommon


@tagged("post_install", "-at_install")
class TestPromiseKey(OrderCycleCommon):
    def test_version_grows(self):
        keys = self.env["oms.promise.key"]
        warehouse = self.warehouse.id
        pairs = [(self.product_a.id, warehouse), (self.product_b.id, warehouse)]
        keys._lock(pairs[:1])
        keys._lock([*pairs, *pairs])
        keys._lock([])
        found = keys.search(
            [("product_id", "in", (self.product_a | self.product_b).ids)]
        )
        self.assertEqual(
            {key.product_id: key.version for key in found},
            {self.product_a: 2, self.product_b: 1},
        )

    def test_free_is_what_nobody_reserved(self):
        supply = self.env["oms.supply"]
        nothing = self.create_product("OMS None", quantity=0)
        products = self.product_a | nothing
        self.create_order((self.product_a, 40))
        self.assertEqual(
            supply._get_free(products, self.warehouse),
            {(self.product_a.id, self.warehouse.id): 960},
        )
