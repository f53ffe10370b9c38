"""Facts are right whatever happens to an order's documents."""

from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import OrderCycleCommon

CONFIRMED = ("confirmed", "released")
PICKED = (*CONFIRMED, "picked")
PACKED = (*PICKED, "packed")
SHIPPED = (*PACKED, "loaded", "shipped")
DELIVERED = (*SHIPPED, "delivered")
DAY_1 = "2026-03-02 08:00:00"
DAY_2 = "2026-03-03 09:00:00"
DAY_3 = "2026-03-04 10:00:00"
DAY_4 = "2026-03-05 11:00:00"


@tagged("post_install", "-at_install")
class TestFacts(OrderCycleCommon):
    def tearDown(self):
        # whatever a test did, the nightly check finds nothing to mend
        orders = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        self.env.flush_all()
        self.assertNoDrift(orders)
        super().tearDown()

    # -- steps ------------------------------------------------------------------

    def test_one_step(self):
        order = self.create_order(confirm=False)
        self.assertFacts(order)
        self.assertStage(order, "To be confirmed")
        order.action_confirm()
        self.assertFacts(order, *CONFIRMED)
        self.assertStage(order, "To be picked")
        self.validate(order.picking_ids)
        self.assertFacts(order, *SHIPPED)
        self.assertStage(order, "To be delivered")
        order.picking_ids.action_oms_mark_delivered()
        self.assertFacts(order, *DELIVERED)
        invoice = self.invoice(order)
        self.assertFacts(order, *DELIVERED, "invoiced")
        self.pay(invoice)
        self.assertFacts(order, *DELIVERED, "invoiced", "paid")
        self.assertStage(order, "closed")

    def test_two_steps(self):
        self.set_steps("pick_ship")
        order = self.create_order()
        self.assertFacts(order, *CONFIRMED)
        self.validate(self.open_transfers(order))
        self.assertFacts(order, *PICKED)
        self.assertStage(order, "To be packed")
        self.validate(self.open_transfers(order))
        self.assertFacts(order, *SHIPPED)

    def test_two_steps_packed_while_picking(self):
        self.set_steps("pick_ship")
        order = self.create_order()
        pick = self.open_transfers(order)
        pick.move_line_ids._put_in_pack()
        self.validate(pick)
        self.assertFacts(order, *PACKED)
        self.assertStage(order, "To be shipped")

    def test_three_steps(self):
        self.set_steps("pick_pack_ship")
        order = self.create_order((self.product_a, 4), (self.product_b, 6))
        self.assertFacts(order, *CONFIRMED)
        for facts, stage in (
            (PICKED, "To be packed"),
            (PACKED, "To be shipped"),
            (SHIPPED, "To be delivered"),
        ):
            self.validate(self.open_transfers(order))
            self.assertFacts(order, *facts)
            self.assertStage(order, stage)

    def test_packed_in_open_delivery(self):
        order = self.create_order((self.product_a, 4), (self.product_b, 6))
        lines = order.picking_ids.move_line_ids
        lines[0]._put_in_pack()
        self.assertFacts(order, *CONFIRMED)
        lines[1]._put_in_pack()
        self.assertFacts(order, *PACKED)
        lines.result_package_id = False
        self.assertFacts(order, *CONFIRMED)

    def test_whole_package_from_stock_is_not_packed_here(self):
        product = self.create_product("OMS Pallet Goods", quantity=0)
        package = self.env["stock.package"].create({"name": "OMS-PALLET"})
        self.env["stock.quant"]._update_available_quantity(
            product, self.warehouse.lot_stock_id, 5, package_id=package
        )
        order = self.create_order((product, 5))
        order.picking_ids.move_line_ids.result_package_id = package
        self.assertFacts(order, *CONFIRMED)

    # -- parts and rests --------------------------------------------------------

    def test_partial_delivery_and_backorder(self):
        order = self.create_order((self.product_a, 10))
        self.validate(order.picking_ids, {self.product_a: 6})
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(
            order.order_line, wanted=10, released=10, picked=6, shipped=6, delivered=0
        )
        self.validate(self.open_transfers(order))
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, wanted=10, shipped=10)

    def test_partial_in_three_steps(self):
        self.set_steps("pick_pack_ship")
        order = self.create_order((self.product_a, 10))
        self.validate(self.open_transfers(order), {self.product_a: 6})
        pack = self.open_transfers(order).filtered(
            lambda p: p.picking_type_id == self.warehouse.pack_type_id
        )
        self.validate(pack)
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(
            order.order_line, wanted=10, released=10, picked=6, packed=6, shipped=0
        )
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_short_closed_without_backorder(self):
        order = self.create_order((self.product_a, 10))
        self.validate(order.picking_ids, {self.product_a: 6}, backorder=False)
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, wanted=6, shipped=6)

    def test_short_closed_by_cancelling_backorder(self):
        order = self.create_order((self.product_a, 10))
        self.validate(order.picking_ids, {self.product_a: 6})
        self.assertFacts(order, *CONFIRMED)
        self.open_transfers(order).action_cancel()
        self.assertFacts(order, *SHIPPED)

    def test_short_closed_in_picking_of_three_steps(self):
        self.set_steps("pick_pack_ship")
        order = self.create_order((self.product_a, 10), (self.product_b, 5))
        self.validate(
            self.open_transfers(order),
            {self.product_a: 7, self.product_b: 5},
            backorder=False,
        )
        self.assertFacts(order, *PICKED)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        line_a = order.order_line[0]
        self.assertQuantities(line_a, wanted=7, picked=7, shipped=7)

    def test_short_closed_and_asked_for_again(self):
        order = self.create_order((self.product_a, 10))
        self.validate(order.picking_ids, {self.product_a: 6}, backorder=False)
        self.assertFacts(order, *SHIPPED)
        order.order_line.product_uom_qty = 12
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(order.order_line, wanted=12, shipped=6)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_everything_short_closed(self):
        order = self.create_order((self.product_a, 10))
        order.picking_ids.action_cancel()
        self.assertFacts(order, "confirmed")
        self.assertStage(order, "closed")

    # -- cancelled --------------------------------------------------------------

    def test_cancelled_before_picking(self):
        order = self.create_order()
        order._action_cancel()
        self.assertFacts(order)
        self.assertStage(order, "cancel")

    def test_cancelled_after_picking_and_reopened(self):
        self.set_steps("pick_ship")
        order = self.create_order()
        self.validate(self.open_transfers(order))
        order._action_cancel()
        self.assertFacts(order)
        self.assertEqual(order.oms_cycle_state, "cancel")
        self.assertFalse(order.oms_stage_id)
        order.action_draft()
        self.assertStage(order, "To be confirmed")

    # -- changed after shipping -------------------------------------------------

    def test_line_added_after_shipping(self):
        order = self.create_order((self.product_a, 10))
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        shipped_at = order.oms_shipped_at
        self.journal()
        order.order_line = [
            Command.create({"product_id": self.product_b.id, "product_uom_qty": 2})
        ]
        self.assertFacts(order, *CONFIRMED)
        self.assertStage(order, "To be picked")
        self.journal()
        self.assertIn(
            ("fact_cleared", "shipped"),
            [(event.kind, event.milestone) for event in order.oms_event_ids],
        )
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        self.assertGreaterEqual(order.oms_shipped_at, shipped_at)

    def test_quantity_raised_after_shipping(self):
        order = self.create_order((self.product_a, 10))
        self.ship(order)
        order.order_line.product_uom_qty = 12
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(order.order_line, wanted=12, shipped=10)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_quantity_lowered_before_shipping(self):
        order = self.create_order((self.product_a, 10))
        order.order_line.product_uom_qty = 4
        self.assertQuantities(order.order_line, wanted=4, released=4)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_over_delivery(self):
        order = self.create_order((self.by_delivery, 10))
        self.validate(order.picking_ids, {self.by_delivery: 12})
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, wanted=10, shipped=12)
        invoice = self.invoice(order)
        self.assertEqual(invoice.invoice_line_ids.quantity, 12)
        self.assertFacts(order, *SHIPPED, "invoiced")

    def test_product_added_to_transfer(self):
        order = self.create_order((self.product_a, 10))
        picking = order.picking_ids
        self.env["stock.move"].create(
            {
                "product_id": self.by_delivery.id,
                "product_uom_qty": 3,
                "quantity": 3,
                "picked": True,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.move_ids.picked = True
        self.validate(picking)
        self.assertFacts(order, *SHIPPED)
        self.invoice(order)
        self.assertFacts(order, *SHIPPED, "invoiced")

    # -- returns ----------------------------------------------------------------

    def test_return_with_refund(self):
        order = self.create_order((self.by_delivery, 10))
        self.ship(order)
        self.pay(self.invoice(order))
        paid = (*SHIPPED, "invoiced", "paid")
        self.assertFacts(order, *paid)
        back = self.return_goods(order.picking_ids, 4)
        self.assertEqual(back.state, "done")
        # what came back is to be credited
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, wanted=10, shipped=10)
        self.invoice(order, final=True)
        self.assertFacts(order, *paid)

    def test_all_returned_and_credited(self):
        order = self.create_order((self.by_delivery, 10))
        self.ship(order)
        invoice = self.invoice(order)
        self.return_goods(order.picking_ids, 10)
        credit = self.invoice(order, final=True)
        self.assertEqual(credit.move_type, "out_refund")
        (invoice + credit).line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        ).reconcile()
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")

    def test_return_without_refund(self):
        order = self.create_order((self.by_delivery, 10))
        self.ship(order)
        self.return_goods(order.picking_ids, 4, refund=False)
        self.assertFacts(order, *SHIPPED)
        self.invoice(order)
        self.assertFacts(order, *SHIPPED, "invoiced")

    def test_return_open_does_not_count(self):
        order = self.create_order((self.product_a, 10))
        self.ship(order)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 10
        wizard._create_return()
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, wanted=10, shipped=10)

    def test_exchange_is_to_be_shipped(self):
        order = self.create_order((self.product_a, 10))
        self.ship(order)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 2
        wizard.action_create_exchanges()
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(order.order_line, wanted=10, shipped=10)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    # -- what is not goods ------------------------------------------------------

    def test_service_and_comment_lines(self):
        order = self.create_order((self.product_a, 2), (self.service, 1), confirm=False)
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Section"}),
            Command.create({"display_type": "line_note", "name": "A note"}),
        ]
        order.action_confirm()
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        self.invoice(order)
        self.assertFacts(order, *SHIPPED, "invoiced")

    def test_only_services(self):
        order = self.create_order((self.service, 3))
        self.assertFacts(order, "confirmed")
        self.assertStage(order, "To be invoiced")
        self.pay(self.invoice(order))
        self.assertFacts(order, "confirmed", "invoiced", "paid")
        self.assertStage(order, "closed")

    def test_delivery_fee_line(self):
        fee = self.create_product("OMS Freight", type="service", is_storable=False)
        carrier = self.env["delivery.carrier"].create(
            {"name": "OMS Carrier", "product_id": fee.id, "fixed_price": 7}
        )
        order = self.create_order((self.product_a, 2), confirm=False)
        order.set_delivery_line(carrier, 7)
        order.action_confirm()
        self.assertTrue(order.order_line.filtered("is_delivery"))
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        self.pay(self.invoice(order))
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")

    # -- money ------------------------------------------------------------------

    def test_down_payment(self):
        order = self.create_order((self.product_a, 10))
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        wizard.create_invoices()
        deposit = order.invoice_ids
        deposit.action_post()
        self.pay(deposit)
        self.assertFacts(order, *CONFIRMED)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        final = self.invoice(order, final=True)
        self.assertFacts(order, *SHIPPED, "invoiced")
        self.pay(final)
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")

    def test_partial_payment_and_reversed_payment(self):
        order = self.create_order((self.product_a, 10))
        self.ship(order)
        invoice = self.invoice(order)
        self.pay(invoice, amount=40)
        self.assertFacts(order, *SHIPPED, "invoiced")
        self.pay(invoice)
        self.assertFacts(order, *SHIPPED, "invoiced", "paid")
        invoice.line_ids.remove_move_reconcile()
        self.assertFacts(order, *SHIPPED, "invoiced")
        self.assertStage(order, "To be delivered")

    def test_draft_invoice_is_not_invoiced(self):
        order = self.create_order((self.product_a, 10))
        self.ship(order)
        invoice = order._create_invoices()
        self.assertFacts(order, *SHIPPED)
        invoice.action_post()
        self.assertFacts(order, *SHIPPED, "invoiced")
        invoice.button_draft()
        self.assertFacts(order, *SHIPPED)

    def test_credit_note_for_everything(self):
        order = self.create_order((self.product_a, 10))
        self.ship(order)
        invoice = self.invoice(order)
        self.pay(invoice)
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        credit = self.env["account.move"].browse(reversal.reverse_moves()["res_id"])
        credit.action_post()
        # as for Odoo, all is to be invoiced again
        self.assertFacts(order, *SHIPPED)
        self.assertEqual(order.invoice_status, "to invoice")

    def test_two_orders_in_one_batch_and_one_invoice(self):
        orders = self.create_order((self.product_a, 2)) + self.create_order(
            (self.product_b, 3)
        )
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set(orders.picking_ids.ids)]}
        )
        batch.action_confirm()
        orders.picking_ids.move_ids.picked = True
        batch.action_done()
        for order in orders:
            self.assertFacts(order, *SHIPPED)
        invoice = self.invoice(orders)
        self.assertEqual(len(invoice), 1)
        self.pay(invoice, amount=20)
        for order in orders:
            self.assertFacts(order, *SHIPPED, "invoiced")
        self.pay(invoice)
        for order in orders:
            self.assertFacts(order, *SHIPPED, "invoiced", "paid")

    # -- ways to confirm and to validate ----------------------------------------

    def test_confirmed_by_import(self):
        result = self.env["sale.order"].load(
            [
                "partner_id/.id",
                "state",
                "order_line/product_id/.id",
                "order_line/product_uom_qty",
            ],
            [[str(self.customer.id), "sale", str(self.product_a.id), "5"]],
        )
        self.assertFalse(result["messages"])
        order = self.env["sale.order"].browse(result["ids"])
        self.assertTrue(order.oms_workflow_id)
        self.assertFacts(order, *CONFIRMED)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_confirmed_as_salesman(self):
        user = self.create_user("oms_seller", "sales_team.group_sale_salesman")
        order = self.create_order(confirm=False, user_id=user.id)
        self.journal()
        order.with_user(user).action_confirm()
        self.assertFacts(order, *CONFIRMED)
        self.journal()
        confirmed = order.oms_event_ids.filtered(
            lambda event: event.milestone == "confirmed"
        )
        self.assertEqual(confirmed.user_id, user)

    def test_validated_from_code_by_warehouse_user(self):
        user = self.create_user("oms_picker", "stock.group_stock_user")
        order = self.create_order()
        moves = order.picking_ids.move_ids.with_user(user)
        moves.picked = True
        moves._action_done()
        self.assertFacts(order, *SHIPPED)

    # -- companies and units ----------------------------------------------------

    def test_two_companies(self):
        other = self.create_company("OMS Other Company")
        order = self.create_order()
        env = self.env(context=dict(self.env.context, allowed_company_ids=other.ids))
        warehouse = env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.env["stock.quant"]._update_available_quantity(
            self.product_a, warehouse.lot_stock_id, 50
        )
        foreign = env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "warehouse_id": warehouse.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product_a.id, "product_uom_qty": 1}
                    )
                ],
            }
        )
        foreign.action_confirm()
        # the workflow of one company is not for the other
        self.assertEqual(order.oms_workflow_id, self.workflow)
        self.assertNotEqual(foreign.oms_workflow_id, self.workflow)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        self.assertFacts(foreign, *CONFIRMED)

    def test_cases_and_dozens(self):
        order = self.create_order(
            (self.product_a, 2, self.dozen), (self.product_b, 5, self.case)
        )
        lines = order.order_line
        self.validate(order.picking_ids, {self.product_a: 18, self.product_b: 30})
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(lines[0], wanted=2, shipped=1.5)
        self.assertQuantities(lines[1], wanted=5, shipped=5)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(lines[0], wanted=2, shipped=2)

    def test_transfer_unit_differs_from_line_unit(self):
        order = self.create_order((self.product_a, 1, self.dozen))
        move = order.picking_ids.move_ids
        self.assertEqual(move.product_qty, 12)
        move.product_uom = self.unit
        move.product_uom_qty = 12
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    # -- times ------------------------------------------------------------------

    def test_times_come_from_documents(self):
        order = self.create_order()
        self.ship(order)
        order.picking_ids.move_ids.date = "2026-03-04 05:06:07"
        self.env.flush_all()
        self.assertEqual(str(order.oms_shipped_at), "2026-03-04 05:06:07")
        self.assertEqual(order.oms_picked_at, order.oms_shipped_at)

    # -- cancelled in other warehouses ------------------------------------------

    def test_cancelled_after_picking_in_one_step(self):
        order = self.create_order((self.product_a, 10))
        order.picking_ids.move_line_ids._put_in_pack()
        order.picking_ids.move_ids.picked = True
        self.assertFacts(order, *PACKED)
        order._action_cancel()
        self.assertFacts(order)
        self.assertStage(order, "cancel")
        order.action_draft()
        self.assertStage(order, "To be confirmed")

    def test_cancelled_after_a_part_was_shipped_in_one_step(self):
        order = self.create_order((self.product_a, 10))
        self.validate(order.picking_ids, {self.product_a: 6})
        order._action_cancel()
        self.assertFacts(order)
        self.assertStage(order, "cancel")
        # confirmed again, what left has left
        order.action_draft()
        order.action_confirm()
        self.assertFacts(order, *CONFIRMED)
        self.assertQuantities(order.order_line, wanted=10, shipped=6)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_cancelled_in_three_steps(self):
        self.set_steps("pick_pack_ship")
        for validated in range(3):
            with self.subTest(validated=validated):
                order = self.create_order((self.product_a, 10))
                for _step in range(validated):
                    self.validate(self.open_transfers(order))
                self.assertFacts(order, *(CONFIRMED, PICKED, PACKED)[validated])
                order._action_cancel()
                self.assertFacts(order)
                self.assertStage(order, "cancel")
                order.action_draft()
                self.assertFacts(order)
                self.assertStage(order, "To be confirmed")

    # -- ways and companies -----------------------------------------------------

    def test_confirmed_by_import_over_a_quotation(self):
        order = self.create_order((self.product_a, 5), confirm=False)
        result = self.env["sale.order"].load(
            [".id", "state"], [[str(order.id), "sale"]]
        )
        self.assertFalse(result["messages"])
        self.assertTrue(order.oms_workflow_id)
        # writing the state, Odoo makes no transfer
        self.assertFalse(order.picking_ids)
        self.assertFacts(order, "confirmed")
        self.assertStage(order, "To be released")
        order.order_line._action_launch_stock_rule()
        self.assertFacts(order, *CONFIRMED)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_sold_to_another_company_of_the_group(self):
        transit = self.env.ref("stock.stock_location_inter_company")
        transit.sudo().active = True
        other = self.create_company("OMS Sister Company")
        other.partner_id.with_company(self.company).property_stock_customer = transit
        for steps in ("ship_only", "pick_pack_ship"):
            with self.subTest(steps=steps):
                self.set_steps(steps)
                order = self.create_order(
                    (self.by_delivery, 10), partner_id=other.partner_id.id
                )
                self.assertFacts(order, *CONFIRMED)
                self.ship(order)
                delivery = order.picking_ids.move_ids.filtered(
                    lambda move: move.location_dest_id == transit
                ).picking_id
                self.assertTrue(delivery)
                self.assertFacts(order, *SHIPPED)
                self.return_goods(delivery, 4, refund=False)
                self.assertFacts(order, *SHIPPED)
                self.assertQuantities(order.order_line, wanted=10, shipped=10)

    # -- units that differ much -------------------------------------------------

    def create_unit(self, name, factor, unit=None):
        return self.env["uom.uom"].create(
            {
                "name": name,
                "relative_factor": factor,
                "relative_uom_id": (unit or self.unit).id,
            }
        )

    def test_part_of_a_large_pack(self):
        pack = self.create_unit("OMS Pack of 1000", 1000)
        self.stock_up(self.product_a, 1000)
        order = self.create_order((self.product_a, 1, pack))
        self.validate(order.picking_ids, {self.product_a: 996})
        self.assertFacts(order, *CONFIRMED)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_few_of_a_large_pack(self):
        pack = self.create_unit("OMS Pack of 1000", 1000)
        self.stock_up(self.product_a, 1000)
        order = self.create_order((self.product_a, 1, pack))
        self.validate(order.picking_ids, {self.product_a: 4}, backorder=False)
        self.assertFacts(order, *SHIPPED)

    def test_invoice_is_rounded_in_the_unit_of_the_line(self):
        pack = self.create_unit("OMS Pack of 1000", 1000)
        self.stock_up(self.by_delivery, 1000)
        order = self.create_order((self.by_delivery, 1, pack))
        self.validate(order.picking_ids, {self.by_delivery: 994}, backorder=False)
        invoice = self.invoice(order)
        self.assertEqual(invoice.invoice_line_ids.quantity, 0.99)
        self.assertFacts(order, *SHIPPED, "invoiced")

    def test_product_counted_in_a_larger_unit(self):
        product = self.create_product("OMS By the Dozen", uom_id=self.dozen.id)
        # a twelfth of a dozen is 0.08
        order = self.create_order((product, 1, self.unit))
        self.assertFacts(order, *CONFIRMED)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    # -- times ------------------------------------------------------------------

    def assertTimes(self, order, **times):
        """Check facts' times, e.g. ``packed="2026-03-04 10:00:00"``."""
        self.env.flush_all()
        self.assertEqual({name: str(order[f"oms_{name}_at"]) for name in times}, times)

    def create_tote(self):
        tote = self.env["stock.package"].create({"name": "OMS Tote"})
        self.backdate(tote, "2025-06-01 12:00:00")
        return tote

    def backdate(self, records, moment):
        """Give records another time of creation, as if time had passed."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id IN %s",
                SQL.identifier(records._table),
                moment,
                tuple(records.ids),
            )
        )
        records.invalidate_recordset(["create_date"])

    def forget(self, records, name):
        """Documents of the time before the addon was there."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = NULL WHERE id IN %s",
                SQL.identifier(records._table),
                SQL.identifier(name),
                tuple(records.ids),
            )
        )
        records.invalidate_recordset([name])

    def test_packed_into_an_old_tote(self):
        tote = self.create_tote()
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
        with freeze_time(DAY_2):
            order.picking_ids.move_line_ids._put_in_pack(package_id=tote.id)
        self.assertTimes(order, released=DAY_1, picked=DAY_2, packed=DAY_2)
        with freeze_time(DAY_3):
            # nothing new is in it
            order.picking_ids.move_line_ids.result_package_id = tote
            order.picking_ids.move_line_ids.quantity = 8
        self.assertEqual(str(order.picking_ids.move_line_ids.oms_packed_at), DAY_2)
        with freeze_time(DAY_4):
            order.picking_ids.move_line_ids.quantity = 10
        self.assertTimes(order, released=DAY_1, picked=DAY_4, packed=DAY_4)

    def test_packed_into_an_old_tote_while_picking(self):
        self.set_steps("pick_ship")
        tote = self.create_tote()
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
        with freeze_time(DAY_2):
            self.open_transfers(order).move_line_ids._put_in_pack(package_id=tote.id)
        with freeze_time(DAY_3):
            self.validate(self.open_transfers(order))
        self.assertTimes(order, released=DAY_1, picked=DAY_3, packed=DAY_3)
        with freeze_time(DAY_4):
            self.ship(order)
        self.assertTimes(
            order, released=DAY_1, picked=DAY_3, packed=DAY_3, shipped=DAY_4
        )

    def test_packed_time_outlives_shipping(self):
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10), (self.product_b, 5))
        line_a, line_b = order.picking_ids.move_line_ids
        with freeze_time(DAY_2):
            line_a._put_in_pack()
        with freeze_time(DAY_3):
            line_b._put_in_pack()
        with freeze_time(DAY_4):
            self.ship(order)
        self.assertTimes(order, released=DAY_1, packed=DAY_3, shipped=DAY_4)

    def test_packed_time_of_parts(self):
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
        with freeze_time(DAY_2):
            # not in a package at all
            self.validate(order.picking_ids, {self.product_a: 6})
        self.assertFacts(order, *CONFIRMED)
        with freeze_time(DAY_3):
            self.open_transfers(order).move_line_ids._put_in_pack()
        self.assertFacts(order, *PACKED)
        self.assertQuantities(order.order_line, wanted=10, packed=10, shipped=6)
        with freeze_time(DAY_4):
            self.ship(order)
        self.assertTimes(order, released=DAY_1, packed=DAY_3, shipped=DAY_4)

    def test_packed_by_the_packing_transfer(self):
        self.set_steps("pick_pack_ship")
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
            self.validate(self.open_transfers(order))
        with freeze_time(DAY_2):
            self.validate(self.open_transfers(order))
        with freeze_time(DAY_3):
            # wrapped once more before it leaves
            self.open_transfers(order).move_line_ids._put_in_pack()
        self.assertTimes(order, picked=DAY_1, packed=DAY_2)
        with freeze_time(DAY_4):
            self.ship(order)
        self.assertTimes(order, picked=DAY_1, packed=DAY_2, shipped=DAY_4)

    def test_packed_before_the_addon_was_there(self):
        with freeze_time(DAY_4):
            order = self.create_order((self.product_a, 10))
            lines = order.picking_ids.move_line_ids
            lines._put_in_pack()
        self.backdate(order.picking_ids.move_ids, DAY_1)
        self.forget(order.picking_ids.move_ids, "oms_released_at")
        self.backdate(lines, DAY_1)
        self.backdate(lines.result_package_id, DAY_2)
        self.forget(lines, "oms_packed_at")
        order._oms_rederive()
        self.assertTimes(order, released=DAY_1, packed=DAY_2)
        # an old tote tells nothing
        self.backdate(lines.result_package_id, "2025-06-01 12:00:00")
        order._oms_rederive()
        self.assertTimes(order, released=DAY_1, packed=DAY_1)
        with freeze_time(DAY_3):
            self.ship(order)
        self.assertTimes(order, released=DAY_1, packed=DAY_3, shipped=DAY_3)

    def test_package_turns_out_to_come_from_stock(self):
        package = self.env["stock.package"].create({"name": "OMS-PALLET"})
        self.env["stock.quant"]._update_available_quantity(
            self.product_a, self.warehouse.lot_stock_id, 10, package_id=package
        )
        order = self.create_order((self.product_a, 10))
        lines = order.picking_ids.move_line_ids
        self.assertFalse(lines.package_id)
        lines.result_package_id = package
        self.assertFacts(order, *PACKED)
        lines.package_id = package
        self.assertFacts(order, *CONFIRMED)

    def test_raised_quantity_is_released_when_the_hold_is_lifted(self):
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Raised", "check": "manual", "block_release": True}
        )
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
        self.assertTimes(order, released=DAY_1)
        with freeze_time(DAY_2):
            hold = order._oms_place_hold(hold_type, "Is it really meant?")
            order.order_line.product_uom_qty = 12
        self.assertFacts(order, "confirmed")
        with freeze_time(DAY_3):
            hold.action_lift()
        # it joined the move that was there
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 12)
        self.assertTimes(order, released=DAY_3)
        with freeze_time(DAY_4):
            self.ship(order)
        self.assertTimes(order, released=DAY_3, shipped=DAY_4)

    def test_released_time_of_a_raise_after_shipping(self):
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
            self.ship(order)
        with freeze_time(DAY_3):
            order.order_line.product_uom_qty = 12
        self.assertTimes(order, released=DAY_3)
        with freeze_time(DAY_4):
            # short-closed, it is no longer wanted
            self.open_transfers(order).action_cancel()
        self.assertTimes(order, released=DAY_1, shipped=DAY_1)

    def test_released_time_of_a_lowered_quantity(self):
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
        with freeze_time(DAY_3):
            order.order_line.product_uom_qty = 7
        self.assertTimes(order, released=DAY_1)
        self.assertQuantities(order.order_line, wanted=7, released=7)

    def test_released_time_of_an_added_line(self):
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
        with freeze_time(DAY_3):
            order.order_line = [
                Command.create({"product_id": self.product_b.id, "product_uom_qty": 2})
            ]
        self.assertTimes(order, released=DAY_3)

    def test_backorders_are_not_released_anew(self):
        for steps in ("ship_only", "pick_pack_ship"):
            with self.subTest(steps=steps):
                self.set_steps(steps)
                with freeze_time(DAY_1):
                    order = self.create_order((self.product_a, 10))
                with freeze_time(DAY_2):
                    self.validate(order.picking_ids, {self.product_a: 6})
                with freeze_time(DAY_3):
                    self.validate(self.open_transfers(order)[:1])
                self.assertTimes(order, released=DAY_1)
                with freeze_time(DAY_4):
                    self.ship(order)
                self.assertTimes(
                    order,
                    released=DAY_1,
                    shipped=(DAY_3 if steps == "ship_only" else DAY_4),
                )

    def test_backorders_before_the_addon_was_there(self):
        order = self.create_order((self.product_a, 10))
        first = order.picking_ids.move_ids
        self.backdate(first, DAY_1)
        self.forget(first, "oms_released_at")
        self.validate(order.picking_ids, {self.product_a: 6})
        self.assertFalse((order.picking_ids.move_ids - first).oms_released_at)
        self.assertTimes(order, released=DAY_1)
        with freeze_time(DAY_3):
            order.order_line.product_uom_qty = 11
        self.assertTimes(order, released=DAY_3)

    def test_waves_do_not_release_anew(self):
        shelf = self.env["stock.location"].create(
            {"name": "OMS Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        product = self.create_product("OMS In Two Places", quantity=6)
        self.env["stock.quant"]._update_available_quantity(product, shelf, 4)
        with freeze_time(DAY_1):
            order = self.create_order((product, 10))
        with freeze_time(DAY_2):
            order.picking_ids.move_line_ids[:1]._add_to_wave()
        self.assertEqual(len(order.picking_ids.move_ids), 2)
        self.assertTimes(order, released=DAY_1)

    def test_steps_of_a_raise_know_when_it_was_released(self):
        self.set_steps("pick_pack_ship")
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
        with freeze_time(DAY_2):
            self.validate(self.open_transfers(order))
            self.assertTimes(order, released=DAY_1, picked=DAY_2)
            order.order_line.product_uom_qty = 12
        self.assertTimes(order, released=DAY_2)
        with freeze_time(DAY_3):
            self.ship(order)
        self.assertTimes(order, released=DAY_2, picked=DAY_3, shipped=DAY_3)

    def test_exchange_is_not_released_anew(self):
        with freeze_time(DAY_1):
            order = self.create_order((self.product_a, 10))
        with freeze_time(DAY_2):
            self.ship(order)
        with freeze_time(DAY_3):
            wizard = (
                self.env["stock.return.picking"]
                .with_context(
                    active_id=order.picking_ids.id, active_model="stock.picking"
                )
                .create({})
            )
            wizard.product_return_moves.quantity = 2
            wizard.action_create_exchanges()
        self.assertTimes(order, released=DAY_1)
