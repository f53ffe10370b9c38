from datetime import timedelta

from odoo import fields

from odoo.addons.oms_order_cycle.tests.common import OrderCycleCommon


class AllocationCommon(OrderCycleCommon):
    """Orders that want more of a product than there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.short = cls.create_product("OMS Short", quantity=10, list_price=20)
        cls.fair = cls.env.ref("oms_order_cycle_promise.oms_allocation_rule_fair")
        cls.by_promise = cls.env.ref(
            "oms_order_cycle_promise.oms_allocation_rule_promise"
        )

    @classmethod
    def want(cls, *quantities, **values):
        """Confirmed orders of the product that is short, each promised for a day later
        than the one before."""
        today = fields.Datetime.now().replace(microsecond=0)
        orders = cls.env["sale.order"]
        for number, quantity in enumerate(quantities, start=1):
            orders += cls.create_order(
                (cls.short, quantity),
                commitment_date=today + timedelta(days=number),
                **values,
            )
        cls.env.cr.flush()
        return orders

    def shortage(self, product=None, warehouse=None):
        """The row of the board, none where nothing is short."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["oms.shortage"].search(
            [
                ("product_id", "=", (product or self.short).id),
                ("warehouse_id", "=", (warehouse or self.warehouse).id),
            ]
        )

    def open(self, rule=None, product=None, anew=False, user=None, **values):
        """The dialog, as it is opened and set by a person."""
        product = product or self.short
        allocations = self.env["oms.allocation"].with_user(user or self.env.user)
        action = allocations._open(product, self.warehouse.with_env(allocations.env))
        allocation = allocations.browse(action["res_id"])
        allocation.write({"is_anew": anew, "rule_id": (rule or self.fair).id, **values})
        allocation._onchange_share()
        return allocation

    def gets(self, allocation):
        return allocation.line_ids.sorted("id").mapped("quantity")

    def reserved(self, orders, product=None):
        """What each order has of the product, in the product's unit."""
        self.env.flush_all()
        return [
            sum(
                order.order_line.move_ids.filtered(
                    lambda move: (
                        move.product_id == (product or self.short)
                        and move.state not in ("done", "cancel")
                        and not move.move_orig_ids
                    )
                ).move_line_ids.mapped("quantity_product_uom")
            )
            for order in orders
        ]

    def assertSound(self, product=None):
        """Odoo's own sums hold: what is reserved is on the lines, and is there."""
        product = product or self.short
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        lines = self.env["stock.move.line"].search(
            [
                ("product_id", "=", product.id),
                ("state", "not in", ("done", "cancel")),
                ("location_id.usage", "=", "internal"),
            ]
        )
        self.assertEqual(
            sum(quants.mapped("reserved_quantity")),
            sum(lines.mapped("quantity_product_uom")),
        )
        for quant in quants:
            self.assertLessEqual(quant.reserved_quantity, quant.quantity)
