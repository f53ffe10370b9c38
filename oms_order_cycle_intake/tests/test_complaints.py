"""What users of other systems complained of, tried here; each names its thread."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import IntakeCommon
from .common_pad import PadCommon
from .documents import ubl, x12
from .test_document import DocumentCommon


@tagged("post_install", "-at_install")
class TestComplaints(IntakeCommon):
    def test_same_product_in_two_lines(self):
        """openboxes #67, intershop-pwa #734: the second line replaced the first."""
        order = self.take(self.payload(("A-1", 2), ("A-1", 3)))
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [2, 3])

    def test_capital_letters_of_codes(self):
        """bigcommerce/b2b-buyer-portal #668: another spelling was not found."""
        order = self.take(self.payload(("a-1", 2)))
        self.assertEqual(order.order_line.product_id, self.product_a)
        # where capital letters tell two apart, they count
        self.product_b.default_code = "a-1"
        order = self.take(self.payload(("a-1", 2), external_ref="PO-2"))
        self.assertEqual(order.order_line.product_id, self.product_b)
        order = self.take(self.payload(("A-1", 2), external_ref="PO-3"))
        self.assertEqual(order.order_line.product_id, self.product_a)
        self.product_b.default_code = "B-1"
        self.product_b.copy({"default_code": "b-1"})
        self.assertRefused(
            self.payload(("b-1 ", 2), ("B-1", 1), ("X", 1), external_ref="PO-4"),
            "product_not_found",
        )

    def test_proposal_is_accepted(self):
        """erpnext #57859, #57883: the least quantity in another unit was refused, and
        what was proposed instead, too."""
        gram, pound = (
            self.env.ref(f"uom.product_uom_{name}") for name in ("gram", "lb")
        )
        product = self.create_product(
            "OMS Powder", uom_id=gram.id, uom_ids=[(6, 0, pound.ids)]
        )
        product.write({"default_code": "POW", "oms_min_qty": 50000})
        line = {"product": {"code": "POW"}, "qty": "100", "uom": "LBR"}
        result = self.assertRefused(self.payload({**line}), "qty_below_minimum")
        [error] = result["errors"]
        unit = "GRM" if "g" in error["message"].split()[-1] else "LBR"
        line.update(qty=error["proposal"], uom=unit)
        order = self.take(self.payload({**line}))
        asked = order.order_line.product_uom_id._compute_quantity(
            order.order_line.product_uom_qty, gram
        )
        self.assertGreaterEqual(asked, 50000)
        # the very least, said in dozens
        self.product_a.write({"oms_min_qty": 24})
        line = {"product": {"code": "A-1"}, "qty": "2", "uom": "DZN"}
        self.take(self.payload(line, external_ref="PO-2"))

    def test_day_where_the_customer_is(self):
        """odoo #4805, OCA/pos #1361: the wanted day became the one before or after."""
        day = fields.Date.today() + timedelta(days=9)
        for number, zone in enumerate(
            ("Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu")
        ):
            self.channel.tz = self.customer.tz = zone
            order = self.take(external_ref=f"PO-{number}", requested_date=str(day))
            local = fields.Datetime.context_timestamp(
                order.with_context(tz=zone), order.commitment_date
            )
            self.assertEqual(local.date(), day, zone)

    def test_price_list_when_another_pays(self):
        """metasfresh #4463: another invoice address brought another price list."""
        pays = self.create_customer("Payer", parent_id=self.customer.id, ref="PAY")
        pays.type = "invoice"
        first = self.take()
        order = self.take(external_ref="PO-2", bill_to={"ref": "PAY"})
        self.assertEqual(order.partner_invoice_id, pays)
        self.assertEqual(order.pricelist_id, first.pricelist_id)
        self.assertEqual(order.order_line.price_unit, first.order_line.price_unit)

    def test_number_that_says_it_is_small(self):
        """akeneo #17256, odoo #42394: 7.5E-5 of a spreadsheet was unreadable."""
        line = {"product": {"code": "A-1"}, "qty": 7.5e-1}
        result = self.submit(self.payload(line))[0]
        self.assertFalse(
            [code for _path, code in self.codes(result) if code == "not_a_number"]
        )


@tagged("post_install", "-at_install")
class TestDocumentComplaints(DocumentCommon):
    def test_letters_that_end_segments(self):
        """Machete #44, badX12 #99, EdiFabric #67: blanks before the end of a segment,
        lines as segments, and names that hold the word ISA."""
        self.customer.oms_edi_id = "PRAIRIE"
        for number, end in enumerate(("~", "~\r\n", "\n", "\x1d")):
            with self.subTest(end=end):
                content = x12(end=end).replace(b"PO-7001", b"ISAAC-%d" % number)
                [result] = self.post(content, name="a.x12")
                self.assertEqual(result["status"], "created", result["errors"])

    def test_mail_to_two_channels(self):
        """accounted #2244: one mail to two addresses was filed twice, or not at all."""
        self.create_channel("EDI2")
        [first] = self.post(ubl())
        [second] = self.post(ubl(), channel="EDI2")
        self.assertEqual(second["status"], "already there")
        self.assertEqual(second["order_id"], first["order_id"])


@tagged("post_install", "-at_install")
class TestPadComplaints(PadCommon):
    def test_product_that_is_archived_meanwhile(self):
        """odoo #213656, magento2 #7201, opencart #1096: what is not sold any more was
        bought, or was left out without a word."""
        row = self.row()
        self.product_a.action_archive()
        answer = self.hand_in(row, self.row(self.product_b, qty="4"))
        self.assertNoOrder(answer, "not right yet")
        self.assertEqual(
            [[fault["code"] for fault in row["faults"]] for row in answer["rows"]],
            [["product_not_found"], []],
        )

    def test_same_code_twice_in_a_file(self):
        """intershop-pwa #734: a file with a product in two lines blocked the order."""
        rows = [self.row(qty="2"), self.row(qty="3")]
        order = self.find_order(self.hand_in(*rows))
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [2, 3])
