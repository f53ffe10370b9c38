"""Facts are right whatever happens to an order's documents."""

from odoo import Command
from odoo.tests import tagged

from .common import OrderCycleCommon

CONFIRMED = ("confirmed", "released")
PICKED = (*CONFIRMED, "picked")
PACKED = (*PICKED, "packed")
SHIPPED = (*PACKED, "loaded", "shipped")
DELIVERED = (*SHIPPED, "delivered")


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
        self.assertFacts(order, *paid)
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

    def test_exchange_keeps_shipped(self):
        order = self.create_order((self.product_a, 10))
        self.ship(order)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 2
        wizard.action_create_exchanges()
        self.assertFacts(order, *SHIPPED)
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
