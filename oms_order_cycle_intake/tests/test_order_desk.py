import uuid
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.oms_order_cycle.tests.common_holds import HoldsCommon

from ..tools.desk_content import ContentFault, read_content


@tagged("post_install", "-at_install")
class TestOrderDesk(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.create_user("oms_desk", "sales_team.group_sale_salesman")
        cls.desk = cls.env(user=cls.seller)["oms.order.desk"]
        cls.product_a.default_code = "DESK-A"
        cls.product_b.default_code = "DESK-B"
        cls.customer.write({"ref": "C-1", "phone": "+1 (555) 010-4477"})

    @classmethod
    def content(cls, *lines, **values):
        """A content; a line is (product, quantity) and values."""
        return {
            "key": str(uuid.uuid4()),
            "partner_id": cls.customer.id,
            "lines": [
                {
                    "key": f"line {number}",
                    "product_id": product.id,
                    "uom_id": product.uom_id.id,
                    "qty": quantity,
                    **(more[0] if more else {}),
                }
                for number, (product, quantity, *more) in enumerate(lines)
            ],
            **values,
        }

    def save(self, content, **options):
        result = self.desk.save(content, **options)
        return self.env["sale.order"].browse(result.get("order_id")), result

    # -- the order --------------------------------------------------------------

    def test_order(self):
        channel = self.env["oms.channel"].create(
            {"name": "OMS Phone", "code": "oms_p", "kind": "phone", "tz": "UTC"}
        )
        content = self.content(
            (self.product_a, 3),
            (self.product_b, 2, {"uom_id": self.dozen.id}),
            channel_id=channel.id,
            client_order_ref="PO 1",
            requested_date="2040-05-06",
            note="Ring at\nthe back door <b>",
        )
        order, result = self.save(content)
        self.assertEqual(
            order.order_line.mapped(
                lambda line: (
                    line.product_id,
                    line.product_uom_qty,
                    line.product_uom_id,
                )
            ),
            [(self.product_a, 3, self.unit), (self.product_b, 2, self.dozen)],
        )
        self.assertEqual(
            (order.state, order.user_id, order.oms_channel_id, order.client_order_ref),
            ("draft", self.seller, channel, "PO 1"),
        )
        self.assertEqual(str(order.commitment_date), "2040-05-06 23:59:59")
        self.assertIn("&lt;b&gt;", order.message_ids[0].body)
        self.assertEqual(result["name"], order.name)
        self.assertEqual(result["status"], "saved")

    def test_answer_is_what_is_saved(self):
        tax = self.env["account.tax"].create({"name": "OMS 10", "amount": 10})
        self.product_b.taxes_id = tax
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "OMS Desk",
                "currency_id": self.env.ref("base.EUR").id,
                "item_ids": [
                    Command.create(
                        {
                            "min_quantity": 10,
                            "compute_price": "percentage",
                            "percent_price": 20,
                        }
                    )
                ],
            }
        )
        self.env.ref("base.EUR").active = True
        self.customer.property_product_pricelist = pricelist
        content = self.content(
            (self.product_a, 9),
            (self.product_b, 10),
            (self.service, 2, {"price": 7.5}),
        )
        answer = self.desk.answer(content)
        order, result = self.save(content)
        self.assertEqual(answer["currency_id"], order.currency_id.id)
        self.assertEqual(order.currency_id, pricelist.currency_id)
        self.assertEqual(
            [
                (line["price"], line["discount"], line["subtotal"])
                for line in answer["lines"].values()
            ],
            order.order_line.mapped(
                lambda line: (line.price_unit, line.discount, line.price_subtotal)
            ),
        )
        self.assertEqual(answer["totals"]["total"], order.amount_total)
        self.assertGreater(answer["totals"]["tax"], 0)
        self.assertEqual(order.order_line[2].price_unit, 7.5)
        # what is known already is not asked anew
        for line in content["lines"]:
            found = answer["lines"][line["key"]]
            line.update(known_price=found["price"], known_discount=found["discount"])
        order.order_line[0].product_id.list_price = 1000
        self.assertEqual(self.desk.answer(content)["totals"], answer["totals"])

    def test_answer_writes_nothing(self):
        content = self.content((self.product_a, 9))
        self.desk.answer(content)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env["sale.order"].search_count([])
        with self.assertNoWrites():
            self.desk.answer(content)
        self.assertEqual(self.env["sale.order"].search_count([]), before)

    def assertNoWrites(self):
        def execute(cursor, query, *args, **kwargs):
            text = getattr(query, "code", str(query)).lstrip().upper()
            self.assertFalse(text.startswith(("INSERT", "UPDATE", "DELETE")), text)
            return run(cursor, query, *args, **kwargs)

        run = type(self.env.cr).execute
        return patch.object(type(self.env.cr), "execute", execute)

    def test_number_of_queries(self):
        """It does not grow with the lines that are known already."""
        products = [self.create_product(f"OMS Desk {n}") for n in range(12)]

        def count(*lines):
            content = self.content(*lines)
            for line in content["lines"][:-1]:
                line.update(known_price=10, known_discount=0)
            self.desk.answer(content)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.desk.answer(content)
            return self.env.cr.sql_log_count - before

        few = count((products[0], 1), (products[1], 1))
        many = count(*((product, 1) for product in products))
        self.assertLessEqual(many, few + 2)

    def test_outlook_comes_true(self):
        credit = self.create_hold_type(
            "OMS Credit", "credit_limit", credit_default_limit=100
        )
        content = self.content((self.product_a, 50))
        outlook = self.desk.answer(content)["outlook"]
        self.assertEqual([hold["name"] for hold in outlook["holds"]], ["OMS Credit"])
        order, result = self.save(content, confirm=True)
        self.assertEqual(order.state, "sale")
        self.assertHeld(order, credit)
        self.assertIn("OMS Credit", result["holds"][0])

    def test_stopped_customer_is_said_at_once(self):
        self.create_hold_type("OMS Stopped", "customer_stopped")
        self.customer.write(
            {"oms_is_stopped": True, "oms_stop_reason": "Insolvent since May"}
        )
        outlook = self.desk.answer(self.content())["outlook"]
        self.assertEqual(outlook["holds"][0]["reason"], "Insolvent since May")

    def test_warning(self):
        self.seller.group_ids += self.env.ref("sale.group_warning_sale")
        self.customer.sale_warn_msg = "Pays late"
        self.assertIn("Pays late", self.desk.answer(self.content())["warning"])

    def test_stock(self):
        scarce = self.create_product("OMS Scarce", quantity=5)
        answer = self.desk.answer(
            self.content((scarce, 3), (scarce, 3), (self.service, 1), (scarce, None))
        )
        codes = [line["stock_code"] for line in answer["lines"].values()]
        self.assertEqual(codes, ["in_stock", "to_order", "", "to_order"])
        self.assertIn("5 Units free", answer["lines"]["line 1"]["stock"])

    # -- once -------------------------------------------------------------------

    def test_once(self):
        content = self.content((self.product_a, 3))
        order, _result = self.save(content, confirm=True)
        again, result = self.save(content, confirm=True)
        self.assertEqual((again, result["status"]), (order, "already there"))
        # what comes in late from the same call makes no draft
        self.desk.keep(content)
        self.assertFalse(self.desk.open()["drafts"])

    def test_key_of_somebody_else(self):
        content = self.content((self.product_a, 3))
        self.desk.keep(content)
        other = self.create_user("oms_desk_2", "sales_team.group_sale_salesman")
        desk = self.desk.with_user(other)
        self.assertFalse(desk.open(content["key"])["content"])
        with self.assertRaises(UserError):
            desk.take_up(content["key"])
        desk.give_up(content["key"])
        self.assertTrue(self.desk.open(content["key"])["content"])
        with self.assertRaises(AccessError):
            desk.save(content)

    # -- drafts -----------------------------------------------------------------

    def test_drafts(self):
        first = self.content((self.product_a, 3), note="One")
        second = self.content((self.product_b, None), note="Two")
        self.desk.keep(first)
        self.desk.keep({**first, "note": "Once more"})
        self.desk.keep(second)
        opened = self.desk.open(first["key"])
        self.assertEqual(opened["content"]["note"], "Once more")
        self.assertCountEqual(
            [draft["key"] for draft in opened["drafts"]], [first["key"], second["key"]]
        )
        self.assertEqual(self.desk.take_up(second["key"])["note"], "Two")
        self.save(first)
        left = self.desk.give_up("no such key")
        self.assertEqual([draft["key"] for draft in left], [second["key"]])
        self.assertEqual(self.desk.give_up(second["key"]), [])

    def test_drafts_are_cleared_away(self):
        kept, saved = (self.content((self.product_a, n)) for n in (1, 2))
        self.desk.keep(kept)
        self.save(saved)
        drafts = self.env["oms.desk.draft"].search([("user_id", "=", self.seller.id)])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oms_desk_draft SET write_date = '2020-01-01' WHERE id IN %s",
            [tuple(drafts.ids)],
        )
        drafts.invalidate_recordset()
        drafts._gc_saved()
        self.assertEqual(drafts.exists().key, kept["key"], "what is typed is not lost")

    # -- faults -----------------------------------------------------------------

    def test_faults_are_told_at_once(self):
        archived = self.create_product("OMS Archived", active=False)
        unsold = self.create_product("OMS Unsold", sale_ok=False)
        content = self.content(
            (self.product_a, 0),
            (self.product_a, -1),
            (archived, 1),
            (unsold, 1),
            (self.product_a, None),
            (self.product_a, 1, {"price": -2}),
            (self.product_a, 1, {"discount": 101}),
            (self.product_a, 1, {"uom_id": self.env.ref("uom.product_uom_kgm").id}),
            partner_id=False,
        )
        answer = self.desk.answer(content)
        blocking = [
            any(fault["blocking"] for fault in line["faults"])
            for line in answer["lines"].values()
        ]
        self.assertEqual(
            blocking, [True, True, True, True, False, True, True, True], answer["lines"]
        )
        with self.assertRaises(UserError) as caught:
            self.desk.save(content)
        words = str(caught.exception)
        self.assertEqual(len(words.splitlines()), 9, words)
        self.assertIn("Line 5: say how many", words)

    def test_date_that_is_over(self):
        content = self.content((self.product_a, 1), requested_date="2020-02-02")
        self.assertTrue(self.desk.answer(content)["faults"])
        with self.assertRaises(UserError):
            self.desk.save(content)
        order = self.create_order(
            (self.product_a, 3),
            confirm=False,
            user_id=self.seller.id,
            commitment_date="2020-02-02 12:00:00",
        )
        content = self.open_order(order)
        self.assertFalse(self.desk.answer(content)["faults"], "nobody asks for it now")

    def test_multiples_are_proposed(self):
        self.product_a.oms_multiple_qty = 6
        content = self.content((self.product_a, 10))
        [fault] = self.desk.answer(content)["lines"]["line 0"]["faults"]
        self.assertEqual((fault["blocking"], fault["qty"]), (False, 12))
        order, _result = self.save(content)
        self.assertEqual(order.order_line.product_uom_qty, 10)

    def test_discount_needs_its_right(self):
        content = self.content((self.product_a, 1, {"discount": 5}))
        with self.assertRaises(UserError):
            self.desk.save(content)
        self.seller.group_ids += self.env.ref("sale.group_discount_per_so_line")
        self.assertTrue(self.desk.open()["rights"]["discount"])
        order, _result = self.save(content)
        self.assertEqual(order.order_line.discount, 5)

    def test_huge_quantity(self):
        answer = self.desk.answer(self.content((self.product_a, 1e12)))
        self.assertAlmostEqual(answer["totals"]["total"], 1e13, delta=1)
        with self.assertRaises(UserError):
            self.desk.answer(self.content((self.product_a, 1e13)))

    def test_no_pricelist(self):
        self.customer.with_context(active_test=False).env["product.pricelist"].search(
            []
        ).active = False
        answer = self.desk.answer(self.content((self.product_a, 3)))
        self.assertEqual(answer["totals"]["untaxed"], 30)

    def test_confirmation_is_refused(self):
        """Nothing is saved, and everything stays to be saved."""
        channel = self.env["oms.channel"].create(
            {"name": "OMS Ref", "code": "oms_ref", "require_client_ref": True}
        )
        content = self.content((self.product_a, 3), channel_id=channel.id)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.desk.save(content, confirm=True)
        self.assertFalse(
            self.env["sale.order"].search([("oms_channel_id", "=", channel.id)])
        )
        order, result = self.save({**content, "client_order_ref": "Now"}, confirm=True)
        self.assertEqual((order.state, result["status"]), ("sale", "saved"))

    def test_contents_that_are_none(self):
        good = self.content((self.product_a, 1))
        line = good["lines"][0]
        for bad in (
            None,
            [],
            {},
            {**good, "key": ""},
            {**good, "lines": "x"},
            {**good, "lines": [None]},
            {**good, "lines": [line] * 501},
            {**good, "partner_id": "1"},
            {**good, "partner_id": 2**31},
            {**good, "partner_id": -1},
            {**good, "order_id": True},
            {**good, "requested_date": "soon"},
            {**good, "requested_date": 5},
            {**good, "note": "x" * 10_001},
            {**good, "lines": [{**line, "qty": "3"}]},
            {**good, "lines": [{**line, "qty": float("nan")}]},
            {**good, "lines": [{**line, "price": True}]},
        ):
            with self.subTest(content=str(bad)[:80]), self.assertRaises(ContentFault):
                read_content(bad)
            with self.assertRaises(UserError):
                self.desk.answer(bad)
        read_content(good)

    def test_arguments_that_are_none(self):
        """Whatever a browser sends: an answer, or words."""
        good = self.content((self.product_a, 1))
        for odd in (None, True, -1, 2**40, 1.5, "x", "\0", "\ud800", [1], {"a": 1}):
            with self.subTest(odd=repr(odd)):
                self.desk.find_customers(odd)
                self.desk.suggest(odd, odd)
                self.desk.suggest(self.customer.id, odd)
                self.desk.get_customer(self.customer.id, odd)
                self.desk.give_up(odd)
                self.desk.open(key=odd)
                for call in (self.desk.get_customer, self.desk.take_up):
                    with self.assertRaises(UserError):
                        call(odd)
                if odd:
                    with self.assertRaises(UserError):
                        self.desk.open(order_id=odd)
        for text in ("a\0b", "\ud800", float("nan")):
            with self.assertRaises(UserError):
                self.desk.keep({**good, "more": [text]})
        self.desk.keep({**good, "note": '\u20ac \\ "'})
        self.env.flush_all()

    # -- a quotation is gone on with --------------------------------------------

    def open_order(self, order):
        return {
            "key": str(uuid.uuid4()),
            **self.desk.open(order_id=order.id)["content"],
        }

    def test_go_on(self):
        order = self.create_order(
            (self.product_a, 3),
            (self.product_b, 4),
            confirm=False,
            user_id=self.seller.id,
        )
        order.order_line[0].price_unit = 8
        order.write(
            {
                "commitment_date": "2040-05-06 10:00:00",
                "order_line": [
                    Command.create({"display_type": "line_note", "name": "Note"}),
                    Command.create({"product_id": self.by_delivery.id}),
                ],
            }
        )
        lines = order.order_line
        content = self.open_order(order)
        self.assertEqual(
            [(line["line_id"], line["price"]) for line in content["lines"]],
            [(lines[0].id, 8), (lines[1].id, False), (lines[3].id, False)],
        )
        self.assertEqual([fixed["id"] for fixed in content["fixed"]], lines[2].ids)
        answer = self.desk.answer(content)
        self.assertEqual(answer["totals"]["total"], order.amount_total)
        # nothing changed: nothing is written
        before = order.order_line.mapped("write_date")
        self.env.cr.precommit.run()
        self.save(content)
        self.assertEqual(order.order_line.mapped("write_date"), before)
        self.assertEqual(str(order.commitment_date), "2040-05-06 10:00:00")

        content = self.open_order(order)
        content["lines"][0]["qty"] = 5
        del content["lines"][1]
        content["lines"].append(
            {
                "key": "new",
                "product_id": self.service.id,
                "uom_id": self.unit.id,
                "qty": 1,
            }
        )
        saved, _result = self.save(content, confirm=True)
        self.assertEqual(saved, order)
        self.assertEqual(
            order.order_line.mapped(
                lambda line: (line.product_id, line.product_uom_qty, line.price_unit)
            ),
            [
                (self.product_a, 5, 8),
                (self.env["product.product"], 0, 0),
                (self.by_delivery, 1, 10),
                (self.service, 1, 10),
            ],
        )
        self.assertEqual(order.state, "sale")
        with self.assertRaises(UserError):
            self.desk.open(order_id=order.id)

    def test_line_of_what_is_not_sold_any_more(self):
        """It stays as it is while the rest is changed; no more of it is sold."""
        order = self.create_order(
            (self.product_a, 3),
            (self.product_b, 4),
            confirm=False,
            user_id=self.seller.id,
        )
        self.product_a.sale_ok = False
        content = self.open_order(order)
        content["lines"][1]["qty"] = 5
        answers = self.desk.answer(content)["lines"]
        [fault] = answers[content["lines"][0]["key"]]["faults"]
        self.assertFalse(fault["blocking"])
        self.save(content)
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [3, 5])
        for change in ({"qty": 4}, {"uom_id": self.dozen.id}, {"line_id": False}):
            content = self.open_order(order)
            content["lines"][0].update(change)
            with self.assertRaisesRegex(UserError, "not sold any more"):
                self.desk.save(content)

    def test_somebody_else_changed_it(self):
        order = self.create_order(
            (self.product_a, 3), confirm=False, user_id=self.seller.id
        )
        content = self.open_order(order)
        # a moment later: all of a test is one moment
        with patch.object(
            type(self.env.cr), "now", lambda cursor: fields.Datetime.now()
        ):
            order.order_line.write({"product_uom_qty": 7})
            self.env.flush_all()
        content["lines"][0]["qty"] = 4
        result = self.desk.save(content)
        self.assertEqual(result["status"], "changed meanwhile")
        self.assertEqual(result["by"], self.env.user.name)
        self.assertEqual(order.order_line.product_uom_qty, 7)
        self.save(content, overwrite=True)
        self.assertEqual(order.order_line.product_uom_qty, 4)

    def test_own_draft_of_a_quotation(self):
        order = self.create_order(
            (self.product_a, 3), confirm=False, user_id=self.seller.id
        )
        content = self.open_order(order)
        content["lines"][0]["qty"] = 4
        self.desk.keep(content)
        self.assertEqual(self.open_order(order)["lines"][0]["qty"], 4)

    def test_button(self):
        order = self.create_order(confirm=False)
        action = order.action_oms_open_desk()
        self.assertEqual(action["tag"], "oms_order_desk")
        self.assertEqual(action["params"], {"order_id": order.id})

    # -- customers and products -------------------------------------------------

    def test_find_customers(self):
        contact = self.env["res.partner"].create(
            {"name": "Zoe Quill", "parent_id": self.customer.id}
        )
        self.env["res.partner"].create(
            {"name": "Zoe Depot", "parent_id": self.customer.id, "type": "delivery"}
        )

        def find(text):
            return [one["id"] for one in self.desk.find_customers(text)]

        for text in ("c-1", "OMS Cust Spring", "springfield customer", "5550104477"):
            self.assertIn(self.customer.id, find(text), text)
        self.assertIn(self.customer.id, find("0104477"))
        self.assertEqual(find("zoe"), contact.ids)
        self.assertEqual(find("no such customer"), [])
        self.assertEqual(find("100%_\\"), [])

    def test_customer(self):
        self.create_order((self.product_a, 3), user_id=self.seller.id)
        dear = self.create_order(
            (self.product_a, 5, self.dozen), (self.service, 1), user_id=self.seller.id
        )
        dear.order_line[0].write({"price_unit": 100, "discount": 10})
        self.create_order((self.by_delivery, 1), confirm=False, user_id=self.seller.id)
        self.service.active = False
        address = self.env["res.partner"].create(
            {"name": "Depot", "parent_id": self.customer.id, "type": "delivery"}
        )
        found = self.desk.get_customer(self.customer.id)
        self.assertEqual(
            [
                (one["product_id"], one["qty"], one["uom_id"], one["price"])
                for one in found["bought"]
            ],
            [(self.product_a.id, 5, self.dozen.id, 90)],
        )
        self.assertEqual(len(found["quotations"]), 1)
        self.assertEqual(found["addresses"][0]["id"], address.id)

    def test_suggest(self):
        self.env["oms.customer.code"].create(
            {
                "partner_id": self.customer.id,
                "code": "MY-9",
                "product_id": self.product_b.id,
                "uom_id": self.dozen.id,
            }
        )
        [found] = self.desk.suggest(self.customer.id, "my-9")
        self.assertEqual(
            (found["product_id"], found["uom_id"], found["how"]),
            (self.product_b.id, self.dozen.id, "customer_code"),
        )
        self.assertEqual(self.desk.suggest(False, "my-9"), [])
        self.assertEqual(
            self.desk.suggest(False, "DESK-A")[0]["product_id"], self.product_a.id
        )

    # -- who may ----------------------------------------------------------------

    def test_wrong_users(self):
        content = self.content((self.product_a, 1))
        for login, group in (
            ("oms_desk_portal", "base.group_portal"),
            ("oms_desk_stock", "stock.group_stock_user"),
            ("oms_desk_internal", "base.group_user"),
        ):
            desk = self.desk.with_user(self.create_user(login, group))
            for call in (
                desk.open,
                lambda desk=desk: desk.find_customers("a"),
                lambda desk=desk: desk.get_customer(self.customer.id),
                lambda desk=desk: desk.suggest(False, "a"),
                lambda desk=desk: desk.answer(content),
                lambda desk=desk: desk.keep(content),
                lambda desk=desk: desk.take_up(content["key"]),
                lambda desk=desk: desk.give_up(content["key"]),
                lambda desk=desk: desk.save(content),
            ):
                with self.subTest(login=login), self.assertRaises(AccessError):
                    call()
            with self.assertRaises(AccessError):
                desk.env["oms.desk.draft"].search([])

    def test_order_of_a_colleague(self):
        """A salesperson who sees his own documents only changes no other's."""
        order = self.create_order(confirm=False, user_id=self.env.user.id)
        for call in (
            lambda: self.desk.open(order_id=order.id),
            lambda: self.desk.save(
                self.content((self.product_a, 1), order_id=order.id)
            ),
            lambda: self.desk.answer(
                self.content((self.product_a, 1), order_id=order.id)
            ),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(self.desk.get_customer(self.customer.id)["quotations"], [])

    def test_other_company(self):
        other = self.create_company("OMS Desk Other")
        foreign = self.create_customer("OMS Foreign", company_id=other.id)
        product = self.create_product("OMS Foreign Product", 0, company_id=other.id)
        self.assertEqual(self.desk.find_customers("OMS Foreign"), [])
        with self.assertRaises(UserError):
            self.desk.get_customer(foreign.id)
        answer = self.desk.answer(
            self.content((product, 1), (self.product_a, 1), partner_id=foreign.id)
        )
        self.assertEqual(answer["unknown"], ["line 0"])
        self.assertFalse(answer["outlook"])
        with self.assertRaises(UserError):
            self.desk.save(self.content((product, 1)))
        with self.assertRaises(UserError):
            self.desk.save(self.content((self.product_a, 1), partner_id=foreign.id))

    def test_foreign_address_is_not_taken(self):
        stranger = self.create_customer("OMS Stranger")
        order, _result = self.save(
            self.content((self.product_a, 1), shipping_id=stranger.id)
        )
        self.assertEqual(order.partner_shipping_id, self.customer)

    def test_line_of_another_order(self):
        mine, other = (
            self.create_order(confirm=False, user_id=self.seller.id) for _n in range(2)
        )
        content = self.open_order(mine)
        content["lines"][0]["line_id"] = other.order_line.id
        content["lines"][0]["qty"] = 99
        self.save(content)
        self.assertEqual(other.order_line.product_uom_qty, 10)
        self.assertEqual(mine.order_line.product_uom_qty, 99)
