"""What is bound for the customer, and what is not: facts, holds and words agree."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import OrderCycleCommon
from .common_holds import HoldsCommon

CONFIRMED = ("confirmed", "released")
PICKED = (*CONFIRMED, "picked")
PACKED = (*PICKED, "packed")
SHIPPED = (*PACKED, "loaded", "shipped")


class GoodsCommon(OrderCycleCommon):
    """What a warehouse does with goods beside bringing them to the customer."""

    @classmethod
    def transfers(cls, order, step):
        """Open transfers of a step; None for those that take no step."""
        return cls.open_transfers(order).filtered(
            lambda picking: picking.picking_type_id.oms_step == (step or False)
        )

    @classmethod
    def take_back(cls, picking, quantity, product=None, exchange=False, **values):
        """Odoo's return of a done transfer, left open; ``values`` for the return."""
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        for line in wizard.product_return_moves:
            chosen = product is None or line.product_id == product
            line.write({"quantity": quantity if chosen else 0, "to_refund": True})
        if exchange:
            back = picking.browse(wizard.action_create_exchanges()["res_id"])
        else:
            back = wizard._create_return()
        if values:
            back.write(values)
            back.move_ids.write(values)
        return back

    @classmethod
    def back_to_input(cls, picking, quantity):
        """Goods of a shipped transfer come back, and wait to be put away."""
        back = cls.take_back(
            picking, quantity, location_dest_id=cls.warehouse.wh_input_stock_loc_id.id
        )
        cls.validate(back)
        return back

    @classmethod
    def pack_into(cls, picking, quantity=None, backorder=True):
        """Pick into a new tote."""
        picking.action_assign()
        if quantity is not None:
            picking.move_ids.write({"quantity": quantity, "picked": True})
        tote = cls.env["stock.package"].create({"name": "OMS Tote"})
        picking.move_line_ids.result_package_id = tote
        cls.validate(
            picking,
            None if quantity is None else {picking.move_ids.product_id: quantity},
            backorder,
        )
        return tote

    def assertSound(self, orders):
        """SQL and Python say the same of every move, and nothing drifts."""
        self.env.flush_all()
        moves = orders.order_line.move_ids
        self.env["sale.order"]._oms_flush_documents()
        query = self.env["sale.order"]._oms_facts_query(
            SQL("l.order_id IN %s", tuple(orders.ids))
        )
        said = dict(self.env.execute_query(query.move_query()))
        self.assertEqual(
            {move.id: move._oms_get_direction() or None for move in moves}, said
        )
        self.assertNoDrift(orders)

    def assertFacts(self, order, *milestones):
        res = super().assertFacts(order, *milestones)
        self.assertSound(order)
        return res


@tagged("post_install", "-at_install")
class TestInsideTheHouse(GoodsCommon):
    def test_steps_proposed(self):
        """Only the warehouse's own picking and packing are steps."""
        self.warehouse.write(
            {"delivery_steps": "pick_pack_ship", "reception_steps": "three_steps"}
        )
        types = self.env["stock.picking.type"].search(
            [("warehouse_id", "=", self.warehouse.id)]
        )
        self.assertEqual(
            {kind: step for kind in types if (step := kind.oms_step)},
            {
                self.warehouse.pick_type_id: "pick",
                self.warehouse.pack_type_id: "pack",
                self.warehouse.out_type_id: "ship",
            },
        )

    def test_step_chosen_by_hand_is_kept(self):
        own = self.warehouse.int_type_id.copy({"sequence_code": "OWN"})
        self.assertFalse(own.oms_step)
        own.oms_step = "pick"
        self.warehouse.pick_type_id = own
        self.warehouse.pick_type_id = self.warehouse.int_type_id
        self.assertEqual(own.oms_step, "pick")

    def test_put_back(self):
        self.set_steps("pick_ship")
        order = self.create_order((self.product_a, 10))
        other = self.create_order((self.product_a, 3))
        pick = self.transfers(order, "pick")
        self.validate(pick)
        self.assertFacts(order, *PICKED)
        back = self.take_back(pick, 4)
        self.assertFacts(order, *PICKED)
        self.validate(back)
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(order.order_line, wanted=10, picked=6, shipped=0)
        self.assertFacts(other, *CONFIRMED)
        # picked once more: Odoo returns what was returned
        self.validate(self.take_back(back, 4))
        self.assertFacts(order, *PICKED)
        self.validate(self.transfers(order, "ship"))
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, picked=10, shipped=10)

    def test_put_back_in_parts(self):
        self.set_steps("pick_ship")
        order = self.create_order((self.product_a, 10))
        pick = self.transfers(order, "pick")
        self.validate(pick)
        back = self.take_back(pick, 6)
        self.validate(back, {self.product_a: 2})
        self.assertQuantities(order.order_line, picked=8)
        rest = back.backorder_ids
        self.validate(rest)
        self.assertQuantities(order.order_line, picked=4)
        self.assertFacts(order, *CONFIRMED)

    def test_put_back_and_given_up(self):
        self.set_steps("pick_ship")
        order = self.create_order((self.product_a, 10))
        pick = self.transfers(order, "pick")
        self.validate(pick)
        self.validate(self.take_back(pick, 4))
        self.validate(self.transfers(order, "ship"), {self.product_a: 6}, False)
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, wanted=6, picked=6, shipped=6)

    def test_unpacked_in_three_steps(self):
        self.set_steps("pick_pack_ship")
        order = self.create_order((self.product_a, 10))
        self.validate(self.transfers(order, "pick"))
        pack = self.transfers(order, "pack")
        self.validate(pack)
        self.assertFacts(order, *PACKED)
        self.validate(self.take_back(pack, 3))
        self.assertFacts(order, *PICKED)
        self.assertQuantities(order.order_line, picked=10, packed=7)

    def test_ordered_less_after_picking(self):
        self.set_steps("pick_ship")
        order = self.create_order((self.product_a, 10))
        self.validate(self.transfers(order, "pick"))
        order.order_line.product_uom_qty = 6
        self.assertFacts(order, *PICKED)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, wanted=6, shipped=6)

    def test_place_of_the_companys_own(self):
        """Picked to a gate that is none of the warehouse's own zones."""
        self.set_steps("pick_ship")
        gate = self.env["stock.location"].create(
            {
                "name": "Gate",
                "usage": "internal",
                "location_id": self.warehouse.view_location_id.id,
            }
        )
        self.env["stock.rule"].create(
            {
                "name": "From the gate",
                "action": "push",
                "location_src_id": gate.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "route_id": self.warehouse.delivery_route_id.id,
                "company_id": self.company.id,
            }
        )
        order = self.create_order((self.product_a, 10))
        pick = self.transfers(order, "pick")
        pick.move_ids.location_dest_id = gate
        pick.move_line_ids.location_dest_id = gate
        self.validate(pick)
        self.assertFacts(order, *PICKED)
        self.validate(self.take_back(pick, 10))
        self.assertQuantities(order.order_line, picked=0)
        self.assertSound(order)

    def test_put_away_after_a_return(self):
        self.warehouse.write(
            {"delivery_steps": "pick_ship", "reception_steps": "three_steps"}
        )
        order = self.create_order((self.product_a, 10))
        self.validate(self.transfers(order, "pick"), {self.product_a: 5})
        out = self.transfers(order, "ship")
        self.validate(out)
        self.back_to_input(out, 5)
        self.assertTrue(self.transfers(order, None))
        self.assertQuantities(order.order_line, wanted=10, picked=5, released=10)
        while self.transfers(order, None):
            self.validate(self.transfers(order, None))
        self.assertQuantities(order.order_line, wanted=10, picked=5, shipped=5)
        self.assertFacts(order, *CONFIRMED)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_return_waiting_in_the_input(self):
        self.warehouse.write(
            {"delivery_steps": "pick_ship", "reception_steps": "two_steps"}
        )
        order = self.create_order((self.product_a, 10))
        self.validate(self.transfers(order, "pick"), {self.product_a: 5})
        out = self.transfers(order, "ship")
        self.validate(out)
        self.open_transfers(order).action_cancel()
        self.assertFacts(order, *SHIPPED)
        self.back_to_input(out, 5)
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, wanted=5, shipped=5)

    def test_resupply(self):
        """Goods of another warehouse on their way here are not shipped."""
        other = self.env["stock.warehouse"].create(
            {"name": "OMS Second", "code": "OMS2", "company_id": self.company.id}
        )
        self.warehouse.resupply_wh_ids = other
        product = self.create_product("OMS Resupplied", quantity=0)
        self.stock_up(product, 20, other)
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        product.route_ids = self.warehouse.resupply_route_ids + mto
        order = self.create_order((product, 5))
        self.assertGreater(len(order.order_line.move_ids), 2)
        for _step in range(3):
            self.assertQuantities(order.order_line, wanted=5, shipped=0, picked=0)
            self.assertFacts(order, *CONFIRMED)
            inside = self.open_transfers(order).filtered(
                lambda p: (
                    p.picking_type_id != self.warehouse.out_type_id
                    and p.state == "assigned"
                )
            )
            if not inside:
                break
            self.validate(inside)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)


@tagged("post_install", "-at_install")
class TestHoldsInside(GoodsCommon, HoldsCommon):
    def test_nothing_inside_is_stopped(self):
        self.warehouse.write(
            {"delivery_steps": "pick_ship", "reception_steps": "two_steps"}
        )
        order = self.create_order((self.product_a, 10))
        pick = self.transfers(order, "pick")
        self.validate(pick, {self.product_a: 5})
        out = self.transfers(order, "ship")
        self.validate(out, {self.product_a: 2})
        self.back_to_input(out, 2)
        self.place_hold(order)
        self.validate(self.transfers(order, None))
        back = self.take_back(pick, 3)
        self.assertFalse(back.oms_is_blocked)
        self.validate(back)
        again = self.take_back(back, 3)
        self.assertTrue(again.oms_is_blocked)
        with self.assertRaisesRegex(UserError, "on hold and cannot be picked"):
            self.validate(again)
        self.assertSound(order)

    def test_not_fooled_by_a_return_that_is_none(self):
        """Fields that anybody may write do not make a delivery a return."""
        for steps in ("ship_only", "pick_ship"):
            self.set_steps(steps)
            order = self.create_order((self.product_a, 2))
            shipped = self.create_order((self.product_a, 2))
            self.ship(shipped)
            self.place_hold(order)
            picking = self.open_transfers(order)
            for values in (
                {"origin_returned_move_id": shipped.order_line.move_ids[:1].id},
                {
                    "location_dest_id": self.env["stock.location"]
                    .search(
                        [
                            ("usage", "=", "inventory"),
                            ("company_id", "=", self.company.id),
                        ],
                        limit=1,
                    )
                    .id
                },
                {"location_dest_id": self.warehouse.wh_input_stock_loc_id.id},
            ):
                with self.subTest(steps=steps, values=list(values)):
                    picking.move_ids.write(values)
                    self.assertTrue(picking.move_ids._oms_get_steps())
                    with self.assertRaisesRegex(UserError, "is on hold"):
                        self.validate(picking)
            self.assertSound(order)


@tagged("post_install", "-at_install")
class TestPackedOnce(GoodsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_steps("pick_ship")
        cls.order = cls.create_order((cls.product_a, 10))
        cls.line = cls.order.order_line

    def carton(self):
        return self.env["stock.package"].create({"name": "OMS Carton"})

    def test_repacked_at_the_door(self):
        self.pack_into(self.transfers(self.order, "pick"), 5)
        out = self.transfers(self.order, "ship")
        out.move_line_ids.result_package_id = self.carton()
        self.assertQuantities(self.line, picked=5, packed=5)
        self.validate(out)
        self.assertQuantities(self.line, picked=5, packed=5, shipped=5)
        self.assertFacts(self.order, *CONFIRMED)

    def test_taken_out_of_the_tote(self):
        self.pack_into(self.transfers(self.order, "pick"))
        self.assertFacts(self.order, *PACKED)
        out = self.transfers(self.order, "ship")
        out.move_line_ids.result_package_id = False
        self.assertQuantities(self.line, picked=10, packed=0)
        self.assertFacts(self.order, *PICKED)
        out.move_line_ids.result_package_id = self.carton()
        self.assertQuantities(self.line, packed=10)
        self.assertFacts(self.order, *PACKED)
        out.move_line_ids.result_package_id = False
        self.validate(out)
        self.assertQuantities(self.line, packed=10, shipped=10)
        self.assertFacts(self.order, *SHIPPED)

    def test_part_of_it_repacked(self):
        tote = self.pack_into(self.transfers(self.order, "pick"), 6)
        out = self.transfers(self.order, "ship")
        (row,) = out.move_line_ids
        row.write({"quantity": 2, "result_package_id": self.carton().id})
        row.copy({"quantity": 4, "package_id": tote.id, "result_package_id": False})
        self.assertQuantities(self.line, picked=6, packed=2)
        self.validate(out)
        self.assertQuantities(self.line, packed=6, shipped=6)
        self.assertSound(self.order)

    def test_two_totes_into_one_carton(self):
        self.pack_into(self.transfers(self.order, "pick"), 6)
        self.pack_into(self.transfers(self.order, "pick"), 4)
        out = self.transfers(self.order, "ship")
        self.assertQuantities(self.line, packed=10)
        out.move_line_ids.result_package_id = self.carton()
        self.assertQuantities(self.line, picked=10, packed=10)
        self.validate(out)
        self.assertQuantities(self.line, packed=10, shipped=10)
        self.assertFacts(self.order, *SHIPPED)

    def test_tote_put_back(self):
        pick = self.transfers(self.order, "pick")
        self.pack_into(pick, 6)
        self.validate(self.take_back(pick, 6))
        self.assertQuantities(self.line, picked=0, packed=0)
        self.assertFacts(self.order, *CONFIRMED)

    def test_repacked_in_three_steps(self):
        self.set_steps("pick_pack_ship")
        order = self.create_order((self.product_a, 10))
        self.pack_into(self.transfers(order, "pick"), 6)
        pack = self.transfers(order, "pack")
        self.assertQuantities(order.order_line, picked=6, packed=0)
        pack.move_line_ids.result_package_id = self.carton()
        self.validate(pack)
        out = self.transfers(order, "ship")
        out.move_line_ids.result_package_id = self.carton()
        self.assertQuantities(order.order_line, picked=6, packed=6)
        out.move_line_ids.result_package_id = False
        self.assertQuantities(order.order_line, picked=6, packed=0)
        self.validate(out)
        self.assertQuantities(order.order_line, picked=6, packed=6, shipped=6)
        self.assertSound(order)


@tagged("post_install", "-at_install")
class TestOpenTransfer(GoodsCommon):
    """As long as a transfer to the customer is open, not all has been shipped."""

    def test_ordered_again_after_a_return(self):
        order = self.create_order((self.product_a, 5))
        out = order.picking_ids
        self.validate(out)
        self.validate(self.take_back(out, 2))
        order.order_line.product_uom_qty = 7
        self.validate(self.open_transfers(order), {self.product_a: 2})
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(order.order_line, wanted=7, shipped=7)
        self.validate(self.open_transfers(order))
        self.assertFacts(order, *SHIPPED)

    def test_exchange(self):
        for steps in ("ship_only", "pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                self.set_steps(steps)
                order = self.create_order((self.product_a, 10), (self.product_b, 1))
                self.ship(order)
                self.pay(self.invoice(order))
                order.picking_ids.filtered(
                    lambda p: p.picking_type_id.oms_step == "ship"
                ).action_oms_mark_delivered()
                self.env.flush_all()
                self.assertEqual(order.oms_cycle_state, "closed")
                out = order.picking_ids.filtered(
                    lambda p: p.picking_type_id.oms_step == "ship"
                )
                self.take_back(out, 4, self.product_a, exchange=True)
                self.env.flush_all()
                self.assertEqual(order.oms_cycle_state, "open")
                self.assertFalse(order.oms_shipped_at or order.oms_picked_at)
                self.assertSound(order)
                outgoing = self.open_transfers(order).filtered(
                    lambda p: p.picking_type_id.oms_step
                )
                self.validate(outgoing, {self.product_a: 1})
                self.assertFalse(order.oms_shipped_at)
                self.ship(order)
                self.assertTrue(order.oms_shipped_at)
                self.assertSound(order)
                self.assertQuantities(order.order_line[0], wanted=10)

    def test_exchange_given_up(self):
        order = self.create_order((self.product_a, 10))
        out = order.picking_ids
        self.validate(out)
        back = self.take_back(out, 4, exchange=True)
        self.assertFacts(order, *CONFIRMED)
        (self.open_transfers(order) - back).action_cancel()
        self.assertFacts(order, *SHIPPED)

    def test_sent_again(self):
        """The return of a return."""
        order = self.create_order((self.by_delivery, 10))
        out = order.picking_ids
        self.validate(out)
        self.invoice(order)
        back = self.take_back(out, 4)
        self.validate(back)
        again = self.take_back(back, 4)
        self.assertFalse(order.oms_shipped_at)
        self.assertSound(order)
        self.validate(again, {self.by_delivery: 3})
        self.assertFalse(order.oms_shipped_at)
        self.ship(order)
        self.assertTrue(order.oms_shipped_at)
        self.assertTrue(order.oms_invoiced_at)
        self.assertSound(order)

    def test_open_return_does_not_count(self):
        order = self.create_order((self.product_a, 10))
        self.validate(order.picking_ids)
        self.take_back(order.picking_ids, 4)
        self.assertFacts(order, *SHIPPED)


@tagged("post_install", "-at_install")
class TestVanished(GoodsCommon):
    """What is taken out of transfers is short-closed, however it went."""

    def assertGone(self, order, wanted):
        self.assertQuantities(order.order_line, wanted=wanted)
        self.assertSound(order)
        other = self.create_order((self.product_a, 10))
        self.assertQuantities(other.order_line, wanted=10)

    def test_lowered(self):
        for steps in ("ship_only", "pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                self.set_steps(steps)
                order = self.create_order((self.product_a, 10))
                self.open_transfers(order).move_ids.product_uom_qty = 6
                self.ship(order)
                self.assertGone(order, 6)
                self.assertFacts(order, *SHIPPED)

    def test_lowered_at_the_last_step(self):
        self.set_steps("pick_ship")
        order = self.create_order((self.product_a, 10))
        self.validate(self.transfers(order, "pick"))
        self.transfers(order, "ship").move_ids.product_uom_qty = 7
        self.ship(order)
        self.assertGone(order, 7)
        self.assertFacts(order, *SHIPPED)

    def test_cancelled_and_deleted(self):
        order = self.create_order((self.product_a, 10))
        self.validate(order.picking_ids, {self.product_a: 4})
        rest = self.open_transfers(order)
        rest.action_cancel()
        self.assertGone(order, 4)
        rest.unlink()
        self.assertGone(order, 4)
        self.assertFacts(order, *SHIPPED)

    def test_line_removed(self):
        order = self.create_order((self.product_a, 10), (self.product_b, 2))
        move = order.order_line[0].move_ids
        move._action_cancel()
        move.unlink()
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line[0], wanted=0)
        self.assertQuantities(order.order_line[1], wanted=2)

    def test_all_deleted(self):
        order = self.create_order((self.product_a, 10))
        order.picking_ids.unlink()
        self.assertGone(order, 0)
        self.assertFacts(order, "confirmed")
        self.assertEqual(order.oms_goods, "cancelled")

    def test_asked_for_again(self):
        order = self.create_order((self.product_a, 10))
        order.picking_ids.unlink()
        order.order_line.product_uom_qty = 12
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(order.order_line, wanted=12, released=12)

    def test_raised_without_asking_the_warehouse(self):
        order = self.create_order((self.product_a, 10))
        order.order_line.with_context(skip_procurement=True).product_uom_qty = 12
        self.assertQuantities(order.order_line, wanted=12, released=10)
        self.assertFacts(order, "confirmed")

    def test_nothing_asked_for_yet(self):
        """Held, or confirmed by an import: all of it is wanted."""
        order = self.create_order((self.product_a, 5), confirm=False)
        order.with_context(skip_procurement=True).write({"state": "sale"})
        self.assertFacts(order, "confirmed")
        self.assertQuantities(order.order_line, wanted=5, released=0)
        self.assertEqual(order.oms_goods, "wanted")

    def test_deleted_by_a_user_of_the_warehouse(self):
        user = self.create_user("oms_deleter", "stock.group_stock_manager")
        order = self.create_order((self.product_a, 10))
        order.picking_ids.with_user(user).unlink()
        self.assertGone(order, 0)

    def test_nobody_writes_what_was_asked_for(self):
        order = self.create_order((self.product_a, 10))
        manager = self.create_user("oms_forger", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            order.order_line.with_user(manager).write({"oms_launched_qty": 99})


@tagged("post_install", "-at_install")
class TestGoodsComingBack(GoodsCommon):
    def test_order_that_only_takes_back(self):
        order = self.create_order((self.by_delivery, -2))
        self.assertEqual(order.oms_goods, "back")
        self.assertFacts(order, *CONFIRMED)
        self.assertEqual(order.oms_cycle_state, "open")
        self.validate(order.picking_ids)
        self.assertTrue(order.oms_shipped_at)
        self.assertSound(order)

    def test_receipt_given_up(self):
        order = self.create_order((self.by_delivery, -2))
        order.picking_ids.action_cancel()
        self.env.flush_all()
        self.assertEqual(order.oms_goods, "cancelled")
        self.assertSound(order)

    def test_out_and_back(self):
        """What comes back does not keep the rest from having been shipped."""
        order = self.create_order((self.product_a, 5), (self.by_delivery, -2))
        out = order.picking_ids.filtered(lambda p: p.picking_type_code == "outgoing")
        self.validate(out)
        out.action_oms_mark_delivered()
        self.assertTrue(order.oms_shipped_at)
        self.assertFalse(order.oms_delivered_at)
        self.validate(self.open_transfers(order))
        self.assertTrue(order.oms_delivered_at)
        self.assertSound(order)
