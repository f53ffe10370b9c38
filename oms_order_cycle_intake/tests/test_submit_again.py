"""Orders that come in once more, and what becomes of them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import IntakeCommon


@tagged("post_install", "-at_install")
class TestSubmitAgain(IntakeCommon):
    def again(self, *lines, **values):
        [result] = self.submit(self.payload(*lines, **values))
        return result

    # -- refuse --------------------------------------------------------------------

    def test_refused_with_the_differences(self):
        order = self.take()
        day = str(fields.Date.today() + timedelta(days=3))
        result = self.again(("A-1", 12), ("B-1", 1), requested_date=day)
        self.assertEqual((result["status"], result["order_id"]), ("refused", order.id))
        self.assertEqual(
            self.codes(result),
            [
                ("lines[0].qty", "content_differs"),
                ("lines[1]", "content_differs"),
                ("requested_date", "content_differs"),
            ],
        )
        self.assertIn("10", result["errors"][0]["message"])
        self.assertEqual(order.order_line.product_uom_qty, 10)
        self.assertEqual(len(order.oms_intake_ids), 2)
        self.assertEqual(self.again()["status"], "already there")

    # -- change --------------------------------------------------------------------

    def test_quotation_is_changed(self):
        self.channel.on_other_content = "change"
        order = self.take(self.payload(("A-1", 10), ("B-1", 5), ("B-1", 7)))
        day = fields.Date.today() + timedelta(days=3)
        lines = self.payload(("A-1", 12), ("A-1", 5), ("B-1", 7))["lines"]
        lines[2]["ref"] = "40"
        result = self.again(*lines, requested_date=str(day))
        self.assertEqual((result["status"], result["order_id"]), ("changed", order.id))
        self.assertEqual(
            {
                (line.oms_external_ref, line.product_id, line.product_uom_qty)
                for line in order.order_line
            },
            {
                ("10", self.product_a, 12),
                ("20", self.product_a, 5),
                ("40", self.product_b, 7),
            },
        )
        self.assertEqual(order.commitment_date.date(), day)
        self.assertEqual(
            self.again(*lines, requested_date=str(day))["status"], "already there"
        )
        received = order.oms_event_ids.filtered(lambda event: event.kind == "received")
        self.assertEqual(len(received), 2)
        # back to no date
        self.assertEqual(self.again(*lines)["status"], "changed")
        self.assertFalse(order.commitment_date)

    def test_confirmed_order_is_changed_until_released(self):
        self.channel.write({"on_other_content": "change", "submit_as": "order"})
        hold_type = self.env["oms.hold.type"].create(
            {"name": "Wait", "check": "manual", "block_release": True}
        )
        self.channel.submit_as = "quotation"
        order = self.take(self.payload(("A-1", 10), ("B-1", 5)))
        order._oms_place_hold(hold_type, "wait")
        order.action_confirm()
        self.assertFalse(order.picking_ids)
        self.assertEqual(self.again(("A-1", 4))["status"], "changed")
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [4, 0])
        order.oms_hold_ids.action_lift()
        self.env.flush_all()
        self.assertTrue(order.picking_ids)
        result = self.again(("A-1", 3))
        self.assertEqual(result["status"], "refused")
        self.assertEqual(
            [code for _path, code in self.codes(result)], ["line_released"]
        )
        self.assertEqual(order.order_line[0].product_uom_qty, 4)

    def test_change_with_faults(self):
        self.channel.write({"on_other_content": "change", "on_fault": "draft"})
        order = self.take()
        result = self.again(("X", 1))
        self.assertEqual(result["status"], "refused")
        self.assertEqual(
            self.codes(result), [("lines[0].product", "product_not_found")]
        )
        self.assertEqual(order.order_line.product_uom_qty, 10)

    def test_change_of_customer(self):
        self.create_customer("Other", ref="C-2")
        self.channel.write({"on_other_content": "change", "key_per_customer": False})
        self.take()
        result = self.again(customer={"ref": "C-2"})
        self.assertEqual(self.codes(result), [("customer", "content_differs")])

    def test_locked_order(self):
        self.channel.on_other_content = "change"
        order = self.take()
        order.locked = True
        self.assertEqual(self.codes(self.again(("A-1", 1))), [("", "order_locked")])

    # -- hold ----------------------------------------------------------------------

    def test_change_is_asked_for(self):
        self.channel.on_other_content = "hold"
        order = self.take()
        result = self.again(("A-1", 12))
        self.assertEqual(result["status"], "already there")
        self.assertEqual(self.codes(result, "warnings"), [("", "change_requested")])
        [hold] = result["holds"]
        self.assertEqual(hold["name"], "Change Requested")
        self.assertIn("12", hold["reason"])
        self.assertEqual(order.order_line.product_uom_qty, 10)
        # decided: the same wish does not hold it again
        order.oms_hold_ids.action_lift()
        result = self.again(("A-1", 12))
        self.assertEqual((result["status"], result["holds"]), ("already there", []))
        # another wish does
        result = self.again(("A-1", 13))
        self.assertEqual(len(result["holds"]), 1)

    def test_cancel_is_asked_for(self):
        self.assertRefused(self.payload(purpose="cancel"), "order_not_found")
        order = self.take()
        cancel = self.payload(purpose="cancel")
        del cancel["lines"]
        [result] = self.submit(cancel)
        self.assertEqual(result["status"], "already there")
        self.assertEqual(self.codes(result, "warnings"), [("", "cancel_requested")])
        self.assertEqual(result["holds"][0]["name"], "Change Requested")
        self.submit(cancel)
        self.assertEqual(len(order.oms_hold_ids), 1)
        order._action_cancel()
        [result] = self.submit(cancel)
        self.assertEqual(
            (result["status"], result["state"]), ("already there", "cancel")
        )
        self.assertEqual(self.codes(self.again(("A-1", 3))), [("", "order_cancelled")])

    def test_change_of_what_is_not_there(self):
        self.assertRefused(self.payload(purpose="change"), "order_not_found")
        self.take(purpose="replace")

    # -- correct and submit again ----------------------------------------------------

    def correct(self, intake, **values):
        return self.form(
            self.env["oms.intake.correct"].with_context(default_intake_id=intake.id)
        )

    def test_correct(self):
        line = {"ref": "10", "product": {"customer_code": "K-9"}, "qty": 3, "price": 5}
        payload = self.payload(line, customer={"ref": "?"}, note="n")
        result = self.assertRefused(payload, "customer_not_found")
        intake = self.env["oms.intake"].browse(result["intake_id"])
        self.assertTrue(intake.can_correct)
        form = self.correct(intake)
        self.assertEqual(form.asked_customer, "?")
        form.partner_id = self.customer
        with form.line_ids.edit(0) as row:
            self.assertEqual((row.asked, row.qty), ("K-9", 3))
            row.product_id = self.product_b
            row.learn = True
        action = form.save().action_submit()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.order_line.product_id, self.product_b)
        self.assertEqual(order.client_order_ref, "PO-1")
        self.assertEqual(
            (intake.state, intake.replaced_by_id.order_id), ("replaced", order)
        )
        self.assertFalse(intake.can_correct)
        with self.assertRaises(UserError):
            intake.action_correct()
        # the code is the customer's from now on
        line["ref"] = "1"
        other = self.take(self.payload(line, external_ref="PO-2"))
        self.assertEqual(other.order_line.product_id, self.product_b)
        # what was corrected comes late once more
        payload["customer"] = {"ref": "C-1"}
        [again] = self.submit({**payload})
        self.assertEqual(again["order_id"], order.id)

    def test_same_faulty_content_after_it_was_corrected(self):
        payload = self.payload(("X", 3))
        result = self.assertRefused(payload, "product_not_found")
        form = self.correct(self.env["oms.intake"].browse(result["intake_id"]))
        with form.line_ids.edit(0) as row:
            row.product_id = self.product_a
        order_id = form.save().action_submit()["res_id"]
        [again] = self.submit(payload)
        self.assertEqual(
            (again["status"], again["order_id"]), ("already there", order_id)
        )

    def test_correct_what_is_hardly_readable(self):
        payload = self.payload(("A-1", "1,5"), state="sale", requested_date="soon")
        result = self.assertRefused(
            payload, "unknown_key", "not_a_number", "not_a_date"
        )
        form = self.correct(self.env["oms.intake"].browse(result["intake_id"]))
        form.partner_id = self.customer
        with form.line_ids.edit(0) as row:
            row.product_id = self.product_a
            row.qty = 0
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "above zero"):
            wizard.action_submit()
        wizard.line_ids.qty = 2
        order = self.env["sale.order"].browse(wizard.action_submit()["res_id"])
        self.assertEqual(order.order_line.product_uom_qty, 2)

    def test_correct_letters_that_cannot_be_kept(self):
        odd = "a\0\ud800\\u0000"
        line = {"ref": "1", "product": {"code": odd}, "qty": 10**400, "note": odd}
        payload = self.payload(line, note=odd, customer={"ref": odd})
        [result] = self.submit(payload)
        self.assertIn("bad_characters", [code for _path, code in self.codes(result)])
        intake = self.env["oms.intake"].browse(result["intake_id"])
        intake.content.encode()
        form = self.correct(intake)
        form.asked_customer.encode()
        form.partner_id = self.customer
        with form.line_ids.edit(0) as row:
            self.assertIn("\\u0000", row.asked)
            self.assertEqual(row.qty, 0)
            row.product_id = self.product_a
            row.qty = 3
        wizard = form.save()
        self.env.flush_all()
        order = self.env["sale.order"].browse(wizard.action_submit()["res_id"])
        self.assertEqual(order.order_line[0].product_uom_qty, 3)

    def test_correct_asks_for_products_in_words(self):
        result = self.assertRefused(self.payload(("X", 3)), "product_not_found")
        wizard = self.correct(self.env["oms.intake"].browse(result["intake_id"])).save()
        with self.assertRaisesRegex(UserError, "Choose a product.*X"):
            wizard.action_submit()
        wizard.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "no lines"):
            wizard.action_submit()

    def test_correct_the_channel(self):
        """A channel that does not exist is chosen in the form."""
        result = self.assertRefused(self.payload(channel="NO"), "channel_unknown")
        intake = self.env["oms.intake"].browse(result["intake_id"])
        self.assertFalse(intake.channel_id)
        form = self.correct(intake)
        form.channel_id = self.channel
        form.partner_id = self.customer
        with form.line_ids.edit(0) as row:
            row.product_id = self.product_a
        order = self.env["sale.order"].browse(form.save().action_submit()["res_id"])
        self.assertEqual(order.oms_channel_id, self.channel)
        self.assertEqual(intake.state, "replaced")

    def test_nothing_to_correct(self):
        """What has no lines is no order that could be corrected."""
        for payload in ({}, {"lines": "x"}, {"lines": ["x"]}, "nonsense", None):
            [result] = self.submit(payload)
            intake = self.env["oms.intake"].browse(result["intake_id"])
            self.assertFalse(intake.can_correct)
            with self.assertRaises(UserError):
                intake.action_correct()

    def test_content_in_words(self):
        for payload in (
            self.payload(("<b>X</b>", 3), note="<script>"),
            {"lines": ["x", 1, {"product": [1]}], "customer": 7, "channel": "EDI"},
            {"lines": "x"},
            "nonsense",
        ):
            [result] = self.submit(payload)
            intake = self.env["oms.intake"].browse(result["intake_id"])
            content = str(intake.content or "")
            self.assertNotIn("<b>X", content)
            self.assertNotIn("<script", content)
            self.assertTrue(intake.fault_text)

    # -- who sees it -----------------------------------------------------------------

    def test_who_sees_it(self):
        self.take()
        other = self.create_customer("Other", ref="C-2")
        mine, all_leads = (
            self.create_user(f"see_{name}", f"sales_team.group_sale_salesman{name}")
            for name in ("", "_all_leads")
        )
        other.user_id = all_leads
        self.take(external_ref="PO-2", customer={"ref": "C-2"})
        domain = [("channel_id", "=", self.channel.id)]
        intakes = self.env["oms.intake"]
        self.assertEqual(
            intakes.with_user(mine).search(domain).mapped("external_ref"), ["PO-1"]
        )
        self.assertEqual(intakes.with_user(all_leads).search_count(domain), 2)
        second = self.create_company("OMS Second")
        all_leads.write({"company_ids": [(4, second.id)], "company_id": second.id})
        self.assertFalse(
            intakes.with_user(all_leads)
            .with_company(second)
            .with_context(allowed_company_ids=second.ids)
            .search(domain)
        )
        for groups in ("base.group_portal", "stock.group_stock_user"):
            user = self.create_user(f"see_{groups}", groups)
            self.assertFalse(intakes.with_user(user).has_access("read"))
