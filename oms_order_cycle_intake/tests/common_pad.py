from odoo.tests import HttpCase

from .common import IntakeCommon


class PadCommon(IntakeCommon, HttpCase):
    """Two customers who log in to the portal, and the order pad of one channel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pad_channel = cls.create_channel(
            "PORTAL", kind="portal", order_pad=True, pad_right="order"
        )
        cls.stranger = cls.create_customer("OMS Stranger")
        cls.buyer = cls.create_buyer("oms_buyer", cls.customer)
        cls.other_buyer = cls.create_buyer("oms_other_buyer", cls.stranger)
        cls.product_b.write({"oms_min_qty": 4, "oms_multiple_qty": 4})
        cls.depot = cls.create_customer(
            "OMS Depot", parent_id=cls.customer.id, type="delivery", email=False
        )

    @classmethod
    def create_buyer(cls, login, customer):
        contact = cls.create_customer(f"Contact {login}", parent_id=customer.id)
        return cls.create_user(login, "base.group_portal", partner_id=contact.id)

    def setUp(self):
        super().setUp()
        self.authenticate("oms_buyer", "oms_buyer")

    def ask(self, route, **params):
        self.env.flush_all()
        return self.make_jsonrpc_request(f"/my/order-pad/{route}", params)

    def wishes(self, **values):
        return {
            "key": "PAD-TEST-0001",
            "kind": "order",
            "address_id": self.customer.id,
            **values,
        }

    def row(self, product=None, qty="10", **values):
        return {
            "text": "",
            "product_id": (product or self.product_a).id,
            "qty": qty,
            "uom_id": False,
            "uom": "",
            **values,
        }

    def hand_in(self, *rows, **wishes):
        rows = list(rows) or [self.row()]
        return self.ask("submit", rows=rows, wishes=self.wishes(**wishes))

    def find_order(self, answer):
        self.assertNotEqual(answer["status"], "refused", answer)
        self.env.invalidate_all()
        return self.env["sale.order"].browse(answer["order_id"])

    def assertNoOrder(self, answer, words=""):
        self.assertEqual(answer["status"], "refused", answer)
        self.assertFalse(answer["order_id"])
        self.assertIn(words, " ".join(answer["errors"]))
        self.assertFalse(
            self.env["sale.order"].search(
                [("oms_channel_id", "=", self.pad_channel.id)]
            )
        )
