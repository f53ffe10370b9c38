"""Orders come in: once, complete, with all that is wrong with them."""

import json
from datetime import timedelta
from xmlrpc.client import dumps

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import raw
from .common import IntakeCommon


@tagged("post_install", "-at_install")
class TestSubmit(IntakeCommon):
    def test_created(self):
        day = fields.Date.today() + timedelta(days=7)
        payload = self.payload(
            ("A-1", 24),
            {
                "ref": "x",
                "product": {"code": "B-1"},
                "qty": "2",
                "uom": "DZN",
                "note": "blue",
            },
            requested_date=str(day),
            note="Ring twice",
        )
        [result] = self.submit(payload)
        self.assertEqual(result["status"], "created")
        self.assertEqual((result["errors"], result["warnings"]), ([], []))
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(result["order"], order.name)
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.client_order_ref, "PO-1")
        self.assertEqual(order.oms_channel_id, self.channel)
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.commitment_date.date(), day)
        first, second, note = order.order_line
        self.assertEqual(
            (first.product_id, first.product_uom_qty), (self.product_a, 24)
        )
        self.assertEqual(
            (second.product_id, second.product_uom_qty, second.product_uom_id),
            (self.product_b, 2, self.dozen),
        )
        self.assertEqual((second.oms_external_ref, second.price_unit), ("x", 120))
        self.assertEqual(note.name, "blue")
        self.assertIn("Ring twice", str(order.message_ids.mapped("body")))
        intake = order.oms_intake_ids
        self.assertEqual(intake.state, "taken")
        self.assertEqual(json.loads(intake.payload), payload)
        [event] = order.oms_event_ids.filtered(lambda event: event.kind == "received")
        self.assertEqual(event.data["external_ref"], "PO-1")
        self.assertEqual(event.res_id, intake.id)

    def test_confirmed_where_the_channel_says_so(self):
        self.channel.submit_as = "order"
        [result] = self.submit(self.payload())
        self.assertEqual(result["state"], "sale")
        [promise] = result["promise"]
        self.assertEqual((promise["line"], promise["quantity"]), ("10", 10))
        self.assertTrue(promise["date"])

    def test_same_again(self):
        [first] = self.submit(self.payload())
        again = self.payload(external_ref=" PO-1 ")
        again["lines"][0]["qty"] = "10.0"
        [second] = self.submit(again)
        self.assertEqual(second["status"], "already there")
        self.assertEqual(second["order_id"], first["order_id"])
        self.assertEqual(second["errors"], [])

    def test_same_again_though_it_would_be_refused_now(self):
        [first] = self.submit(self.payload())
        self.product_a.active = False
        [second] = self.submit(self.payload())
        self.assertEqual(
            (second["status"], second["order_id"]), ("already there", first["order_id"])
        )

    def test_twice_in_one_batch(self):
        other = self.payload(("A-1", 11))
        results = self.submit(self.payload(), self.payload(), other)
        self.assertEqual(
            [result["status"] for result in results],
            ["created", "already there", "refused"],
        )
        self.assertEqual(self.codes(results[2]), [("lines[0].qty", "content_differs")])

    def test_refused_uses_up_no_key(self):
        self.assertRefused(self.payload(("X", 1)), "product_not_found")
        self.assertRefused(self.payload(("X", 1)), "product_not_found")
        [kept] = self.env["oms.intake"].search([("external_ref", "=", "PO-1")])
        self.assertEqual((kept.state, kept.tries), ("refused", 2))
        self.assertIn("X", kept.fault_text)
        order = self.take()
        self.assertEqual(kept.state, "replaced")
        self.assertEqual(kept.replaced_by_id.order_id, order)

    def test_deleted_order_comes_in_again(self):
        first = self.take()
        intake = first.oms_intake_ids
        first.unlink()
        second = self.take()
        self.assertEqual(second.oms_intake_ids, intake)

    def test_good_ones_are_not_lost_with_the_bad(self):
        results = self.submit(
            self.payload(("X", 1), external_ref="1"),
            self.payload(external_ref="2"),
            "nonsense",
            self.payload(external_ref="4"),
        )
        self.assertEqual(
            [result["status"] for result in results],
            ["refused", "created", "refused", "created"],
        )
        self.assertEqual(
            [result["external_ref"] for result in results], ["1", "2", "", "4"]
        )

    def test_faults_are_said_once(self):
        """Also where the first try to make them all together has failed."""
        self.channel.write({"submit_as": "order", "price_policy": "ours"})
        model = type(self.env["sale.order"])
        original = model.action_confirm

        def confirm(orders):
            if any(order.client_order_ref == "2" for order in orders):
                raise UserError(orders.env._("Not this one"))
            return original(orders)

        self.patch(model, "action_confirm", confirm)
        dear = self.payload(external_ref="1")
        dear["lines"][0]["price"] = "99999"
        [first, _second] = self.submit(dear, self.payload(external_ref="2"))
        self.assertEqual([one["code"] for one in first["warnings"]], ["price_differs"])

    def test_large_orders_are_kept_whole(self):
        """What comes in under their key later is compared with them."""
        self.patch(raw, "MOST_KEPT", 1000)
        self.channel.on_other_content = "change"
        payload = self.payload(note="x" * 2000)
        order = self.env["sale.order"].browse(self.submit(payload)[0]["order_id"])
        self.assertEqual(order.oms_intake_ids._read_payload()["note"], "x" * 2000)
        payload["lines"][0]["qty"] = "7"
        [result] = self.submit(payload)
        self.assertEqual(result["status"], "changed", result["errors"])
        self.assertEqual(order.order_line[0].product_uom_qty, 7)

    def test_order_whose_payload_is_not_known_any_more(self):
        """Kept by a former version as too large, or lost: no traceback, no change."""
        order = self.take()
        order.oms_intake_ids.payload = '"This is too large to keep."'
        for policy, code in (("refuse", "content_differs"), ("change", "not_changed")):
            self.channel.on_other_content = policy
            [result] = self.submit(self.payload(note="other"))
            self.assertEqual(result["status"], "refused")
            self.assertEqual([one["code"] for one in result["errors"]], [code])
        self.channel.on_other_content = "hold"
        [result] = self.submit(self.payload(note="other"))
        self.assertEqual(result["status"], "already there")

    def test_nested_deeper_than_anybody_reads(self):
        nested = "x"
        for _level in range(900):
            nested = [nested]
        [result] = self.submit({**self.payload(), "note": nested})
        intake = self.env["oms.intake"].browse(result["intake_id"])
        self.assertIn("\u2026", intake.content)

    def test_failing_in_odoo(self):
        """What Odoo refuses when the order is made or confirmed, too."""
        self.channel.write({"submit_as": "order"})
        before = self.env["sale.order"].search_count([])
        model = type(self.env["sale.order"])
        original = model.action_confirm

        def confirm(orders):
            if any(order.client_order_ref == "2" for order in orders):
                raise AccessError(orders.env._("Not this one"))
            return original(orders)

        self.patch(model, "action_confirm", confirm)
        results = self.submit(*(self.payload(external_ref=ref) for ref in "123"))
        self.assertEqual(
            [result["status"] for result in results], ["created", "refused", "created"]
        )
        self.assertEqual(self.codes(results[1]), [("", "not_created")])
        self.assertIn("Not this one", results[1]["errors"][0]["message"])
        self.assertEqual(self.env["sale.order"].search_count([]), before + 2)
        claims = self.env["oms.intake"].search([("is_claim", "=", True)])
        self.assertEqual(sorted(claims.mapped("external_ref")), ["1", "3"])

    def test_all_faults_at_once(self):
        yesterday = str(fields.Date.today() - timedelta(days=1))
        self.product_b.sale_ok = False
        result = self.assertRefused(
            self.payload(
                ("X", 1),
                ("B-1", 0),
                {"ref": "30", "product": {"code": "A-1"}, "qty": 1, "uom": "kg"},
                {"ref": "40", "product": {"code": "A-1"}, "qty": 1, "uom": "BOX?"},
                {"ref": "50", "product": {"code": "A-1", "barcode": "99"}, "qty": -1},
                {"ref": "60", "product": {"code": "A-1"}, "qty": 1, "price": -1},
                customer={"ref": "nobody"},
                requested_date=yesterday,
            ),
            "customer_not_found",
            "product_not_found",
            "product_not_sold",
            "qty_not_positive",
            "uom_other_category",
            "uom_unknown",
            "qty_not_positive",
            "price_negative",
            "date_past",
        )
        paths = {error["path"]: error["line"] for error in result["errors"]}
        self.assertEqual(paths["lines[2].uom"], "30")
        self.assertEqual(paths["customer.ref"], "")

    def test_faults_of_form_and_content_at_once(self):
        """What cannot be read hides nothing that is wrong with the rest."""
        result = self.assertRefused(
            self.payload(
                ("X", 1),
                {"ref": "20", "product": {"code": "A-1"}, "qty": "1,5"},
                {"ref": "30", "product": {"code": "A-1"}, "qty": -1},
                {"ref": "30", "product": 7, "qty": 1},
                discount=3,
                requested_date="soon",
                ship_to={"ref": "?"},
                totals={"untaxed": 1},
            ),
            "unknown_key",
            "not_a_date",
            "not_a_number",
            "wrong_kind",
            "duplicate_line_ref",
            "product_not_found",
            "qty_not_positive",
            "ship_to_not_of_customer",
        )
        lines = {error["path"]: error["line"] for error in result["errors"]}
        self.assertEqual(lines["lines[1].qty"], "20")
        self.assertEqual(lines["lines[3].product"], "30")
        intake = self.env["oms.intake"].browse(result["intake_id"])
        self.assertEqual(intake.channel_id, self.channel)
        self.assertEqual(intake.partner_id, self.customer)
        # unreadable once more: the same row, and no key is used up
        self.assertRefused(
            json.loads(intake.payload), *[e["code"] for e in result["errors"]]
        )
        self.assertEqual(intake.tries, 2)
        self.take()

    def test_unreadable_customer(self):
        for customer in (None, 7, {}, {"ref": [1]}, {"number": "C-1"}):
            payload = self.payload(("X", 1), customer=customer)
            [result] = self.submit(payload)
            self.assertIn(("lines[0].product", "product_not_found"), self.codes(result))
            self.assertFalse(result["order_id"])

    def test_too_much_at_once(self):
        results = self.submit(
            *(self.payload(external_ref=str(number)) for number in range(201))
        )
        self.assertEqual({result["status"] for result in results}, {"refused"})
        self.assertEqual(self.codes(results[0]), [("", "batch_too_large")])
        self.assertFalse(
            self.env["oms.intake"].search([("channel_id", "=", self.channel.id)])
        )
        many = [("A-1", 1)] * 2501
        results = self.submit(
            self.payload(*many, external_ref="1"), self.payload(*many, external_ref="2")
        )
        self.assertEqual(self.codes(results[1]), [("", "batch_too_large")])

    def test_not_a_list(self):
        for value in (None, "x", 7, {}, [[]], [None]):
            for result in self.env["sale.order"].oms_submit_orders(value):
                self.assertEqual(result["status"], "refused")

    def test_answer_is_carried_by_any_protocol(self):
        results = self.submit(
            self.payload(), self.payload(("X\x00", 10**40)), "nonsense", None, [1]
        )
        json.loads(json.dumps(results))
        dumps((results,), allow_none=False)

    def test_test_documents(self):
        self.assertRefused(self.payload(test=True), "test_document")
        self.assertRefused(
            self.payload(("X", 1), test=True), "test_document", "product_not_found"
        )
        self.take()

    def test_key_counts_per_customer(self):
        self.create_customer("Other", ref="C-2")
        other = {"customer": {"ref": "C-2"}}
        first, second = self.take(), self.take(**other)
        self.assertNotEqual(first, second)
        self.channel.key_per_customer = False
        third = self.take(external_ref="PO-2")
        self.assertTrue(third)
        self.assertRefused(
            self.payload(external_ref="PO-2", **other), "content_differs"
        )

    def test_key_counts_per_company_and_channel(self):
        self.create_channel("WEB")
        self.assertNotEqual(self.take(), self.take(channel="WEB"))

    # -- nothing that a caller may not set ---------------------------------------

    def test_unknown_keys(self):
        for key in ("state", "company_id", "user_id", "discount", "name", "lines2"):
            self.assertRefused(self.payload(**{key: "x"}), "unknown_key")
        line = {"product": {"code": "A-1"}, "qty": 1, "discount": 50}
        self.assertRefused(self.payload(line), "unknown_key")

    def test_defaults_of_the_context(self):
        orders = self.env["sale.order"].with_context(
            default_state="sale",
            default_user_id=self.env.ref("base.user_admin").id,
            default_discount=50,
            default_price_unit=1,
            default_locked=True,
        )
        [result] = orders.oms_submit_orders([self.payload()])
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual((order.state, order.locked), ("draft", False))
        self.assertEqual(order.order_line.discount, 0)
        self.assertEqual(order.order_line.price_unit, 10)

    def test_prices_are_ours(self):
        line = {"ref": "1", "product": {"code": "A-1"}, "qty": 1, "price": "0.01"}
        [result] = self.submit(self.payload(line))
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.order_line.price_unit, 10)
        self.assertEqual(
            self.codes(result, "warnings"), [("lines[0].price", "price_differs")]
        )
        self.assertEqual(result["holds"], [])

    def test_prices_are_theirs(self):
        self.channel.price_policy = "theirs"
        line = {"ref": "1", "product": {"code": "A-1"}, "qty": 2, "price": "9.5"}
        order = self.take(self.payload(line, totals={"untaxed": "19"}))
        self.assertEqual(order.order_line.price_unit, 9.5)
        self.assertEqual(order.amount_untaxed, 19)

    def test_prices_differ(self):
        self.channel.write({"price_policy": "hold", "price_tolerance": 2})
        line = {"ref": "1", "product": {"code": "A-1"}, "qty": 2, "price": "9.9"}
        [result] = self.submit(self.payload(line))
        self.assertEqual(result["holds"], [])
        line["price"] = "9.7"
        [result] = self.submit(self.payload(line, external_ref="PO-2"))
        self.assertEqual(result["status"], "created")
        self.assertEqual([hold["name"] for hold in result["holds"]], ["Order to Check"])
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.order_line.price_unit, 10)
        self.assertEqual(order.oms_intake_ids.state, "to_check")

    def test_total_differs(self):
        line = {"ref": "1", "product": {"code": "A-1"}, "qty": 2, "price": "10"}
        self.assertRefused(
            self.payload(line, totals={"untaxed": "30"}), "total_differs"
        )
        # of our prices it is only said
        [result] = self.submit(self.payload(totals={"untaxed": "30"}))
        self.assertEqual(
            self.codes(result, "warnings"), [("totals.untaxed", "total_differs")]
        )

    def test_currency_differs(self):
        self.assertRefused(self.payload(currency="CHF"), "currency_differs")
        self.take(currency=self.company.currency_id.name.lower())

    # -- draft and hold ----------------------------------------------------------

    def test_faulty_is_drafted_and_held(self):
        self.channel.write({"on_fault": "draft", "submit_as": "order"})
        payload = self.payload(
            ("A-1", 5), {"ref": "20", "product": {"code": "X"}, "qty": 3}
        )
        [result] = self.submit(payload)
        self.assertEqual((result["status"], result["state"]), ("created", "draft"))
        self.assertEqual(
            self.codes(result, "warnings"), [("lines[1].product", "product_not_found")]
        )
        [hold] = result["holds"]
        self.assertEqual(hold["name"], "Order to Check")
        self.assertIn("X", hold["reason"])
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.order_line[1].name, "20: 3 · X")
        self.assertEqual(order.oms_intake_ids.state, "to_check")
        [again] = self.submit(payload)
        self.assertEqual(again["status"], "already there")
        order.action_confirm()
        self.assertFalse(order.oms_released_at)
        self.assertFalse(order.picking_ids)
        order.oms_hold_ids.action_lift()
        self.assertTrue(order.picking_ids)

    def test_what_cannot_be_drafted_is_refused(self):
        self.channel.on_fault = "draft"
        self.assertRefused(self.payload(customer={"ref": "?"}), "customer_not_found")
        self.assertRefused(self.payload(state="sale"), "unknown_key")
        self.assertRefused(self.payload(test=True), "test_document")

    # -- quantities and units ------------------------------------------------------

    def test_least_and_multiple(self):
        self.product_a.write({"oms_min_qty": 12, "oms_multiple_qty": 6})
        for qty, code, proposal in (
            ("10", "qty_below_minimum", "12"),
            ("13", "qty_not_multiple", "18"),
            ("1.5", "qty_below_minimum", "12"),
        ):
            result = self.assertRefused(self.payload(("A-1", qty)), code)
            self.assertEqual(result["errors"][0]["proposal"], proposal)
        line = {"ref": "1", "product": {"code": "A-1"}, "qty": "1.5", "uom": "DZN"}
        self.take(self.payload(line))
        line["qty"] = "0.5"
        result = self.assertRefused(
            self.payload(line, external_ref="PO-2"), "qty_below_minimum"
        )
        self.assertEqual(result["errors"][0]["proposal"], "1")

    def test_finer_than_quantities_are(self):
        self.assertRefused(self.payload(("A-1", "0.3333")), "qty_not_multiple")

    def test_units(self):
        self.case.oms_codes = "CS, ct"
        for number, (uom, unit) in enumerate(
            {
                "NAR": self.unit,
                "ea": self.unit,
                "Units": self.unit,
                "DZN": self.dozen,
                "cs": self.case,
                "CT": self.case,
                "oms case of 6": self.case,
                "PC": self.unit,
                "Stk": self.unit,
                "Stck.": self.unit,
                "pi\u00e8ces": self.unit,
                "Dozijn": self.dozen,
            }.items()
        ):
            line = {"product": {"code": "A-1"}, "qty": 1, "uom": uom}
            order = self.take(self.payload(line, external_ref=str(number)))
            self.assertEqual(order.order_line.product_uom_id, unit, uom)

    def test_units_that_may_be_several(self):
        line = {"product": {"code": "A-1"}, "qty": 1, "uom": "ST"}
        self.assertRefused(self.payload(line), "uom_ambiguous")
        # a code that somebody gave a unit, or a unit of that name, is meant
        self.case.oms_codes = "st"
        order = self.take(self.payload(line))
        self.assertEqual(order.order_line.product_uom_id, self.case)
        self.case.oms_codes = False
        self.dozen.write({"name": "Stk", "active": True})
        line["uom"] = "stk"
        order = self.take(self.payload(line, external_ref="2"))
        self.assertEqual(order.order_line.product_uom_id, self.dozen)

    def test_first_word_of_a_unit_of_the_product(self):
        units = self.env["uom.uom"]
        unit = self.product_b.uom_id
        case = units.create(
            {"name": "Tray of 12", "relative_factor": 12, "relative_uom_id": unit.id}
        )
        other = case.copy({"name": "Tray of 6", "relative_factor": 6})
        line = {"product": {"code": "B-1"}, "qty": 1, "uom": "tray"}
        self.assertRefused(self.payload({**line}), "uom_unknown")
        self.product_b.uom_ids = case
        order = self.take(self.payload({**line}))
        self.assertEqual(order.order_line.product_uom_id, case)
        # not any letters of it, and not one of two
        self.assertRefused(
            self.payload({**line, "uom": "tra"}, external_ref="PO-2"), "uom_unknown"
        )
        self.product_b.uom_ids = case | other
        self.assertRefused(self.payload({**line}, external_ref="PO-2"), "uom_ambiguous")

    def test_barcode_of_a_packaging(self):
        self.env["product.uom"].create(
            {
                "product_id": self.product_a.id,
                "uom_id": self.case.id,
                "barcode": "15412345000010",
                "company_id": self.company.id,
            }
        )
        for uom, unit in (
            ({}, self.case),
            ({"uom": "NAR"}, self.case),
            ({"uom": "DZN"}, self.dozen),
        ):
            line = {"product": {"barcode": "15412345000010"}, "qty": 1, **uom}
            order = self.take(self.payload(line, external_ref=str(uom)))
            self.assertEqual(order.order_line.product_uom_id, unit)
        # as GTIN-14
        self.product_b.barcode = "9780306406157"
        line = {"product": {"barcode": "0306406152"}, "qty": 1}
        order = self.take(self.payload(line, external_ref="isbn"))
        self.assertEqual(order.order_line.product_id, self.product_b)
        line = {"product": {"barcode": "05412345000013"}, "qty": 1}
        self.assertEqual(
            self.take(self.payload(line)).order_line.product_uom_id, self.unit
        )

    # -- products ------------------------------------------------------------------

    def test_customer_code(self):
        self.env["sale.order"]._oms_learn_codes(
            self.customer, [("K-1", self.product_b.id, self.case.id)]
        )
        line = {"product": {"customer_code": "k-1"}, "qty": 1}
        order = self.take(self.payload(line))
        self.assertEqual(
            (order.order_line.product_id, order.order_line.product_uom_id),
            (self.product_b, self.case),
        )
        self.create_customer("Other", ref="C-2")
        self.assertRefused(
            self.payload(line, customer={"ref": "C-2"}), "product_not_found"
        )

    def test_several_keys_must_agree(self):
        line = {"product": {"code": "A-1", "barcode": "5412345000013"}, "qty": 1}
        self.take(self.payload(line))
        line["product"]["code"] = "B-1"
        self.assertRefused(self.payload(line, external_ref="2"), "product_ambiguous")

    def test_code_of_two_products(self):
        twin = self.create_product("Twin", default_code="A-1")
        self.assertRefused(self.payload(), "product_ambiguous")
        twin.sale_ok = False
        self.take()

    # -- of somebody else ----------------------------------------------------------

    def test_of_another_company(self):
        other = self.create_company("OMS Other")
        self.env.user.company_ids -= other
        foreign = self.create_customer("Foreign", ref="C-9", company_id=other.id)
        product = self.create_product("Foreign", quantity=0, default_code="F-1")
        product.company_id = other
        self.assertRefused(self.payload(customer={"ref": "C-9"}), "customer_not_found")
        self.assertRefused(
            self.payload(customer={"id": foreign.id}), "customer_not_found"
        )
        self.assertRefused(self.payload(("F-1", 1)), "product_not_found")
        line = {"product": {"id": product.id}, "qty": 1}
        self.assertRefused(self.payload(line), "product_not_found")
        self.create_channel("OTHER", company_id=other.id)
        self.assertRefused(self.payload(channel="OTHER"), "channel_unknown")

    def test_address_of_somebody_else(self):
        stranger = self.create_customer("Stranger", ref="S-1")
        for key in ("ship_to", "bill_to"):
            for name in ({"id": stranger.id}, {"ref": "S-1"}, {"id": 2**31 - 1}):
                self.assertRefused(
                    self.payload(**{key: name}), f"{key}_not_of_customer"
                )

    def test_addresses(self):
        dock = self.create_customer(
            "Dock 7", parent_id=self.customer.id, type="delivery", ref="D-7",
            street="7 Harbour Rd.", city="Ghent",
        )  # fmt: skip
        written = {"street": "7 harbour rd", "city": "GHENT", "country": "US"}
        for number, name in enumerate(
            ({"id": dock.id}, {"ref": "D-7"}, written, {"name": "dock 7"})
        ):
            order = self.take(external_ref=str(number), ship_to=name)
            self.assertEqual(order.partner_shipping_id, dock, name)
            self.assertEqual(order.partner_invoice_id, self.customer)
        self.assertRefused(
            self.payload(ship_to={**written, "city": "Bruges"}),
            "ship_to_not_of_customer",
        )

    def test_customers(self):
        self.customer.vat = "BE 0477.472.701"
        contact = self.create_customer("Contact", parent_id=self.customer.id, ref="K")
        for number, (name, partner) in enumerate(
            (
                ({"vat": "be0477472701"}, self.customer),
                ({"email": "OMS.Customer@example.com"}, self.customer),
                ({"id": self.customer.id, "ref": "C-1"}, self.customer),
                ({"ref": "K", "vat": "BE0477472701"}, contact),
            )
        ):
            order = self.take(external_ref=str(number), customer=name)
            self.assertEqual(order.partner_id, partner, name)
        self.create_customer("Twin", ref="C-1")
        self.assertRefused(self.payload(), "customer_ambiguous")
        other = self.create_customer("Other", ref="C-3")
        name = {"id": other.id, "email": self.customer.email}
        self.assertRefused(self.payload(customer=name), "customer_ambiguous")
        self.customer.active = False
        self.assertRefused(
            self.payload(customer={"id": self.customer.id}), "customer_not_found"
        )

    # -- users ---------------------------------------------------------------------

    def test_who_may(self):
        salesman = self.create_user("intake_sales", "sales_team.group_sale_salesman")
        [result] = self.submit(self.payload(), user=salesman)
        self.assertEqual(result["status"], "created", result["errors"])
        for groups in (
            "base.group_user",
            "base.group_portal",
            "stock.group_stock_user",
        ):
            user = self.create_user(f"intake_{groups}", groups)
            with self.assertRaises(AccessError):
                self.submit(self.payload(external_ref="2"), user=user)

    def test_technical_user(self):
        user = self.create_user(
            "intake_api", "oms_order_cycle_intake.group_oms_intake_api"
        )
        self.assertRefused(self.payload(), "not_allowed", user=user)
        self.assertRefused(self.payload(channel="?"), "channel_unknown", user=user)
        self.channel.technical_user_id = user
        [result] = self.submit(self.payload(), user=user)
        self.assertEqual(result["status"], "created", result)
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.create_uid, user)
        self.assertFalse(order.user_id)
        self.take(external_ref="PO-2")
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(user).search([])
        own = self.env["oms.intake"].with_user(user).search([])
        self.assertEqual(own.filtered("is_claim").order_id.ids, order.ids)
        with self.assertRaises(AccessError):
            own.write({"state": "refused"})

    def test_technical_user_of_another_company(self):
        user = self.create_user(
            "intake_api2", "oms_order_cycle_intake.group_oms_intake_api"
        )
        other = self.create_company("OMS Other")
        self.create_channel("ALL", company_id=False, technical_user_id=user.id)
        orders = self.env["sale.order"].with_user(user)
        foreign = orders.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            foreign.oms_submit_orders([self.payload(channel="ALL")])
        [result] = orders.oms_submit_orders([self.payload(channel="ALL")])
        order = self.env["sale.order"].browse(result["order_id"])
        self.assertEqual(order.company_id, self.company)

    def test_technical_user_needs_the_group(self):
        user = self.create_user("intake_none", "base.group_user")
        with self.assertRaises(ValidationError):
            self.channel.technical_user_id = user

    def test_lines_cost_what_they_cost_in_odoo(self):
        products = self.env["product.product"].create(
            [
                {"name": code, "default_code": code}
                for code in map("M{}".format, range(30))
            ]
        )

        def count(make, number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            make(number)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def submit(number):
            lines = [(product.default_code, 1) for product in products[:number]]
            self.take(self.payload(*lines, external_ref=str(number)))

        def create(number):
            self.create_order(
                *((product, 1) for product in products[:number]), confirm=False
            )

        for make in (submit, create):
            make(3)
        ours = count(submit, 30) - count(submit, 2)
        odoos = count(create, 30) - count(create, 2)
        self.assertLessEqual(ours, odoos + 3)

    def test_intakes_are_kept(self):
        order = self.take()
        with self.assertRaises(UserError):
            order.oms_intake_ids.unlink()

    def test_command_is_no_payload(self):
        """A caller cannot smuggle commands into lines."""
        payload = self.payload()
        payload["lines"] = [list(Command.create({"name": "x"}))]
        self.assertRefused(payload, "wrong_kind")
