"""Ways round holds, approvals and facts that must not exist."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_holds import HoldsCommon


@tagged("post_install", "-at_install")
class TestGuards(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picker = cls.create_user("oms_guard_picker", "stock.group_stock_user")
        cls.seller = cls.create_user(
            "oms_guard_seller", "sales_team.group_sale_manager,stock.group_stock_user"
        )
        cls.manager_group = cls.env.ref("oms_order_cycle.group_oms_manager")
        cls.manager = cls.create_user(
            "oms_guard_manager",
            "oms_order_cycle.group_oms_manager,sales_team.group_sale_manager",
        )

    def create_approved_order(self, *lines):
        channel = self.env["oms.channel"].create({"name": "Guarded", "code": "guard"})
        self.create_workflow(
            "OMS Guarded",
            [
                "confirmed",
                {
                    "name": "To approve",
                    "exit_kind": "approval",
                    "approval_group_id": self.manager_group.id,
                },
                "released",
                "shipped",
            ],
            company_id=self.company.id,
            channel_ids=[Command.set(channel.ids)],
        )
        order = self.create_order(*lines, oms_channel_id=channel.id)
        self.assertStage(order, "To approve")
        order.with_user(self.manager).action_oms_approve()
        self.assertReleased(order)
        return order

    # -- imported orders --------------------------------------------------------

    def test_imported_as_confirmed_is_held(self):
        hold_type = self.create_hold_type(
            "Minimum", "min_value", min_amount=500, block_ship=True
        )
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "warehouse_id": self.warehouse.id,
                    "state": "sale",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product_a.id,
                                "product_uom_qty": quantity,
                            }
                        )
                    ],
                }
                for quantity in (10, 100)
            ]
        )
        self.env.flush_all()
        self.assertHeld(orders[0], hold_type)
        self.assertNotReleased(orders[0])
        self.assertTrue(orders[0].order_line.oms_release_pending)
        self.assertHeld(orders[1])
        self.assertReleased(orders[1])

    # -- written from outside ---------------------------------------------------

    def test_holds_cannot_be_counted_away(self):
        order = self.create_order()
        self.place_hold(order)
        for user in (self.picker, self.seller):
            with self.assertRaisesRegex(AccessError, "derived"):
                order.with_user(user).write({"oms_open_hold_count": 0})
        with self.assertRaisesRegex(UserError, "on hold"):
            order.picking_ids.with_user(self.picker).button_validate()

    def test_derived_fields_are_not_written(self):
        order = self.create_order()
        invoice = self.invoice(order)
        accountant = self.create_user(
            "oms_guard_accountant", "account.group_account_manager"
        )
        stage = self.workflow.stage_ids[-1]
        for user, record, values in (
            (self.seller, order, {"oms_stage_id": stage.id}),
            (self.seller, order, {"oms_workflow_id": self.workflow.id}),
            (self.seller, order, {"oms_shipped_at": "2026-01-01 00:00:00"}),
            (self.seller, order, {"oms_has_limited_decision": False}),
            (self.seller, order.order_line, {"oms_release_pending": False}),
            (self.picker, order.picking_ids, {"oms_delivered_at": "2026-01-01"}),
            (accountant, invoice, {"oms_posted_at": "2026-01-01 00:00:00"}),
        ):
            with (
                self.subTest(record=record, values=values),
                self.assertRaisesRegex(AccessError, "derived from the documents"),
            ):
                record.with_user(user).write(values)
        with self.assertRaisesRegex(AccessError, "derived from the documents"):
            self.env["sale.order"].with_user(self.seller).create(
                {"partner_id": self.customer.id, "oms_stage_id": stage.id}
            )

    def test_derived_fields_have_no_defaults(self):
        """A context is anybody's: it neither chooses a workflow nor forges a fact."""
        without_holds = self.create_workflow(
            "OMS Without Holds", ["confirmed", "released"], company_id=self.company.id
        )
        without_holds.state = "draft"
        self.create_hold_type(
            "Minimum", "min_value", min_amount=1000, block_release=True
        )
        orders = self.env["sale.order"].with_user(self.seller)
        order = orders.with_context(
            default_oms_workflow_id=without_holds.id,
            default_oms_shipped_at="2020-01-01 00:00:00",
            default_oms_cycle_state="closed",
        ).create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": self.warehouse.id,
                "state": "sale",
                "order_line": [
                    Command.create({"product_id": self.product_a.id}),
                ],
            }
        )
        self.journal()
        self.assertEqual(order.sudo().oms_workflow_id, self.workflow)
        self.assertTrue(order.oms_is_held)
        self.assertFalse(order.oms_shipped_at)
        kinds = order.sudo().oms_event_ids.mapped("kind")
        self.assertFalse({"fact_cleared", "reopened"}.intersection(kinds))
        picking_type = self.warehouse.out_type_id
        picking = (
            self.env["stock.picking"]
            .with_user(self.picker)
            .with_context(default_oms_delivered_at="2020-01-01 00:00:00")
            .create({"picking_type_id": picking_type.id})
        )
        self.assertFalse(picking.oms_delivered_at)
        with self.assertRaises(AccessError):
            self.env["oms.pack.wizard"].with_user(self.picker).with_context(
                default_draft=[{"picking": 0}]
            ).create({})

    def test_whole_life_by_ordinary_users(self):
        order = (
            self.env["sale.order"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": self.customer.id,
                    "warehouse_id": self.warehouse.id,
                    "order_line": [Command.create({"product_id": self.product_a.id})],
                }
            )
        )
        order.action_confirm()
        picking = order.picking_ids.with_user(self.picker)
        self.validate(picking)
        picking.action_oms_mark_delivered()
        self.assertEqual(picking.oms_delivered_by, self.picker)
        self.assertTrue(order.sudo().oms_delivered_at)

    def test_context_of_a_client_skips_no_check(self):
        self.create_hold_type("Maximum", "domain", domain="[('amount_total', '>', 50)]")
        order = self.create_order((self.product_a, 4))
        self.assertReleased(order)
        line = order.order_line.with_context(oms_holds_checked=True)
        line.product_uom_qty = 40
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 4)
        consultant = self.create_user(
            "oms_guard_consultant",
            "oms_order_cycle.group_oms_consultant,sales_team.group_sale_salesman",
        )
        stage = self.workflow.stage_ids[0].with_user(consultant)
        with self.assertRaisesRegex(UserError, "is in use"):
            stage.with_context(install_mode=True).milestone = "paid"

    # -- quantities of held orders ----------------------------------------------

    def test_lowered_while_held(self):
        release = self.create_hold_type("No More", block_release=True)
        orders = self.create_order((self.product_a, 10)) + self.create_order(
            (self.product_a, 10)
        )
        self.place_hold(orders, release)
        orders[0].order_line.product_uom_qty = 4
        orders[1].order_line.product_uom_qty = 0
        moves = orders.picking_ids.move_ids.filtered(lambda m: m.state != "cancel")
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 4)
        self.assertNoDrift(orders)

    def test_raised_then_lowered_while_held(self):
        release = self.create_hold_type("No More", block_release=True)
        order = self.create_order((self.product_a, 10))
        self.place_hold(order, release)
        order.order_line.product_uom_qty = 15
        self.assertTrue(order.order_line.oms_release_pending)
        order.order_line.product_uom_qty = 8
        self.assertFalse(order.order_line.oms_release_pending)
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 8)
        self.assertNoDrift(order)

    # -- at the same time -------------------------------------------------------

    def test_documents_of_one_order_meet_in_its_row(self):
        """Two transactions that change no fact each could together reach one."""
        self.set_steps("pick_pack_ship")
        order = self.create_order((self.product_a, 4), (self.product_b, 6))
        self.env.flush_all()
        before = order.oms_revision
        pick = self.open_transfers(order)
        self.validate(pick, {self.product_a: 4})
        self.env.flush_all()
        self.assertFalse(order.oms_picked_at)
        self.assertGreater(order.oms_revision, before)

    def test_nightly_check_writes_nothing_when_nothing_drifted(self):
        order = self.create_order()
        self.env.flush_all()
        before = order.oms_revision
        self.assertNoDrift(order)
        self.env.flush_all()
        self.assertEqual(order.oms_revision, before)

    # -- paid online ------------------------------------------------------------

    def test_paid_online_while_invoicing_is_held(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", True)
        no_invoice = self.create_hold_type("No Invoice", block_invoice=True)
        orders = self.create_order() + self.create_order()
        self.place_hold(orders, no_invoice)
        provider = self.env["payment.provider"].create(
            {"name": "Test", "company_id": self.company.id, "state": "test"}
        )
        transactions = self.env["payment.transaction"].create(
            [
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env["payment.method"]
                    .search([], limit=1)
                    .id,
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": self.customer.id,
                    "reference": f"OMS-GUARD-{order.id}",
                    "state": "done",
                    "is_post_processed": True,
                    "sale_order_ids": [Command.set(order.ids)],
                }
                for order in orders
            ]
        )
        transactions._invoice_sale_orders()
        self.assertFalse(orders.invoice_ids)
        orders.oms_hold_ids.action_lift("Checked")
        self.assertEqual(len(orders.oms_outbox_ids), 2)
        orders._oms_invoice_online_payments()
        self.assertEqual(len(orders.invoice_ids), 2)
        self.assertEqual(transactions.invoice_ids, orders.invoice_ids)
        orders._oms_invoice_online_payments()
        self.assertEqual(len(orders.invoice_ids), 2)

    # -- cancelled and confirmed again ------------------------------------------

    def test_approval_ends_with_the_order(self):
        order = self.create_approved_order()
        order._action_cancel()
        order.action_draft()
        order.order_line.product_uom_qty = 900
        order.action_confirm()
        self.assertStage(order, "To approve")
        self.assertFalse(self.open_transfers(order))

    def test_approval_covers_the_total_it_was_given_for(self):
        order = self.create_approved_order((self.product_a, 10))
        order.order_line.product_uom_qty = 900
        self.assertStage(order, "To approve")
        moves = order.picking_ids.move_ids
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 10)
        order.with_user(self.manager).action_oms_approve()
        moves = order.picking_ids.move_ids
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 900)
        # what is added when all is released needs no new approval
        order.order_line = [
            Command.create({"product_id": self.service.id, "price_unit": 99})
        ]
        self.assertStage(order, "To be shipped")

    def test_hold_by_hand_comes_back_with_the_order(self):
        order = self.create_order(confirm=False)
        self.place_hold(order)
        order._action_cancel()
        self.assertHeld(order)
        order.action_draft()
        self.assertHeld(order, self.manual_type)
        self.assertIn("Ask the customer", self.open_holds(order).reason)
        order.action_confirm()
        self.assertNotReleased(order)

    def test_lifted_hold_stays_away(self):
        order = self.create_order(confirm=False)
        self.place_hold(order).action_lift()
        order._action_cancel()
        order.action_draft()
        self.assertHeld(order)


@tagged("post_install", "-at_install")
class TestWhoMustAct(HoldsCommon):
    def test_why_says_who_may_lift_and_whose_turn_it_is(self):
        self.manual_type.lift_group_ids = self.credit_group
        self.manual_type.owner_group_id = self.credit_group
        group = self.env.ref("oms_order_cycle.group_oms_warehouse")
        self.workflow.stage_ids.filtered(
            lambda stage: stage.milestone == "released"
        ).with_context(install_mode=True).group_id = group
        order = self.create_order(confirm=False)
        self.place_hold(order)
        order.action_confirm()
        self.assertIn(f"turn of {self.credit_group.name}", order.oms_why)
        self.assertNotIn(f"turn of {group.name}", order.oms_why)
        self.assertIn("May be lifted by", order.oms_why)
        with self.assertRaisesRegex(UserError, "May be lifted by"):
            order.action_oms_release()

    def test_why_says_what_was_accepted(self):
        minimum = self.create_hold_type("Minimum", "min_value", min_amount=500)
        order = self.create_order()
        self.assertHeld(order, minimum)
        order.oms_hold_ids.action_override("First order", amount=150)
        self.assertIn("Hold overridden: Minimum, up to", order.oms_why)
        self.assertIn("First order", order.oms_hold_ids.message_ids[:1].body)

    def test_why_says_that_the_promise_is_broken(self):
        order = self.create_order()
        order.commitment_date = "2020-01-02 10:00:00"
        self.assertTrue(order.oms_is_late)
        self.assertIn("was promised for", order.oms_why)
        self.ship(order)
        order.invalidate_recordset(["oms_why", "oms_is_late"])
        self.assertNotIn("was promised for", order.oms_why)

    def test_lift_dialog(self):
        orders = self.create_order() + self.create_order()
        self.place_hold(orders)
        action = orders.oms_hold_ids.action_open_lift()
        wizard = (
            self.env[action["res_model"]].with_context(**action["context"]).create({})
        )
        self.assertIn(orders[1].name, wizard.summary)
        wizard.note = "Talked to them"
        wizard.action_lift()
        self.assertEqual(
            orders.oms_hold_ids.mapped("note"), ["Talked to them", "Talked to them"]
        )
        self.assertFalse(orders.filtered("oms_is_held"))

    def test_sequence_decides_between_workflows(self):
        channel = self.env["oms.channel"].create({"name": "Sequence", "code": "seq"})
        values = {"channel_ids": [Command.set(channel.ids)]}
        second = self.create_workflow(
            "OMS Company", ["shipped"], sequence=7, company_id=self.company.id, **values
        )
        first = self.create_workflow("OMS Shared", ["shipped"], sequence=5, **values)
        order = self.create_order(oms_channel_id=channel.id)
        self.assertEqual(order.oms_workflow_id, first)
        first.action_retire()
        order = self.create_order(oms_channel_id=channel.id)
        self.assertEqual(order.oms_workflow_id, second)

    def test_consultant_chooses_actions(self):
        consultant = self.create_user(
            "oms_actions_consultant", "oms_order_cycle.group_oms_consultant"
        )
        actions = self.env["ir.actions.server"].with_user(consultant)
        view = actions.get_view(view_type="list")
        self.assertTrue(view["arch"])
        self.assertTrue(
            actions.web_search_read(
                [],
                {"name": {}, "model_id": {"fields": {"display_name": {}}}},
                limit=5,
            )["records"]
        )
