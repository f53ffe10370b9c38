from odoo.tests import HttpCase, tagged

from .common import ROLES
from .common_packing import PackingCommon
from .test_screens import ScreensCommon

DESK = "1366x768"
PHONE = "390x844"


class EveryViewCommon(HttpCase):
    """Opens all that a menu leads to, as a user of each role.

    One browser for each role and size. What is wrong with a screen (an error, a board
    that looks empty, a page wider than the window) is told for all screens at once.
    """

    #: the menu below which all is opened; companions name their own
    menu = "oms_order_cycle.oms_menu_root"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ROLES:
            cls.create_user(
                f"oms_views_{role}", f"oms_order_cycle.group_oms_{role}", name=role
            )
        cls._make_orders()
        cls.env.flush_all()
        cls.env.cr.flush()

    @classmethod
    def _make_orders(cls):
        """Something on every list."""

    def open_everything(self, role, size, filters=False):
        self.browser_size = size
        self.touch_enabled = size == PHONE
        self.browser_js(
            "/odoo/oms-orders",
            "omsOpenEveryView({app: %d, filters: %s})"
            % (self.env.ref(self.menu).id, "true" if filters else "false"),
            ready="odoo.isReady && !!window.omsOpenEveryView",
            login=f"oms_views_{role}",
            success_signal="every view opened",
            timeout=300,
        )


@tagged("post_install", "-at_install")
class TestEveryView(EveryViewCommon, ScreensCommon, PackingCommon):
    """Each role opens all that its menu leads to, at a desk and on a phone."""

    @classmethod
    def _make_orders(cls):
        """Orders at every place of the cycle, and something on every list."""
        cls.workflow_again = cls.create_workflow(
            "OMS Test Workflow",
            ["confirmed", "released", "picked", "shipped", "invoiced"],
            company_id=cls.company.id,
            sequence=90,
        )
        cls.create_order(confirm=False)
        held, late, picked, shipped, closed, packing = (
            cls.create_packing_order((cls.mug, 4), (cls.book, 2))
            for _number in range(6)
        )
        cls.place_hold(held)
        cls.place_hold(late, cls.create_hold_type("Lifted at once")).action_lift()
        cls.make_late(late)
        cls.validate(picked.picking_ids)
        cls.validate(packing.picking_ids)
        cls.open_transfers(packing).action_oms_plan_packing_list()
        cls.ship(shipped | closed)
        cls.pay(cls.invoice(closed))
        cls.env["oms.outbox"].create(cls._get_failed_action(shipped))

    @classmethod
    def _get_failed_action(cls, order):
        action = cls.env["ir.actions.server"].create(
            {
                "name": "OMS Fails",
                "model_id": cls.env["ir.model"]._get_id("sale.order"),
                "state": "code",
                "code": "raise UserError('Out of paper')",
            }
        )
        return {
            "order_id": order.id,
            "action_id": action.id,
            "key": f"test-{order.id}",
            "state": "failed",
            "error": "Out of paper",
        }

    def test_manager_desk(self):
        self.open_everything("manager", DESK)

    def test_manager_phone(self):
        self.open_everything("manager", PHONE)

    def test_manager_filters(self):
        self.open_everything("manager", DESK, filters=True)


def _add_roles():
    """A test for each of the other roles and sizes."""

    def make(role, size):
        return lambda self: self.open_everything(role, size)

    for role in ROLES[:-1]:
        for name, size in (("desk", DESK), ("phone", PHONE)):
            setattr(TestEveryView, f"test_{role}_{name}", make(role, size))


_add_roles()
