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

    def record_asked(self):
        """What was typed in the rows of each question, as they come."""
        model = type(self.env["sale.order"])
        original, asked = model._oms_answer_pad, []

        def answer(orders, pad, rows, *args):
            asked.append([row["text"] for row in rows if row.get("text")])
            return original(orders, pad, rows, *args)

        self.patch(model, "_oms_answer_pad", answer)
        return asked

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
        asked = self.record_asked()
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
        # of an order that is filled in only what is new, and what it is of, was asked
        self.assertIn(["MINE-7"], asked)
        # the product is in two rows: they count together
        self.assertIn(3, [texts.count("A-1") for texts in asked])
        self.assertTrue(any("MINE-7" in texts and "A-1" in texts for texts in asked))


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
