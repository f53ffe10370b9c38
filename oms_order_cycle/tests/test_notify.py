"""Those whose work it is are told that orders wait for them."""

from odoo import Command
from odoo.tests import tagged

from .common_holds import HoldsCommon


@tagged("post_install", "-at_install")
class TestNotify(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["res.groups"].create({"name": "OMS Deciders"})
        cls.users = [cls.create_decider(f"oms_decider_{n}") for n in (1, 2)]
        cls.manual_type.write(
            {"owner_group_id": cls.group.id, "notify_policy": "activity"}
        )

    @classmethod
    def create_decider(cls, login):
        user = cls.create_user(login, "sales_team.group_sale_salesman_all_leads")
        user.group_ids = [Command.link(cls.group.id)]
        return user

    def get_activities(self, holds=None):
        self.env.cr.flush()
        domain = [("oms_notifier", "=like", f"oms.hold.type,{self.manual_type.id}%")]
        if holds is not None:
            domain += [("res_model", "=", "oms.hold"), ("res_id", "in", holds.ids)]
        return self.env["mail.activity"].search(domain, order="id")

    def create_orders(self, count, **values):
        return self.env["sale.order"].union(
            *(self.create_order(confirm=False, **values) for _n in range(count))
        )

    def test_off_for_what_exists(self):
        self.manual_type.notify_policy = "none"
        self.place_hold(self.create_order())
        self.assertFalse(self.get_activities())
        self.assertEqual(self.create_hold_type("Another").notify_policy, "none")

    def test_digest_plans_no_activity(self):
        self.manual_type.notify_policy = "digest"
        holds = self.place_hold(self.create_order())
        self.assertFalse(self.get_activities())
        model, domain = self.manual_type._get_waiting_domain()
        self.assertEqual(self.env[model].search(domain).ids, holds.ids)
        holds.action_lift()
        self.assertFalse(self.env[model].search(domain))

    def test_one_activity_each_in_turn(self):
        holds = self.place_hold(self.create_orders(4, user_id=False))
        activities = self.get_activities(holds)
        self.assertEqual(len(activities), 4)
        self.assertEqual(
            sorted(activities.user_id.ids), sorted(user.id for user in self.users)
        )
        theirs = activities.grouped("user_id")
        self.assertEqual([len(theirs[user]) for user in self.users], [2, 2])
        self.assertEqual(set(activities.mapped("summary")), {"Something Odd"})

    def test_salesperson_of_the_group_first(self):
        orders = self.create_orders(3, user_id=self.users[1].id)
        activities = self.get_activities(self.place_hold(orders))
        self.assertEqual(activities.user_id, self.users[1])
        self.assertEqual(len(activities), 3)

    def test_gone_with_the_cause(self):
        order = self.create_order()
        holds = self.place_hold(order)
        self.assertEqual(len(self.get_activities(holds)), 1)
        holds.action_lift()
        self.assertFalse(self.get_activities())
        # placed and lifted in one transaction: nobody is bothered
        self.place_hold(order).action_lift()
        self.assertFalse(self.get_activities())

    def test_many_at_once_are_one_activity(self):
        orders = self.create_orders(12)
        self.place_hold(orders)
        activities = self.get_activities()
        self.assertEqual(len(activities), 1)
        self.assertIn("12 wait for you", activities.summary)
        # the second batch of the same night is told already
        self.place_hold(self.create_orders(12))
        self.assertEqual(self.get_activities(), activities)

    def test_only_users_of_the_company(self):
        other = self.create_company("OMS Elsewhere")
        for user in self.users:
            user.write(
                {"company_ids": [Command.set(other.ids)], "company_id": other.id}
            )
        self.place_hold(self.create_order())
        self.assertFalse(self.get_activities())

    def test_a_fault_stops_no_order(self):
        """Nobody of the group, an archived user: the order is held all the same."""
        self.users[0].active = False
        holds = self.place_hold(self.create_orders(2))
        self.assertEqual(self.get_activities(holds).user_id, self.users[1])
        self.group.unlink()
        holds = self.place_hold(self.create_orders(1))
        self.assertFalse(self.get_activities(holds))
        self.assertEqual(holds.state, "open")
