"""References of customers, and orders that are confirmed where nobody can be told."""

import re
import unicodedata
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import SQL, mute_logger

from ..tools.client_ref import clean_client_ref, sql_clean_client_ref
from ..tools.filling import fill_client_refs
from .common_holds import HoldsCommon

PAYMENT_LOGGER = "odoo.addons.oms_order_cycle.models.cycle.payment_transaction"
REQUEST = "odoo.addons.oms_order_cycle.models.cycle.sale_order_client_ref.request"


class ClientRefCommon(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.env["oms.channel"].create(
            {"name": "OMS Portal", "code": "oms-ref", "require_client_ref": True}
        )
        cls.ref_type = cls.env.ref("oms_order_cycle.oms_hold_type_client_ref")

    def quote(self, ref=False, **values):
        return self.create_order(
            confirm=False,
            oms_channel_id=self.channel.id,
            client_order_ref=ref,
            **values,
        )

    def make_payment(self, order, state="done"):
        provider = self.env["payment.provider"].create(
            {"name": "OMS", "code": "none", "state": "test"}
        )
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": f"OMS-{order.name}",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": state,
            }
        )


@tagged("post_install", "-at_install")
class TestCleaning(ClientRefCommon):
    def test_python_and_sql_agree_on_every_character(self):
        characters = [
            chr(code)
            for code in (*range(1, 0xD800), *range(0xE000, 0x11000), 0xE0020, 0x1F600)
        ]
        texts = [f"A{character}b" for character in characters]
        rows = self.env.execute_query(
            SQL(
                "SELECT t.text, %s FROM unnest(%s) WITH ORDINALITY t(text, place)"
                " ORDER BY place",
                sql_clean_client_ref(SQL("t.text")),
                texts,
            )
        )
        different = [
            unicodedata.name(text[1], hex(ord(text[1])))
            for text, cleaned in rows
            if cleaned != clean_client_ref(text)
        ]
        self.assertEqual(different, [])

    def test_what_is_the_same(self):
        for text in (
            "po-1\t",
            "PO-1\u00a0",
            " PO-1\r\n",
            "PO\u20131",
            "P O - 1",
            "\u200bPO-1\ufeff",
            "\uff30\uff2f\uff0d\uff11",
        ):
            with self.subTest(ascii(text)):
                self.assertEqual(clean_client_ref(text), "po-1")
        self.assertNotEqual(clean_client_ref("PO-1"), clean_client_ref("PO1"))
        self.assertEqual(clean_client_ref("ÄÖ"), "äö")
        for empty in (False, None, "", " \t\u00a0"):
            self.assertFalse(clean_client_ref(empty))

    def test_stored_as_cleaned(self):
        order = self.quote("Po - 1")
        self.assertEqual(order.oms_client_ref_clean, "po-1")
        order.client_order_ref = "\u00a0"
        self.assertFalse(order.oms_client_ref_clean)

    def test_duplicates_however_they_are_written(self):
        self.create_hold_type("Twice", "duplicate_ref", block_release=True)
        first = self.create_order(client_order_ref="PO-1")
        branch = self.create_customer("OMS Branch", parent_id=self.customer.id)
        for text in ("po-1\t", "PO-1\u00a0", "PO\u20131\r\n"):
            with self.subTest(ascii(text)):
                twin = self.create_order(client_order_ref=text, partner_id=branch.id)
                self.assertEqual(twin.oms_open_hold_count, 1)
        other = self.create_customer("OMS Stranger")
        for text, customer in (("PO-2", self.customer), ("PO-1", other)):
            order = self.create_order(client_order_ref=text, partner_id=customer.id)
            self.assertFalse(order.oms_open_hold_count)
        self.assertFalse(first.oms_open_hold_count)

    def test_channel_refuses_them_too(self):
        first = self.quote("PO-1")
        first.action_confirm()
        with self.assertRaisesRegex(UserError, re.escape(first.name)):
            self.quote("po \u2013 1").action_confirm()

    def test_filled_for_existing_orders(self):
        first, second, other = self.quote("PO 1"), self.quote("PO 2"), self.quote("P3")
        (first + second + other).action_confirm()
        self.env.flush_all()
        company, customer = self.company.id, self.customer.id
        # as the version before kept them
        self.env.cr.execute(
            """
            UPDATE sale_order SET oms_client_ref_clean = NULL,
                   client_order_ref = CASE WHEN id = %s THEN 'PO  1'
                                           ELSE client_order_ref END,
                   oms_client_ref_key = NULL
             WHERE id IN %s
            """,
            (
                second.id,
                tuple((first + second + other).ids),
            ),
        )
        self.env.cr.execute("DROP INDEX sale_order_oms_client_ref_uniq")
        self.env.cr.execute(
            "UPDATE sale_order SET oms_client_ref_key = client_order_ref"
            " WHERE id IN %s",
            (tuple((first + second + other).ids),),
        )
        fill_client_refs(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(
            (first + second + other).mapped("oms_client_ref_key"),
            [f"{company}:{customer}:po1", False, f"{company}:{customer}:p3"],
        )
        self.assertEqual(
            (first + second).mapped("oms_client_ref_clean"), ["po1", "po1"]
        )

    def test_query_uses_the_index(self):
        orders = self.create_order(client_order_ref="PO-7") + self.create_order(
            client_order_ref="PO-8"
        )
        self.env.flush_all()
        with (
            patch.object(
                self.registry["sale.order"], "browse", lambda model, ids=(): ids
            ),
            patch.object(type(self.env), "execute_query") as executed,
        ):
            executed.return_value = []
            orders._oms_get_client_ref_twins()
        query = executed.call_args[0][0] if executed.call_args else None
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self.env.execute_query(SQL("EXPLAIN %s", query))
        self.assertIn("sale_order_oms_client_ref_idx", str(plan))


@tagged("post_install", "-at_install")
class TestNobodyInFront(ClientRefCommon):
    def test_paid_online_without_reference(self):
        order = self.quote()
        payment = self.make_payment(order)
        with mute_logger(PAYMENT_LOGGER):
            payment._post_process()
        self.assertTrue(payment.is_post_processed)
        self.assertEqual(order.state, "sale")
        self.assertHeld(order, self.ref_type)
        self.assertFalse(order.picking_ids)
        self.assertIn("need a customer reference", order.oms_hold_ids.reason)
        self.assertNoDrift(order)
        order.client_order_ref = "PO-1"
        self.assertHeld(order)
        self.assertTrue(order.picking_ids)
        self.assertFalse(order.oms_client_ref_missing)
        self.assertNoDrift(order)

    def test_paid_online_with_the_reference_of_another_order(self):
        first = self.quote("PO-1")
        first.action_confirm()
        twins = self.quote("PO-1") + self.quote("po-1 ")
        for twin in twins:
            with mute_logger(PAYMENT_LOGGER):
                self.make_payment(twin)._post_process()
            self.assertHeld(twin, self.ref_type)
            self.assertIn(first.name, twin.oms_hold_ids.reason)
        self.run_cron()
        self.assertHeld(twins[1], self.ref_type)
        twins[0].client_order_ref = "PO-2"
        self.assertHeld(twins[0])
        self.assertHeld(twins[1], self.ref_type)
        # what was accepted stays accepted
        twins[1].oms_hold_ids.action_lift()
        self.assertTrue(twins[1].picking_ids)
        twins[1].partner_id = self.create_customer("OMS Elsewhere")

    def test_two_wait_for_the_reference_that_a_third_gives_up(self):
        first = self.quote("PO-1")
        first.action_confirm()
        twins = self.quote("PO-1") + self.quote("PO-1")
        twins.with_context(cron_id=1).action_confirm()
        self.assertEqual(self.open_holds(twins).type_id, self.ref_type)
        first._action_cancel()
        self.run_cron()
        self.assertHeld(twins[0])
        self.assertHeld(twins[1], self.ref_type)

    def test_somebody_in_front_is_told(self):
        order = self.quote()
        with self.assertRaisesRegex(UserError, "need a customer reference"):
            order.action_confirm()
        # not even who pretends to be nobody
        with self.assertRaisesRegex(UserError, "need a customer reference"):
            order.with_context(oms_unattended=True).action_confirm()
        with (
            patch(REQUEST, True),
            self.assertRaisesRegex(UserError, "need a customer reference"),
        ):
            order.with_context(cron_id=1).action_confirm()

    def test_scheduled_job(self):
        order = self.quote()
        order.with_context(cron_id=1).action_confirm()
        self.assertHeld(order, self.ref_type)

    def test_hold_type_archived(self):
        self.ref_type.active = False
        order = self.quote()
        order.with_context(cron_id=1).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn("reference", order.activity_ids.summary)

    def test_order_that_cannot_be_confirmed(self):
        order = self.quote("PO-1")
        payment = self.make_payment(order)
        model = self.registry["sale.order"]
        with (
            mute_logger(PAYMENT_LOGGER),
            patch.object(model, "_confirmation_error_message", lambda order: "No way"),
        ):
            payment._post_process()
        self.assertTrue(payment.is_post_processed)
        self.assertEqual(order.state, "draft")
        self.assertIn("Paid, but not confirmed", order.activity_ids.mapped("summary"))
        self.assertIn("No way", "".join(order.activity_ids.mapped("note")))

    def test_payment_that_cannot_be_booked(self):
        order = self.quote("PO-1")
        payment = self.make_payment(order)
        model = self.registry["payment.transaction"]
        with (
            mute_logger(PAYMENT_LOGGER),
            patch.object(model, "_create_payment", side_effect=UserError("No journal")),
        ):
            payment._post_process()
        self.assertTrue(payment.is_post_processed)
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.picking_ids)
        self.assertIn("No journal", "".join(order.activity_ids.mapped("note")))

    def test_payment_without_order(self):
        order = self.quote("PO-1")
        payment = self.make_payment(order)
        payment.sale_order_ids = False
        model = self.registry["payment.transaction"]
        with (
            patch.object(model, "_create_payment", side_effect=UserError("No journal")),
            self.assertRaises(UserError),
        ):
            payment._post_process()


@tagged("post_install", "-at_install")
class TestPortalReference(ClientRefCommon, HttpCase):
    def post(self, order, reference, token=None):
        url = order.get_portal_url(suffix="/reference")
        page = self.url_open(order.get_portal_url()).text
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
        return self.url_open(
            url, data={"reference": reference, "csrf_token": csrf and csrf[1]}
        ).text

    def accept(self, order):
        return self.make_jsonrpc_request(
            order.get_portal_url(suffix="/accept"),
            {"name": "Eve", "signature": "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="},
        )

    def test_asked_before_signing(self):
        self.quote("PO-1").action_confirm()
        order = self.quote(require_signature=True, require_payment=False)
        order.action_quotation_sent()
        self.env.flush_all()
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("Please enter your reference for this order first.", page)
        self.assertNotIn("OMS Portal", page)
        self.assertIn("Please enter your reference", self.accept(order)["error"])
        self.assertEqual(order.state, "sent")
        page = self.post(order, "po-1 ")
        self.assertIn("You have already ordered under the reference po-1", page)
        page = self.post(order, " PO-2 ")
        self.assertNotIn("oms_client_ref", page)
        self.assertEqual(order.client_order_ref, "PO-2")
        self.assertNotIn("error", self.accept(order))
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.oms_hold_ids)

    def test_only_with_the_token(self):
        order = self.quote(require_signature=True)
        order.action_quotation_sent()
        self.env.flush_all()
        url = f"/my/orders/{order.id}/reference"
        self.url_open(url, data={"reference": "PO-9"})
        self.assertFalse(order.client_order_ref)

    def test_paying_is_refused_in_words(self):
        order = self.quote(require_payment=True, require_signature=False)
        order.action_quotation_sent()
        self.env.flush_all()
        with (
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "ValidationError"),
        ):
            self.make_jsonrpc_request(
                f"/my/orders/{order.id}/transaction",
                {"access_token": order._portal_ensure_token()},
            )

    def test_other_channels_ask_for_nothing(self):
        order = self.create_order(confirm=False, require_signature=True)
        order.action_quotation_sent()
        self.env.flush_all()
        self.assertNotIn("oms_client_ref", self.url_open(order.get_portal_url()).text)
