from odoo.tests import tagged

from .common_pad import PadCommon


class PadTourCommon(PadCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["oms.customer.code"].create(
            {
                "partner_id": cls.customer.id,
                "code": "MINE-7",
                "product_id": cls.product_b.id,
                "company_id": cls.company.id,
            }
        )

    def find_made(self):
        self.env.invalidate_all()
        return self.env["sale.order"].search(
            [("oms_channel_id", "=", self.pad_channel.id)]
        )


@tagged("post_install", "-at_install")
class TestPadTour(PadTourCommon):
    """The order pad on a desk, by keyboard, with axe in Chromium."""

    browser_size = "1366x900"

    def test_desk(self):
        self.create_order((self.product_a, 3))
        self.env.flush_all()
        self.start_tour("/my/order-pad", "oms_order_pad_tour", login="oms_buyer")
        order = self.find_made()
        self.assertEqual(
            order.order_line.mapped(
                lambda line: (line.product_id, line.product_uom_qty)
            ),
            [
                (self.product_a, 10), (self.product_b, 12), (self.product_a, 5),
                (self.product_a, 3),
            ],
        )  # fmt: skip
        self.assertEqual((order.state, order.client_order_ref), ("sale", "PO 77"))


@tagged("post_install", "-at_install")
class TestPadTourPhone(PadTourCommon):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        self.pad_channel.pad_right = "quotation"
        self.env.flush_all()
        self.start_tour("/my", "oms_order_pad_phone_tour", login="oms_buyer")
        self.assertTrue(self.find_made().oms_is_requested)
