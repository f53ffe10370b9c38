from unittest.mock import patch

import requests

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..tools.field_value import NOT_UNDERSTOOD, parse_value
from .common_holds import HoldsCommon


class StageActionCommon(HoldsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env.ref("oms_order_cycle.group_oms_dispatch")
        cls.dispatcher = cls.create_user(
            "oms_sa_dispatcher",
            "oms_order_cycle.group_oms_dispatch,sales_team.group_sale_salesman_all_leads",
        )
        cls.consultant = cls.create_user(
            "oms_sa_consultant", "oms_order_cycle.group_oms_consultant"
        )
        cls.template = cls.env["mail.template"].create(
            {
                "name": "OMS On Its Way",
                "model_id": cls.env["ir.model"]._get_id("sale.order"),
                "subject": "{{ object.name }} is on its way",
                "body_html": "<p>Soon.</p>",
                "use_default_to": True,
            }
        )

    def make(self, *actions, publish=True, **stage):
        workflow = (
            self.env["oms.workflow"]
            .with_user(self.consultant)
            .create(
                {
                    "name": "OMS Acting",
                    "sequence": 0,
                    "company_id": self.company.id,
                    "stage_ids": [
                        Command.create(
                            {"name": "Taken", "milestone": "confirmed", "sequence": 1}
                        ),
                        Command.create(
                            {
                                "name": "To Ship",
                                "milestone": "shipped",
                                "sequence": 2,
                                "group_id": self.group.id,
                                "own_action_ids": [
                                    Command.create(action) for action in actions
                                ],
                                **stage,
                            }
                        ),
                    ],
                }
            )
        )
        if publish:
            workflow.action_publish()
        return workflow

    def run_outbox(self, orders):
        self.journal()
        rows = self.env["oms.outbox"].search([("order_id", "in", orders.ids)])
        rows.filtered(lambda row: row.state == "pending")._process()
        return rows


@tagged("post_install", "-at_install")
class TestStageAction(StageActionCommon):
    """What a consultant puts together is done, or fails with words."""

    def test_mail_is_sent_and_linked(self):
        self.make({"kind": "mail", "template_id": self.template.id})
        order, other = self.create_order(), self.create_order(confirm=False)
        row = self.run_outbox(order)
        self.assertEqual(row.state, "done")
        self.assertEqual(row.author_id, self.consultant)
        message = self.env["mail.message"].browse(row.result_id)
        self.assertEqual(row.result_model, "mail.message")
        self.assertIn(self.customer, message.notified_partner_ids)
        self.assertIn("on its way", message.subject)
        self.assertIn(message, order.message_ids)
        event = order.oms_event_ids.filtered(lambda e: e.kind == "action")
        self.assertEqual((event.res_model, event.res_id), ("mail.message", message.id))
        self.assertIn("OMS On Its Way", event.name)
        self.assertFalse(self.run_outbox(other))

    def test_without_an_address_it_fails_with_words(self):
        self.make({"kind": "mail", "template_id": self.template.id})
        self.customer.email = False
        order = self.create_order()
        row = self.run_outbox(order)
        self.assertEqual(row.state, "failed")
        self.assertIn("has no e-mail address", row.error)
        self.assertEqual(order.oms_failed_action_count, 1)
        self.assertFalse(row.mail_ids)
        self.customer.email = "late@example.com"
        row.sudo().write({"next_try": row.create_date})
        row._process()
        self.assertEqual(row.state, "done")

    def test_activity_is_given_to_the_responsible(self):
        self.make(
            {
                "kind": "activity",
                "activity_summary": "Order a truck",
                "activity_days": 2,
            }
        )
        order = self.create_order()
        row = self.run_outbox(order)
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.dispatcher)
        self.assertEqual(activity.summary, "Order a truck")
        self.assertEqual(
            (row.result_model, row.result_id), (activity._name, activity.id)
        )

    def test_activity_of_nobody_fails(self):
        self.make({"kind": "activity"})
        self.group.sudo().all_user_ids.active = False
        row = self.run_outbox(self.create_order())
        self.assertEqual(row.state, "failed")
        self.assertIn("Nobody belongs", row.error)

    def test_field_is_set(self):
        self.make(
            {"kind": "field", "field_name": "client_order_ref", "field_value": "seen"}
        )
        order = self.create_order()
        self.run_outbox(order)
        self.assertEqual(order.client_order_ref, "seen")

    def test_only_fields_that_one_may_set(self):
        for name in ("state", "company_id", "oms_stage_id", "amount_total", "nonsense"):
            with (
                self.subTest(field=name),
                self.assertRaises(ValidationError),
            ):
                self.make(
                    {"kind": "field", "field_name": name, "field_value": "1"},
                    publish=False,
                )

    def test_webhook_is_called_once_with_the_key(self):
        self.make({"kind": "webhook", "webhook_url": "https://example.com/hook"})
        order = self.create_order()
        answer = requests.Response()
        answer.status_code = 200
        with (
            patch(
                "socket.getaddrinfo", return_value=[(0, 0, 0, "", ("93.184.216.34",))]
            ),
            patch.object(requests, "post", return_value=answer) as post,
        ):
            row = self.run_outbox(order)
        self.assertEqual(row.state, "done")
        self.assertEqual(post.call_count, 1)
        self.assertIn(order.name, post.call_args.kwargs["data"])
        self.assertEqual(post.call_args.kwargs["headers"]["Idempotency-Key"], row.key)

    def test_webhook_calls_not_the_server_itself(self):
        self.make({"kind": "webhook", "webhook_url": "http://localhost:5432/"})
        with patch.object(requests, "post") as post:
            row = self.run_outbox(self.create_order())
        self.assertFalse(post.called)
        self.assertIn("this server itself", row.error)
        for url in ("ftp://example.com", "javascript:x", "https://", "", "http://[::1"):
            with self.assertRaises(ValidationError):
                self.make({"kind": "webhook", "webhook_url": url}, publish=False)

    def test_readers_see_whom_a_webhook_calls_but_not_its_address(self):
        workflow = self.make(
            {"kind": "webhook", "webhook_url": "https://example.com/hook?key=secret"}
        )
        reader = workflow.stage_ids.own_action_ids.with_user(
            self.create_user("oms_reader", "oms_order_cycle.group_oms_sales")
        )
        self.assertEqual(reader.name, "Webhook to example.com")
        self.assertNotIn("webhook_url", reader.read()[0])
        with self.assertRaises(AccessError):
            reader.read(["webhook_url"])
        with self.assertRaises(AccessError):
            reader.search([("webhook_url", "like", "secret")])

    def test_webhook_calls_not_the_server_by_another_name(self):
        self.make({"kind": "webhook", "webhook_url": "http://example.com/"})
        for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254"):
            with (
                patch("socket.getaddrinfo", return_value=[(0, 0, 0, "", (address,))]),
                patch.object(requests, "post") as post,
            ):
                row = self.run_outbox(self.create_order())
            self.assertFalse(post.called, address)
            self.assertIn("this server itself", row.error)

    def test_once_unless_it_is_to_run_again(self):
        self.make({"kind": "activity"})
        order = self.create_order()
        self.run_outbox(order)
        order.order_line.product_uom_qty = 0
        self.journal()
        order.order_line.product_uom_qty = 3
        self.run_outbox(order)
        self.assertEqual(len(order.activity_ids), 1)

    def test_in_use_it_is_not_changed(self):
        workflow = self.make({"kind": "activity"})
        stage = workflow.stage_ids[1]
        with self.assertRaises(UserError):
            stage.own_action_ids.activity_summary = "Another"
        with self.assertRaises(UserError):
            stage.own_action_ids.unlink()
        with self.assertRaises(UserError):
            stage.own_action_ids.create({"stage_id": stage.id, "kind": "activity"})
        draft = self.env["oms.workflow"].browse(workflow.action_new_version()["res_id"])
        self.assertEqual(draft.stage_ids[1].own_action_ids.kind, "activity")
        draft.stage_ids[1].own_action_ids.activity_summary = "Another"

    def test_readers_put_nothing_together(self):
        stage = self.make(publish=False).stage_ids[1]
        with self.assertRaises(AccessError):
            self.env["oms.stage.action"].with_user(self.dispatcher).create(
                {"stage_id": stage.id, "kind": "activity"}
            )

    def test_who_may_not_do_it_by_hand_publishes_nothing(self):
        workflow = self.make({"kind": "activity"}, publish=False)
        reader = self.create_user(
            "oms_sa_reader",
            "oms_order_cycle.group_oms_consultant",
        )
        reader.group_ids -= self.env.ref("sales_team.group_sale_salesman_all_leads")
        actions = workflow.stage_ids.own_action_ids
        actions._check_can_be_used_by(self.consultant)
        self.env["ir.model.access"].search(
            [("model_id.model", "=", "sale.order")]
        ).perm_write = False
        with self.assertRaises(AccessError):
            actions._check_can_be_used_by(reader)

    def test_in_the_form_of_a_stage(self):
        workflow = self.make(publish=False)
        with (
            Form(workflow.with_user(self.consultant)) as form,
            form.stage_ids.edit(1) as stage,
        ):
            stage.notify_policy = "digest"
        action = Form(
            self.env["oms.stage.action"]
            .with_user(self.consultant)
            .with_context(default_stage_id=workflow.stage_ids[1].id)
        )
        action.kind = "activity"
        action.activity_summary = "Call"
        self.assertEqual(action.save().name, "Activity “Call”")
        self.assertIn("Actions on entry: 1", workflow.preview)

    def test_a_server_action_that_opens_a_window_did_nothing(self):
        window = self.env["ir.actions.server"].create(
            {
                "name": "OMS Opens a Window",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "state": "code",
                "code": "action = {'type': 'ir.actions.act_window'}",
            }
        )
        order = self.create_order()
        row = self.env["oms.outbox"]._enqueue(
            [{"order_id": order.id, "action_id": window.id, "key": "oms window"}]
        )
        row._process()
        self.assertEqual(row.state, "failed")
        self.assertIn("only opens a window", row.error)
        offered = self.env["ir.actions.server"].with_user(self.consultant)
        offered = offered.search([("oms_acts_on_orders", "=", True)])
        self.assertNotIn(window, offered)
        jobs = self.env["ir.cron"].search([]).ir_actions_server_id
        self.assertFalse(offered & jobs)


@tagged("post_install", "-at_install")
class TestFieldValue(HoldsCommon):
    def test_what_people_type(self):
        fields = self.env["sale.order"]._fields
        term = self.env["account.payment.term"].create({"name": "OMS In a Week"})
        for name, text, value in [
            ("client_order_ref", " abc ", "abc"),
            ("client_order_ref", "", False),
            ("require_signature", "Yes", True),
            ("require_signature", "perhaps", NOT_UNDERSTOOD),
            ("prepayment_percent", "0.5", 0.5),
            ("prepayment_percent", "nan", NOT_UNDERSTOOD),
            ("prepayment_percent", "1e99", NOT_UNDERSTOOD),
            ("validity_date", "2026-12-01", True),
            ("validity_date", "soon", NOT_UNDERSTOOD),
            ("picking_policy", "one", "one"),
            ("picking_policy", "When all products are ready", "one"),
            ("picking_policy", "never", NOT_UNDERSTOOD),
            ("payment_term_id", "OMS In a Week", term.id),
            ("payment_term_id", "OMS Unknown", NOT_UNDERSTOOD),
        ]:
            with self.subTest(field=name, text=text):
                found = parse_value(self.env, fields[name], text)
                if value is True and name == "validity_date":
                    self.assertEqual(str(found), text)
                else:
                    self.assertEqual(found, value)


@tagged("post_install", "-at_install")
class TestStageNotify(StageActionCommon):
    """Somebody is told, by choice."""

    def test_off_unless_chosen(self):
        workflow = self.make()
        self.assertEqual(set(workflow.stage_ids.mapped("notify_policy")), {"none"})
        order = self.create_order()
        self.journal()
        self.assertFalse(order.activity_ids)

    def test_an_order_comes_and_goes(self):
        self.make(notify_policy="activity")
        order, other = self.create_order(), self.create_order(confirm=False)
        self.journal()
        self.assertEqual(order.activity_ids.user_id, self.dispatcher)
        self.assertFalse(other.activity_ids)
        self.ship(order)
        self.journal()
        self.assertFalse(order.activity_ids)

    def test_cancelled_it_waits_no_longer(self):
        self.make(notify_policy="activity")
        order = self.create_order()
        self.journal()
        order._action_cancel()
        self.journal()
        self.assertFalse(order.activity_ids)

    def test_who_approves_is_told_that_an_approval_waits(self):
        approvers = self.env.ref("oms_order_cycle.group_oms_credit")
        clerk = self.create_user("oms_sa_clerk", "oms_order_cycle.group_oms_credit")
        self.make(
            exit_kind="approval",
            approval_group_id=approvers.id,
            notify_policy="activity",
        )
        order = self.create_order()
        self.journal()
        self.assertEqual(order.activity_ids.user_id, clerk)

    def test_late_orders_are_told_once(self):
        self.make(notify_policy="activity", notify_when="late", allowed_hours=1)
        order, other = self.create_order(), self.create_order()
        self.journal()
        self.assertFalse(order.activity_ids)
        self.env.cr.execute(
            "UPDATE sale_order SET oms_stage_deadline = NOW() AT TIME ZONE 'UTC'"
            " - INTERVAL '1 hour' WHERE id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        for _time in range(2):
            self.env["oms.stage"]._notify_of_delays()
            self.journal()
        self.assertEqual(len(order.activity_ids), 1)
        self.assertFalse(other.activity_ids)


@tagged("post_install", "-at_install")
class TestDigest(StageActionCommon):
    """One e-mail a day for each user, only if something waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatcher.write({"tz": "Europe/Amsterdam", "email": "disp@example.com"})
        cls.digest = cls.env["oms.digest"]

    def send(self, now="2026-11-27 08:00:00", seconds_left=60):
        before = self.env["mail.mail"].search([])
        cron = type(self.env["ir.cron"])
        with (
            self.freeze(now),
            patch.object(cron, "_commit_progress", lambda *a, **k: seconds_left),
        ):
            self.digest._cron_send()
        return self.env["mail.mail"].search([]) - before

    def freeze(self, now):
        from freezegun import freeze_time

        return freeze_time(now)

    def test_what_waits_is_told_once_a_day(self):
        self.make(notify_policy="digest")
        orders = self.create_order() + self.create_order()
        other_company = self.create_company("OMS Elsewhere")
        self.journal()
        mails = self.send()
        self.assertEqual(mails.email_to, self.dispatcher.email_formatted)
        self.assertIn("2 orders wait", mails.subject)
        for order in orders:
            self.assertIn(order.name, mails.body_html)
            self.assertIn(f"res_id={order.id}", mails.body_html)
        self.assertIn("To Ship", mails.body_html)
        self.assertFalse(self.send("2026-11-27 15:00:00"), "one a day")
        self.assertTrue(self.send("2026-11-28 08:00:00"))
        self.assertFalse(other_company.partner_id.message_ids & mails.mail_message_id)

    def test_out_of_time_the_next_run_goes_on(self):
        self.make(notify_policy="digest")
        second = self.create_user(
            "oms_sa_second",
            "oms_order_cycle.group_oms_dispatch,sales_team.group_sale_salesman_all_leads",
        )
        second.email = "second@example.com"
        self.create_order()
        self.journal()
        first_run = self.send("2026-11-27 09:00:00", seconds_left=0)
        self.assertEqual(len(first_run), 1)
        next_run = self.send("2026-11-27 10:00:00")
        self.assertEqual(
            {*first_run.mapped("email_to"), *next_run.mapped("email_to")},
            {self.dispatcher.email_formatted, second.email_formatted},
        )

    def test_nothing_waits_no_mail(self):
        self.make(notify_policy="digest")
        order = self.create_order()
        self.ship(order)
        self.assertFalse(self.send())

    def test_the_morning_is_the_users(self):
        self.make(notify_policy="digest")
        self.create_order()
        self.journal()
        self.dispatcher.tz = "America/Los_Angeles"
        self.assertFalse(self.send("2026-11-27 08:00:00"))
        self.assertTrue(self.send("2026-11-27 15:00:00"))

    def test_holds_are_told_too(self):
        self.manual_type.write(
            {"owner_group_id": self.group.id, "notify_policy": "digest"}
        )
        order = self.create_order(confirm=False)
        self.place_hold(order)
        mails = self.send()
        self.assertEqual(mails.email_to, self.dispatcher.email_formatted)
        self.assertIn("Something Odd", mails.body_html)

    def test_only_what_one_may_see(self):
        self.make(notify_policy="digest")
        order = self.create_order()
        self.journal()
        self.dispatcher.write(
            {
                "group_ids": [
                    Command.unlink(
                        self.env.ref("sales_team.group_sale_salesman_all_leads").id
                    ),
                    Command.link(self.env.ref("sales_team.group_sale_salesman").id),
                ]
            }
        )
        order.user_id = self.consultant
        mails = self.send()
        self.assertNotIn(order.name, "".join(mails.mapped("body_html")))
