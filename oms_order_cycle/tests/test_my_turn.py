from lxml import etree

from odoo.tests import tagged

from .common_packing import PackingCommon
from .test_screens import ScreensCommon


@tagged("post_install", "-at_install")
class TestMyTurn(ScreensCommon):
    """The queues of each role, and what they count."""

    def queues(self, user):
        self.env.flush_all()
        found = self.env["oms.my.turn"].with_user(user).get_queues()
        return {queue["key"]: queue for queue in found}

    def count(self, user):
        return {key: queue["count"] for key, queue in self.queues(user).items()}

    def person(self, role):
        return self.create_user(f"oms_turn_{role}", f"oms_order_cycle.group_oms_{role}")

    def test_each_role_has_its_own(self):
        expected = {
            "sales": {"release", "late", "holds"},
            "service": {"release", "late", "holds"},
            "credit": {"release", "late", "holds", "invoice", "collect"},
            "warehouse": {"pick", "pack"},
            "dispatch": {"pick", "pack", "ship", "road", "late", "holds"},
            "accounting": {"invoice", "collect"},
        }
        for role, keys in expected.items():
            with self.subTest(role=role):
                queues = set(self.queues(self.person(role)))
                self.assertLessEqual(keys, queues)
                self.assertFalse(queues & ({"pick", "ship", "invoice"} - keys))

    def test_others_have_none(self):
        user = self.create_user("oms_turn_nobody", "base.group_user")
        self.assertEqual(self.queues(user), {})

    def test_work_moves_from_queue_to_queue(self):
        manager = self.person("manager")
        before = self.count(manager)

        def more(key):
            return self.count(manager).get(key, 0) - before.get(key, 0)

        order, other = self.create_order(), self.create_order()
        self.place_hold(other)
        self.assertEqual(more("pick"), 2)
        self.assertEqual(more("holds"), 1)
        self.validate(self.open_transfers(order))
        self.assertEqual(more("pick"), 1)
        self.validate(self.open_transfers(order))
        self.assertEqual(more("ship"), 1)
        self.validate(self.open_transfers(order))
        self.assertEqual((more("ship"), more("road")), (0, 1))
        order.picking_ids.filtered("oms_can_mark_delivered").action_oms_mark_delivered()
        self.assertEqual((more("road"), more("invoice")), (0, 1))
        invoice = self.invoice(order)
        self.assertEqual((more("invoice"), more("collect")), (0, 1))
        self.pay(invoice)
        self.assertEqual(more("collect"), 0)

    def test_what_is_late(self):
        manager = self.person("manager")
        before = self.queues(manager)["late"]["count"]
        orders = self.create_order() | self.create_order()
        self.make_late(orders[0])
        self.assertEqual(self.queues(manager)["late"]["count"], before + 1)

    def test_counts_open_what_they_count(self):
        """The list behind a queue shows as many records as the number says."""
        held, *_others = (self.create_order() for _number in range(3))
        self.place_hold(held)
        manager = self.person("manager")
        for key, queue in self.queues(manager).items():
            action = self.env.ref(queue["action"])
            search = self.env[action.res_model].with_user(manager)
            arch = search.get_view(action.search_view_id.id or None, "search")["arch"]
            for name in queue["filters"]:
                with self.subTest(queue=key, filter=name):
                    self.assertIn(f'name="{name}"', arch)
            if queue["menu"]:
                self.assertTrue(self.env.ref(queue["menu"]).action, key)

    def test_few_queries(self):
        manager = self.person("manager")
        self.queues(manager)
        few = self.env.cr.sql_log_count
        self.queues(manager)
        few = self.env.cr.sql_log_count - few
        for _number in range(5):
            self.create_order()
        self.env.flush_all()
        many = self.env.cr.sql_log_count
        self.queues(manager)
        self.assertLessEqual(self.env.cr.sql_log_count - many, few + 8)
        self.assertLess(few, 60)


@tagged("post_install", "-at_install")
class TestQueueLists(PackingCommon):
    """The lists of the day: how many queries they take does not grow with each row."""

    def count_queries(self, view, pickings, user):
        model = self.env["stock.picking"].with_user(user)
        view = self.env.ref(f"oms_order_cycle.{view}")
        arch = etree.fromstring(model.get_view(view.id, "list")["arch"])
        fields = {node.get("name"): {} for node in arch.iter("field")}
        self.env.flush_all()
        self.env.invalidate_all()
        model.web_search_read([], {"id": {}}, limit=1)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found = model.web_search_read([("id", "in", pickings.ids)], fields)
        self.assertEqual(found["length"], len(pickings))
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        packer = self.create_user("oms_lists", "oms_order_cycle.group_oms_manager")
        pickings = self.env["stock.picking"]
        for _number in range(8):
            order = self.create_packing_order((self.mug, 4), (self.book, 2))
            pickings += order.picking_ids
        pickings.action_oms_plan_packing_list()
        for name in ("queue", "to_pack", "on_the_road"):
            view = f"stock_picking_view_list_oms_{name}"
            few = self.count_queries(view, pickings[:2], packer)
            many = self.count_queries(view, pickings, packer)
            with self.subTest(view=name):
                self.assertLessEqual(many, few + 3)

    def test_my_warehouse(self):
        picking = self.create_packing_order((self.mug, 4)).picking_ids[:1]
        other = self.env["stock.warehouse"].create(
            {"name": "OMS Second", "code": "OMS2", "company_id": self.env.company.id}
        )
        packer = self.create_user("oms_mine", "oms_order_cycle.group_oms_manager")
        mine = picking.with_user(packer)
        for warehouse, expected in (
            (self.env["stock.warehouse"], True),
            (picking.picking_type_id.warehouse_id, True),
            (other, False),
        ):
            packer.property_warehouse_id = warehouse
            mine.invalidate_recordset(["oms_is_my_warehouse"])
            domain = [("id", "in", picking.ids), ("oms_is_my_warehouse", "=", True)]
            with self.subTest(warehouse=warehouse.name):
                self.assertEqual(mine.oms_is_my_warehouse, expected)
                self.assertEqual(bool(mine.search(domain)), expected)

    def test_nothing_is_made_there(self):
        for name in ("pick", "ship", "pack"):
            action = self.env.ref(f"oms_order_cycle.stock_picking_action_oms_to_{name}")
            view = action.view_ids.view_id or action.view_id
            arch = self.env["stock.picking"].get_view(view[:1].id, "list")["arch"]
            self.assertEqual(etree.fromstring(arch).get("create"), "0", name)
