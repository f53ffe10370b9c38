"""Customers are told what becomes of the orders that came in documents."""

from lxml import etree

from odoo.tests import tagged

from .documents import ubl, x12
from .test_document import DocumentCommon

_SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMES = {
    "cac": f"{_SCHEMA}CommonAggregateComponents-2",
    "cbc": f"{_SCHEMA}CommonBasicComponents-2",
}


@tagged("post_install", "-at_install")
class TestDocumentAnswer(DocumentCommon):
    def take_document(self, content=None, name="order.xml"):
        [result] = self.post(content or ubl(), name)
        self.assertEqual(result["status"], "created", result["errors"])
        return self.env["sale.order"].browse(result["order_id"])

    def answers(self, order):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", order.id),
                ("name", "like", "-response"),
            ]
        )

    def find_rows(self, order, name="confirmed"):
        """What the outbox has to do for a shipped reaction."""
        # the journal is written with the transaction
        self.env.flush_all()
        self.env.cr.precommit.run()
        reaction = self.env.ref(f"oms_order_cycle_intake.oms_reaction_answer_{name}")
        return self.env["oms.outbox"].search(
            [("order_id", "=", order.id), ("reaction_id", "=", reaction.id)]
        )

    def test_nobody_is_told_unasked(self):
        order = self.take_document()
        order.action_confirm()
        self.assertFalse(self.find_rows(order))

    def test_once_per_state(self):
        order = self.take_document()
        order.oms_answer_documents()
        self.assertFalse(self.answers(order), "a quotation promises nothing yet")
        order.action_confirm()
        order.oms_answer_documents()
        order.oms_answer_documents()
        self.assertEqual(len(self.answers(order)), 1)
        order.order_line.filtered("product_id")[0].product_uom_qty = 20
        order.oms_answer_documents()
        self.assertEqual(len(self.answers(order)), 2)

    def test_what_is_said(self):
        order = self.take_document()
        order.action_confirm()
        first, second = order.order_line.filtered("product_id")
        first.product_uom_qty = 12
        second.product_uom_qty = 0
        order.oms_answer_documents()
        root = etree.fromstring(self.answers(order).raw)

        def texts(path):
            return [node.text for node in root.findall(path, _NAMES)]

        self.assertEqual(texts("cbc:OrderResponseCode"), ["CA"])
        self.assertEqual(texts("cac:OrderReference/cbc:ID"), ["PO-7001"])
        self.assertEqual(texts("cbc:SalesOrderID"), [order.name])
        line = "cac:OrderLine/cac:LineItem/"
        self.assertEqual(texts(f"{line}cbc:LineStatusCode"), ["3", "7"])
        self.assertEqual(texts(f"{line}cbc:Quantity"), ["12", "0"])

    def test_cancelled(self):
        order = self.take_document()
        order._action_cancel()
        order.oms_answer_documents()
        root = etree.fromstring(self.answers(order).raw)
        self.assertEqual(root.findtext("cbc:OrderResponseCode", None, _NAMES), "RE")

    def test_cancelled_is_told_by_itself(self):
        """Also an order that was never confirmed: somebody waits for an answer."""
        self.channel.answer = "attachment"
        for is_confirmed in (False, True):
            order = self.take_document(ubl(**{"PO-7001": f"PO-{is_confirmed}"}))
            self.env.cr.precommit.run()
            if is_confirmed:
                order.action_confirm()
                self.find_rows(order)._process()
            order._action_cancel()
            row = self.find_rows(order, "cancelled")
            self.assertEqual(len(row), 1)
            row._process()
            self.assertEqual(row.state, "done", row.error)
            last = self.answers(order).sorted("id")[-1]
            root = etree.fromstring(last.raw)
            code = root.findtext("cbc:OrderResponseCode", None, _NAMES)
            self.assertEqual(code, "RE")
            self.assertEqual(len(self.answers(order)), 1 + is_confirmed)

    def test_x12(self):
        self.customer.oms_edi_id = "PRAIRIE"
        lines = ["PO1*1*2*EA***VN*CUP", "CTT*1*2"]
        order = self.take_document(x12(*lines), "po.x12")
        order.action_confirm()
        order.oms_answer_documents()
        text = self.answers(order).raw.decode()
        self.assertIn("*ZZ*OURS           *ZZ*PRAIRIE        *", text)
        self.assertIn("ACK*IA*2*EA", text)

    def test_x12_has_arrived(self):
        self.customer.oms_edi_id = "PRAIRIE"
        lines = ["PO1*1*2*EA***VN*CUP", "CTT*1*2"]
        order = self.take_document(x12(*lines), "po.x12")
        files = order.oms_intake_ids.attachment_ids
        self.assertEqual(files.mapped("name"), ["po.x12"], "nobody is told unasked")
        self.channel.answer = "attachment"
        for _time in range(2):
            self.post(x12(*lines), "po.x12")
        [arrived] = order.oms_intake_ids.attachment_ids - files
        self.assertIn("AK9*A*1*1*1", arrived.raw.decode())

    def test_mailed(self):
        self.channel.answer = "mail"
        self.customer.email = "buyer@example.com"
        order = self.take_document()
        order.action_confirm()
        row = self.find_rows(order)
        self.assertEqual(len(row), 1, "once, by the outbox")
        row._process()
        self.assertEqual(row.state, "done", row.error)
        [message] = order.message_ids.filtered(
            lambda one: self.answers(order) & one.attachment_ids
        )
        self.assertIn(self.customer, message.notified_partner_ids)

    def test_orders_of_programs_are_left_alone(self):
        order = self.take(self.payload(("CUP", 1)))
        order.action_confirm()
        order.oms_answer_documents()
        self.assertFalse(self.answers(order))
