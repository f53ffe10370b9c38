"""Orders come in documents: dropped, posted, mailed; once each, or with a reason."""

import base64
import json
import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import IntakeCommon
from .documents import day, edifact, samples, ubl, x12

#: The hook that bridges to standards join.
READ = "_read_document"


class DocumentCommon(IntakeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product_a.write({"default_code": "CUP", "barcode": "4006381333931"})
        cls.product_b.default_code = "PLATE"
        cls.address = cls.env["res.partner"].create(
            {
                "name": "Store",
                "parent_id": cls.customer.id,
                "type": "delivery",
                "street": "Hafenstr. 3",
                "zip": "23552",
                "city": "Lübeck",
                "ref": "0012",
            }
        )

    def post(self, content, name="order.xml", channel="EDI", user=None):
        intakes = self.env["oms.intake"].with_user(user or self.env.user)
        return intakes.oms_submit_document(
            channel, name, base64.b64encode(content).decode()
        )

    def assertRefusedDocument(self, content, *codes, **options):
        """Refused for these reasons, with the file kept, and no order is made."""
        before = self.env["sale.order"].search_count([])
        results = self.post(content, **options)
        self.assertEqual({result["status"] for result in results}, {"refused"})
        found = [code for result in results for _path, code in self.codes(result)]
        self.assertEqual(found, list(codes))
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        intakes = self.env["oms.intake"].browse(
            result["intake_id"] for result in results
        )
        self.assertTrue(all(intake.fault_text for intake in intakes))
        self.assertEqual(
            [intake.attachment_ids.raw or b"" for intake in intakes],
            [content] * len(intakes),
        )
        return intakes


@tagged("post_install", "-at_install")
class TestDocument(DocumentCommon):
    def test_ubl(self):
        [result] = self.post(ubl())
        self.assertEqual(result["status"], "created", result["errors"])
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.client_order_ref, "PO-7001")
        self.assertEqual(order.oms_channel_id, self.channel)
        self.assertEqual(order.partner_shipping_id, self.address)
        lines = order.order_line.filtered("product_id")
        self.assertEqual(lines.product_id, self.product_a + self.product_b)
        self.assertEqual(lines.mapped("product_uom_qty"), [24, 3])
        self.assertEqual(lines[0].product_uom_id, self.dozen)
        intake = order.oms_intake_ids
        self.assertEqual(intake.standard, "ubl")
        self.assertEqual(intake.attachment_ids.raw, ubl())

    def test_x12(self):
        self.customer.oms_edi_id = "PRAIRIE"
        [result] = self.post(x12(), "po.x12")
        self.assertEqual(result["status"], "created", result["errors"])
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.partner_id, self.customer, "known as the sender")
        self.assertEqual(order.oms_intake_ids.standard, "x12")
        self.assertEqual(order.oms_intake_ids.envelope["interchange"], "000000055")
        self.assertEqual(order.validity_date, day(59))

    def test_same_file_again(self):
        [first] = self.post(ubl())
        [second] = self.post(ubl(), "copy.xml")
        self.assertEqual(second["status"], "already there")
        self.assertEqual(second["order_id"], first["order_id"])
        intake = self.env["oms.intake"].browse(first["intake_id"])
        self.assertEqual(
            len(intake.attachment_ids), 1, "the very same file is kept once"
        )

    def test_same_file_again_though_much_has_changed(self):
        [first] = self.post(ubl())
        self.address.street = "Elsewhere 1"
        self.customer.ref = "C-2"
        self.product_a.default_code = "OTHER"
        [second] = self.post(ubl())
        self.assertEqual(
            (second["status"], second["order_id"]), ("already there", first["order_id"])
        )

    def test_several_orders(self):
        inner = ubl().decode().partition("\n")[2]
        second = inner.replace("PO-7001", "PO-7002").replace(">CUP<", ">NONE<")
        second = second.replace("04006381333931", "1")
        third = inner.replace("PO-7001", "PO-7003").replace(">220<", ">227<")
        name = "StandardBusinessDocument"
        text = f"<{name}>{inner}{second}{third}</{name}>"
        results = self.post(text.encode())
        self.assertEqual(
            [result["status"] for result in results], ["created", "refused", "refused"]
        )
        self.assertEqual(
            [code for result in results[1:] for _path, code in self.codes(result)],
            ["product_not_found", "consignment"],
        )

    def test_other_documents_in_the_file_are_named(self):
        self.customer.oms_edi_id = "PRAIRIE"
        lines = ["PO1*1*2*EA***VN*CUP", "CTT*1*2"]
        invoice = ["ST*810*0002", "BIG*20261102*1", "SE*3*0002"]
        order = samples.x12_set("\n".join(lines))
        [result] = self.post(samples.x12(order, invoice), "po.x12")
        self.assertEqual(result["status"], "created", result["errors"])
        codes = [code for _path, code in self.codes(result, "warnings")]
        self.assertEqual(codes, ["not_an_order"])
        intake = self.env["oms.intake"].browse(result["intake_id"])
        self.assertIn("invoice", intake.fault_text)

    def test_unreadable(self):
        self.assertRefusedDocument(b"", "empty")
        self.assertRefusedDocument(b"hello", "unknown_format")
        self.assertRefusedDocument(ubl()[:900], "truncated")
        self.assertRefusedDocument(b"<!DOCTYPE a><a/>", "xml_doctype")
        self.assertRefusedDocument(
            x12().replace(b"IEA*1*000000055", b"IEA*1*000000056"),
            "control_number",
        )
        self.assertRefusedDocument(ubl(**{">220<": ">221<"}), "blanket_order")

    def test_unreadable_again_is_counted(self):
        first = self.assertRefusedDocument(b"hello", "unknown_format")
        self.assertTrue(first.source)
        self.assertEqual(first.display_name, first.source)
        self.assertFalse(first.can_correct)
        second = self.assertRefusedDocument(b"hello", "unknown_format")
        self.assertEqual(first, second)
        self.assertEqual(first.tries, 2)

    def test_dates_that_cannot_be_meant(self):
        """Wanted before it was ordered: said, and no reason to refuse the order."""
        content = ubl(**{"2026-11-11": "2012-10-10", "2026-12-31": "2013-01-31"})
        [result] = self.post(content)
        self.assertEqual(result["status"], "created", result["errors"])
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.commitment_date.date(), day(8))
        self.assertFalse(order.validity_date and order.validity_date < day(0))
        words = str(order.message_ids.mapped("body"))
        self.assertIn("2013-01-31", words)
        self.assertIn("2012-10-10", str(order.order_line.mapped("name")))

    def test_test_document(self):
        head = "<cbc:ProfileExecutionID>test</cbc:ProfileExecutionID>"
        content = ubl(**{"<cbc:ID>PO-7001</cbc:ID>": f"{head}<cbc:ID>PO-7001</cbc:ID>"})
        [result] = self.post(content)
        self.assertEqual(result["status"], "refused")
        self.assertIn("test_document", [code for _path, code in self.codes(result)])

    def test_customers_own_number_means_nothing_elsewhere(self):
        """Another customer is called as this one calls his store."""
        self.env["res.partner"].create({"name": "Other", "ref": "1500"})
        content = x12("N1*BY**92*1500", "PO1*1*2*EA***VN*CUP", "CTT*1*2")
        [result] = self.post(content)
        self.assertEqual(self.codes(result), [("customer.ref", "customer_not_found")])
        self.customer.oms_edi_id = "PRAIRIE"
        [result] = self.post(content)
        self.assertEqual(result["status"], "created", result["errors"])
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.partner_id, self.customer)

    def test_stores(self):
        """An order for each store, to the customer's address of that number."""
        self.customer.oms_edi_id = "PRAIRIE"
        lines = ["PO1*1*24*DZ***VN*CUP", "SDQ*DZ*92*0012*10*0013*14", "CTT*1*24"]
        first, second = self.post(x12(*lines))
        self.assertEqual(first["status"], "created", first["errors"])
        order = self.env["sale.order"].browse(first["order_id"])
        self.assertEqual(order.partner_shipping_id, self.address)
        self.assertEqual(self.codes(second), [("ship_to", "ship_to_not_of_customer")])

    def test_change_names_what_is_different(self):
        self.channel.on_other_content = "change"
        [first] = self.post(ubl())
        [result] = self.post(ubl(samples.UBL_CHANGE), "change.xml")
        self.assertEqual(result["status"], "changed", result["errors"])
        order = self.env["sale.order"].browse(first["order_id"])
        [line] = order.order_line.filtered("product_id")
        self.assertEqual((line.product_id, line.product_uom_qty), (self.product_a, 12))
        [again] = self.post(ubl())
        self.assertEqual(again["status"], "already there", "late copies change nothing")
        self.assertEqual(line.product_uom_qty, 12)

    def test_cancellation_is_a_hold(self):
        [first] = self.post(ubl())
        [result] = self.post(ubl(samples.UBL_CANCELLATION))
        self.assertEqual(result["order_id"], first["order_id"])
        self.assertTrue(result["holds"])

    def test_edifact_needs_its_app(self):
        # without the bridge, which here may be installed: as intake alone reads files
        own = self.env.registry["oms.intake"]
        reader = next(
            base
            for base in own.__mro__
            if base.__module__.endswith("oms_intake_document")
        )
        with patch.object(own, READ, getattr(reader, READ)):
            self.assertRefusedDocument(edifact(), "edifact_missing")

    def test_unknown_channel(self):
        self.assertRefusedDocument(ubl(), "channel_unknown", channel="NONE")

    def test_no_base64(self):
        with self.assertRaises(UserError):
            self.env["oms.intake"].oms_submit_document("EDI", "x", "no base64 at all!")

    def test_names_that_cannot_be_kept(self):
        """Texts of programs that no database takes: a fault, or a name without them."""
        for code in ("E\0DI", "\ud800", 10**5000, None, ["EDI"]):
            self.assertRefusedDocument(ubl(), "channel_unknown", channel=code)
        content = base64.b64encode(ubl()).decode()
        [result] = self.env["oms.intake"].oms_submit_document(
            "EDI", "../a\0\ud800.xml", content
        )
        intake = self.env["oms.intake"].browse(result["intake_id"])
        self.assertEqual(intake.attachment_ids.name, "../a.xml")
        for name in (None, 7, ["x"]):
            [result] = self.env["oms.intake"].oms_submit_document("EDI", name, content)
            self.assertEqual(result["status"], "already there")

    def test_who_may(self):
        portal = new_test_user(self.env, "document-portal", groups="base.group_portal")
        stock = new_test_user(
            self.env, "document-stock", groups="stock.group_stock_user"
        )
        for user in (portal, stock):
            with self.assertRaises(AccessError):
                self.post(ubl(), user=user)
        salesman = new_test_user(
            self.env, "document-salesman", groups="sales_team.group_sale_salesman"
        )
        [result] = self.post(ubl(), user=salesman)
        self.assertEqual(result["status"], "created", result["errors"])

    def test_program_by_its_own_channel_only(self):
        group = "oms_order_cycle_intake.group_oms_intake_api"
        program = new_test_user(self.env, "document-program", groups=group)
        self.assertRefusedDocument(ubl(), "not_allowed", user=program)
        self.channel.technical_user_id = program
        [result] = self.post(ubl(), user=program)
        self.assertEqual(result["status"], "created", result["errors"])

    # -- dropped ----------------------------------------------------------------

    def drop(self, *contents, user=None, **context):
        env = self.env(user=user or self.env.user)
        attachments = env["ir.attachment"].create(
            [{"name": "order.xml", "raw": content} for content in contents]
        )
        intakes = env["oms.intake"].with_context(**context)
        action = intakes.create_document_from_attachment(attachments.ids)
        return env["oms.intake"].search(action["domain"])

    def test_dropped(self):
        intakes = self.drop(ubl(), b"<broken")
        self.assertEqual(sorted(intakes.mapped("state")), ["refused", "taken"])

    def test_only_uploads_are_deleted(self):
        values = {"name": "order.xml", "raw": ubl(), "res_model": "res.partner"}
        kept = self.env["ir.attachment"].create(
            [{**values, "res_id": self.customer.id}]
        )
        self.env["oms.intake"].create_document_from_attachment(kept.ids)
        self.assertTrue(kept.exists())

    def test_dropped_in_the_list_of_a_channel(self):
        other = self.create_channel("OTHER")
        [intake] = self.drop(ubl(), default_channel_id=other.id)
        self.assertEqual(intake.channel_id, other)

    def test_dropped_in_the_list_of_what_is_no_channel(self):
        for odd in ("x", "EDI", True, 2**40, [1], {"a": 1}, 1.5):
            [intake] = self.drop(ubl(), default_channel_id=odd)
            self.assertEqual(intake.channel_id, self.channel)

    def test_dropped_without_a_channel(self):
        self.env["oms.channel"].search([("kind", "=", "edi")]).kind = "other"
        with self.assertRaises(RedirectWarning):
            self.drop(ubl())


@tagged("post_install", "-at_install")
class TestDocumentMail(DocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({"name": "orders.example.com"})
        cls.env.company.alias_domain_id = domain
        cls.channel.write({"alias_name": "edi-orders", "alias_domain_id": domain.id})

    def receive(self, *files, kind="application/octet-stream"):
        """A mail to the channel with files (name, content); what came in."""
        parts = "".join(
            f"--b\nContent-Type: {kind}\n"
            f'Content-Disposition: attachment; filename="{name}"\n'
            "Content-Transfer-Encoding: base64\n\n"
            f"{base64.encodebytes(content).decode()}\n"
            for name, content in files
        )
        before = self.env["oms.intake"].search([])
        self.env["mail.thread"].message_process(
            False,
            "From: Buyer <buyer@example.com>\nTo: edi-orders@orders.example.com\n"
            f"Subject: Order\nMessage-Id: <{uuid.uuid4()}@example.com>\n"
            "MIME-Version: 1.0\n"
            'Content-Type: multipart/mixed; boundary="b"\n\n'
            f"--b\nContent-Type: text/plain\n\nHello\n\n{parts}--b--\n",
        )
        return self.env["oms.intake"].search([]) - before

    def test_mailed(self):
        [intake] = self.receive(("logo.png", b"\x89PNG"), ("order.xml", ubl()))
        self.assertEqual(intake.state, "taken", intake.fault_text)
        self.assertEqual(intake.channel_id, self.channel)
        self.assertEqual(intake.order_id.partner_id, self.customer)
        senders = str(intake.message_ids.mapped("email_from"))
        self.assertIn("buyer@example.com", senders)

    def test_letters_of_files_that_are_called_text(self):
        """Whatever the mail says of them: the file is read as it was sent."""
        self.customer.oms_edi_id = "PRAIRIE"
        kinds = (
            "text/plain", "text/plain; charset=us-ascii", "text/plain; charset=utf-8",
            "text/plain; charset=iso-8859-1", "application/edi-x12",
        )  # fmt: skip
        for number, kind in enumerate(kinds):
            for letters in ("latin-1", "utf-8"):
                content = x12("PO1*1*2*EA***VN*CUP", "MSG*Caf\u00e9", "CTT*1*2")
                content = content.decode().replace("PO-7001", f"PO-{number}{letters}")
                content = content.encode(letters)
                if (kind, letters) == (kinds[2], "latin-1"):
                    # what is stated is believed
                    continue
                [intake] = self.receive(("po.x12", content), kind=kind)
                kept = intake.attachment_ids.mapped("raw")
                self.assertEqual({*kept}, {content}, (kind, letters))
                self.assertIn(
                    "Caf\u00e9", intake.payload.encode().decode("unicode-escape")
                )

    def test_pages_of_strangers_are_text(self):
        [intake] = self.receive(
            ("order.html", b"<html><script>alert(1)</script></html>")
        )
        kinds = {*intake.attachment_ids.mapped("mimetype")}
        self.assertEqual(kinds, {"text/plain"})

    def test_mail_without_an_order(self):
        [intake] = self.receive(("scan.pdf", b"%PDF-1.4"))
        self.assertEqual(intake.state, "refused")
        self.assertIn("scan.pdf", intake.fault_text)
        self.assertEqual(intake.display_name, "Order")
        # who may read it sees the mail, and may answer it
        clerk = self.create_user("mail_clerk", "oms_order_cycle.group_oms_service")
        seen = intake.with_user(clerk)
        self.assertIn("Hello", str(seen.message_ids.mapped("body")))
        self.assertIn("chatter", seen.get_view(view_type="form")["arch"])
        seen.message_post(body="Please send UBL", message_type="comment")

    def test_mail_with_a_broken_order(self):
        [intake] = self.receive(("order.xml", ubl()[:700]))
        self.assertEqual(intake.state, "refused")
        self.assertIn("incomplete", intake.fault_text)

    def test_two_in_one_mail(self):
        second = ubl(**{"PO-7001": "PO-7002"})
        intakes = self.receive(("a.xml", ubl()), ("b.xml", second))
        self.assertEqual(sorted(intakes.mapped("external_ref")), ["PO-7001", "PO-7002"])


@tagged("post_install", "-at_install")
class TestDocumentCall(DocumentCommon, HttpCase):
    def test_by_a_program(self):
        """As the guide has it: a call of JSON-2 with the program's key."""
        group = "oms_order_cycle_intake.group_oms_intake_api"
        program = new_test_user(self.env, "document-program", groups=group)
        self.channel.technical_user_id = program
        expires = fields.Datetime.now() + timedelta(days=1)
        key = (
            self.env["res.users.apikeys"]
            .with_user(program)
            ._generate(None, "documents", expires)
        )
        arguments = {
            "channel_code": "EDI",
            "filename": "order.xml",
            "content": base64.b64encode(ubl()).decode(),
        }
        answer = self.url_open(
            "/json/2/oms.intake/oms_submit_document",
            data=json.dumps(arguments),
            headers={
                "Authorization": f"bearer {key}",
                "Content-Type": "application/json",
            },
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        [result] = answer.json()
        self.assertEqual(result["status"], "created", result["errors"])
