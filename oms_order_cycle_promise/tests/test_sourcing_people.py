"""What people see of sourcing, and what they change."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_sourcing import SourcingCommon


@tagged("post_install", "-at_install")
class TestSourcingPeople(SourcingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.create_user(
            "oms_sourcing_seller", "sales_team.group_sale_salesman_all_leads"
        )
        cls.picker = cls.create_user("oms_sourcing_picker", "stock.group_stock_user")
        cls.consultant = cls.create_user(
            "oms_sourcing_consultant", "oms_order_cycle.group_oms_consultant"
        )

    def change(self, order, plan, reason="He collects it", user=None):
        """Change Warehouses: ``{line: {warehouse: quantity}}``."""
        wizard = (
            self.env["oms.sourcing.change"]
            .with_user(user or self.env.user)
            .with_context(allowed_company_ids=self.company.ids)
            .create({"order_id": order.id, "reason": reason})
        )
        for line, parts in plan.items():
            wizard.line_ids.filtered(
                lambda row, line=line: row.line_id == line
            ).unlink()
            wizard.line_ids.create(
                [
                    {
                        "change_id": wizard.id,
                        "line_id": line.id,
                        "warehouse_id": warehouse.id,
                        "quantity": quantity,
                    }
                    for warehouse, quantity in parts.items()
                ]
            )
        wizard.invalidate_recordset(["line_ids"])
        return wizard.action_apply()

    # -- preview ----------------------------------------------------------------------

    def test_preview_promises_nothing(self):
        self.stock(self.goods, south=2)
        order = self.create_order((self.goods, 3), confirm=False)
        self.assertFalse(order.oms_has_sourcing)
        self.create_rule(self.north, self.south)
        order.invalidate_recordset()
        self.assertTrue(order.oms_has_sourcing)
        preview = order.oms_sourcing_preview
        self.assertIn("OMS South", preview)
        self.assertIn("Not from OMS North: it has none.", preview)
        keys = self.env["oms.promise.key"].search([("product_id", "=", self.goods.id)])
        self.assertFalse(keys)
        self.assertFalse(order.oms_sourcing_ids)
        # as one who may read no rules
        seen = order.with_user(self.seller)
        seen.invalidate_recordset()
        self.assertIn("OMS South", seen.oms_sourcing_preview)

    def test_preview_escapes_names(self):
        self.create_rule(self.north)
        self.north.name = "<b>Bold</b>"
        order = self.create_order((self.goods, 3), confirm=False)
        self.assertNotIn("<b>", order.oms_sourcing_preview)

    # -- by hand ----------------------------------------------------------------------

    def test_chosen_before_the_release(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=9, south=9)
        order = self.create_order((self.goods, 5), confirm=False)
        line = order.order_line
        self.change(order, {line: {self.south: 3, self.warehouse: 2}}, user=self.seller)
        self.assertIn("Chosen by", order.oms_sourcing_preview)
        order.action_confirm()
        self.assertComesFrom(line, {self.south: 3, self.warehouse: 2})
        self.assertTrue(all(line.oms_sourcing_ids.mapped("is_manual")))
        self.assertIn("He collects it", line.oms_sourcing_ids[0].why)
        # what is more is sourced by the rule, what he said stays
        line.product_uom_qty = 7
        self.assertEqual(sum(self.plan(line).values()), 7)
        self.assertEqual(self.plan(line)[self.warehouse], 2)

    def test_dialog_begins_with_what_the_rule_would_choose(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=2, south=3)
        self.stock(self.other, north=2, south=9)
        order = self.create_order((self.goods, 4), (self.other, 1), confirm=False)
        first, second = order.order_line
        wizard = self.env["oms.sourcing.change"].create(
            {"order_id": order.id, "reason": "So"}
        )
        self.assertEqual(
            [(row.line_id, row.warehouse_id, row.quantity) for row in wizard.line_ids],
            [
                (first, self.north, 2),
                (first, self.south, 2),
                (second, self.north, 1),
            ],
        )
        self.change(order, {second: {self.south: 1}})
        # what was not touched stays with the rule
        self.assertFalse(first.oms_sourcing_ids)
        self.assertEqual(self.plan(second), {self.south: 1})

    def test_changed_after_the_release(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=9, south=9)
        order = self.create_order((self.goods, 5))
        line = order.order_line
        self.assertComesFrom(line, {self.north: 5})
        self.change(order, {line: {self.south: 4, self.north: 1}}, user=self.seller)
        self.assertComesFrom(line, {self.south: 4, self.north: 1})
        self.assertEqual(line.warehouse_id, self.south)
        event = order.oms_event_ids.filtered(lambda e: e.kind == "sourced")
        event = event.sorted("id")
        self.assertEqual(event[-1].data["reason"], "He collects it")
        self.assertEqual(event[-1].user_id, self.seller)
        self.ship(order)
        self.assertEqual(line.qty_delivered, 5)
        self.assertNoDrift(order)

    def test_without_a_rule_too(self):
        self.stock(self.goods, own=9, south=9)
        order = self.create_order((self.goods, 5))
        line = order.order_line
        self.assertFalse(line.oms_sourcing_ids)
        self.change(order, {line: {self.south: 5}})
        self.assertComesFrom(line, {self.south: 5})

    def test_odd_changes_are_refused(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=9, south=9)
        order = self.create_order((self.goods, 5))
        line = order.order_line
        with self.assertRaisesRegex(UserError, "add up to 4, but 5"):
            self.change(order, {line: {self.south: 4}})
        with self.assertRaisesRegex(UserError, "add up to"):
            self.change(order, {line: {self.south: 6, self.north: -1}})
        with self.assertRaisesRegex(UserError, "Nothing was changed"):
            self.change(order, {line: {self.north: 5}})
        foreign = self.create_warehouse(
            "OMS Foreign", "FRN", self.create_company("OMS Other Company")
        )
        with self.assertRaisesRegex(UserError, "another company"):
            self.change(order, {line: {foreign: 5}})
        picking = self.picking_of(order, self.north)
        picking.move_ids.write({"quantity": 3, "picked": True})
        with self.assertRaisesRegex(UserError, "picked or delivered"):
            self.change(order, {line: {self.south: 5}})
        self.change(order, {line: {self.south: 2, self.north: 3}})
        self.assertComesFrom(line, {self.north: 3, self.south: 2})
        order._action_cancel()
        with self.assertRaisesRegex(UserError, "cancelled or locked"):
            order.action_oms_change_sources()

    def test_held_order_is_not_changed(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=9, south=9)
        order = self.create_order((self.goods, 5))
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Hold", "check": "manual", "block_release": True}
        )
        order._oms_place_hold(hold_type, "Wait")
        with self.assertRaisesRegex(UserError, "cannot be released"):
            self.change(order, {order.order_line: {self.south: 5}})
        order._oms_source_again()
        self.assertComesFrom(order.order_line, {self.north: 5})

    def test_form(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=9, south=7)
        order = self.create_order((self.goods, 5))
        action = order.action_oms_change_sources()
        wizard = Form(self.env["oms.sourcing.change"].with_context(**action["context"]))
        wizard.reason = "Closer"
        with wizard.line_ids.edit(0) as row:
            self.assertEqual(row.warehouse_id, self.north)
            row.warehouse_id = self.south
            self.assertEqual(row.free, 7)
        wizard.save().action_apply()
        self.assertComesFrom(order.order_line, {self.south: 5})

    # -- roles ----------------------------------------------------------------------

    def test_seller_releases_and_reads(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, south=9)
        order = self.create_order((self.goods, 5), confirm=False)
        seen = order.with_user(self.seller)
        seen.action_confirm()
        self.assertEqual(self.plan(seen.order_line), {self.south: 5})
        self.assertTrue(seen.oms_sourcing_ids.why)
        seen.order_line.product_uom_qty = 3
        self.assertComesFrom(order.order_line, {self.south: 3})

    def test_nobody_writes_sources(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, south=9)
        order = self.create_order((self.goods, 5))
        row = order.oms_sourcing_ids
        for user in (self.seller, self.picker, self.consultant):
            with self.assertRaises(AccessError):
                row.with_user(user).quantity = 1
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
            with self.assertRaises(AccessError):
                order.order_line.with_user(user).oms_warehouse_id = self.north

    def test_picker_sources_again_and_chooses_nothing(self):
        """Odoo lets the warehouse write orders: what it misses comes from elsewhere."""
        self.create_rule(self.north, self.south)
        self.stock(self.goods, south=9)
        order = self.create_order((self.goods, 5))
        with self.assertRaises(AccessError):
            self.change(order, {order.order_line: {self.north: 5}}, user=self.picker)
        self.stock(self.goods, south=-9, north=9)
        self.picking_of(order, self.south).do_unreserve()
        order.with_user(self.picker).action_oms_source_again()
        self.assertComesFrom(order.order_line, {self.north: 5})

    def test_customer_reads_nothing(self):
        self.create_rule(self.north, self.south)
        order = self.create_order((self.goods, 5))
        portal = self.create_user("oms_sourcing_portal", "base.group_portal")
        portal.partner_id = self.customer
        order.message_subscribe(self.customer.ids)
        with self.assertRaises(AccessError):
            order.with_user(portal).read(["oms_sourcing_ids"])
        with self.assertRaises(AccessError):
            order.oms_sourcing_ids.with_user(portal).read(["why"])

    def test_consultant_sets_up_rules(self):
        rules = self.env["oms.sourcing.rule"].with_user(self.consultant)
        with Form(rules) as form:
            form.name = "By Form"
            with form.place_ids.new() as place:
                place.warehouse_id = self.south
        rule = form.record
        self.assertEqual(rule.company_id, self.company)
        with self.assertRaises(AccessError):
            rule.with_user(self.seller).goal = "first"

    def test_rules_of_other_companies_are_not_read(self):
        other = self.create_company("OMS Other Company")
        rule = self.env["oms.sourcing.rule"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            rule.with_user(self.consultant).read(["name"])
