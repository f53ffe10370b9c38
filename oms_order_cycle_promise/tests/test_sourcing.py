from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_sourcing import SourcingCommon


@tagged("post_install", "-at_install")
class TestSourcing(SourcingCommon):
    def test_without_a_rule_it_is_odoos(self):
        self.stock(self.goods, north=10)
        order = self.create_order((self.goods, 4))
        line = order.order_line
        self.assertFalse(line.oms_sourcing_ids)
        self.assertEqual(line.warehouse_id, self.warehouse)
        self.assertEqual(order.picking_ids.picking_type_id.warehouse_id, self.warehouse)
        line.product_uom_qty = 7
        self.assertEqual(self.asked(line), {self.warehouse: 7})
        self.journal()
        self.assertNotIn("sourced", order.oms_event_ids.mapped("kind"))
        self.assertFalse(order.oms_has_sourcing)

    def test_line_is_divided(self):
        self.create_rule(self.north, self.south, self.warehouse)
        self.stock(self.goods, north=6, south=3, own=9)
        order = self.create_order((self.goods, 8))
        line = order.order_line
        self.assertComesFrom(line, {self.warehouse: 8})
        order = self.create_order((self.goods, 8))
        line = order.order_line
        self.assertComesFrom(line, {self.north: 6, self.south: 2})
        # most of it leaves from there, whatever the order says
        self.assertEqual(line.warehouse_id, self.north)
        order.warehouse_id = self.warehouse
        self.assertEqual(line.warehouse_id, self.north)
        self.assertEqual(len(order.picking_ids), 2)
        self.ship(order)
        self.assertEqual(line.qty_delivered, 8)
        self.assertQuantities(line, wanted=8, shipped=8)
        self.assertNoDrift(order)

    def test_batch_knows_what_it_took(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=5, south=5)
        orders = self.create_order((self.goods, 4), confirm=False)
        orders |= self.create_order((self.goods, 4), confirm=False)
        orders.action_confirm()
        plans = [self.plan(line) for line in orders.order_line]
        self.assertCountEqual(plans, [{self.north: 4}, {self.south: 4}])

    def test_what_waits_unreserved_is_spoken_for(self):
        self.north.out_type_id.reservation_method = "manual"
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=6, south=6)
        first = self.create_order((self.goods, 6))
        self.assertComesFrom(first.order_line, {self.north: 6})
        self.assertFalse(first.picking_ids.move_ids.quantity)
        second = self.create_order((self.goods, 1, self.unit))
        self.assertComesFrom(second.order_line, {self.south: 1})
        # its own transfer is not in its way
        first.action_oms_source_again()
        self.assertComesFrom(first.order_line, {self.north: 6})

    def test_urgent_channel_goes_first(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=4)
        urgent = self.env["oms.channel"].create(
            {"name": "Urgent", "code": "URG", "priority": "1"}
        )
        orders = self.create_order((self.goods, 4), confirm=False)
        orders |= self.create_order(
            (self.goods, 4), confirm=False, oms_channel_id=urgent.id
        )
        orders.action_confirm()
        first, second = orders.order_line
        self.assertEqual(second.oms_sourcing_ids.short, 0)
        self.assertEqual(first.oms_sourcing_ids.short, 4)

    def test_journal_says_why(self):
        rule = self.create_rule(self.north, self.south)
        self.stock(self.goods, south=3)
        order = self.create_order((self.goods, 3))
        row = order.oms_sourcing_ids
        self.assertEqual(row.warehouse_id, self.south)
        self.assertEqual(
            row.why,
            "The only warehouse that has any of it.\nNot from OMS North: it has none.",
        )
        event = order.oms_event_ids.filtered(lambda e: e.kind == "sourced")
        self.assertEqual(event.name, "Comes from OMS South")
        self.assertEqual(event.data["rule"], rule.name)
        self.assertEqual(
            event.data["lines"],
            [
                {
                    "line_id": order.order_line.id,
                    "warehouse": "OMS South",
                    "quantity": 3.0,
                    "short": 0.0,
                }
            ],
        )
        self.assertIn("OMS South", event.details)

    def test_short_waits_where_it_comes_in_first(self):
        self.create_rule(self.north, self.south, max_splits=2)
        self.env["stock.move"].create(
            {
                "product_id": self.goods.id,
                "product_uom_qty": 50,
                "product_uom": self.unit.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.south.lot_stock_id.id,
                "picking_type_id": self.south.in_type_id.id,
            }
        )._action_confirm()
        self.stock(self.goods, north=2)
        order = self.create_order((self.goods, 5))
        self.assertComesFrom(order.order_line, {self.north: 2, self.south: 3})
        waiting = order.oms_sourcing_ids.filtered("short")
        self.assertEqual((waiting.warehouse_id, waiting.short), (self.south, 3))

    # -- changes ----------------------------------------------------------------------

    def _divide(self, *steps):
        if steps:
            self.north.delivery_steps = steps[0]
        self.create_rule(self.north, self.south, self.warehouse, max_splits=2)
        self.stock(self.goods, north=6, south=4, own=3)
        order = self.create_order((self.goods, 10))
        self.assertComesFrom(order.order_line, {self.north: 6, self.south: 4})
        return order, order.order_line

    def test_decrease_takes_from_the_farthest(self):
        order, line = self._divide()
        line.product_uom_qty = 7
        self.assertComesFrom(line, {self.north: 6, self.south: 1})
        line.product_uom_qty = 3
        self.assertComesFrom(line, {self.north: 3})
        self.assertEqual(self.picking_of(order, self.north).state, "assigned")
        self.assertFalse(self.picking_of(order, self.south))
        # no chain of returns
        self.assertFalse(
            order.picking_ids.filtered(
                lambda p: p.picking_type_id.code == "incoming" or p.return_id
            )
        )
        line.product_uom_qty = 0
        self.assertEqual(self.asked(line), {})
        self.assertFalse(line.oms_sourcing_ids)

    def test_decrease_leaves_what_was_picked(self):
        order, line = self._divide("pick_pack_ship")
        south = self.picking_of(order, self.south)
        south.move_ids.write({"quantity": 4, "picked": True})
        line.product_uom_qty = 5
        self.assertComesFrom(line, {self.north: 1, self.south: 4})
        self.ship(order)
        self.assertEqual(line.qty_delivered, 5)

    def test_decrease_in_three_steps_once_picked(self):
        order, line = self._divide("pick_pack_ship")
        self.validate(self.picking_of(order, self.north))
        line.product_uom_qty = 7
        # what is on its way to the door stays
        self.assertEqual(self.plan(line), {self.north: 6, self.south: 1})
        self.ship(order)
        self.assertEqual(line.qty_delivered, 7)
        self.assertNoDrift(order)

    def test_increase_where_it_comes_from_already(self):
        _order, line = self._divide()
        self.stock(self.goods, south=9)
        line.product_uom_qty = 13
        self.assertComesFrom(line, {self.north: 6, self.south: 7})

    def test_increase_after_delivery(self):
        order, line = self._divide()
        self.ship(order)
        self.stock(self.goods, north=2)
        line.product_uom_qty = 12
        self.assertComesFrom(line, {self.north: 8, self.south: 4})

    def test_rule_that_went_away(self):
        _order, line = self._divide()
        self.env["oms.sourcing.rule"].search([]).unlink()
        line.product_uom_qty = 12
        self.assertComesFrom(line, {self.north: 8, self.south: 4})
        line.product_uom_qty = 5
        self.assertEqual(sum(self.asked(line).values()), 5)

    def test_cancelled_transfer_is_sourced_again(self):
        order, line = self._divide()
        self.stock(self.goods, own=9)
        self.picking_of(order, self.south).action_cancel()
        self.assertEqual(self.asked(line), {self.north: 6})
        self.assertTrue(order.oms_can_source_again)
        # nobody has it there any more
        self.stock(self.goods, south=-4)
        order.action_oms_source_again()
        self.assertComesFrom(line, {self.north: 6, self.warehouse: 4})
        self.ship(order)
        self.assertEqual(line.qty_delivered, 10)
        self.assertFalse(order.oms_can_source_again)
        self.assertQuantities(line, wanted=10, shipped=10)

    def test_short_picked_is_sourced_again(self):
        order, line = self._divide()
        self.stock(self.goods, own=9)
        self.validate(self.picking_of(order, self.south), {self.goods: 1}, False)
        self.assertEqual(self.asked(line), {self.north: 6, self.south: 1})
        self.stock(self.goods, south=-3)
        order.action_oms_source_again()
        self.assertComesFrom(line, {self.north: 6, self.south: 1, self.warehouse: 3})

    def test_backorder_that_waits_is_sourced_again(self):
        order, line = self._divide()
        self.stock(self.goods, own=9)
        self.validate(self.picking_of(order, self.south), {self.goods: 1})
        # the shelf is empty
        self.stock(self.goods, south=-3)
        self.picking_of(order, self.south).do_unreserve()
        self.assertEqual(self.asked(line), {self.north: 6, self.south: 4})
        order.action_oms_source_again()
        self.assertComesFrom(line, {self.north: 6, self.south: 1, self.warehouse: 3})
        self.ship(order)
        self.assertEqual(line.qty_delivered, 10)
        self.assertNoDrift(order)

    def test_reaction_sources_short_picked_again(self):
        order, line = self._divide()
        self.stock(self.goods, own=9, south=-4)
        self.picking_of(order, self.south).do_unreserve()
        reaction = self.env.ref("oms_order_cycle_promise.oms_reaction_source_again")
        self.assertFalse(reaction.active)
        reaction.active = True
        self.env["oms.event"]._log(
            [{"order_id": order.id, "kind": "short_picked", "name": "Four missing"}]
        )
        rows = self.env["oms.outbox"].search([("reaction_id", "=", reaction.id)])
        rows._process()
        self.assertComesFrom(line, {self.north: 6, self.warehouse: 4})

    def test_cancelled_order_is_sourced_anew(self):
        order, line = self._divide()
        order._action_cancel()
        self.assertFalse(line.oms_sourcing_ids)
        self.assertEqual(line.warehouse_id, self.warehouse)
        order.action_draft()
        self.stock(self.goods, own=9)
        order.action_confirm()
        self.assertEqual(self.plan(line), {self.warehouse: 10})

    def test_line_added_to_a_running_order(self):
        order, _line = self._divide()
        self.stock(self.other, own=5, south=5)
        order.order_line = [
            Command.create({"product_id": self.other.id, "product_uom_qty": 2})
        ]
        # no third delivery
        self.assertComesFrom(order.order_line[1], {self.south: 2})

    def test_held_order_is_sourced_at_its_release(self):
        hold_type = self.env["oms.hold.type"].create(
            {"name": "OMS Hold", "check": "manual", "block_release": True}
        )
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=5)
        order = self.create_order((self.goods, 5), confirm=False)
        order._oms_place_hold(hold_type, "Wait")
        order.action_confirm()
        self.assertFalse(order.oms_sourcing_ids)
        self.stock(self.goods, north=-5, south=5)
        order.oms_hold_ids.action_lift()
        order._oms_release()
        self.assertComesFrom(order.order_line, {self.south: 5})

    # -- kinds of goods ---------------------------------------------------------------

    def test_dozens_stay_whole(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, north=20, south=40)
        order = self.create_order((self.goods, 4, self.dozen))
        line = order.order_line
        self.assertComesFrom(line, {self.north: 1, self.south: 3})
        self.assertEqual(
            {
                p.picking_type_id.warehouse_id: sum(p.move_ids.mapped("product_qty"))
                for p in order.picking_ids
            },
            {self.north: 12, self.south: 36},
        )
        line.product_uom_qty = 2
        self.assertComesFrom(line, {self.north: 1, self.south: 1})

    def test_goods_that_nobody_counts(self):
        self.create_rule(self.north, self.south)
        self.stock(self.goods, south=4)
        loose = self.create_product("OMS Loose", is_storable=False, quantity=0)
        order = self.create_order((loose, 3), (self.goods, 4), (self.service, 1))
        self.assertEqual(self.plan(order.order_line[0]), {self.south: 3})
        self.assertFalse(order.order_line[2].oms_sourcing_ids)

    def test_lines_with_a_route_are_left_alone(self):
        self.create_rule(self.north)
        route = self.env["stock.route"].create(
            {"name": "OMS Route", "sale_selectable": True}
        )
        self.stock(self.goods, north=4)
        order = self.create_order((self.goods, 4), confirm=False)
        order.order_line.route_ids = route
        order.action_confirm()
        self.assertFalse(order.oms_sourcing_ids)

    def test_made_to_order_is_left_alone(self):
        self.create_rule(self.north)
        mto = self.warehouse.mto_pull_id.route_id
        mto.active = True
        self.goods.route_ids = mto
        order = self.create_order((self.goods, 4), confirm=False)
        found = self.env["oms.sourcing"]._find_routed(order.order_line)
        self.assertEqual(found, order.order_line)

    # -- rules ------------------------------------------------------------------------

    def test_rule_for_some(self):
        rules = self.env["oms.sourcing.rule"]
        tag = self.env["res.partner.category"].create({"name": "OMS Tag"})
        german = self.create_rule(
            self.north, country_ids=self.env.ref("base.de").ids, sequence=1
        )
        by_zip = self.create_rule(self.north, zip_prefixes="99, 12 3", sequence=2)
        tagged_rule = self.create_rule(
            self.north, partner_category_ids=tag.ids, sequence=3
        )
        over = self.create_rule(self.north, date_to="2020-01-01", sequence=4)
        large = self.create_rule(
            self.south, domain="[('amount_untaxed', '>', 1000)]", sequence=5
        )
        orders = self.create_order((self.goods, 1), confirm=False)
        large_order = self.create_order((self.goods, 500), confirm=False)

        def match(order):
            found = rules._match(order).get(order)
            return rules.browse(found.id) if found else rules

        self.assertEqual(match(orders), by_zip)
        by_zip.zip_prefixes = "13,14"
        self.assertEqual(match(orders), rules)
        self.assertEqual(match(large_order), large)
        self.customer.category_id = tag
        self.assertEqual(match(orders), tagged_rule)
        self.customer.country_id = self.env.ref("base.de")
        self.assertEqual(match(orders), german)
        german.active = False
        tagged_rule.unlink()
        over.date_to = False
        self.assertEqual(match(orders), over)

    def test_odd_rules_are_refused(self):
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            self.create_rule(date_from="2026-02-01", date_to="2026-01-01")
        with self.assertRaisesRegex(UserError, "Splits at Most"):
            self.create_rule(max_splits=-1)
        with self.assertRaises(UserError):
            self.create_rule(domain="[('nothing', '=', 1)]")
        foreign = self.create_warehouse(
            "OMS Foreign", "FRN", self.create_company("OMS Other Company")
        )
        with self.assertRaises(UserError):
            self.create_rule(foreign)

    def test_nearest(self):
        self.create_rule(self.north, self.south, goal="nearest")
        self.stock(self.goods, north=9, south=9)
        usa = self.env.ref("base.us").id
        for warehouse, code in ((self.north, "99000"), (self.south, "12399")):
            warehouse.partner_id = self.create_customer(
                warehouse.name, zip=code, country_id=usa
            )
        order = self.create_order((self.goods, 4))
        self.assertComesFrom(order.order_line, {self.south: 4})
        for partner, latitude in (
            (self.north.partner_id, 41.0),
            (self.south.partner_id, 30.0),
            (self.customer, 40.0),
        ):
            partner.write({"partner_latitude": latitude, "partner_longitude": -90})
        order = self.create_order((self.goods, 4))
        self.assertComesFrom(order.order_line, {self.north: 4})

    def test_all_warehouses_the_orders_own_first(self):
        self.create_rule()
        self.stock(self.goods, own=4, north=4, south=4)
        order = self.create_order((self.goods, 3), warehouse_id=self.south.id)
        self.assertComesFrom(order.order_line, {self.south: 3})

    def test_two_companies(self):
        other = self.create_company("OMS Second Company")
        self.create_rule(self.north)
        mine = self.create_order((self.goods, 3), confirm=False)
        theirs = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": other.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.goods.id, "product_uom_qty": 2}
                        )
                    ],
                }
            )
        )
        (mine | theirs).action_confirm()
        self.assertEqual(self.plan(mine.order_line), {self.north: 3})
        self.assertFalse(theirs.oms_sourcing_ids)
        self.assertEqual(theirs.order_line.warehouse_id.company_id, other)
