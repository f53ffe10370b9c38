"""Orders in EDIFACT, from the file to the answer."""

from odoo.tests import tagged

from odoo.addons.oms_order_cycle_intake.tests.documents import edifact
from odoo.addons.oms_order_cycle_intake.tests.test_document import DocumentCommon


@tagged("post_install", "-at_install")
class TestEdifact(DocumentCommon):
    def test_order_and_answer(self):
        self.customer.oms_edi_id = "4012345000009"
        [result] = self.post(edifact(), "orders.edi")
        self.assertEqual(result["status"], "created", result["errors"])
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.partner_shipping_id, self.address)
        lines = order.order_line.filtered("product_id")
        self.assertEqual(lines.mapped("product_uom_qty"), [24.5, 3])
        self.assertEqual(order.oms_intake_ids.standard, "edifact")
        order.action_confirm()
        order.oms_answer_documents()
        [answer] = self.env["ir.attachment"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        text = answer.raw.decode()
        self.assertIn("UNB+UNOY:4+5412345000013:14+4012345000009:14+", text)
        self.assertIn("RFF+ON:PO-7001'", text)

    def test_same_again(self):
        self.customer.oms_edi_id = "4012345000009"
        [first] = self.post(edifact(), "orders.edi")
        [second] = self.post(edifact(), "orders.edi")
        self.assertEqual(second["status"], "already there")
        self.assertEqual(second["order_id"], first["order_id"])

    def test_broken(self):
        content = edifact().replace(b"UNZ+1+807'\n", b"")
        self.assertRefusedDocument(content, "truncated", name="orders.edi")
