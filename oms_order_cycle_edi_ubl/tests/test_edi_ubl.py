"""The upload of Odoo's Sales, of an order with all that the standard has."""

from odoo.tests import new_test_user, tagged

from odoo.addons.oms_order_cycle_intake.tests.documents import day, ubl
from odoo.addons.oms_order_cycle_intake.tests.test_document import DocumentCommon

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order:3"


@tagged("post_install", "-at_install")
class TestEdiUbl(DocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "edi-salesman", groups="sales_team.group_sale_salesman"
        )

    def upload(self, *contents, name="order.xml"):
        env = self.env(user=self.salesman)
        attachments = env["ir.attachment"].create(
            [{"name": name, "raw": content} for content in contents]
        )
        return env["sale.order"].create_document_from_attachment(attachments.ids)

    def count(self):
        return self.env["sale.order"].search_count([])

    def test_an_order_with_charges_on_its_lines(self):
        """Odoo's own import fails on them and leaves an empty order."""
        self.assertIn(CUSTOMIZATION.encode(), ubl())
        action = self.upload(ubl())
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.partner_shipping_id, self.address)
        self.assertEqual(order.commitment_date.date(), day(9))
        self.assertEqual(len(order.order_line.filtered("product_id")), 2)

    def test_twice(self):
        first, second = self.upload(ubl()), self.upload(ubl())
        self.assertEqual(first["res_id"], second["res_id"])

    def test_no_empty_order(self):
        before = self.count()
        for content in (
            ubl(**{">C-1<": ">C-9<"}),
            ubl(**{">CUP<": ">NO<", "04006381333931": "1", ">K-1<": ">NO<"}),
            ubl()[:900],
            ubl(**{">220<": ">227<"}),
        ):
            action = self.upload(content)
            self.assertEqual(action["res_model"], "oms.intake")
            [intake] = self.env["oms.intake"].search(action["domain"])
            self.assertEqual(intake.state, "refused")
            self.assertTrue(intake.fault_text)
            self.assertEqual(intake.attachment_ids.raw, content)
        self.assertEqual(self.count(), before)

    def test_several_at_once(self):
        action = self.upload(ubl(), ubl(**{"PO-7001": "PO-7002"}))
        orders = self.env["sale.order"].search(action["domain"])
        self.assertEqual(
            sorted(orders.mapped("client_order_ref")), ["PO-7001", "PO-7002"]
        )

    def test_what_is_no_document_is_odoos(self):
        before = self.count()
        action = self.upload(b"hello", name="letter.txt")
        self.assertEqual(action["res_model"], "sale.order")
        self.assertEqual(self.count(), before + 1)

    def test_nothing_changes_without_a_channel(self):
        self.env["oms.channel"].search([("kind", "=", "edi")]).kind = "other"
        before = self.env["oms.intake"].search_count([])
        self.upload(b"hello", name="letter.txt")
        self.assertEqual(self.env["oms.intake"].search_count([]), before)

    def test_by_others_who_make_orders_of_attachments(self):
        attachment = self.env["ir.attachment"].create({"name": "a.xml", "raw": ubl()})
        order = self.env["sale.order"]._create_records_from_attachments(attachment)
        self.assertEqual(order.client_order_ref, "PO-7001")
