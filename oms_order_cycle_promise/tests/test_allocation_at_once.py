"""Two people at the same moment: two connections of their own."""

from threading import Barrier, Thread

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestAllocationAtOnce(TransactionCase):
    """What one gives away the other cannot, whichever of them is first."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.forget)
        with self.registry.cursor() as cr:
            self.make(api.Environment(cr, SUPERUSER_ID, {}))

    def make(self, env):
        """Ten pieces, of which the first order has all and two others want seven."""
        env = env(context={"tracking_disable": True})
        product = env["product.product"].create(
            {"name": "OMS At Once", "type": "consu", "is_storable": True}
        )
        warehouse = env["stock.warehouse"].search([], limit=1)
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, 10
        )
        partner = env["res.partner"].create({"name": "OMS At Once"})
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": warehouse.company_id.id,
                    "warehouse_id": warehouse.id,
                    "order_line": [
                        (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
                    ],
                }
                for quantity in (10, 7, 7)
            ]
        )
        orders.action_confirm()
        rule = env.ref("oms_order_cycle_promise.oms_allocation_rule_fair")
        self.product_id, self.partner_id = product.id, partner.id
        self.order_ids = orders.ids
        self.allocation_ids = []
        for winner in (1, 2):
            action = env["oms.allocation"]._open(product, warehouse)
            allocation = env["oms.allocation"].browse(action["res_id"])
            allocation.write({"is_anew": True, "rule_id": rule.id, "reason": "Now"})
            for number, line in enumerate(allocation.line_ids.sorted("id")):
                line.quantity = {0: 3, winner: 7}.get(number, 0)
            self.allocation_ids.append(allocation.id)

    def forget(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].browse(self.order_ids)
            orders._action_cancel()
            env["oms.allocation"].browse(self.allocation_ids).exists().unlink()
            cr.execute("DELETE FROM oms_event WHERE order_id IN %s", [orders._ids])
            cr.execute("DELETE FROM oms_promise WHERE order_id IN %s", [orders._ids])
            env.invalidate_all()
            orders.picking_ids.move_line_ids.unlink()
            orders.picking_ids.move_ids.write({"state": "draft"})
            orders.picking_ids.unlink()
            orders.unlink()
            env["stock.quant"].search([("product_id", "=", self.product_id)]).unlink()
            env["oms.promise.key"].search(
                [("product_id", "=", self.product_id)]
            ).unlink()
            env["product.product"].browse(self.product_id).product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def test_one_of_them_looks_again(self):
        barrier = Barrier(2)
        answers = {}

        def apply(allocation_id):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                cr.execute("SELECT 1")  # from here on it reads what was then
                barrier.wait()
                allocation = env["oms.allocation"].browse(allocation_id)
                answers[allocation_id] = retrying(allocation.action_apply, env)

        threads = [
            Thread(target=apply, args=(allocation_id,))
            for allocation_id in self.allocation_ids
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(
            sorted(answer["type"] for answer in answers.values()),
            ["ir.actions.act_window", "ir.actions.act_window_close"],
        )
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            orders = env["sale.order"].browse(self.order_ids)
            reserved = [
                sum(order.picking_ids.move_ids.mapped("quantity")) for order in orders
            ]
            self.assertEqual(sorted(reserved), [0, 3, 7])
            quants = env["stock.quant"].search(
                [
                    ("product_id", "=", self.product_id),
                    ("location_id.usage", "=", "internal"),
                ]
            )
            self.assertEqual(sum(quants.mapped("reserved_quantity")), 10)
