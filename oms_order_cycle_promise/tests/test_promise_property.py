import random
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common_dates import NOW, DatesCommon


@tagged("post_install", "-at_install")
class TestPromiseProperty(DatesCommon):
    """Whatever is ordered, changed, cancelled, held, shipped and received: on no day is
    more promised than there is by then."""

    def assertNotTwice(self, story):
        """On hand + receipts - open promises >= 0, on each day, reckoned from the
        documents alone."""
        self.env.flush_all()
        on_hand = sum(
            self.env["stock.quant"]
            .search(
                [
                    ("product_id", "=", self.product.id),
                    ("location_id.warehouse_id", "=", self.warehouse.id),
                ]
            )
            .mapped("quantity")
        )
        receipts = [
            (fields.Date.to_date(move.date), move.product_qty)
            for move in self.env["stock.move"].search(
                [
                    ("product_id", "=", self.product.id),
                    ("picking_code", "=", "incoming"),
                    ("state", "in", ("confirmed", "assigned", "partially_available")),
                ]
            )
        ]
        promised = []
        lines = self.env["sale.order.line"].search(
            [("product_id", "=", self.product.id), ("state", "=", "sale")]
        )
        for line in lines:
            left = line.product_uom_qty - line.qty_delivered
            for quantity, ship, _arrive in reversed(self.parts(line)):
                part = min(left, quantity)
                promised.append((fields.Date.to_date(ship), part))
                left -= part
        for day in {day for day, _quantity in receipts + promised}:
            come = sum(quantity for when, quantity in receipts if when <= day)
            gone = sum(quantity for when, quantity in promised if when <= day)
            self.assertGreaterEqual(
                on_hand + come - gone, -1e-6, (story, day, promised)
            )

    def order(self, chance):
        values = {
            "picking_policy": chance.choice(("direct", "one")),
            "commitment_date": chance.choice(
                (False, NOW + timedelta(days=chance.randint(1, 14)))
            ),
        }
        order = self.create_order(
            (self.product, chance.randint(1, 8)), confirm=False, **values
        )
        if not chance.randint(0, 3):
            order._oms_place_hold(self.stop, "wait")
        order.action_confirm()

    def change(self, chance):
        line = self.pick_line(chance)
        if line:
            line.product_uom_qty = max(line.qty_delivered, chance.randint(1, 9))

    def cancel(self, chance):
        line = self.pick_line(chance)
        if line and not line.qty_delivered:
            line.order_id._action_cancel()

    def ship_some(self, chance):
        line = self.pick_line(chance)
        pickings = line.order_id.picking_ids.filtered(
            lambda picking: picking.state == "assigned"
        )
        if pickings:
            self.validate(pickings)

    def arrive(self, chance):
        self.receive(
            chance.randint(1, 9),
            fields.Date.to_string((NOW + timedelta(days=chance.randint(0, 14))).date()),
        )

    def come_in(self, chance):
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", self.product.id),
                ("picking_code", "=", "incoming"),
                ("state", "=", "assigned"),
            ]
        )
        if moves:
            self.validate(chance.choice(moves).picking_id)

    def lift(self, chance):
        holds = self.env["oms.hold"].search(
            [("type_id", "=", self.stop.id), ("state", "=", "open")]
        )
        if holds:
            chance.choice(holds).action_lift()

    def pick_line(self, chance):
        lines = self.env["sale.order.line"].search(
            [("product_id", "=", self.product.id), ("state", "=", "sale")]
        )
        return chance.choice(lines) if lines else lines

    def test_never_twice(self):
        self.stop = self.env["oms.hold.type"].create(
            {"name": "OMS Stop", "check": "manual", "block_release": True}
        )
        deeds = (
            self.order, self.order, self.order, self.change, self.cancel,
            self.ship_some, self.arrive, self.come_in, self.lift,
        )  # fmt: skip
        for seed in range(4):
            chance = random.Random(seed)
            self.product = self.create_product(f"OMS Random {seed}", quantity=30)
            for step in range(25):
                deed = chance.choice(deeds)
                with freeze_time(NOW + timedelta(minutes=step)):
                    deed(chance)
                    self.assertNotTwice((seed, step, deed.__name__))
            self.journal()
            promises = self.env["oms.promise"].search(
                [("product_id", "=", self.product.id)]
            )
            self.assertTrue(promises.filtered("promised_date"))
