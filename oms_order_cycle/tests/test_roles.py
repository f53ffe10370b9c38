from odoo.tests import Form, HttpCase, TransactionCase, new_test_user, tagged

from .common import ROLES


@tagged("post_install", "-at_install")
class TestRoles(TransactionCase):
    """In small firms one person has several roles."""

    def role(self, name):
        return self.env.ref(f"oms_order_cycle.group_oms_{name}")

    def test_each_role_is_ticked_by_itself(self):
        hierarchy = self.env["res.groups"]._get_view_group_hierarchy()
        [category] = [
            category
            for category in hierarchy["categories"]
            if category["name"] == "Order Cycle"
        ]
        ticks = [hierarchy["privileges"][id_] for id_ in category["privilege_ids"]]
        self.assertEqual(
            [tick["group_ids"] for tick in ticks],
            [self.role(name).ids for name in ROLES],
        )
        for tick in ticks:
            self.assertTrue(tick["oms_tick"])
            group = hierarchy["groups"][tick["group_ids"][0]]
            self.assertEqual(group["privilege_id"], tick["id"])
            self.assertEqual(tick["name"], group["name"])
        # every privilege has its place once
        places = [
            id_ for cat in hierarchy["categories"] for id_ in cat["privilege_ids"]
        ]
        self.assertEqual(len(places), len(set(places)))
        self.assertFalse(set(places) - set(hierarchy["privileges"]))

    def test_other_apps_stay_as_they_are(self):
        hierarchy = self.env["res.groups"]._get_view_group_hierarchy()
        sales = self.env.ref("sales_team.group_sale_salesman").privilege_id
        privilege = hierarchy["privileges"][sales.id]
        self.assertNotIn("oms_tick", privilege)
        self.assertEqual(set(privilege["group_ids"]), set(sales.group_ids.ids))

    def test_roles_are_combined_on_a_user(self):
        user = new_test_user(self.env, "oms_two_roles", "base.group_user")
        with Form(user, "base.view_users_form") as form:
            form.group_ids.add(self.role("credit"))
            form.group_ids.add(self.role("accounting"))
        for role in ("credit", "accounting"):
            self.assertTrue(user.has_group(f"oms_order_cycle.group_oms_{role}"))
        self.assertFalse(user.has_group("oms_order_cycle.group_oms_manager"))
        with Form(user, "base.view_users_form") as form:
            form.group_ids.remove(self.role("credit").id)
        self.assertFalse(user.has_group("oms_order_cycle.group_oms_credit"))
        self.assertTrue(user.has_group("oms_order_cycle.group_oms_accounting"))

    def test_the_manager_has_them_all(self):
        user = new_test_user(
            self.env, "oms_all_roles", "oms_order_cycle.group_oms_manager"
        )
        for role in ROLES:
            self.assertTrue(user.has_group(f"oms_order_cycle.group_oms_{role}"))


@tagged("post_install", "-at_install")
class TestRolesInTheBrowser(HttpCase):
    def test_two_roles_are_ticked(self):
        user = new_test_user(self.env, "oms_ticks", "base.group_user")
        self.start_tour(
            f"/odoo/users/{user.id}", "oms_roles_are_ticked", login="admin", timeout=90
        )
        self.assertTrue(user.has_group("oms_order_cycle.group_oms_warehouse"))
        self.assertTrue(user.has_group("oms_order_cycle.group_oms_dispatch"))
        self.assertFalse(user.has_group("oms_order_cycle.group_oms_credit"))
