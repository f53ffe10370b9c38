import json
import zipfile
from datetime import timedelta
from io import BytesIO

from openpyxl import Workbook

from odoo import Command, fields, http
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .common_pad import PadCommon

ROUTES = ("suggest", "answer", "bought", "again", "paste", "submit")


@tagged("post_install", "-at_install")
class TestPadPortal(PadCommon):
    """What customers ask of the order pad, right and wrong, over HTTP."""

    # -- who has it ---------------------------------------------------------------

    def assertNoPad(self):
        self.env.flush_all()
        response = self.url_open("/my/order-pad")
        self.assertEqual(
            response.url.partition("?")[0].rstrip("/"), f"{self.base_url()}/my"
        )
        home = self.url_open("/my").text
        self.assertNotIn("/my/order-pad", home)
        for name in ROUTES:
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.ask(name, rows=[self.row()], wishes=self.wishes())
        self.assertEqual(self.upload(b"A-1;1").status_code, 404)
        self.assertFalse(
            self.env["sale.order"].search(
                [("oms_channel_id", "=", self.pad_channel.id)]
            )
        )

    def test_page(self):
        page = self.url_open("/my/order-pad")
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_oms_order_pad", page.text)
        self.assertIn("OMS Depot", page.text)
        self.assertNotIn("OMS Stranger", page.text)
        self.assertIn('data-kind="order"', page.text)
        self.assertIn("/my/order-pad", self.url_open("/my").text)

    def test_no_channel_has_it(self):
        self.pad_channel.order_pad = False
        self.assertNoPad()

    def test_customer_without_the_right(self):
        self.customer.oms_pad_right = "none"
        self.assertNoPad()

    def test_channel_of_another_company(self):
        self.pad_channel.company_id = self.create_company("OMS Other Distributor")
        self.assertNoPad()

    def test_who_works_here_has_none(self):
        self.create_user("oms_seller", "sales_team.group_sale_salesman")
        self.authenticate("oms_seller", "oms_seller")
        self.assertNoPad()

    def test_some_customers_only(self):
        self.pad_channel.pad_right = "none"
        self.customer.oms_pad_right = "quotation"
        self.env.flush_all()
        page = self.url_open("/my/order-pad").text
        self.assertIn('data-kind="quotation"', page)
        self.assertNotIn('data-kind="order"', page)
        self.authenticate("oms_other_buyer", "oms_other_buyer")
        self.assertNoPad()

    def test_anonymous(self):
        order = self.create_order((self.product_a, 1))
        token = order._portal_ensure_token()
        self.env.flush_all()
        self.authenticate(None, None)
        for path in ("/my/order-pad", f"/my/order-pad?access_token={token}"):
            response = self.url_open(path)
            self.assertIn("/web/login", response.url)
        for name in ROUTES:
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.ask(
                    name, rows=[self.row()], wishes=self.wishes(),
                    order_id=order.id, access_token=token,
                )  # fmt: skip
        page = self.url_open(order.get_portal_url()).text
        self.assertIn(order.name, page)
        self.assertNotIn("/my/order-pad", page)

    def test_channel_settings(self):
        with self.assertRaisesRegex(Exception, "no channel of the customer portal"):
            self.channel.order_pad = True
        with self.assertRaisesRegex(Exception, "customer's right"):
            self.pad_channel.submit_as = "order"

    # -- suggestions and answers --------------------------------------------------

    def test_suggest(self):
        self.env["oms.customer.code"].create(
            {
                "partner_id": self.customer.id,
                "code": "MINE-7",
                "product_id": self.product_b.id,
                "company_id": self.company.id,
            }
        )
        found = self.ask("suggest", text="A-1")
        self.assertEqual(found[0]["product_id"], self.product_a.id)
        self.assertEqual(set(found[0]), {"product_id", "uom_id", "name", "code", "uom"})
        found = self.ask("suggest", text="MINE")
        self.assertEqual([one["product_id"] for one in found], [self.product_b.id])
        self.authenticate("oms_other_buyer", "oms_other_buyer")
        self.assertEqual(self.ask("suggest", text="MINE"), [])
        for text in ("", None, ["A-1"], {"a": 1}, "%", "x" * 10_000):
            self.ask("suggest", text=text)

    def test_answer(self):
        answer = self.ask(
            "answer",
            rows=[
                self.row(text="A-1"),
                self.row(product_id=False, text="5412345000013", qty="2"),
                self.row(self.product_b, qty="10"),
                self.row(product_id=False, text="NOPE"),
                self.row(qty="ten"),
                self.row(product_id=False, qty=""),
            ],
        )
        first, barcode, odd, unknown, unreadable, blank = answer["rows"]
        self.assertEqual(first["amount"], 100.0)
        self.assertEqual(first["availability"]["words"], "in stock")
        self.assertEqual(barcode["product_id"], self.product_a.id)
        self.assertEqual(
            odd["faults"][0]["proposal"], {"qty": "12", "uom_id": self.unit.id}
        )
        self.assertEqual(unknown["faults"][0]["code"], "product_not_found")
        self.assertEqual(unreadable["faults"][0]["code"], "qty_unreadable")
        self.assertEqual((blank["faults"], blank["is_blank"]), ([], True))
        self.assertIn("220", answer["total_words"])

    def test_total_with_rows_that_are_not_asked_for(self):
        rows = [self.row(text="A-1")]
        answer = self.ask("answer", rows=rows, amount_beside=23.5)
        self.assertIn("123.50", answer["total_words"])
        self.assertEqual(answer["rows"][0]["amount"], 100.0)
        for odd in (None, "x", True, [1], {"a": 1}, -1e300, 10**400):
            answer = self.ask("answer", rows=rows, amount_beside=odd)
            self.assertIn("100.00", answer["total_words"])

    def test_numbers_of_the_stock_are_not_told(self):
        self.env["stock.quant"]._update_available_quantity(
            self.product_a, self.warehouse.lot_stock_id, 7654321
        )
        told = json.dumps(
            [
                self.ask("answer", rows=[self.row()]),
                self.ask("suggest", text="A-1"),
                self.ask("bought"),
            ]
        )
        self.assertNotIn("7655321", told)
        self.assertNotIn("7654321", told)

    def test_own_prices(self):
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_portal").implied_ids += self.env.ref(
            "product.group_product_pricelist"
        )
        lists = self.env["product.pricelist"]
        self.customer.property_product_pricelist = lists.create(
            {"name": "OMS List", "company_id": self.company.id}
        )
        self.stranger.property_product_pricelist = lists.create(
            {
                "name": "OMS Cheap",
                "company_id": self.company.id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        [mine] = self.ask("answer", rows=[self.row()])["rows"]
        self.authenticate("oms_other_buyer", "oms_other_buyer")
        [his] = self.ask("answer", rows=[self.row()])["rows"]
        self.assertEqual((mine["price"], his["price"]), (10.0, 5.0))

    def test_any_rows(self):
        """Whatever a browser sends: an answer, and nothing that is not his."""
        odd = [
            None, 7, "A-1", [], {"product_id": "x"}, {"product_id": True},
            {"product_id": -1}, {"product_id": 2**40}, {"qty": {"a": 1}, "text": "A-1"},
            {"qty": "1e400", "text": "A-1"}, {"qty": "NaN", "text": "A-1"},
            {"qty": 1e300, "product_id": self.product_a.id},
            {"qty": True, "product_id": self.product_a.id},
            {"qty": "-3", "product_id": self.product_a.id},
            {"qty": "1", "product_id": self.product_a.id, "uom_id": [1]},
            {"qty": "1", "product_id": self.product_a.id, "uom": "\x00" * 3},
            {"text": "\x00"},
            {"qty": "1." * 50_000 + "x", "text": "A-1"}, {"qty": 10**4000, "text": "A"},
        ]  # fmt: skip
        answer = self.ask("answer", rows=odd, address_id="x", date="2026-99-99")
        self.assertEqual(len(answer["rows"]), len(odd))
        self.assertNoOrder(self.hand_in(*odd))
        for rows in (None, "x", 7, {"a": 1}):
            self.ask("answer", rows=rows)

    # -- what is not his ----------------------------------------------------------

    def test_products_that_are_not_his(self):
        other = self.create_company("OMS Other Distributor")
        gone = self.create_product("OMS Secret Gone", active=False)
        foreign = self.create_product("OMS Secret Foreign", 0, company_id=other.id)
        inside = self.create_product("OMS Secret Inside", sale_ok=False)
        ids = [gone.id, foreign.id, inside.id, 2**31 - 1]
        answers = self.ask(
            "answer",
            rows=[self.row(product_id=product_id, text="S-1") for product_id in ids],
        )["rows"]
        for answer in answers:
            self.assertEqual(answer, answers[0])
        self.assertNotIn("Secret", json.dumps(answers))
        for product_id in ids:
            refused = self.hand_in(self.row(product_id=product_id, text="S-1"))
            self.assertNoOrder(refused)
            self.assertNotIn("Secret", json.dumps(refused))
        self.assertEqual(self.ask("suggest", text="Secret"), [])

    def test_addresses_that_are_not_his(self):
        contact = self.buyer.partner_id
        for address_id in (self.stranger.id, contact.id, 2**31 - 1, False, "x", [1]):
            answer = self.hand_in(address_id=address_id)
            self.assertNoOrder(answer, "one of your delivery addresses")

    def test_orders_that_are_not_his(self):
        foreign = self.create_order((self.product_a, 1), partner_id=self.stranger.id)
        token = foreign._portal_ensure_token()
        expected = self.ask("again", order_id=2**31 - 1)
        self.assertEqual(set(expected), {"error"})
        for order_id in (foreign.id, str(foreign.id), [foreign.id], None, 0, -1):
            self.assertEqual(
                self.ask("again", order_id=order_id, access_token=token), expected
            )

    def test_what_a_customer_may_not_set(self):
        answer = self.hand_in(
            self.row(price=0.01, discount=90, name="Free"),
            partner_id=self.stranger.id,
            customer={"id": self.stranger.id},
            user_id=self.buyer.id,
            state="sale",
            discount=90,
        )
        order = self.find_order(answer)
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.amount_untaxed, 100)
        self.assertNotEqual(order.user_id, self.buyer)

    def test_right_to_order(self):
        self.customer.oms_pad_right = "quotation"
        self.assertNoOrder(self.hand_in(), "but not order")
        self.assertNoOrder(self.hand_in(kind="sale"), "but not order")
        self.assertEqual(self.find_order(self.hand_in(kind="quotation")).state, "draft")

    # -- submit -------------------------------------------------------------------

    def test_order(self):
        day = fields.Date.context_today(self.customer) + timedelta(days=9)
        answer = self.hand_in(
            self.row(text="A-1"),
            self.row(product_id=False, qty=""),
            self.row(self.product_b, qty="8"),
            reference="PO 7",
            note="Ring the bell",
            date=str(day),
            address_id=self.depot.id,
        )
        order = self.find_order(answer)
        self.assertEqual((answer["status"], order.state), ("created", "sale"))
        self.assertEqual(answer["url"], f"/my/orders/{order.id}")
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.partner_shipping_id, self.depot)
        self.assertEqual(order.client_order_ref, "PO 7")
        self.assertEqual(order.oms_channel_id, self.pad_channel)
        self.assertEqual(order.create_uid, self.buyer)
        self.assertEqual(
            order.order_line.mapped(
                lambda line: (line.product_id, line.product_uom_qty)
            ),
            [(self.product_a, 10), (self.product_b, 8)],
        )
        self.assertEqual(order.commitment_date.date(), day)
        self.assertIn("Ring the bell", " ".join(order.message_ids.mapped("body")))
        self.assertIn(self.buyer.partner_id, order.message_partner_ids)
        self.assertEqual(self.url_open(answer["url"]).status_code, 200)

    def test_once(self):
        first = self.hand_in()
        second = self.hand_in()
        self.assertEqual(second["status"], "already there")
        self.assertEqual(first["order_id"], second["order_id"])
        other = self.hand_in(self.row(qty="11"))
        self.assertEqual(other["status"], "refused")
        self.assertEqual(other["order_id"], first["order_id"])
        self.assertEqual(
            self.find_order(first).order_line.product_uom_qty, 10, "as it was ordered"
        )
        # the same key of another customer is another order
        self.authenticate("oms_other_buyer", "oms_other_buyer")
        his = self.hand_in(address_id=self.stranger.id)
        self.assertEqual(his["status"], "created")
        self.assertNotEqual(his["order_id"], first["order_id"])

    def test_request(self):
        self.company.portal_confirmation_sign = True
        order = self.find_order(self.hand_in(kind="quotation"))
        self.assertEqual(order.state, "draft")
        self.assertTrue(order.oms_is_requested)
        self.assertFalse(order.client_order_ref)
        page = self.url_open(f"/my/orders/{order.id}").text
        self.assertIn("Your request is with us", page)
        self.assertNotIn('data-bs-target="#modalaccept"', page)
        self.assertIn(order.name, self.url_open("/my/order-pad").text)
        self.assertTrue(order.require_signature)
        self.assertFalse(order._has_to_be_signed(), "nobody has offered it yet")
        order.action_quotation_sent()
        self.env.flush_all()
        self.assertTrue(order._has_to_be_signed())
        self.assertNotIn(
            "Your request is with us", self.url_open(f"/my/orders/{order.id}").text
        )

    def test_faults_on_submit(self):
        answer = self.hand_in(
            self.row(),
            self.row(self.product_b, qty="3"),
            self.row(qty=""),
            self.row(product_id=False, text="", qty="4"),
            self.row(product_id=False, text="NOPE"),
        )
        self.assertNoOrder(answer, "4 lines are not right yet")
        self.assertEqual(
            [[fault["code"] for fault in row["faults"]] for row in answer["rows"]],
            [
                [],
                ["qty_below_minimum"],
                ["qty_missing"],
                ["product_missing"],
                ["product_not_found"],
            ],
        )

    def test_wishes_that_cannot_be(self):
        self.assertNoOrder(self.hand_in(date="2001-01-01"), "is over")
        self.assertNoOrder(self.hand_in(date="soon"), "date")
        self.assertNoOrder(self.hand_in(date=["x"]), "date")
        self.assertNoOrder(self.hand_in(key=""), "Load the page again")
        self.assertNoOrder(self.hand_in(key="x" * 200), "Load the page again")
        self.assertNoOrder(self.hand_in(note="x" * 5001), "too long")
        self.assertNoOrder(self.hand_in(reference=["x"]), "too long")
        self.assertNoOrder(
            self.ask("submit", rows=[], wishes=self.wishes()), "no lines"
        )
        self.assertNoOrder(self.ask("submit", rows=[self.row()], wishes="x"))
        many = [self.row()] * 1001
        self.assertNoOrder(self.hand_in(*many), "at most 1000 lines")

    def test_reference_that_is_required(self):
        self.pad_channel.require_client_ref = True
        self.assertNoOrder(self.hand_in(), "Give your reference")
        order = self.find_order(self.hand_in(reference="PO 8"))
        self.assertEqual((order.state, order.client_order_ref), ("sale", "PO 8"))

    # -- rows from elsewhere ------------------------------------------------------

    def test_again(self):
        gone = self.create_product("OMS Discontinued")
        order = self.create_order(
            (self.product_a, 3), (gone, 1), (self.product_b, 8, self.dozen)
        )
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Section"}),
            Command.create({"display_type": "line_note", "name": "Note"}),
        ]
        gone.active = False
        self.product_a.list_price = 12.0
        page = self.url_open(f"/my/orders/{order.id}").text
        self.assertIn(f"/my/order-pad?again={order.id}", page)
        answer = self.ask("again", order_id=order.id)
        self.assertEqual(
            answer["rows"],
            [
                {"product_id": self.product_a.id, "qty": "3", "uom_id": self.unit.id},
                {"product_id": self.product_b.id, "qty": "8", "uom_id": self.dozen.id},
            ],
        )
        self.assertEqual(len(answer["gone"]), 1)
        self.assertIn("OMS Discontinued", answer["gone"][0])
        [row] = self.ask("answer", rows=answer["rows"][:1])["rows"]
        self.assertEqual(row["price"], 12.0, "of today")

    def test_no_button_on_what_is_not_his(self):
        order = self.create_order((self.product_a, 3))
        url = order.get_portal_url()
        self.env.flush_all()
        self.authenticate("oms_other_buyer", "oms_other_buyer")
        page = self.url_open(url).text
        self.assertIn(order.name, page)
        self.assertNotIn("again=", page)

    def test_bought(self):
        self.create_order((self.product_a, 3))
        self.create_order((self.product_b, 8), partner_id=self.stranger.id)
        [row] = self.ask("bought")
        self.assertEqual((row["product_id"], row["qty"]), (self.product_a.id, "3"))
        self.assertEqual(row["answer"]["last"]["qty"], 3)

    def test_paste(self):
        answer = self.ask("paste", text="code;qty\nA-1;12\nB-1\t4 dozen\n")
        self.assertEqual(
            answer["rows"],
            [
                {"text": "A-1", "qty": "12", "uom": ""},
                {"text": "B-1", "qty": "4", "uom": "dozen"},
            ],
        )
        for text in (None, 7, "\x00", "\ud800;1", ";;;;", "x" * 300_000):
            self.ask("paste", text=text)
        many = self.ask("paste", text="A-1;1\n" * 1200)
        self.assertEqual(len(many["rows"]), 1000)
        self.assertTrue(many["problems"])

    def upload(self, content, name="order.csv"):
        return self.url_open(
            "/my/order-pad/upload",
            data={"csrf_token": http.Request.csrf_token(self)},
            files={"file": (name, content)},
        )

    def test_upload(self):
        answer = self.upload(b"Article;Quantity;Unit\nA-1;12;\nB-1;4;Units\n").json()
        self.assertEqual(
            answer,
            {
                "rows": [
                    {"text": "A-1", "qty": "12", "uom": ""},
                    {"text": "B-1", "qty": "4", "uom": "Units"},
                ],
                "problems": [],
            },
        )
        for content in (b"", b"%PDF-1.4", b"PK\x03\x04broken"):
            answer = self.upload(content).json()
            self.assertEqual(answer["rows"], [])
            self.assertTrue(answer["problems"][0])
        too_many = self.upload(b"code;qty\n" + b"A-1;1\n" * 1001).json()
        self.assertIn("1000", too_many["problems"][0])
        self.assertIn("2 MB", self.upload(b"x" * 2_000_001).json()["problems"][0])

    def test_upload_of_what_is_no_file(self):
        response = self.url_open(
            "/my/order-pad/upload",
            data={"csrf_token": http.Request.csrf_token(self), "file": "A-1;1"},
        )
        self.assertEqual(response.json()["rows"], [])

    def test_upload_of_more_than_customers_order(self):
        """A file of few bytes keeps nobody waiting."""
        book = Workbook()
        book.active.append(["A-1"])
        target = BytesIO()
        book.save(target)
        bomb = BytesIO()
        with (
            zipfile.ZipFile(target) as old,
            zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for info in old.infolist():
                data = old.read(info).replace(b"</row>", b"<c/>" * 400_000 + b"</row>")
                new.writestr(info.filename, data)
        answer = self.upload(bomb.getvalue(), "order.xlsx").json()
        self.assertEqual(answer["rows"], [])
        self.assertIn("too many cells", answer["problems"][0])

    def test_upload_without_csrf(self):
        with mute_logger("odoo.http"):
            response = self.url_open(
                "/my/order-pad/upload", files={"file": ("order.csv", b"A-1;1")}
            )
        self.assertEqual(response.status_code, 400)
