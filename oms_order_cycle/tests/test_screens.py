from datetime import datetime, timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from .common_holds import HoldsCommon

LABELS = {
    "To be released": "Order received",
    "To be picked": "In preparation",
    "To be packed": "In preparation",
    "To be invoiced": "On its way",
    "To be paid": "Delivered",
}


class ScreensCommon(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_steps("pick_pack_ship")
        for stage in cls.workflow.stage_ids:
            stage.customer_label = LABELS.get(stage.name, False)

    @classmethod
    def make_late(cls, orders):
        cls.env.flush_all()
        past = fields.Datetime.now() - timedelta(hours=5)
        cls.env.cr.execute(
            "UPDATE sale_order SET oms_stage_deadline = %s WHERE id IN %s",
            [past, tuple(orders.ids)],
        )
        orders.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestScreens(ScreensCommon):
    # -- board ------------------------------------------------------------------

    def test_board_counts_by_attention(self):
        orders = self.env["sale.order"].union(
            *(self.create_order((self.product_a, 1)) for _number in range(4))
        )
        held, both, late, _fine = orders
        self.place_hold(held | both)
        self.make_late(both | late)
        stage = orders.oms_stage_id
        self.assertEqual(len(stage), 1)
        counts = self.env["sale.order"].read_progress_bar(
            [("id", "in", orders.ids)],
            "oms_stage_id",
            {
                "field": "oms_attention",
                "colors": {"held": "danger", "late": "warning", "ok": "success"},
            },
        )
        self.assertEqual(counts, {str(stage.id): {"held": 2, "late": 1, "ok": 1}})
        # what the bar counts is what a click on it shows
        for value, number in (("held", 2), ("late", 1), ("ok", 1)):
            found = self.env["sale.order"].search(
                [("id", "in", orders.ids), ("oms_attention", "=", value)]
            )
            self.assertEqual(len(found), number, value)
            self.assertEqual(set(found.mapped("oms_attention")), {value})

    def test_board_shows_empty_stages(self):
        order = self.create_order()
        orders = self.env["sale.order"].with_context(read_group_expand=True)
        groups = orders.formatted_read_group(
            [("id", "=", order.id)], ["oms_stage_id"], ["__count", "amount_total:sum"]
        )
        names = [group["oms_stage_id"][1] for group in groups if group["oms_stage_id"]]
        self.assertEqual(
            names, self.workflow.stage_ids.mapped("name"), "all stages, in their order"
        )

    def test_stage_names_with_workflow(self):
        stage = self.workflow.stage_ids[0]
        self.assertEqual(stage.display_name, "To be confirmed")
        self.assertEqual(
            stage.with_context(oms_show_workflow=True).display_name,
            "To be confirmed · OMS Test Workflow",
        )

    def test_hold_summary_is_read_in_one_go(self):
        orders = self.env["sale.order"].union(
            *(self.create_order((self.product_a, 1)) for _number in range(6))
        )
        second_type = self.create_hold_type("Another Thing")
        self.place_hold(orders[:5])
        self.place_hold(orders[0], second_type)
        self.env.flush_all()

        def queries(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("oms_hold_summary")
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries(orders[:2]), queries(orders))
        self.assertEqual(
            set(orders[0].oms_hold_summary.split(", ")),
            {"Something Odd", "Another Thing"},
        )
        self.assertFalse(orders[5].oms_hold_summary)

    # -- search -----------------------------------------------------------------

    def test_every_filter_works(self):
        """Domains and groupings of our search views are not checked on loading."""
        order = self.create_order()
        self.place_hold(order)
        for model, view in (
            ("sale.order", "sale_order_view_search_oms"),
            ("oms.event", "oms_event_view_search"),
            ("oms.promise", "oms_promise_view_search"),
            ("oms.workflow", "oms_workflow_view_search"),
            ("oms.channel", "oms_channel_view_search"),
            ("oms.stage", "oms_stage_view_search"),
            ("stock.picking", "view_picking_internal_search_inherit_oms"),
        ):
            view = self.env.ref(f"oms_order_cycle.{view}")
            root = view if view.mode == "primary" or not view.inherit_id else None
            arch = self.env[model].get_view(
                (root or view.inherit_id).id, view_type="search"
            )["arch"]
            for node in etree.fromstring(arch).iter("filter"):
                with self.subTest(model=model, filter=node.get("name")):
                    scope = {
                        "uid": self.env.uid,
                        "context_today": fields.Date.today,
                        "current_date": fields.Date.today().isoformat(),
                        "time": None,
                    }
                    if node.get("domain"):
                        self.env[model].search(
                            safe_eval(node.get("domain"), scope), limit=1
                        )
                    group_by = safe_eval(node.get("context") or "{}", scope).get(
                        "group_by"
                    )
                    if group_by and self.env[model]._fields[
                        group_by.split(":")[0]
                    ].type not in ("properties",):
                        spec = group_by
                        field = self.env[model]._fields[group_by.split(":")[0]]
                        if field.type in ("date", "datetime") and ":" not in spec:
                            spec += ":month"
                        self.env[model].formatted_read_group([], [spec], ["__count"])

    def test_my_turn(self):
        clerk = self.create_user("oms_turn_clerk", "oms_order_cycle.group_oms_service")
        picker = self.create_user(
            "oms_turn_picker", "oms_order_cycle.group_oms_warehouse"
        )
        order = self.create_order()
        order.oms_stage_id.group_id = self.env.ref("oms_order_cycle.group_oms_service")
        self.env.invalidate_all()
        orders = self.env["sale.order"]
        mine = [("id", "=", order.id), ("oms_is_my_turn", "=", True)]
        self.assertEqual(orders.with_user(clerk).search(mine), order)
        self.assertTrue(order.with_user(clerk).oms_is_my_turn)
        self.assertFalse(orders.with_user(picker).search(mine))
        self.assertFalse(order.with_user(picker).oms_is_my_turn)

    # -- order ------------------------------------------------------------------

    def test_quotations_show_no_bar(self):
        order = self.create_order(confirm=False)
        self.assertFalse(order.oms_show_cycle_bar)
        order.action_confirm()
        self.assertTrue(order.oms_show_cycle_bar)
        waiting = self.create_order(confirm=False)
        self.place_hold(waiting)
        self.assertTrue(waiting.oms_show_cycle_bar, "something waits for somebody")

    def test_smart_buttons(self):
        order = self.create_order()
        hold = self.place_hold(order)
        self.journal()
        self.assertEqual(
            self.env["oms.event"].search(order.action_oms_view_events()["domain"]),
            order.oms_event_ids,
        )
        self.assertEqual(
            self.env["oms.hold"].search(order.action_oms_view_holds()["domain"]),
            hold or order.oms_hold_ids,
        )
        self.assertTrue(order.oms_has_holds)
        self.assertFalse(
            self.env["oms.outbox"].search(
                order.action_oms_view_failed_actions()["domain"]
            )
        )

    def test_columns_of_lifted_holds_wait_for_one(self):
        order = self.create_order()
        hold = self.place_hold(order)
        self.assertTrue(order.oms_has_holds)
        self.assertFalse(order.oms_has_closed_holds)
        hold.action_lift()
        self.assertTrue(order.oms_has_closed_holds)

    def test_moments_look_as_in_the_bar(self):
        self.env.user.tz = "Europe/Amsterdam"
        order = self.create_order(confirm=False)
        year = fields.Datetime.now().year
        self.assertEqual(
            order._oms_format(datetime(year, 1, 19, 12, 36)), "Jan 19, 1:36 PM"
        )
        self.assertEqual(
            order._oms_format(datetime(2019, 7, 19, 12, 36)), "Jul 19, 2019, 2:36 PM"
        )
        self.assertEqual(order._oms_format(False), "")

    def test_one_line_reads_well(self):
        order = self.create_order((self.product_a, 1))
        self.assertEqual(
            order._oms_explain_missing("picked"),
            "The order's only line is still to be picked",
        )

    def test_orders_can_be_made_where_orders_are_listed(self):
        view = self.env.ref("oms_order_cycle.sale_order_view_list_oms")
        arch = etree.fromstring(self.env["sale.order"].get_view(view.id)["arch"])
        self.assertEqual(arch.get("create", "1"), "1")

        def get_create(name):
            action = self.env.ref(f"oms_order_cycle.sale_order_action_oms_{name}")
            return safe_eval(action.context).get("create", True)

        for name in ("orders", "board"):
            self.assertTrue(get_create(name), name)
        for name in ("late", "held"):
            self.assertFalse(get_create(name), name)

    def test_withdraw_button_is_for_those_who_approve(self):
        group = self.env.ref("oms_order_cycle.group_oms_credit")
        self.create_user("oms_approver", "oms_order_cycle.group_oms_credit")
        workflow = self.create_workflow(
            "OMS With Approval",
            [
                "confirmed",
                {
                    "name": "Approve",
                    "exit_kind": "approval",
                    "approval_group_id": group.id,
                },
                "released",
                "shipped",
            ],
            company_id=self.company.id,
            sequence=0,
        )
        approver = self.env["res.users"].search([("login", "=", "oms_approver")])
        seller = self.create_user(
            "oms_seller", "sales_team.group_sale_salesman_all_leads"
        )
        order = self.create_order(oms_channel_id=False)
        self.assertEqual(order.oms_workflow_id, workflow)
        self.assertFalse(order.with_user(approver).oms_can_withdraw_approval)
        self.assertTrue(order.with_user(approver).oms_can_approve)
        self.assertFalse(order.with_user(seller).oms_can_approve)
        self.assertTrue(order.oms_show_cycle_bar)
        order.with_user(approver).action_oms_approve()
        self.env.flush_all()
        self.assertTrue(order.oms_released_at)
        self.assertTrue(order.with_user(approver).oms_can_withdraw_approval)
        self.assertFalse(order.with_user(seller).oms_can_withdraw_approval)
        order.picking_ids.move_ids.picked = True
        order.invalidate_recordset(["oms_can_withdraw_approval"])
        self.assertFalse(
            order.with_user(approver).oms_can_withdraw_approval,
            "picked: it is too late to withdraw",
        )

    # -- transfers and invoices -------------------------------------------------

    def test_banner_says_whether_this_very_transfer_is_stopped(self):
        order = self.create_order()
        picking = order.picking_ids
        self.assertFalse(picking.oms_is_blocked)
        ship_only = self.create_hold_type(
            "Wait for the Truck", block_release=False, block_ship=True
        )
        self.place_hold(order, ship_only)
        picking.invalidate_recordset()
        self.assertIn("Wait for the Truck", picking.oms_hold_summary)
        self.assertFalse(picking.oms_is_blocked, "picking may go on")
        self.validate(picking)
        self.validate(self.open_transfers(order))
        delivery = self.open_transfers(order)
        self.assertTrue(delivery.oms_is_blocked)
        order.oms_hold_ids.action_lift()
        delivery.invalidate_recordset()
        self.assertFalse(delivery.oms_is_blocked)

    def test_invoice_banner(self):
        order = self.create_order()
        invoice = order._create_invoices()
        self.assertFalse(invoice.oms_is_blocked)
        self.place_hold(order, self.create_hold_type("No Bill", block_invoice=True))
        invoice.invalidate_recordset()
        self.assertTrue(invoice.oms_is_blocked)
        self.assertIn("No Bill", invoice.oms_hold_summary)

    # -- who may look -----------------------------------------------------------

    def test_every_role_opens_its_screens(self):
        order = self.create_order(user_id=False)
        self.place_hold(order)
        invoice = order._create_invoices()
        documents = {
            "sales_team.group_sale_salesman": (order,),
            "oms_order_cycle.group_oms_service": (order,),
            "oms_order_cycle.group_oms_credit": (order, invoice),
            "oms_order_cycle.group_oms_warehouse": (order, order.picking_ids),
            "oms_order_cycle.group_oms_dispatch": (order, order.picking_ids),
            "stock.group_stock_user": (order, order.picking_ids),
            "account.group_account_invoice": (order, invoice),
            "account.group_account_readonly": (invoice,),
            "oms_order_cycle.group_oms_consultant": (self.workflow,),
            "oms_order_cycle.group_oms_manager": (
                order,
                order.picking_ids,
                invoice,
                self.workflow,
            ),
        }
        for number, (group, records) in enumerate(documents.items()):
            user = self.create_user(f"oms_screen_{number}", group)
            for record in records:
                with self.subTest(group=group, model=record._name):
                    self.env.invalidate_all()
                    model = record.with_user(user)
                    views = model.get_views([(False, "form"), (False, "list")])
                    names = [
                        name
                        for name in views["models"][record._name]["fields"]
                        if name.startswith("oms_") or record._name.startswith("oms.")
                    ]
                    self.assertTrue(model.read(names))

    # -- workflow ---------------------------------------------------------------

    def test_picture_speaks_the_readers_language(self):
        data = self.workflow._preview_data()
        self.assertEqual(
            [box["name"] for box in data["stages"]],
            self.workflow.stage_ids.mapped("name"),
        )
        self.assertIn("<svg", self.workflow.preview)
        self.assertIn("To be picked", self.workflow.preview)

    def test_picture_follows_a_drag(self):
        workflow = self.create_workflow(
            "OMS Drag", ["invoiced", "shipped"], publish=False
        )
        first, second = workflow.stage_ids
        second.sequence, first.sequence = 1, 2
        names = [box["name"] for box in workflow._preview_data()["stages"]]
        self.assertEqual(names, ["To be shipped", "To be invoiced"])

    def test_allowed_time_in_words(self):
        stage = self.workflow.stage_ids[0]
        for hours, words in (
            (0, ""),
            (0.25, "15 minutes"),
            (1, "1 hour"),
            (4, "4 hours"),
            (24, "24 hours"),
            (72, "3 days"),
        ):
            stage.with_context(install_mode=True).allowed_hours = hours
            self.assertEqual(stage._get_allowed_time(), words)
        frozen = stage.with_context(install_mode=True)
        frozen.calendar_id = self.company.resource_calendar_id
        self.assertEqual(stage._get_allowed_time(), "9 working days")
        frozen.allowed_hours = 4
        self.assertEqual(stage._get_allowed_time(), "4 hours of working time")

    def test_columns_for_the_kinds_in_use(self):
        workflow = self.create_workflow("OMS Draft", ["shipped"], publish=False)
        self.assertFalse(workflow.has_approval_stage)
        with Form(workflow) as form, form.stage_ids.new() as stage:
            stage.name = "Approve"
            stage.exit_kind = "approval"
            stage.approval_group_id = self.credit_group
        self.assertTrue(workflow.has_approval_stage)
        self.assertFalse(workflow.has_condition_stage)

    def test_try_on_an_order(self):
        consultant = self.create_user(
            "oms_try_consultant",
            "oms_order_cycle.group_oms_consultant,"
            "sales_team.group_sale_salesman_all_leads",
        )
        order = self.create_order()
        draft = self.create_workflow(
            "OMS Other Way", ["picked", "shipped", "paid"], publish=False
        )
        self.env.flush_all()
        before = order.read(["oms_stage_id", "oms_workflow_id", "write_date"])
        events = len(order.oms_event_ids)
        form = Form(
            self.env["oms.workflow.try"]
            .with_user(consultant)
            .with_context(default_workflow_id=draft.id)
        )
        form.order_id = order
        self.assertEqual(form.current_stage_id.name, "To be picked")
        self.assertIn("OMS Test Workflow", form.chosen_workflow)
        trial = form.save()
        self.assertEqual(
            trial.line_ids.mapped("state"),
            ["here", "open", "open"],
        )
        self.assertTrue(all(trial.line_ids.mapped("why")))
        self.ship(order)
        trial.invalidate_recordset()
        self.assertEqual(trial.line_ids.mapped("state"), ["passed", "passed", "here"])
        self.assertFalse(trial.is_closed)
        self.assertEqual(before[0]["oms_workflow_id"][0], order.oms_workflow_id.id)
        self.assertGreaterEqual(len(order.oms_event_ids), events)

    def test_only_consultants_try(self):
        seller = self.create_user("oms_try_seller", "oms_order_cycle.group_oms_sales")
        with self.assertRaises(AccessError):
            self.env["oms.workflow.try"].with_user(seller).create(
                {"workflow_id": self.workflow.id}
            )


@tagged("post_install", "-at_install")
class TestPortal(ScreensCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls.create_user(
            "oms_portal_customer", "base.group_portal", partner_id=cls.customer.id
        )
        cls.stranger = cls.create_user(
            "oms_portal_stranger",
            "base.group_portal",
            partner_id=cls.create_customer("OMS Stranger").id,
        )

    def timeline(self, order):
        self.env.flush_all()
        return [
            (entry["label"], entry["state"]) for entry in order._oms_portal_timeline()
        ]

    def test_timeline_follows_the_documents(self):
        quotation = self.create_order(confirm=False)
        self.assertFalse(quotation._oms_portal_timeline(), "Odoo's page is enough")
        order = self.create_order()
        self.assertEqual(
            self.timeline(order),
            [
                ("Order received", "done"),
                ("In preparation", "current"),
                ("On its way", "todo"),
                ("Delivered", "todo"),
            ],
        )
        self.validate(self.open_transfers(order))
        self.assertEqual(
            self.timeline(order)[1],
            ("In preparation", "current"),
            "still, while packed",
        )
        self.validate(self.open_transfers(order))
        # the stage until shipped has no label: the last step that is shown stays now
        self.assertEqual(
            [state for _label, state in self.timeline(order)],
            ["done", "current", "todo", "todo"],
        )
        self.validate(self.open_transfers(order))
        # still hidden: delivered comes before invoiced in this workflow
        left = order.picking_ids.filtered("oms_can_mark_delivered")
        left.action_oms_mark_delivered()
        self.assertEqual(self.timeline(order)[2], ("On its way", "current"))
        self.pay(self.invoice(order))
        self.assertEqual(
            {state for _label, state in self.timeline(order)}, {"done"}, "closed"
        )
        dates = [entry["date"] for entry in order._oms_portal_timeline()]
        self.assertTrue(all(dates))
        self.assertEqual(dates, sorted(dates))

    def test_not_released_is_not_being_prepared(self):
        """A workflow without a stage for it has the order stand at the warehouse."""
        stages = [
            "confirmed",
            {
                "name": "Ship",
                "milestone": "shipped",
                "customer_label": "Being prepared",
            },
            {"name": "Bill", "milestone": "invoiced", "customer_label": "Shipped"},
        ]
        self.create_workflow(
            "OMS Short",
            stages,
            company_id=self.company.id,
            sequence=0,
        )
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Wait", "check": "manual", "block_release": True}
        )
        order = self.create_order(confirm=False)
        hold = order._oms_place_hold(hold_type, "Ask")
        order.action_confirm()
        self.assertEqual(
            self.timeline(order),
            [
                ("Order received", "current"),
                ("Being prepared", "todo"),
                ("Shipped", "todo"),
            ],
        )
        entry = order._oms_portal_timeline()[0]
        self.assertEqual(entry["date"], order.oms_confirmed_at)
        self.assertEqual(
            order._oms_portal_labels()[order.id]["label"], "Order received"
        )
        hold.action_lift("Said so")
        self.assertEqual(
            self.timeline(order), [("Being prepared", "current"), ("Shipped", "todo")]
        )

    def test_no_labels_no_timeline(self):
        self.workflow.stage_ids.customer_label = False
        self.assertFalse(self.create_order()._oms_portal_timeline())

    def test_page(self):
        order = self.create_order()
        self.place_hold(order, reason="Secret reason")
        self.env.flush_all()
        path = f"/my/orders/{order.id}"
        self.authenticate("oms_portal_customer", "oms_portal_customer")
        page = self.url_open(path).text
        self.assertIn("oms_portal_timeline", page)
        self.assertIn("In preparation", page)
        for secret in ("Secret reason", "Something Odd", "To be picked", "To be paid"):
            self.assertNotIn(secret, page)

    def test_customers_cannot_read_our_words_by_rpc(self):
        order = self.create_order()
        self.place_hold(order)
        self.env.flush_all()
        theirs = order.with_user(self.portal_user)
        self.assertEqual(theirs.name, order.name, "the order itself is theirs to read")
        for name in ("oms_hold_summary", "oms_attention", "oms_cycle_bar", "oms_why"):
            with self.assertRaises(AccessError):
                theirs.read([name])
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(self.portal_user).read_progress_bar(
                [], "state", {"field": "oms_attention", "colors": {"held": "danger"}}
            )

    def test_page_is_as_closed_as_odoos_own(self):
        order = self.create_order()
        self.env.flush_all()
        path = f"/my/orders/{order.id}"
        self.authenticate("oms_portal_stranger", "oms_portal_stranger")
        self.assertNotIn("oms_portal_timeline", self.url_open(path).text)
        self.authenticate(None, None)
        self.assertNotIn("oms_portal_timeline", self.url_open(path).text)
        with_token = self.url_open(order.get_portal_url())
        self.assertIn("oms_portal_timeline", with_token.text)


@tagged("post_install", "-at_install")
class TestMenus(ScreensCommon):
    def test_who_sees_what(self):
        def names(group):
            """What the web client shows of the app: an entry whose section is not
            shown is not, either."""
            user = self.create_user(f"oms_menu_{group}", group)
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            root = self.env.ref("oms_order_cycle.oms_menu_root").id
            found, left = set(), [root] if root in menus["root"]["children"] else []
            while left:
                menu = menus[left.pop()]
                found.add(menu["name"])
                left += menu["children"]
            return found

        daily = {
            "Order Cycle",
            "Orders",
            "Board",
            "Late",
            "On Hold",
            "Holds",
            "Order Log",
        }
        self.assertLessEqual(daily, names("sales_team.group_sale_salesman"))
        self.assertLessEqual(daily, names("stock.group_stock_manager"))
        self.assertLessEqual(daily, names("oms_order_cycle.group_oms_dispatch"))
        # who picks and packs sees what is his, and no section that is empty
        picker = names("oms_order_cycle.group_oms_warehouse")
        self.assertLessEqual({"Order Cycle", "Warehouse", "To Pack"}, picker)
        self.assertFalse({"Orders", "Order Log", "Configuration"} & picker)
        self.assertFalse({"Intake", "Dispatch", "Returns", "Cash"} & picker)
        self.assertNotIn("Configuration", names("oms_order_cycle.group_oms_sales"))
        self.assertLessEqual(
            {"Configuration", "Workflows", "Channels", "Hold Types"},
            names("oms_order_cycle.group_oms_consultant"),
        )
        # without its root nothing of the app is shown
        self.assertNotIn("Order Cycle", names("base.group_user"))


@tagged("post_install", "-at_install")
class TestChannelForm(ScreensCommon):
    def test_new_channel(self):
        form = Form(self.env["oms.channel"])
        form.name = "Fax"
        form.code = "FAX"
        form.cutoff_enabled = True
        form.cutoff_hour = 14.5
        channel = form.save()
        self.assertEqual(channel.company_id, self.company)
        order = self.create_order(confirm=False, oms_channel_id=channel.id)
        with Form(order) as order_form:
            order_form.client_order_ref = "PO 1"
        self.assertEqual(order.oms_channel_id, channel)
        self.assertEqual(order.oms_workflow_id, self.workflow)
        self.workflow.channel_ids = [Command.link(channel.id)]
