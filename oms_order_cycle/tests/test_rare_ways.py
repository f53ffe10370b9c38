"""What people tell of other systems: rare ways, each with the value that is right."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_holds import HoldsCommon
from .test_facts_goods import CONFIRMED, PACKED, PICKED, SHIPPED, GoodsCommon


@tagged("post_install", "-at_install")
class TestRareGoods(GoodsCommon):
    def test_rest_given_up_then_part_of_it_back(self):
        order = self.create_order((self.by_delivery, 10))
        out = order.picking_ids
        self.validate(out, {self.by_delivery: 6}, backorder=False)
        self.return_goods(out, 2)
        self.assertQuantities(order.order_line, wanted=6, shipped=6)
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_total, 40)
        self.pay(invoice)
        self.env.flush_all()
        self.assertTrue(order.oms_invoiced_at)
        self.assertTrue(order.oms_paid_at)
        self.assertSound(order)

    def test_return_of_a_return_of_a_return(self):
        order = self.create_order((self.by_delivery, 10))
        self.validate(order.picking_ids)
        back = self.take_back(order.picking_ids, 4)
        self.validate(back)
        again = self.take_back(back, 4)
        self.validate(again)
        once_more = self.take_back(again, 3)
        self.assertTrue(order.oms_shipped_at, "what is to come back is not to be sent")
        self.validate(once_more)
        self.assertTrue(order.oms_shipped_at)
        self.assertEqual(order.order_line.qty_delivered, 7)
        self.assertEqual(self.invoice(order).amount_total, 70)
        self.assertSound(order)

    def test_warehouse_changed_after_confirmation(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Other", "code": "OTH", "company_id": self.company.id}
        )
        self.stock_up(self.product_a, 50, other)
        order = self.create_order((self.product_a, 10))
        first = order.picking_ids
        first.action_cancel()
        self.assertEqual(order.oms_goods, "cancelled")
        order.warehouse_id = other
        order.order_line.product_uom_qty = 12
        self.assertQuantities(order.order_line, wanted=12, shipped=0)
        self.assertEqual(order.oms_goods, "wanted")
        moves = order.picking_ids - first
        self.assertEqual(moves.picking_type_id, other.out_type_id)
        self.validate(moves)
        self.assertFacts(order, *SHIPPED)

    def test_pull_cancelled_in_the_middle(self):
        self.set_steps("pick_pack_ship")
        order = self.create_order((self.product_a, 10))
        self.validate(self.transfers(order, "pick"), {self.product_a: 6})
        self.transfers(order, "pack").action_cancel()
        self.transfers(order, "ship").action_cancel()
        self.assertSound(order)
        # the four that are not picked yet are still to be brought
        self.assertQuantities(order.order_line, wanted=4, shipped=0)
        self.ship(order)
        self.assertQuantities(order.order_line, wanted=4, shipped=4)
        self.assertTrue(order.oms_shipped_at)
        self.assertSound(order)

    def test_product_archived(self):
        order = self.create_order((self.product_a, 10))
        self.product_a.product_tmpl_id.action_archive()
        self.assertFacts(order, *CONFIRMED)
        self.ship(order)
        self.assertFacts(order, *SHIPPED)

    def test_invoiced_credited_and_invoiced_again(self):
        order = self.create_order((self.product_a, 10))
        self.ship(order)
        first = self.invoice(order)
        refund = first._reverse_moves(
            [{"invoice_date": fields.Date.today()}], cancel=True
        )
        self.assertEqual(refund.state, "posted")
        self.env.flush_all()
        self.assertSound(order)
        self.assertFalse(order.oms_paid_at)
        second = self.invoice(order)
        self.env.flush_all()
        self.assertTrue(order.oms_invoiced_at)
        self.assertFalse(order.oms_paid_at)
        self.pay(second)
        self.env.flush_all()
        self.assertTrue(order.oms_paid_at)
        self.assertSound(order)

    def test_one_payment_for_part_of_two_invoices(self):
        orders = self.create_order() + self.create_order()
        self.ship(orders)
        invoices = self.env["account.move"].union(
            *(self.invoice(order) for order in orders)
        )
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"group_payment": True, "amount": 150})
        )
        wizard._create_payments()
        self.env.flush_all()
        paid = invoices.filtered(lambda move: not move.amount_residual)
        self.assertEqual(len(paid), 1)
        self.assertEqual(
            orders.filtered("oms_paid_at"), paid.line_ids.sale_line_ids.order_id
        )
        self.assertEqual(set(orders._oms_get_prepaid().values()), {100, 50})
        self.assertSound(orders)

    def test_down_payment_of_a_cancelled_order(self):
        order = self.create_order()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": 30,
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.action_post()
        self.pay(invoice)
        order._action_cancel()
        self.env.flush_all()
        self.assertEqual(order.oms_cycle_state, "cancel")
        other = self.create_order()
        position = other._oms_get_credit_positions()[other]
        self.assertEqual(
            (position.receivable, position.ahead, position.own), (0, 0, 100)
        )
        self.assertEqual(other._oms_get_prepaid()[other], 0)
        invoice._reverse_moves([{"invoice_date": fields.Date.today()}]).action_post()
        # what is owed to the customer is his money on account
        self.assertEqual(other._oms_get_prepaid()[other], 30)
        self.assertNoDrift(order + other)

    # -- whole packages ---------------------------------------------------------------

    def stored_package(self, product, quantity):
        package = self.env["stock.package"].create({"name": "OMS Stored"})
        self.env["stock.quant"]._update_available_quantity(
            product, self.warehouse.lot_stock_id, quantity, package_id=package
        )
        return package

    def test_whole_package_goes_through_all_steps(self):
        self.set_steps("pick_pack_ship")
        product = self.create_product("OMS Pallet Goods", quantity=0)
        package = self.stored_package(product, 10)
        order = self.create_order((product, 10))
        pick = self.transfers(order, "pick")
        pick.action_assign()
        pick.move_line_ids.unlink()
        pick.action_add_entire_packs(package.ids)
        self.assertTrue(pick.move_line_ids.is_entire_pack)
        self.assertEqual(pick.move_line_ids.result_package_id, package)
        self.validate(pick)
        self.assertQuantities(order.order_line, wanted=10, picked=10, shipped=0)
        self.assertFacts(order, *PICKED)
        pack = self.transfers(order, "pack")
        self.validate(pack)
        self.assertFacts(order, *PACKED)
        out = self.transfers(order, "ship")
        self.assertEqual(out.move_line_ids.result_package_id, package)
        self.validate(out)
        self.assertFacts(order, *SHIPPED)
        self.assertQuantities(order.order_line, wanted=10, picked=10, shipped=10)
        self.validate(self.take_back(out, 10))
        self.assertFacts(order, *SHIPPED)

    def test_package_of_two_products_for_two_lines(self):
        first = self.create_product("OMS First", quantity=0)
        second = self.create_product("OMS Second", quantity=0)
        package = self.stored_package(first, 4)
        self.env["stock.quant"]._update_available_quantity(
            second, self.warehouse.lot_stock_id, 6, package_id=package
        )
        order = self.create_order((first, 4), (second, 6))
        out = order.picking_ids
        out.move_line_ids.unlink()
        out.action_add_entire_packs(package.ids)
        self.validate(out)
        self.assertFacts(order, *SHIPPED)
        for line, quantity in zip(order.order_line, (4, 6), strict=True):
            self.assertQuantities(line, wanted=quantity, shipped=quantity)


@tagged("post_install", "-at_install")
class TestRareHolds(HoldsCommon):
    def test_whole_package_of_a_held_order(self):
        product = self.create_product("OMS Pallet Goods", quantity=0)
        package = self.env["stock.package"].create({"name": "OMS Stored"})
        self.env["stock.quant"]._update_available_quantity(
            product, self.warehouse.lot_stock_id, 5, package_id=package
        )
        order = self.create_order((product, 5))
        out = order.picking_ids
        out.move_line_ids.unlink()
        out.action_add_entire_packs(package.ids)
        hold = self.place_hold(order)
        with self.assertRaisesRegex(UserError, order.name), self.cr.savepoint():
            self.validate(out)
        hold.action_lift("Said so")
        self.validate(out)
        self.assertEqual(out.state, "done")

    def test_free_transfers_of_a_batch_go_when_the_held_one_is_taken_out(self):
        held, free = self.create_order(), self.create_order()
        self.place_hold(held)
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set((held + free).picking_ids.ids)]}
        )
        batch.action_confirm()
        with self.assertRaisesRegex(UserError, held.name), self.cr.savepoint():
            batch.action_done()
        self.assertEqual(set(batch.picking_ids.mapped("state")), {"assigned"})
        batch.picking_ids -= held.picking_ids
        batch.action_done()
        self.env.flush_all()
        self.assertTrue(free.oms_shipped_at)
        self.assertFalse(held.oms_shipped_at)
        self.assertNoDrift(held + free)

    def test_sent_again_is_stopped_coming_back_is_not(self):
        order = self.create_order()
        out = order.picking_ids
        self.validate(out)
        self.place_hold(order)
        back = self.return_goods(out, 4)
        self.assertEqual(back.state, "done")
        again = self.return_goods
        with self.assertRaisesRegex(UserError, order.name), self.cr.savepoint():
            again(back, 4)

    def test_locked_order(self):
        order = self.create_order(confirm=False)
        hold_type = self.create_hold_type("Wait", block_release=True)
        hold = self.place_hold(order, hold_type)
        order.action_confirm()
        order.action_lock()
        self.assertNotReleased(order)
        hold.action_lift("Said so")
        self.assertReleased(order)

    def test_copy_has_no_holds_and_is_checked_itself(self):
        minimum = self.create_hold_type("Minimum", "min_value", min_amount=101)
        order = self.create_order()
        self.assertHeld(order, minimum)
        order.oms_hold_ids.action_override("Said so", 0.0, False)
        self.assertReleased(order)
        copy = order.copy()
        self.assertFalse(copy.oms_hold_ids)
        self.assertFalse(copy.oms_event_ids)
        self.assertFalse(copy.oms_released_at)
        self.assertFalse(copy.oms_has_limited_decision)
        copy.action_confirm()
        self.assertHeld(copy, minimum)

    def test_held_product_is_archived(self):
        minimum = self.create_hold_type("Minimum", "min_value", min_amount=101)
        order = self.create_order()
        self.product_a.product_tmpl_id.action_archive()
        self.assertHeld(order, minimum)
        order.oms_hold_ids.action_lift("Said so")
        self.assertReleased(order)
        self.ship(order)
        self.assertTrue(order.oms_shipped_at)

    def test_customers_merged(self):
        """Orders of both count for the one that is left, and its lock works on."""
        credit = self.create_hold_type("Credit", "credit_limit")
        twin = self.create_customer("OMS Customer Twin", credit_limit=150)
        self.customer.credit_limit = 150
        first = self.create_order()
        of_twin = self.create_order(partner_id=twin.id)
        held = self.create_order(partner_id=twin.id)
        self.assertHeld(held, credit)
        twin.write({"oms_is_stopped": True, "oms_stop_reason": "Insolvent"})
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer + twin).ids, self.customer
        )
        self.env.invalidate_all()
        self.assertFalse(twin.exists())
        self.assertEqual(held.partner_id, self.customer)
        self.assertTrue(self.customer.oms_is_stopped)
        self.assertEqual(self.customer.oms_stop_reason, "Insolvent")
        self.assertHeld(held, credit)
        position = held._oms_get_credit_positions()[held]
        self.assertEqual((position.ahead, position.own), (200, 100))
        later = self.create_order()
        self.assertHeld(later, credit)
        self.assertEqual(later._oms_get_credit_positions()[later].ahead, 300)
        self.customer.credit_limit = 400
        (held + later)._oms_recheck_holds("cron")
        for order in first + of_twin + held + later:
            self.assertReleased(order)
        self.assertNoDrift(first + of_twin + held + later)

    def test_limit_of_each_company(self):
        credit = self.create_hold_type("Credit", "credit_limit")
        other = self.create_company("OMS Other")
        self.customer.credit_limit = 150
        self.customer.with_company(other).credit_limit = 50
        self.assertHeld(self.create_order())
        self.assertHeld(self.create_order(), credit)
        here = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        # looked at by a cron, whose company is another
        foreign = here.with_company(other)
        foreign._oms_recheck_holds("cron")
        self.assertEqual(
            here.filtered("oms_is_held"), here.sorted("id")[-1], "nothing changed"
        )
