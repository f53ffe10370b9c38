"""Holds look again at what was changed, and see orders that are confirmed meanwhile."""

from threading import Barrier, Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import AccessError, UserError
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged

from .common_holds import HoldsCommon


@tagged("post_install", "-at_install")
class TestTemporaryChange(HoldsCommon):
    """What lifted itself because the order was changed looks again afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.state_id = cls.env.ref("base.state_us_5")
        cls.seller = cls.create_user(
            "oms_changing_seller", "sales_team.group_sale_salesman_all_leads"
        )

    def change(self, order, values, line_values=None):
        if values:
            order.with_user(self.seller).write(values)
        if line_values:
            order.order_line.with_user(self.seller).write(line_values)
        self.env.flush_all()

    def assertStopped(self, order, hold_type):
        """Released, and stopped before the goods leave, whatever the type blocks."""
        self.assertHeld(order, hold_type)
        self.assertTrue(self.open_holds(order).stops_rest)
        self.assertTrue(order.picking_ids.oms_is_blocked)
        with (
            self.assertRaisesRegex(UserError, hold_type.name),
            self.env.cr.savepoint(),
        ):
            order.picking_ids.button_validate()

    def create_cases(self):
        """(values of the hold type, values of an order, change, change back)"""
        rich = self.create_customer("OMS Rich Customer")
        late = self.env.ref("account.account_payment_term_30days")
        poor = self.create_customer("OMS Poor Customer", credit_limit=50)
        self.customer.credit_limit = 50
        rich.credit_limit = 100000
        self.create_order(client_order_ref="R1")
        terms = f"[('payment_term_id', '=', {late.id})]"
        return [
            ({"check": "prepayment"}, {}, ({}, {"price_unit": 0})),
            ({"check": "prepayment"}, {}, ({}, {"discount": 100})),
            ({"check": "credit_limit"}, {}, ({"partner_invoice_id": rich.id}, {})),
            (
                {"check": "credit_limit"},
                {"partner_id": poor.id},
                ({}, {"product_uom_qty": 1}),
            ),
            (
                {"check": "duplicate_ref"},
                {"client_order_ref": "R1"},
                ({"client_order_ref": "R2"}, {}),
            ),
            (
                {"check": "domain", "domain": terms},
                {"payment_term_id": late.id},
                ({"payment_term_id": False}, {}),
            ),
        ]

    def test_changed_and_changed_back(self):
        for values, order_values, change in self.create_cases():
            with self.subTest(**values, change=change):
                self.workflow.hold_type_ids = [Command.clear()]
                hold_type = self.create_hold_type("Cause", **values)
                order = self.create_order(**order_values)
                self.assertHeld(order, hold_type)
                before = [
                    record._convert_to_write({name: record[name] for name in names})
                    for record, names in zip(
                        (order, order.order_line), change, strict=True
                    )
                ]
                self.change(order, *change)
                self.assertHeld(order)
                self.assertTrue(order.picking_ids)
                self.change(order, *before)
                if "product_uom_qty" in change[1]:
                    # the growth waits; so does what is with the warehouse already
                    self.assertHeld(order, hold_type)
                else:
                    self.assertStopped(order, hold_type)
                # whoever may lift it lets it go
                self.open_holds(order).action_lift()
                self.validate(order.picking_ids)
                self.assertTrue(order.oms_shipped_at)

    def test_cheap_until_confirmed(self):
        """Nothing was held: the price was zero when the order was confirmed."""
        hold_type = self.create_hold_type("Paid First", "prepayment")
        order = self.create_order(confirm=False)
        order.order_line.price_unit = 0
        order.action_confirm()
        self.assertReleased(order)
        self.change(order, {}, {"price_unit": 10})
        self.assertStopped(order, hold_type)

    def test_address_emptied_again(self):
        hold_type = self.create_hold_type("Address", "address")
        self.customer.street = False
        order, other = self.create_order(), self.create_order()
        self.assertHeld(order, hold_type)
        self.customer.street = "x"
        self.run_cron()
        self.assertHeld(order)
        self.assertReleased(order)
        self.customer.street = False
        with (
            self.assertRaisesRegex(UserError, "Address"),
            self.env.cr.savepoint(),
        ):
            order.picking_ids.button_validate()
        self.run_cron()
        self.assertStopped(other, hold_type)

    def test_what_did_not_change_stays_lifted(self):
        """Its cause may come back by itself: only types that look again see it."""
        hold_type = self.create_hold_type("Overdue", "overdue")
        invoice = self.create_order()._create_invoices()
        invoice.invoice_date = "2026-01-01"
        invoice.invoice_date_due = "2026-01-02"
        invoice.action_post()
        order = self.create_order()
        self.assertHeld(order, hold_type)
        self.pay(invoice)
        self.run_cron()
        self.assertReleased(order)
        self.validate(order.picking_ids)
        self.assertTrue(order.oms_shipped_at)

    def test_what_was_accepted_stays_accepted(self):
        hold_type = self.create_hold_type("Paid First", "prepayment")
        order = self.create_order()
        self.assertHeld(order, hold_type)
        order.oms_hold_ids.action_lift()
        self.change(order, {}, {"price_unit": 0})
        self.change(order, {}, {"price_unit": 10})
        self.assertHeld(order)
        self.change(order, {}, {"price_unit": 11})
        self.assertStopped(order, hold_type)

    def test_whoever_sells_makes_orders(self):
        """With his own rights: what is ours and not to be read stops nobody."""
        order = (
            self.env["sale.order"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": self.customer.id,
                    "client_order_ref": " P 1 ",
                    "order_line": [Command.create({"product_id": self.product_a.id})],
                }
            )
        )
        order.action_confirm()
        self.assertReleased(order.sudo())

    # -- who may have it looked at again ----------------------------------------

    def test_looking_again_needs_the_right_to_change_the_order(self):
        self.create_hold_type("Address", "address")
        self.customer.street = False
        order = self.create_order()
        portal = self.create_user("oms_portal_customer", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        order.message_subscribe(portal.partner_id.ids)
        self.customer.street = "there"
        reader = self.create_user("oms_reading", "account.group_account_readonly")
        for user in (portal, reader):
            with self.subTest(user=user.login):
                for method in ("action_oms_recheck_holds", "action_oms_release"):
                    with self.assertRaises(AccessError):
                        getattr(order.with_user(user), method)()
                with self.assertRaises(AccessError):
                    order.oms_hold_ids.with_user(user).action_recheck()
        self.assertNotReleased(order)
        order.with_user(self.seller).action_oms_recheck_holds()
        self.assertReleased(order)


@tagged("post_install", "-at_install")
class TestTwoAtOnce(HoldsCommon):
    def test_the_faster_one_counts_for_the_other(self):
        """Whoever was let go saw nobody before it, whatever the numbers say."""
        for values in ({"check": "credit_limit"}, {"check": "duplicate_ref"}):
            with self.subTest(**values):
                self.workflow.hold_type_ids = [Command.clear()]
                customer = self.create_customer("OMS Fast Customer", credit_limit=100)
                hold_type = self.create_hold_type("Cause", **values)
                slow, fast = (
                    self.create_order(
                        (self.product_a, 8),
                        confirm=False,
                        partner_id=customer.id,
                        client_order_ref="SAME",
                    )
                    for _n in range(2)
                )
                with self.frozen():
                    fast.action_confirm()
                    self.env.flush_all()
                    slow.action_confirm()
                self.assertEqual(slow.date_order, fast.date_order)
                self.assertReleased(fast)
                self.assertHeld(slow, hold_type)
                (slow + fast)._oms_recheck_holds("cron")
                self.assertHeld(slow, hold_type)
                self.assertHeld(fast)

    def frozen(self):
        moment = self.env.cr.now().replace(microsecond=0)
        return patch("odoo.fields.Datetime.now", lambda *args: moment)

    def test_only_where_other_orders_count(self):
        met = []
        lock = type(self.env["oms.customer.lock"])
        original = lock._meet

        def meet(self, customers):
            met.extend(sorted(customers))
            return original(self, customers)

        other = self.create_customer("OMS Other Customer")
        with patch.object(lock, "_meet", meet):
            self.create_hold_type("Minimum", "min_value", min_amount=1)
            self.create_order()
            self.assertFalse(met)
            self.create_hold_type("Credit", "credit_limit")
            orders = self.create_order(confirm=False) + self.create_order(
                confirm=False, partner_id=other.id
            )
            orders.action_confirm()
        root = self.company.root_id.id
        self.assertEqual(met, sorted([(self.customer.id, root), (other.id, root)]))


@tagged("post_install", "-at_install")
class TestTwoConnections(TransactionCase):
    """Two real transactions that look at one customer at the same moment."""

    def setUp(self):
        super().setUp()
        self.key = (
            self.env.ref("base.main_partner").id,
            self.env.ref("base.main_company").id,
        )
        self.addCleanup(self.forget)

    def forget(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM oms_customer_lock WHERE partner_id = %s", [self.key[0]]
            )

    def run_two(self):
        """Which of two transactions looked, each time that one did."""
        barrier = Barrier(2)
        tries = []

        def check(number):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                cr.execute("SELECT 1")  # from here on it reads what was then
                barrier.wait()

                def look():
                    tries.append(number)
                    env["oms.customer.lock"]._meet({self.key})

                retrying(look, env)

        threads = [Thread(target=check, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return tries

    def test_the_later_one_is_repeated(self):
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["oms.customer.lock"]._meet({self.key})
        tries = self.run_two()
        self.assertEqual(len(tries), 3, "one of the two has to look again")
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT revision FROM oms_customer_lock WHERE partner_id = %s",
                [self.key[0]],
            )
            self.assertEqual(cr.fetchall(), [(2,)])

    def test_the_first_ever_meet_too(self):
        """No row is there yet that both could write."""
        tries = self.run_two()
        self.assertEqual(len(tries), 3)
