from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from ..facts.milestones import FACT_FIELDS, GOODS_MILESTONES
from .common_holds import HoldsCommon

#: login of the test's users and their groups
USERS = {
    "oms_sales": "oms_order_cycle.group_oms_sales",
    "oms_service": "oms_order_cycle.group_oms_service",
    "oms_credit": "oms_order_cycle.group_oms_credit",
    "oms_warehouse": "oms_order_cycle.group_oms_warehouse",
    "oms_dispatch": "oms_order_cycle.group_oms_dispatch",
    "oms_accounting": "oms_order_cycle.group_oms_accounting",
    "oms_consultant": "oms_order_cycle.group_oms_consultant",
    "oms_manager": "oms_order_cycle.group_oms_manager",
    # Odoo's own users, who have none of our roles
    "odoo_sales": "sales_team.group_sale_salesman",
    "odoo_stock": "stock.group_stock_user",
    "odoo_invoice": "account.group_account_invoice",
    "odoo_readonly": "account.group_account_readonly",
    "odoo_employee": "base.group_user",
}
#: fields of Odoo's documents that tell what is for the house only
NAMES = (
    "oms_stage_",
    "oms_hold",
    "oms_order_ids",
    "oms_is_blocked",
    "oms_is_held",
    "oms_is_late",
    "oms_is_my_turn",
    "oms_workflow",
    "oms_channel",
    "oms_event",
    "oms_promise",
    "oms_outbox",
    "oms_cycle",
    "oms_why",
    "oms_can_approve",
    "oms_can_mark",
    "oms_can_withdraw",
    "oms_has_",
    "oms_open_",
    "oms_failed",
    "oms_attention",
    "oms_effective",
    "oms_client_ref",
    "oms_show_",
    "oms_release",
    "oms_delivered_by",
)
READERS = set(USERS) - {"odoo_employee"}
CONSULTANTS = {"oms_consultant", "oms_manager"}
#: who may record that goods arrived: those who work in the warehouse
ARRIVING = {"oms_warehouse", "oms_dispatch", "oms_manager", "odoo_stock"}
#: model: (who may read, who may write, create and unlink)
MODELS = {
    "oms.channel": (READERS, CONSULTANTS),
    "oms.workflow": (READERS, CONSULTANTS),
    "oms.stage": (READERS, CONSULTANTS),
    "oms.hold.type": (READERS, CONSULTANTS),
    "oms.event": (READERS, set()),
    "oms.promise": (READERS, set()),
    "oms.hold": (READERS, set()),
    "oms.outbox": (READERS, set()),
    "oms.reaction": (CONSULTANTS, CONSULTANTS),
}


class SecurityCommon(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            login: cls.create_user(login, groups) for login, groups in USERS.items()
        }
        cls.portal = cls.create_user(
            "oms_portal", "base.group_portal", partner_id=cls.customer.id
        )
        cls.order = cls.create_order(user_id=cls.people["oms_sales"].id)
        cls.hold = cls.place_hold(cls.order)
        cls.event = cls.order.oms_event_ids[:1]
        cls.env["sale.order"]._oms_write_promises()
        cls.promise = cls.order.oms_promise_ids[:1]
        cls.outbox = cls.env["oms.outbox"].create(
            {
                "order_id": cls.order.id,
                "action_id": cls.env.ref("oms_order_cycle.action_server_release").id,
                "key": "oms-test-security",
            }
        )
        cls.channel = cls.env["oms.channel"].create(
            {"name": "Phone", "code": "OMSPHONE", "company_id": cls.company.id}
        )
        cls.records = {
            "oms.channel": cls.channel,
            "oms.workflow": cls.workflow,
            "oms.stage": cls.workflow.stage_ids[0],
            "oms.hold.type": cls.manual_type,
            "oms.event": cls.event,
            "oms.promise": cls.promise,
            "oms.hold": cls.hold,
            "oms.outbox": cls.outbox,
        }


@tagged("post_install", "-at_install")
class TestAccess(SecurityCommon):
    def test_table_covers_all_models(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("oms.")
            and not model._transient
            and not model._abstract
            and model._original_module == "oms_order_cycle"
        }
        self.assertLessEqual(set(MODELS), models)

    def test_who_may_what(self):
        for model, (readers, writers) in MODELS.items():
            for login, user in self.people.items():
                for operation in ("read", "write", "create", "unlink"):
                    allowed = readers if operation == "read" else writers
                    with self.subTest(model=model, user=login, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            login in allowed,
                        )

    def test_portal_and_public_see_nothing_of_ours(self):
        public = self.env.ref("base.public_user")
        for model in MODELS:
            for user in (self.portal, public):
                with self.subTest(model=model, user=user.login):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_portal_reads_its_order_but_no_holds(self):
        order = self.order.with_user(self.portal)
        self.env.invalidate_all()
        self.assertEqual(order.read(["name"])[0]["name"], self.order.name)
        for name in ("oms_hold_ids", "oms_open_hold_count", "oms_is_held"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                order.read([name])

    def test_wizards_are_for_those_who_see_orders(self):
        for model in ("oms.hold.place", "oms.hold.override"):
            for login, user in self.people.items():
                with self.subTest(model=model, user=login):
                    self.assertEqual(
                        self.env[model].with_user(user).has_access("create"),
                        login in READERS,
                    )
            self.assertFalse(self.env[model].with_user(self.portal).has_access("read"))

    def create_reader_of_orders(self):
        """A user of an app that lets its users read orders, and nothing of ours."""
        group = self.env["res.groups"].create(
            {
                "name": "Another App",
                "implied_ids": [Command.link(self.env.ref("base.group_user").id)],
            }
        )
        self.env["ir.model.access"].create(
            [
                {
                    "name": f"Another App: {model}",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": group.id,
                    "perm_read": True,
                }
                for model in ("sale.order", "sale.order.line")
            ]
        )
        user = self.create_user("another_app", "base.group_user")
        user.group_ids = [Command.link(group.id)]
        return user

    def test_readers_of_orders_by_another_app(self):
        """Their order form shows where the order stands, but no holds nor journal."""
        user = self.create_reader_of_orders()
        form = self.env.ref("sale.view_order_form")
        buttons = {
            "action_oms_view_events",
            "action_oms_view_holds",
            "action_oms_view_failed_actions",
        }
        for person, sees in ((user, False), (self.people["oms_service"], True)):
            self.env.invalidate_all()
            order = self.order.with_user(person)
            arch = etree.fromstring(order.get_view(form.id)["arch"])
            names = {
                node.get("name")
                for node in arch.iter("field")
                if node.get("name").startswith("oms_")
                and not any(True for _node in node.iterancestors("field"))
            }
            order.web_read({name: {} for name in names})
            self.assertEqual("oms_hold_ids" in names, sees)
            found = {node.get("name") for node in arch.iter("button")} & buttons
            self.assertEqual(found, buttons if sees else set())
            [hold] = order.oms_cycle_bar["holds"]
            self.assertEqual(hold["name"], self.manual_type.name)
            self.assertEqual(hold["reason"], "Ask the customer" if sees else "")
            self.assertEqual(hold["can_lift"], sees)
            self.assertEqual("Ask the customer" in order.oms_why, sees)
            self.assertTrue(order.oms_event_count)
            self.assertTrue(
                order.with_context(read_group_expand=True).formatted_read_group(
                    [("id", "=", order.id)], ["oms_stage_id"], ["__count"]
                )
            )
            order.search([("oms_failed_action_count", ">", 0), ("id", "=", order.id)])

    def test_portal_reads_no_names_of_ours(self):
        """Neither holds nor stages, whichever document they ask for."""
        self.order.oms_hold_ids.action_lift()
        self.ship(self.order)
        invoice = self.invoice(self.order)
        self.env.flush_all()
        open_to_them = {
            "oms_confirmed_at",
            "oms_released_at",
            "oms_picked_at",
            "oms_packed_at",
            "oms_loaded_at",
            "oms_shipped_at",
            "oms_delivered_at",
            "oms_invoiced_at",
            "oms_paid_at",
            "oms_posted_at",
        }
        documents = (
            self.order,
            self.order.order_line,
            self.order.picking_ids,
            invoice,
        )
        for document in documents:
            theirs = document.with_user(self.portal)
            self.env.invalidate_all()
            theirs.read(["name"])
            for name, field in document._fields.items():
                if field._module != "oms_order_cycle" or name in open_to_them:
                    continue
                if not name.startswith(NAMES):
                    continue
                with (
                    self.subTest(model=document._name, field=name),
                    self.assertRaises(AccessError),
                ):
                    theirs.read([name])
            for domain in (
                [("oms_stage_summary", "!=", False)],
                [("oms_stage_id.name", "ilike", "pick")],
            ):
                if domain[0][0].split(".")[0] in document._fields:
                    with self.assertRaises(AccessError):
                        theirs.search(domain)

    def test_portal_is_open_to_what_is_meant_for_it(self):
        """A field without groups on a document that customers read is theirs, too:
        plans, planning costs and holds are not."""
        open_to_them = {
            "account.move": {"oms_posted_at"},
            # a customer lists the quotations that he asked for himself
            "sale.order": {*FACT_FIELDS, "oms_is_requested"} & set(self.order._fields),
            "sale.order.line": {
                "oms_qty_wanted",
                *(f"oms_qty_{milestone}" for milestone in GOODS_MILESTONES),
            },
            "stock.picking": {"oms_delivered_at"},
        }
        for model in self.env.values():
            if model._abstract or model._transient:
                continue
            if not model.with_user(self.portal).has_access("read"):
                continue
            ours = {
                field.name
                for field in model._fields.values()
                if field.name.startswith("oms_") and not field.groups
            }
            self.assertEqual(ours, open_to_them.get(model._name, set()), model._name)

    def test_dialogs_are_their_owners(self):
        """Nobody reads or changes the rows of a dialog that somebody else opened."""
        transient = {
            model._name
            for model in self.env.values()
            if model._transient and model._name.startswith("oms.")
        }
        self.assertTrue(transient)
        rules = self.env["ir.rule"].sudo()
        for name in transient:
            with self.subTest(name):
                found = rules.search([("model_id.model", "=", name)])
                owner = found.filtered(lambda rule: "create_uid" in rule.domain_force)
                self.assertTrue(owner)
                self.assertFalse(owner.groups)
        theirs = (
            self.env["oms.hold.lift"]
            .with_user(self.people["oms_service"])
            .create({"hold_ids": [Command.set(self.hold.ids)]})
        )
        mine = theirs.with_user(self.people["oms_manager"])
        with self.assertRaises(AccessError):
            mine.write({"note": "Forged"})
        with self.assertRaises(AccessError):
            mine.read(["note"])

    def test_everybody_who_opens_orders_can_open_ours(self):
        """No view of an order breaks for users who have none of our roles."""
        people = {login: self.people[login] for login in READERS}
        people["another_app"] = self.create_reader_of_orders()
        for login, user in people.items():
            order = self.order.with_user(user)
            if login == "odoo_sales":
                order = self.create_order(user_id=user.id).with_user(user)
            with self.subTest(user=login):
                self.env.invalidate_all()
                names = [
                    name
                    for name, field in order._fields.items()
                    if name.startswith("oms_")
                    and order._has_field_access(field, "read")
                ]
                order.read(names)

    def test_nobody_is_given_our_groups_by_default(self):
        default = self.env.ref("base.default_user_group", raise_if_not_found=False)
        groups = self.env["res.groups"].search(
            [
                (
                    "privilege_id",
                    "=",
                    self.env.ref("oms_order_cycle.res_groups_privilege_order_cycle").id,
                )
            ]
        )
        self.assertEqual(len(groups), 8)
        if default:
            self.assertFalse(default.all_implied_ids & groups)


@tagged("post_install", "-at_install")
class TestRules(SecurityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.create_order(user_id=cls.people["oms_service"].id)
        cls.foreign_hold = cls.place_hold(cls.foreign)
        cls.foreign_event = cls.foreign.oms_event_ids[:1]
        cls.env["sale.order"]._oms_write_promises()
        cls.foreign_promise = cls.foreign.oms_promise_ids[:1]
        cls.foreign_outbox = cls.outbox.copy(
            {"order_id": cls.foreign.id, "key": "oms-test-security-2"}
        )

    def assertSees(self, login, record, sees):
        with self.subTest(user=login, record=record):
            found = (
                self.env[record._name]
                .with_user(self.people[login])
                .search([("id", "=", record.id)])
            )
            self.assertEqual(bool(found), sees)

    def test_salespeople_see_what_belongs_to_their_own_orders(self):
        for mine in (self.hold, self.event, self.outbox, self.promise):
            self.assertSees("oms_sales", mine, True)
        for others in (
            self.foreign_hold,
            self.foreign_event,
            self.foreign_outbox,
            self.foreign_promise,
        ):
            self.assertSees("oms_sales", others, False)
            self.assertSees("odoo_sales", others, False)

    def test_the_others_see_all(self):
        for login in READERS - {"oms_sales", "odoo_sales"}:
            for record in (
                self.foreign_hold,
                self.foreign_event,
                self.foreign_outbox,
                self.foreign_promise,
            ):
                self.assertSees(login, record, True)

    def test_who_sees_the_order_sees_its_holds(self):
        for login in READERS:
            user = self.people[login]
            for order, hold in (
                (self.order, self.hold),
                (self.foreign, self.foreign_hold),
            ):
                with self.subTest(user=login, order=order.name):
                    self.assertEqual(
                        order.with_user(user).has_access("read"),
                        hold.with_user(user).has_access("read"),
                    )

    def test_two_companies(self):
        other = self.create_company("Other Distributor")
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        env = self.env(context=dict(self.env.context, allowed_company_ids=other.ids))
        order = env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "warehouse_id": warehouse.id,
                "user_id": False,
                "order_line": [
                    Command.create(
                        {"product_id": self.product_a.id, "product_uom_qty": 1}
                    )
                ],
            }
        )
        order.action_confirm()
        env["sale.order"]._oms_write_promises()
        workflow = env["oms.workflow"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        records = [
            order._oms_place_hold(self.manual_type, "Why"),
            order.oms_event_ids[:1],
            order.oms_promise_ids[:1],
            self.outbox.copy({"order_id": order.id, "key": "oms-test-security-3"}),
            env["oms.channel"].create(
                {"name": "Theirs", "code": "OMSX", "company_id": other.id}
            ),
            workflow,
            env["oms.stage"].create(
                {"workflow_id": workflow.id, "name": "Theirs", "milestone": "confirmed"}
            ),
            env["oms.hold.type"].create({"name": "Theirs", "company_id": other.id}),
        ]
        manager = self.people["oms_manager"]
        for record in records:
            with self.subTest(record=record):
                mine = record.with_user(manager).with_context(
                    allowed_company_ids=self.company.ids
                )
                self.assertFalse(mine.has_access("read"))
                self.assertFalse(mine.search([("id", "=", record.id)]))
        manager.company_ids = [Command.link(other.id)]
        for record in records:
            with self.subTest(record=record, both=True):
                self.assertTrue(
                    record.with_user(manager)
                    .with_context(allowed_company_ids=other.ids)
                    .has_access("read")
                )

    def test_what_companies_share_is_changed_by_who_has_them_all(self):
        consultant = self.people["oms_consultant"]
        workflow = self.create_workflow(
            "Shared", ["confirmed", "shipped"], publish=False
        )
        published = self.create_workflow("Shared in Use", ["confirmed"])
        records = [
            workflow,
            workflow.stage_ids[0],
            self.env["oms.channel"].create(
                {"name": "Shared", "code": "OMSSHARED", "company_id": False}
            ),
            self.env["oms.hold.type"].create({"name": "Shared", "active": False}),
            self.env["oms.reaction"].create(
                {
                    "name": "Shared",
                    "event_kind": "note",
                    "action_id": self.env.ref(
                        "oms_order_cycle.action_server_release"
                    ).id,
                }
            ),
        ]
        for record in records:
            mine = record.with_user(consultant)
            with self.subTest(record=record):
                self.assertTrue(mine.has_access("write"))
                for change in (
                    lambda r: r.write({"name": "Mine"}),
                    lambda r: r.write({"company_id": self.company.id}),
                    lambda r: r.unlink(),
                ):
                    with self.assertRaisesRegex(AccessError, "serves companies"):
                        change(mine)
        for refused in (
            workflow.with_user(consultant).action_publish,
            workflow.with_user(consultant).action_retire,
            published.with_user(consultant).action_new_version,
            workflow.stage_ids[0].with_user(consultant).action_take_over,
            records[4].with_user(consultant).action_take_over,
            records[4].with_user(consultant).action_archive,
        ):
            with self.assertRaisesRegex(AccessError, "serves companies"):
                refused()
        consultant.company_ids = self.env["res.company"].search([])
        for record in records:
            record.with_user(consultant).name = "Ours"
        records[4].with_user(consultant).action_take_over()

    def test_administrators_change_what_companies_share(self):
        admin = self.create_user(
            "oms_admin", "base.group_system,oms_order_cycle.group_oms_consultant"
        )
        workflow = self.create_workflow("Shared", ["confirmed"], publish=False)
        workflow.with_user(admin).action_publish()
        self.assertEqual(workflow.state, "published")

    def test_set_up_of_one_company_is_not_made_for_all(self):
        """Who has access to one company of several sets up for this one."""
        consultant = self.people["oms_consultant"]
        workflows = self.env["oms.workflow"].with_user(consultant)
        mine = workflows.create({"name": "Mine"})
        self.assertEqual(mine.company_id, self.company)
        hold_types = self.env["oms.hold.type"].with_user(consultant)
        self.assertEqual(hold_types.create({"name": "Mine"}).company_id, self.company)
        with self.assertRaisesRegex(AccessError, "serves companies"):
            mine.company_id = False
        with self.assertRaisesRegex(AccessError, "serves companies"):
            workflows.create({"name": "For All", "company_id": False})
        template = self.create_workflow("Template", ["confirmed"], publish=False)
        copy = template.with_user(consultant).copy()
        self.assertEqual(copy.company_id, self.company)
        self.assertEqual(copy.stage_ids.company_id, self.company)
        copy.action_publish()
        consultant.company_ids = self.env["res.company"].search([])
        self.assertFalse(workflows.create({"name": "For All"}).company_id)
        self.assertFalse(template.with_user(consultant).copy().company_id)

    def test_reaction_serves_the_companies_of_its_author(self):
        consultant = self.people["oms_consultant"]
        release = self.env.ref("oms_order_cycle.action_server_release")
        values = {"name": "Mine", "event_kind": "note", "action_id": release.id}
        mine = self.env["oms.reaction"].with_user(consultant).create(values)
        mine.name = "Still Mine"
        other = self.create_company("Other Distributor")
        colleague = self.create_user(
            "oms_colleague", "oms_order_cycle.group_oms_consultant"
        )
        colleague.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        with self.assertRaisesRegex(AccessError, "serves companies"):
            mine.with_user(colleague).with_context(
                allowed_company_ids=other.ids
            ).active = False

    def test_hold_type_of_another_company_is_not_placed(self):
        other = self.create_company("Other Distributor")
        foreign_type = self.env["oms.hold.type"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "another company"):
            self.create_order()._oms_place_hold(foreign_type, "Why")


@tagged("post_install", "-at_install")
class TestLifting(SecurityCommon):
    """Every way to close a hold asks the same question, and refuses with a name."""

    def setUp(self):
        super().setUp()
        self.manual_type.lift_group_ids = self.credit_group

    def attempts(self, hold):
        later = fields.Datetime.now() + timedelta(days=1)
        return {
            "lift": hold.action_lift,
            "override": lambda: hold.action_override("Because", 0, later),
            "ask": hold.action_open_override,
        }

    def test_wrong_users_are_refused_with_who_may(self):
        for login in READERS - {"oms_credit", "oms_manager", "odoo_sales"}:
            hold = self.hold.with_user(self.people[login])
            self.assertFalse(hold.can_lift)
            for name, attempt in self.attempts(hold).items():
                with (
                    self.subTest(user=login, attempt=name),
                    self.assertRaisesRegex(AccessError, "Order Cycle / Credit"),
                ):
                    attempt()
        self.assertEqual(self.hold.state, "open")

    def test_those_who_do_not_see_the_order_are_refused(self):
        for login in ("odoo_sales", "odoo_employee"):
            hold = self.hold.with_user(self.people[login])
            for name, attempt in self.attempts(hold).items():
                with (
                    self.subTest(user=login, attempt=name),
                    self.assertRaises(AccessError),
                ):
                    attempt()
        hold = self.hold.with_user(self.portal)
        for attempt in self.attempts(hold).values():
            with self.assertRaises(AccessError):
                attempt()

    def test_the_right_user_lifts(self):
        for login in ("oms_credit", "oms_manager"):
            order = self.create_order()
            hold = self.place_hold(order).with_user(self.people[login])
            with self.subTest(user=login):
                self.assertTrue(hold.can_lift)
                hold.action_lift("Fine")
                self.assertEqual(hold.lifted_by, self.people[login])

    def test_holds_are_not_written_directly(self):
        for login, user in self.people.items():
            hold = self.hold.with_user(user)
            with self.subTest(user=login):
                with self.assertRaises(AccessError):
                    hold.write({"state": "lifted"})
                with self.assertRaises(AccessError):
                    hold.unlink()
                with self.assertRaises(AccessError):
                    hold.create(
                        {"order_id": self.order.id, "type_id": self.manual_type.id}
                    )
                with self.assertRaises(AccessError):
                    self.order.with_user(user).write(
                        {"oms_hold_ids": [Command.delete(hold.id)]}
                    )

    def test_journal_is_not_written(self):
        for login, user in self.people.items():
            event = self.event.with_user(user)
            with self.subTest(user=login):
                with self.assertRaises(UserError):
                    event.write({"name": "Something else"})
                with self.assertRaises(UserError):
                    event.unlink()
                with self.assertRaises(AccessError):
                    event.create(
                        {"order_id": self.order.id, "kind": "note", "name": "Lie"}
                    )
        with self.assertRaises(UserError):
            self.event.sudo().write({"name": "Something else"})
        with self.assertRaises(UserError):
            self.event.sudo().unlink()

    def test_no_group_means_who_may_change_the_order(self):
        self.manual_type.lift_group_ids = False
        for login, may in (
            ("oms_sales", True),
            # Odoo lets him write orders, for his transfers
            ("odoo_stock", False),
            ("odoo_readonly", False),
        ):
            with self.subTest(user=login):
                hold = self.hold.with_user(self.people[login])
                self.assertEqual(hold.can_lift, may)
                if not may:
                    with self.assertRaisesRegex(AccessError, "change the order"):
                        hold.action_lift()

    def test_filter_mine_says_what_the_button_does(self):
        other = self.create_hold_type("Free")
        free = self.place_hold(self.create_order(user_id=False), other)
        for login in READERS - {"odoo_sales"}:
            user = self.people[login]
            holds = self.env["oms.hold"].with_user(user)
            for hold in (self.hold, free):
                with self.subTest(user=login, hold=hold.display_name):
                    found = holds.search(
                        [("can_lift", "=", True), ("id", "=", hold.id)]
                    )
                    self.assertEqual(bool(found), hold.with_user(user).can_lift)

    def test_the_wizard_checks_again(self):
        wizard = (
            self.env["oms.hold.override"]
            .with_user(self.people["oms_sales"])
            .create({"hold_ids": [Command.set(self.hold.ids)], "note": "Mine"})
        )
        with self.assertRaises(AccessError):
            wizard.action_override()

    def test_lifting_by_the_warehouse_releases(self):
        """Who may lift needs no right to make transfers or read accounts."""
        self.manual_type.lift_group_ids = self.env.ref(
            "oms_order_cycle.group_oms_accounting"
        )
        order = self.create_order(confirm=False)
        self.place_hold(order)
        order.action_confirm()
        self.assertNotReleased(order)
        order.oms_hold_ids.with_user(self.people["oms_accounting"]).action_lift()
        self.assertReleased(order)


@tagged("post_install", "-at_install")
class TestPlacing(SecurityCommon):
    def place(self, login, order):
        user = self.people.get(login, self.portal)
        wizard = (
            self.env["oms.hold.place"]
            .with_user(user)
            .create(
                {
                    "order_ids": [Command.set(order.ids)],
                    "type_id": self.manual_type.id,
                    "reason": "Wait",
                }
            )
        )
        wizard.action_place()

    def test_who_may_change_the_order_may_hold_it(self):
        for login in (
            "oms_sales",
            "oms_service",
            "oms_credit",
            "oms_warehouse",
            "oms_accounting",
        ):
            with self.subTest(user=login):
                order = self.create_order(user_id=self.people["oms_sales"].id)
                action = order.with_user(self.people[login]).action_oms_hold()
                self.assertEqual(action["res_model"], "oms.hold.place")
                self.place(login, order)
                self.assertHeld(order, self.manual_type)
                self.assertEqual(order.oms_hold_ids.opened_by, self.people[login])

    def test_others_may_not(self):
        order = self.create_order(user_id=self.people["oms_service"].id)
        for login in ("odoo_sales", "odoo_readonly", "odoo_employee", "oms_portal"):
            with self.subTest(user=login), self.assertRaises(AccessError):
                self.place(login, order)
        self.assertHeld(order)

    def test_automatic_types_are_not_placed_by_hand(self):
        automatic = self.create_hold_type("Minimum", "min_value", min_amount=1)
        with self.assertRaisesRegex(UserError, "automatically"):
            self.create_order()._oms_place_hold(automatic, "Why")

    def test_several_orders_at_once(self):
        orders = self.create_order() + self.create_order()
        self.place("oms_manager", orders)
        for order in orders:
            self.assertHeld(order, self.manual_type)


@tagged("post_install", "-at_install")
class TestMethods(SecurityCommon):
    """Public methods, called by the wrong users."""

    def assertRefused(self, logins, method, *args):
        for login in logins:
            with self.subTest(user=login), self.assertRaises(UserError):
                method(self.people[login], *args)

    def test_workflow(self):
        draft = self.create_workflow(
            "Draft", ["confirmed"], publish=False, company_id=self.company.id
        )
        others = set(USERS) - CONSULTANTS
        for workflow, name in (
            (draft, "action_publish"),
            (draft, "action_retire"),
            (self.workflow, "action_retire"),
            (self.workflow, "action_new_version"),
        ):
            self.assertRefused(
                others,
                lambda user, w=workflow, n=name: getattr(w.with_user(user), n)(),
            )
        self.assertEqual(draft.state, "draft")
        draft.with_user(self.people["oms_consultant"]).action_publish()
        self.assertEqual(draft.state, "published")

    def test_outbox(self):
        for name in ("action_retry", "action_cancel"):
            self.assertRefused(
                {"oms_sales", "oms_warehouse", "odoo_readonly", "odoo_employee"},
                lambda user, n=name: getattr(self.outbox.with_user(user), n)(),
            )

    def test_approval(self):
        self.create_workflow(
            "Approved",
            [
                {
                    "name": "Approve",
                    "exit_kind": "approval",
                    "approval_group_id": self.credit_group.id,
                },
                "released",
            ],
            company_id=self.company.id,
            sequence=0,
        )
        order = self.create_order(user_id=self.people["oms_sales"].id)
        self.env.flush_all()
        self.assertRefused(
            set(USERS) - {"oms_credit", "oms_manager"},
            lambda user: order.with_user(user).action_oms_approve(),
        )
        self.assertNotReleased(order)
        order.with_user(self.people["oms_credit"]).action_oms_approve()
        self.env.flush_all()
        self.assertReleased(order)
        self.assertRefused(
            set(USERS) - {"oms_credit", "oms_manager"},
            lambda user: order.with_user(user).action_oms_withdraw_approval(),
        )

    def test_release_of_a_held_order(self):
        order = self.create_order(confirm=False)
        self.place_hold(order)
        order.action_confirm()
        self.assertRefused(
            set(USERS), lambda user: order.with_user(user).action_oms_release()
        )
        self.assertNotReleased(order)

    def test_arrival(self):
        order = self.create_order()
        self.ship(order)
        picking = order.picking_ids
        self.assertRefused(
            set(USERS) - ARRIVING,
            lambda user: picking.with_user(user).action_oms_mark_delivered(),
        )
        self.assertFalse(picking.oms_delivered_at)
        picking.with_user(self.people["oms_dispatch"]).action_oms_mark_delivered()
        self.assertRefused(
            set(USERS) - ARRIVING,
            lambda user: picking.with_user(user).action_oms_undo_arrival(),
        )
        self.assertTrue(picking.oms_delivered_at)

    def test_recheck_and_reading_need_the_order(self):
        order = self.create_order(user_id=self.people["oms_service"].id)
        hold = self.place_hold(order)
        for login in ("odoo_sales", "odoo_employee"):
            user = self.people[login]
            with self.subTest(user=login):
                with self.assertRaises(AccessError):
                    order.with_user(user).action_oms_recheck_holds()
                with self.assertRaises(AccessError):
                    hold.with_user(user).action_recheck()

    @users("oms_warehouse")
    def test_warehouse_reads_why_it_is_stopped(self):
        order = self.order.with_user(self.env.user)
        with self.assertRaisesRegex(UserError, "Ask the customer"):
            order.picking_ids.with_user(self.env.user).button_validate()

    def test_notes_and_activities_on_holds(self):
        for login in ("oms_warehouse", "oms_credit"):
            hold = self.hold.with_user(self.people[login])
            with self.subTest(user=login):
                hold.message_post(body="Seen")
                hold.activity_schedule("mail.mail_activity_data_todo", summary="Call")
