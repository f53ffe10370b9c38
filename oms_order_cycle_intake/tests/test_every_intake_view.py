import base64

from odoo.tests import tagged

from odoo.addons.oms_order_cycle.tests.common import ROLES
from odoo.addons.oms_order_cycle.tests.test_every_view import (
    DESK,
    PHONE,
    EveryViewCommon,
)

from .common import IntakeCommon


@tagged("post_install", "-at_install")
class TestEveryIntakeView(EveryViewCommon, IntakeCommon):
    """Each role opens all of Intake that its menu leads to."""

    menu = "oms_order_cycle.oms_intake_menu"

    @classmethod
    def _make_orders(cls):
        """Something on every list: taken, refused, unreadable, a file, a code."""
        cls.submit(
            cls.payload(),
            cls.payload(("X", 1), external_ref="PO-2"),
            cls.payload(external_ref="PO-3", customer={"ref": "?"}, lines=[7]),
            "nonsense",
        )
        cls.env["sale.order"]._oms_learn_codes(
            cls.customer, [("K-9", cls.product_a.id, False)]
        )
        content = base64.b64encode(b"Order;Customer;Product;Quantity\nPO-9;C-1;X;2\n")
        cls.env["oms.import"].create(
            {"file": content, "file_name": "orders.csv", "channel_id": cls.channel.id}
        ).action_check()

    def get_roles(self):
        """Roles that have the menu."""
        menu = self.env.ref(self.menu)
        users = {role: f"oms_views_{role}" for role in ROLES}
        found = [
            role
            for role, login in users.items()
            if menu.id
            in self.env["ir.ui.menu"]
            .with_user(self.env["res.users"].search([("login", "=", login)]))
            ._visible_menu_ids()
        ]
        self.assertIn("sales", found)
        self.assertNotIn("warehouse", found)
        return found

    def test_manager_filters(self):
        self.open_everything("manager", DESK, filters=True)

    def test_desk(self):
        for role in self.get_roles():
            with self.subTest(role=role):
                self.open_everything(role, DESK)

    def test_phone(self):
        for role in ("sales", "manager"):
            with self.subTest(role=role):
                self.open_everything(role, PHONE)
