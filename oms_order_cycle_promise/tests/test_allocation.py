from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_allocation import AllocationCommon


@tagged("post_install", "-at_install")
class TestAllocation(AllocationCommon):
    """Who gets what, and what becomes of it."""

    def test_the_first_has_it_all(self):
        """Without a word of ours it is as Odoo does it."""
        orders = self.want(7, 7, 7)
        self.assertEqual(self.reserved(orders), [7, 3, 0])
        allocation = self.open(self.fair)
        self.assertEqual(self.gets(allocation), [7, 3, 0])
        self.assertFalse(allocation.has_losers)

    def test_share_out_anew(self):
        orders = self.want(7, 7, 7)
        allocation = self.open(self.fair, anew=True, reason="Fair to all")
        self.assertEqual(self.gets(allocation), [4, 3, 3])
        self.assertEqual(allocation.left, 0)
        allocation.action_apply()
        self.assertEqual(self.reserved(orders), [4, 3, 3])
        self.assertSound()
        self.assertEqual(
            orders.picking_ids.move_ids.mapped("state"), ["partially_available"] * 3
        )

    def test_nothing_is_written_before_it_is_done(self):
        orders = self.want(7, 7, 7)
        self.open(self.fair, anew=True)
        self.assertEqual(self.reserved(orders), [7, 3, 0])

    def test_each_keeps_what_it_has(self):
        """Four more come: who has some keeps it, the others share."""
        self.env["ir.config_parameter"].set_param("stock.picking_no_auto_reserve", "1")
        orders = self.want(6, 6, 2)
        self.assertEqual(self.reserved(orders), [6, 4, 0])
        self.stock_up(self.short, 1)
        allocation = self.open(self.by_promise)
        self.assertEqual(allocation.supply, 11)
        self.assertEqual(self.gets(allocation), [6, 5, 0])
        allocation.action_apply()
        self.assertEqual(self.reserved(orders), [6, 5, 0])

    def test_by_promise(self):
        orders = self.want(7, 7, 7)
        last = orders[2]
        last.commitment_date = min(orders.mapped("commitment_date")).replace(year=2020)
        self.env.cr.flush()
        allocation = self.open(self.by_promise, anew=True, reason="It is late")
        self.assertEqual(self.gets(allocation), [3, 0, 7])
        allocation.action_apply()
        self.assertEqual(self.reserved(orders), [3, 0, 7])
        self.assertEqual(last.picking_ids.state, "assigned")

    def test_urgent_first(self):
        orders = self.want(7, 7)
        orders[1].picking_ids.move_ids.priority = "1"
        rule = self.by_promise.copy({"name": "Urgent", "key": "priority"})
        self.assertEqual(self.gets(self.open(rule, anew=True)), [3, 7])

    def test_class_by_class(self):
        key, small = self.env["oms.customer.class"].create(
            [{"name": "Key", "sequence": 1}, {"name": "Small", "sequence": 2}]
        )
        best = self.create_customer("OMS Best", oms_customer_class_id=key.id)
        address = self.create_customer("OMS Branch", parent_id=best.id)
        self.assertEqual(address.oms_customer_class_id, key)
        self.assertEqual(small.partner_count, 0)
        self.assertEqual(key.partner_count, 1)
        self.customer.oms_customer_class_id = small
        self.want(7)
        self.want(4, 4, partner_id=address.id)
        rule = self.env.ref("oms_order_cycle_promise.oms_allocation_rule_class")
        self.assertEqual(self.gets(self.open(rule, anew=True)), [2, 4, 4])

    def test_least_part(self):
        self.want(12, 9, 4)
        rule = self.fair.copy({"least_part": 50})
        allocation = self.open(rule, anew=True)
        self.assertEqual(self.gets(allocation), [10, 0, 0])
        self.assertIn("less than 50 %", allocation.line_ids[1].why)

    def test_whole_orders_only(self):
        self.want(6, 5, 4)
        rule = self.env.ref("oms_order_cycle_promise.oms_allocation_rule_complete")
        allocation = self.open(rule, anew=True)
        self.assertEqual(self.gets(allocation), [6, 0, 4])
        self.assertEqual(allocation.line_ids[1].why, "Not enough for the whole")

    def test_whole_packs(self):
        self.stock_up(self.short, 30)
        self.want(24, 18, 30)
        rule = self.fair.copy({"pack_uom_id": self.case.id})
        allocation = self.open(rule, anew=True)
        self.assertEqual(self.gets(allocation), [12, 12, 12])
        self.assertEqual(allocation.left, 4)

    def test_packs_of_another_kind(self):
        self.want(15)
        kilogram = self.env.ref("uom.product_uom_kgm")
        with self.assertRaisesRegex(ValidationError, "whole packs of kg"):
            self.open(self.fair.copy({"pack_uom_id": kilogram.id}))

    def test_dozens(self):
        """A dozen is given whole, or not at all."""
        self.stock_up(self.short, 10)
        dozens = self.create_order((self.short, 2, self.dozen))
        pieces = self.create_order((self.short, 24))
        self.assertEqual(self.reserved(dozens + pieces), [20, 0], "Odoo's way")
        allocation = self.open(self.fair, anew=True, reason="As it should be")
        self.assertEqual(self.gets(allocation), [12, 8])
        allocation.action_apply()
        self.assertEqual(self.reserved(dozens + pieces), [12, 8])
        self.env["ir.config_parameter"].set_param("stock.picking_no_auto_reserve", "1")
        pieces._action_cancel()
        self.assertEqual(self.gets(self.open(self.by_promise)), [12])

    def test_dozens_are_given_and_taken(self):
        self.stock_up(self.short, 20)
        first = self.create_order((self.short, 2, self.dozen))
        second = self.create_order((self.short, 2, self.dozen))
        allocation = self.open(self.fair, anew=True, reason="One for each")
        self.assertEqual(self.gets(allocation), [12, 12])
        allocation.action_apply()
        self.assertEqual(self.reserved(first + second), [12, 12])
        self.assertSound()

    def test_weights_are_shared_exactly(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        sand = self.create_product("OMS Sand", quantity=10, uom_id=kilogram.id)
        orders = self.create_order((sand, 7)) + self.create_order((sand, 7))
        allocation = self.open(
            self.fair, product=sand, anew=True, reason="Half for each"
        )
        self.assertEqual(self.gets(allocation), [5, 5])
        third = self.create_order((sand, 7))
        allocation.action_refresh()
        self.assertEqual(self.gets(allocation), [3.34, 3.33, 3.33])
        allocation.action_apply()
        self.assertEqual(self.reserved(orders + third, sand), [3.34, 3.33, 3.33])

    # -- what is picked ---------------------------------------------------------------

    def test_picked_stays(self):
        orders = self.want(7, 7, 7)
        move = orders[0].picking_ids.move_ids
        move.move_line_ids.quantity = 5
        move.picked = True
        self.stock_up(self.short, 2)
        allocation = self.open(self.fair, anew=True, reason="The rest")
        line = allocation.line_ids[0]
        self.assertEqual((line.has, line.picked), (5, 5))
        # seven are left for 2, 7 and 7
        self.assertEqual(self.gets(allocation), [6, 3, 3])
        allocation.action_apply()
        self.assertEqual(self.reserved(orders), [6, 3, 3])
        self.assertSound()
        allocation = self.open(self.fair, anew=True, reason="None of it")
        allocation.line_ids[0].quantity = 4
        with self.assertRaisesRegex(ValidationError, "5 were picked for"):
            allocation.action_apply()

    def test_packed_stays(self):
        orders = self.want(7, 7)
        line = orders[0].picking_ids.move_ids.move_line_ids
        line.result_package_id = self.env["stock.package"].create({})
        allocation = self.open(self.fair, anew=True)
        self.assertEqual(self.gets(allocation), [7, 3])
        self.assertEqual(allocation.line_ids[0].why, "All that is wanted")

    def test_three_steps(self):
        """What was picked in the first step is out of it."""
        self.set_steps("pick_pack_ship")
        first, second, third = self.want(6, 6, 6)
        self.assertEqual(self.reserved(second), [4])
        self.validate(first.picking_ids, {self.short: 2})
        allocation = self.open(self.fair, anew=True, reason="Shared")
        self.assertEqual(allocation.line_ids.order_id, first + second + third)
        self.assertEqual(allocation.supply, 8)
        self.assertEqual(sum(self.gets(allocation)), 8)
        allocation.action_apply()
        self.assertEqual(sum(self.reserved(first + second + third)), 8)
        self.assertEqual(
            first.picking_ids.filtered("move_ids.move_orig_ids").state, "assigned"
        )
        self.assertSound()
        self.ship(first + second + third)
        self.assertEqual(self.short.qty_available, 0)

    def test_lots(self):
        lots = self.create_product("OMS Lots", quantity=0, tracking="lot")
        location = self.warehouse.lot_stock_id
        for number, quantity in enumerate((4, 6)):
            lot = self.env["stock.lot"].create(
                {"name": f"L{number}", "product_id": lots.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                lots, location, quantity, lot_id=lot
            )
        orders = self.create_order((lots, 10)) + self.create_order((lots, 10))
        allocation = self.open(self.fair, product=lots, anew=True, reason="Half")
        allocation.action_apply()
        self.assertEqual(self.reserved(orders, lots), [5, 5])
        self.assertSound(lots)

    # -- by hand ----------------------------------------------------------------------

    def test_changed_by_hand(self):
        orders = self.want(7, 7)
        allocation = self.open(self.fair, anew=True, reason="Anna says so")
        with Form(allocation) as form:
            with form.line_ids.edit(0) as line:
                line.quantity = 1
            with form.line_ids.edit(1) as line:
                line.quantity = 7
                self.assertEqual(line.why, "Changed by hand")
            self.assertEqual(form.left, 2)
        allocation.action_apply()
        self.assertEqual(self.reserved(orders), [1, 7])
        self.assertSound()

    def test_what_cannot_be(self):
        orders = self.want(7, 7)
        allocation = self.open(self.fair, reason="A try")
        one, two = allocation.line_ids
        one.quantity = 6
        with self.assertRaisesRegex(ValidationError, "tick Share Out Anew"):
            allocation.action_apply()
        allocation.is_anew = True
        one.quantity = 8
        with self.assertRaisesRegex(ValidationError, "it cannot get 8"):
            allocation.action_apply()
        one.quantity = 7
        two.quantity = 4
        with self.assertRaisesRegex(ValidationError, "11 are given away"):
            allocation.action_apply()
        one.quantity = 6
        allocation.reason = " "
        with self.assertRaisesRegex(ValidationError, "Say why under Reason"):
            allocation.action_apply()
        self.assertEqual(self.reserved(orders), [7, 3])

    def test_no_rule(self):
        self.want(15)
        self.env["oms.allocation.rule"].search([]).active = False
        with self.assertRaisesRegex(UserError, "no allocation rule"):
            self.shortage().action_allocate()

    def test_rule_of_the_category(self):
        category = self.env["product.category"].create({"name": "OMS Fragile"})
        below = self.env["product.category"].create(
            {"name": "Glass", "parent_id": category.id}
        )
        rules = self.env["oms.allocation.rule"]
        special = self.fair.copy(
            {"sequence": 1, "categ_ids": [Command.set(category.ids)]}
        )
        self.assertEqual(rules._find_rule(self.short, self.company), self.by_promise)
        self.short.categ_id = below
        self.assertEqual(rules._find_rule(self.short, self.company), special)
        special.company_id = self.create_company("OMS Other")
        self.assertEqual(rules._find_rule(self.short, self.company), self.by_promise)

    def test_a_part_that_cannot_be_meant(self):
        for least in (101, -1, float("nan")):
            with self.assertRaises(ValidationError):
                self.fair.write({"least_part": least})

    # -- told -------------------------------------------------------------------------

    def events(self, orders):
        self.journal()
        return self.env["oms.event"].search(
            [("order_id", "in", orders.ids), ("kind", "=", "allocated")], order="id"
        )

    def test_both_orders_know(self):
        orders = self.want(7, 7, 2)
        allocation = self.open(self.fair, anew=True, reason="Line stop")
        self.assertEqual(self.gets(allocation), [5, 4, 1])
        allocation.action_apply()
        lost, won, won_too = self.events(orders)
        self.assertEqual(
            lost.name,
            f"Gave up 2 Units of OMS Short to {orders[1].name}, {orders[2].name}",
        )
        self.assertEqual(won.name, f"Got 1 Units of OMS Short from {orders[0].name}")
        self.assertEqual(won_too.order_id, orders[2])
        self.assertEqual(lost.data["reason"], "Line stop")
        self.assertEqual(
            lost.data["lines"],
            [{"line_id": orders[0].order_line.id, "old": 7, "new": 5}],
        )

    def test_what_was_free_came_by_the_rule(self):
        self.env["ir.config_parameter"].set_param("stock.picking_no_auto_reserve", "1")
        order = self.want(15)
        self.stock_up(self.short, 2)
        self.open(self.by_promise).action_apply()
        event = self.events(order)
        self.assertEqual(event.name, "Got 2 Units of OMS Short by the rule By Promise")
        self.assertFalse(order.activity_ids)

    def test_who_loses_is_told(self):
        owner = self.create_user("oms_owner", "oms_order_cycle.group_oms_sales")
        orders = self.want(7, 7, user_id=owner.id)
        self.open(self.fair, anew=True, reason="Line stop.").action_apply()
        task = orders.activity_ids
        self.assertEqual((task.res_id, task.user_id), (orders[0].id, owner))
        self.assertIn("2 Units of OMS Short", task.note)
        self.assertIn("Line stop. It has 5 of 7 now", task.note)

    def test_who_does_it_tells_himself_nothing(self):
        orders = self.want(7, 7, user_id=self.env.uid)
        self.open(self.fair, anew=True, reason="Line stop").action_apply()
        self.assertFalse(orders.activity_ids)

    # -- holds, other people, others at the same time ---------------------------------

    def test_orders_on_hold_get_nothing_new(self):
        orders = self.want(7, 7)
        hold_type = self.env["oms.hold.type"].create(
            {"name": "Something Odd", "check": "manual", "block_pick": True}
        )
        orders[0]._oms_place_hold(hold_type, "Ask")
        allocation = self.open(self.fair, anew=True)
        self.assertEqual(self.gets(allocation), [0, 7])
        self.assertEqual(allocation.line_ids[0].why, "On hold: Something Odd")
        self.assertEqual(self.gets(self.open(self.fair)), [7, 3])
        rule = self.fair.copy({"is_for_held": True})
        self.assertEqual(self.gets(self.open(rule, anew=True)), [5, 5])

    def test_changed_meanwhile(self):
        orders = self.want(7, 7)
        allocation = self.open(self.fair, anew=True, reason="Line stop")
        self.stock_up(self.short, 3)
        action = allocation.action_apply()
        self.assertEqual(action["res_id"], allocation.id)
        self.assertTrue(allocation.is_outdated)
        self.assertEqual(self.reserved(orders), [7, 3], "nothing was done")
        self.assertEqual(allocation.supply, 13)
        self.assertEqual(self.gets(allocation), [7, 6])
        allocation.action_apply()
        self.assertEqual(self.reserved(orders), [7, 6])

    def test_cancelled_meanwhile(self):
        orders = self.want(7, 7, 7)
        allocation = self.open(self.fair, anew=True, reason="Line stop")
        orders[0]._action_cancel()
        allocation.action_apply()
        self.assertTrue(allocation.is_outdated)
        self.assertEqual(allocation.line_ids.order_id, orders[1] + orders[2])

    def test_nobody_waits_any_more(self):
        orders = self.want(15)
        row = self.shortage()
        orders._action_cancel()
        with self.assertRaisesRegex(UserError, "No order waits"):
            self.env["oms.allocation"]._open(self.short, self.warehouse)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not short any more"):
            row.action_allocate()

    def test_who_may(self):
        self.want(7, 7)
        for role in ("sales", "warehouse", "credit", "accounting", "consultant"):
            user = self.create_user(f"oms_{role}", f"oms_order_cycle.group_oms_{role}")
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.open(user=user)
        user = self.create_user("oms_service", "oms_order_cycle.group_oms_service")
        allocation = self.open(self.fair, anew=True, reason="Line stop", user=user)
        self.assertEqual(self.gets(allocation), [5, 5])
        allocation.action_apply()

    def test_figures_from_outside_count_for_nothing(self):
        """What there is, is read; not taken from what a program sends."""
        orders = self.want(7, 7)
        user = self.create_user("oms_service", "oms_order_cycle.group_oms_service")
        allocation = self.open(self.fair, anew=True, reason="A try", user=user)
        allocation.supply = 1000
        allocation.line_ids.has = 0
        allocation.line_ids.quantity = 7
        allocation.action_apply()
        self.assertTrue(allocation.is_outdated)
        self.assertEqual(self.reserved(orders), [7, 3])

    def test_moves_of_orders_one_may_not_read(self):
        order = self.want(15)
        user = self.create_user("oms_service", "oms_order_cycle.group_oms_service")
        allocation = self.open(user=user)
        stranger = self.create_user("oms_there", "oms_order_cycle.group_oms_service")
        stranger.write(self.only(self.create_company("OMS Other Distributor")))
        lines = allocation.line_ids.with_user(stranger).with_context(
            allowed_company_ids=stranger.company_ids.ids
        )
        move = order.picking_ids.move_ids
        with self.assertRaises(AccessError):
            lines.create({"allocation_id": allocation.id, "move_id": move.id})

    def only(self, company):
        return {
            "company_ids": [Command.set(company.ids)],
            "company_id": company.id,
        }

    def test_orders_of_another_company(self):
        other = self.create_company("OMS Other Distributor")
        self.want(15)
        user = self.create_user("oms_there", "oms_order_cycle.group_oms_service")
        user.write(self.only(other))
        allocations = (
            self.env["oms.allocation"]
            .with_user(user)
            .with_context(allowed_company_ids=other.ids)
        )
        with self.assertRaises(UserError):
            allocations._open(self.short, self.warehouse)

    def test_costs_do_not_grow_with_the_orders(self):
        self.want(*[1] * 5)
        self.open(self.fair)

        def count(orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["oms.allocation"]._open(self.short, self.warehouse)
            return self.env.cr.sql_log_count - before

        few = count(5)
        self.want(*[1] * 15)
        self.assertLessEqual(count(20), few + 3)


@tagged("post_install", "-at_install")
class TestAllocationOfKits(AllocationCommon):
    """Parts of kits, where Odoo's manufacturing app is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "bom_line_id" not in cls.env["stock.move"]._fields:
            cls.skipTest(cls, "Odoo's manufacturing app is not installed")
        cls.kit = cls.create_product("OMS Kit", quantity=0, list_price=50)
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": product.id, "product_qty": quantity})
                    for product, quantity in ((cls.product_a, 1), (cls.short, 4))
                ],
            }
        )

    def test_parts_of_whole_kits(self):
        order = self.create_order((self.kit, 3))
        other = self.create_order((self.short, 3))
        row = self.shortage()
        self.assertEqual((row.wanted, row.short, row.value), (15, 5, 25 + 60))
        self.assertFalse(self.shortage(self.kit))
        allocation = self.open(self.fair, anew=True, reason="Whole kits")
        self.assertEqual(allocation.line_ids.order_id, order + other)
        self.assertEqual(self.gets(allocation), [8, 2])
        allocation.action_apply()
        self.assertEqual(self.reserved(order + other), [8, 2])
        self.assertSound()
