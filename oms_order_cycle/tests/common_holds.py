from unittest.mock import patch

from odoo import Command

from .common import OrderCycleCommon


class HoldsCommon(OrderCycleCommon):
    """Orders of a workflow whose hold types each test chooses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit_group = cls.env.ref("oms_order_cycle.group_oms_credit")
        cls.manual_type = cls.create_hold_type(
            "Something Odd", block_pick=True, block_pack=True, block_ship=True
        )

    @classmethod
    def create_hold_type(cls, name, check="manual", use=True, **values):
        """A hold type; unless placed by hand or not ``use``, the workflow checks it."""
        hold_type = cls.env["oms.hold.type"].create(
            {"name": name, "check": check, **values}
        )
        if use and check != "manual":
            cls.workflow.hold_type_ids = [Command.link(hold_type.id)]
        return hold_type

    @classmethod
    def place_hold(cls, orders, hold_type=None, reason="Ask the customer"):
        return orders._oms_place_hold(hold_type or cls.manual_type, reason)

    @classmethod
    def lines(cls, quantity, product=None):
        """One line worth ten times the quantity."""
        return ((product or cls.product_a, quantity),)

    @classmethod
    def pay_on_account(cls, amount, partner=None, **values):
        """Money of a customer that is on no invoice."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or cls.customer).id,
                "amount": amount,
                "journal_id": cls.env["account.journal"]
                .search(
                    [("type", "=", "bank"), ("company_id", "=", cls.company.id)],
                    limit=1,
                )
                .id,
                **values,
            }
        )
        payment.action_post()
        return payment

    def run_cron(self):
        """The cron without its commits, which a test must not make."""
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *a, **k: 60):
            self.env["oms.hold"]._cron_check()
        self.env.flush_all()

    def open_holds(self, orders):
        return orders.oms_hold_ids.filtered(lambda hold: hold.state == "open")

    def assertHeld(self, order, *hold_types):
        self.assertEqual(
            self.open_holds(order).type_id,
            self.env["oms.hold.type"].union(*hold_types),
            order.name,
        )
        self.assertEqual(order.oms_open_hold_count, len(hold_types))
        self.assertEqual(order.oms_is_held, bool(hold_types))

    def assertReleased(self, order):
        self.assertTrue(order.oms_released_at)
        self.assertTrue(order.picking_ids)

    def assertNotReleased(self, order):
        self.assertFalse(order.oms_released_at)
        self.assertFalse(order.picking_ids)
