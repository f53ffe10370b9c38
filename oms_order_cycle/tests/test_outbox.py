import runpy
from datetime import timedelta
from unittest.mock import patch

import psycopg2.errors
import requests

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import file_path, mute_logger

from odoo.addons.base.models.ir_mail_server import (
    IrMail_Server,
    extract_rfc2822_addresses,
)
from odoo.addons.oms_order_cycle.models.outbox.oms_outbox_run import PAUSES

LOGGER = "odoo.addons.oms_order_cycle.models.outbox.oms_outbox_run"
EFFECT = "env['res.partner'].create({'name': 'Effect on %s' % record.name})"


class OutboxCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.cron = cls.env.ref("oms_order_cycle.oms_outbox_cron")
        cls.partner = cls.env["res.partner"].create(
            {"name": "Outbox Customer", "email": "customer@example.com"}
        )
        cls.order = cls.env["sale.order"].create({"partner_id": cls.partner.id})
        cls.workflow = cls.env["oms.workflow"].create(
            {
                "name": "Outbox Workflow",
                "stage_ids": [
                    Command.create(
                        {
                            "name": "First",
                            "exit_kind": "milestone",
                            "milestone": "confirmed",
                        }
                    )
                ],
            }
        )
        cls.stage = cls.workflow.stage_ids
        cls.effect = cls._make_action(EFFECT)
        cls.env["oms.outbox"].search([("next_try", "!=", False)]).next_try = False

    @classmethod
    def _make_action(cls, code="", **values):
        return cls.env["ir.actions.server"].create(
            {
                "name": "Outbox Action",
                "model_id": cls.env.ref("sale.model_sale_order").id,
                "state": "code",
                "code": code,
                **values,
            }
        )

    @classmethod
    def _enqueue(cls, action=None, order=None, number=1, **values):
        action, order = action or cls.effect, order or cls.order
        return cls.env["oms.outbox"]._enqueue(
            [
                {
                    "order_id": order.id,
                    "stage_id": cls.stage.id,
                    "action_id": action.id,
                    "key": f"stage:{cls.stage.id}:action:{action.id}"
                    f":order:{order.id}:{number}",
                    **values,
                }
            ]
        )

    def _run_cron(self):
        with self.enter_registry_test_mode(), mute_logger(LOGGER):
            self.cron.method_direct_trigger()

    def _count_effects(self, order=None):
        name = f"Effect on {(order or self.order).name}"
        return self.env["res.partner"].search_count([("name", "=", name)])

    def _pass_time(self, rows):
        """Make the pause of rows end now."""
        rows.next_try = fields.Datetime.now() - timedelta(seconds=1)


@tagged("post_install", "-at_install")
class TestOutboxQueue(OutboxCase):
    def test_enqueue_twice(self):
        row = self._enqueue()
        self.assertEqual(len(row), 1)
        self.assertFalse(self._enqueue())
        self.assertRecordValues(
            row,
            [
                {
                    "order_id": self.order.id,
                    "stage_id": self.stage.id,
                    "action_id": self.effect.id,
                    "company_id": self.order.company_id.id,
                    "name": "Outbox Action",
                    "state": "pending",
                    "tries": 0,
                }
            ],
        )
        self.assertLessEqual(row.next_try, fields.Datetime.now())

    def test_enqueue_again_after_done(self):
        row = self._enqueue()
        self._run_cron()
        self.assertEqual(row.state, "done")
        self.assertFalse(self._enqueue(), "the key was used before")

    def test_enqueue_nothing(self):
        with self.assertQueryCount(0):
            self.assertFalse(self.env["oms.outbox"]._enqueue([]))

    def test_enqueue_many_is_one_insert(self):
        orders = self.env["sale.order"].create(
            [{"partner_id": self.partner.id} for _number in range(20)]
        )
        self._enqueue()  # what is read once: the scheduled job, its trigger
        self.env.flush_all()
        vals_list = [
            {
                "order_id": order.id,
                "stage_id": self.stage.id,
                "action_id": self.effect.id,
                "key": f"many:{order.id}",
            }
            for order in orders
        ]
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            rows = self.env["oms.outbox"]._enqueue(vals_list)
        self.assertEqual(rows.order_id, orders)
        self.assertEqual(rows.ids, sorted(rows.ids))

    def test_trigger_once_per_transaction(self):
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", self.cron.id)]
        triggers.search(domain).unlink()
        self._enqueue(number=1)
        self._enqueue(number=2)
        self.assertEqual(triggers.search_count(domain), 1)
        # taken along by the rollback of a savepoint, it is set again
        triggers.search(domain).unlink()
        self._enqueue(number=3)
        self.assertEqual(triggers.search_count(domain), 1)

    def test_dispatch_gets_new_rows_only(self):
        old = self._enqueue(number=1)
        seen = []

        def dispatch(rows):
            seen.append(rows)

        with patch.object(type(self.env["oms.outbox"]), "_dispatch", dispatch):
            vals_list = [
                {
                    "order_id": self.order.id,
                    "stage_id": self.stage.id,
                    "action_id": self.effect.id,
                    "key": key,
                }
                for key in (old.key, "new")
            ]
            self.env["oms.outbox"]._enqueue(vals_list)
        self.assertEqual([rows.mapped("key") for rows in seen], [["new"]])

    def test_process_without_commits(self):
        """What a bridge to another job queue calls."""
        rows = self._enqueue(number=1) + self._enqueue(self._make_action("1 / 0"))
        with mute_logger(LOGGER):
            rows._process()
            rows._process()
        self.assertEqual(rows.mapped("state"), ["done", "failed"])
        self.assertEqual(rows.mapped("tries"), [1, 1])
        self.assertEqual(self._count_effects(), 1)


@tagged("post_install", "-at_install")
class TestOutboxRun(OutboxCase):
    def test_done(self):
        row = self._enqueue()
        self._run_cron()
        self.assertRecordValues(
            row, [{"state": "done", "tries": 1, "next_try": False, "error": False}]
        )
        self.assertTrue(row.done_at)
        self.assertFalse(row.started_at)
        self.assertEqual(self._count_effects(), 1)
        event = self.order.oms_event_ids.filtered(lambda event: event.kind == "action")
        self.assertEqual(
            event.name,
            f"Outbox Action: done (“{self.stage.name}”, in the name of OdooBot)",
        )
        self.assertEqual((event.res_model, event.res_id), ("oms.outbox", row.id))
        self._run_cron()
        self.assertEqual(self._count_effects(), 1)

    def test_all_tries_are_kept(self):
        row = self._enqueue(self._make_action("raise UserError('Out of paper')"))
        self._run_cron()
        self._pass_time(row)
        self._run_cron()
        self.assertEqual((row.tries, row.total_tries), (2, 2))
        answer = row.action_retry()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn("within a minute", answer["params"]["message"])
        self.assertEqual((row.tries, row.total_tries, row.error), (0, 2, False))
        row.action_id.code = EFFECT
        self._run_cron()
        self.assertEqual((row.state, row.tries, row.total_tries), ("done", 1, 3))
        self.assertFalse(row.error)
        self.assertEqual(row.last_error, "Out of paper")
        self.assertTrue(row.last_error_at)
        answer = row.action_retry()["params"]
        self.assertEqual(answer["type"], "warning", "it is done")

    def test_update_of_the_version_before(self):
        rows = self._enqueue(number=1) + self._enqueue(number=2)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oms_outbox SET tries = 3, error = 'no', total_tries = NULL"
            " WHERE id = %s",
            [rows[0].id],
        )
        script = "migrations/19.0.2.0.0/post-outbox_tries.py"
        path = file_path(f"oms_order_cycle/{script}")
        runpy.run_path(path)["migrate"](self.env.cr, "19.0.1.0.0")
        rows.invalidate_recordset()
        self.assertEqual(rows.mapped("total_tries"), [3, 0])
        self.assertEqual(rows.mapped("last_error"), ["no", False])

    def test_surroundings(self):
        """The action runs for the order: its company, its responsible's language."""
        self.env["res.lang"]._activate_lang("fr_FR")
        company = self.env["res.company"].create({"name": "Outbox Company"})
        user = new_test_user(
            self.env,
            "outbox_salesman",
            groups="sales_team.group_sale_salesman",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            lang="fr_FR",
            tz="Europe/Paris",
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "company_id": company.id,
                "user_id": user.id,
            }
        )
        action = self._make_action(
            "env['res.partner'].create({'name': '|'.join(['Surroundings',"
            " env.company.name, env.lang, env.context.get('tz'), str(env.uid),"
            " str(records.ids), str(env.context.get('ir_cron_progress_id'))])})"
        )
        self._enqueue(action, order)
        self._run_cron()
        found = self.env["res.partner"].search([("name", "=like", "Surroundings%")])
        self.assertEqual(
            found.name,
            f"Surroundings|Outbox Company|fr_FR|Europe/Paris|1|[{order.id}]|None",
        )

    def test_failure_stands_alone(self):
        """What the failed action did is undone, the others run, the order stays."""
        failing = self._make_action(f"{EFFECT}\nraise UserError('Out of paper')")
        bad = self._enqueue(failing)
        other = self.order.copy()
        good = self._enqueue(order=other)
        before = fields.Datetime.now()
        self._run_cron()
        self.assertRecordValues(
            bad, [{"state": "failed", "tries": 1, "error": "Out of paper"}]
        )
        self.assertIn("Out of paper", bad.error_details)
        self.assertGreaterEqual(bad.next_try, before + PAUSES[0])
        self.assertFalse(bad.started_at or bad.done_at)
        self.assertEqual(self._count_effects(), 0)
        self.assertEqual(good.state, "done")
        self.assertEqual(self._count_effects(other), 1)
        self.assertEqual(self.order.oms_failed_action_count, 1)
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count(
                [("cron_id", "=", self.cron.id), ("call_at", "=", bad.next_try)]
            )
        )

    def test_failure_in_database(self):
        """An error that leaves the transaction unusable is one like any other."""
        row = self._enqueue(self._make_action("env.cr.execute('SELECT 1 / 0')"))
        good = self._enqueue()
        with mute_logger("odoo.sql_db"):
            self._run_cron()
        self.assertEqual(row.state, "failed")
        self.assertIn("division by zero", row.error)
        self.assertEqual(good.state, "done")

    def test_failure_drops_what_was_to_follow_the_commit(self):
        """Else a webhook of an action that was undone would be sent with the note."""
        called = []
        outbox = type(self.env["oms.outbox"])

        def execute(row):
            row.env.cr.postcommit.add(lambda: called.append(row))
            raise UserError("no")  # pylint: disable=translation-required

        self._enqueue()
        with patch.object(outbox, "_execute", execute):
            self._run_cron()
        self.env.cr.postcommit.run()
        self.assertFalse(called)

    def test_pauses_grow(self):
        row = self._enqueue(self._make_action("raise UserError('Never works')"))
        for number, pause in enumerate(PAUSES, start=1):
            before = fields.Datetime.now()
            self._run_cron()
            self.assertRecordValues(row, [{"state": "failed", "tries": number}])
            self.assertAlmostEqual(
                row.next_try, before + pause, delta=timedelta(seconds=30)
            )
            self._run_cron()
            self.assertEqual(row.tries, number, "not before the pause is over")
            self._pass_time(row)
        self._run_cron()
        self.assertRecordValues(
            row, [{"state": "failed", "tries": len(PAUSES) + 1, "next_try": False}]
        )
        self._run_cron()
        self.assertEqual(row.tries, len(PAUSES) + 1)
        event = self.order.oms_event_ids.filtered(lambda event: event.kind == "action")
        self.assertEqual(
            event.name,
            "Outbox Action: failed 7 times: Never works"
            f" (“{self.stage.name}”, in the name of OdooBot)",
        )

    def test_success_after_failure(self):
        action = self._make_action("raise UserError('Not yet')")
        row = self._enqueue(action)
        self._run_cron()
        action.code = EFFECT
        self._pass_time(row)
        self._run_cron()
        self.assertRecordValues(
            row,
            [{"state": "done", "tries": 2, "error": False, "error_details": False}],
        )
        self.assertEqual(self._count_effects(), 1)

    def test_collision_is_repeated(self):
        """Colliding with another transaction is no failure."""
        outbox = type(self.env["oms.outbox"])
        original, raised = outbox._execute, []

        def execute(row):
            original(row)
            if len(raised) < 2:
                raised.append(1)
                raise psycopg2.errors.SerializationFailure("could not serialize")

        row = self._enqueue()
        with patch.object(outbox, "_execute", execute):
            self._run_cron()
        self.assertEqual(len(raised), 2)
        self.assertRecordValues(row, [{"state": "done", "tries": 1, "error": False}])
        self.assertEqual(self._count_effects(), 1)

    def test_collision_for_ever(self):
        def execute(row):
            raise psycopg2.errors.DeadlockDetected("deadlock")

        row = self._enqueue()
        with patch.object(type(self.env["oms.outbox"]), "_execute", execute):
            self._run_cron()
        self.assertRecordValues(row, [{"state": "failed", "tries": 1}])

    def test_deleted_action(self):
        action = self._make_action(EFFECT)
        row = self._enqueue(action)
        action.unlink()
        self._run_cron()
        self.assertEqual(row.state, "failed")
        self.assertIn("“Outbox Action” does not exist any more", row.error)

    def test_action_that_commits(self):
        """What it did before would stay, and be done again with the next try."""
        row = self._enqueue(self._make_action(f"{EFFECT}\nenv.cr.commit()"))
        commit = self.env.cr.commit
        with mute_logger(LOGGER, "odoo.addons.base.models.ir_actions"):
            row._process()
        self.assertEqual(self.env.cr.commit, commit)
        self.assertEqual(row.state, "failed")
        self.assertIn("“Outbox Action” wants to save", row.error)
        self.assertEqual(self._count_effects(), 0)
        self._run_cron()
        self.assertEqual(self._count_effects(), 0)

    def test_cancelled_order(self):
        """No customer is told that a cancelled order is on its way."""
        row = self._enqueue()
        self.order._action_cancel()
        self._run_cron()
        self.assertEqual(row.state, "cancelled")
        self.assertIn("cancelled", row.error)
        self.assertEqual(self._count_effects(), 0)

    def test_action_for_a_group(self):
        """The groups of an action are for its menu, not for its stage."""
        group = self.env["res.groups"].create({"name": "Nobody"})
        row = self._enqueue(self._make_action(EFFECT, group_ids=group.ids))
        self._run_cron()
        self.assertEqual(row.state, "done")

    def test_forged_context(self):
        """Saying to be the outbox does not give rights."""
        row = self._enqueue()
        group = self.env["res.groups"].create({"name": "Nobody"})
        action = self._make_action(EFFECT, group_ids=group.ids)
        user = new_test_user(
            self.env, "outbox_forger", groups="sales_team.group_sale_manager"
        )
        with self.assertRaises(AccessError):
            action.with_user(user).with_context(
                active_model="sale.order",
                active_id=self.order.id,
                active_ids=self.order.ids,
                oms_outbox_id=row.id,
            ).run()

    def test_server_stopped_meanwhile(self):
        row = self._enqueue()
        row.write({"tries": 1, "started_at": fields.Datetime.now()})
        seen = []
        outbox = type(self.env["oms.outbox"])
        original = outbox._execute

        def execute(row):
            seen.append((row.error, row.next_try > fields.Datetime.now()))
            original(row)

        with patch.object(outbox, "_execute", execute):
            self._run_cron()
        # should this attempt stop the server as well, the next one waits
        self.assertIn("The server stopped", seen[0][0])
        self.assertTrue(seen[0][1])
        self.assertRecordValues(row, [{"state": "done", "tries": 2, "error": False}])

    def test_server_stopped_too_often(self):
        row = self._enqueue()
        row.write({"tries": len(PAUSES), "started_at": fields.Datetime.now()})
        self._run_cron()
        self.assertRecordValues(row, [{"state": "failed", "next_try": False}])
        self.assertIn("The server stopped", row.error)
        self.assertEqual(self._count_effects(), 0)

    def test_taken_row_is_left_alone(self):
        """The lock of a session that works on a row is respected by another."""
        row = self._enqueue()
        with self.registry.cursor() as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", (0x0E50B0, row.id))
            self._run_cron()
            self.assertRecordValues(row, [{"state": "pending", "tries": 0}])
            other.execute("SELECT pg_advisory_unlock(%s, %s)", (0x0E50B0, row.id))
        self._run_cron()
        self.assertEqual(row.state, "done")


@tagged("post_install", "-at_install")
class TestOutboxHands(OutboxCase):
    """What people may do with the rows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "outbox_sales", groups="sales_team.group_sale_salesman"
        )
        cls.service = new_test_user(
            cls.env, "outbox_service", groups="oms_order_cycle.group_oms_service"
        )
        cls.order.user_id = cls.salesman

    def _make_failed(self):
        row = self._enqueue(self._make_action("raise UserError('Broken')"))
        self._run_cron()
        return row

    def test_retry(self):
        row = self._make_failed()
        row.action_id.code = EFFECT
        row.with_user(self.service).action_retry()
        self.assertRecordValues(row, [{"state": "pending", "tries": 0, "error": False}])
        self._run_cron()
        self.assertEqual(row.state, "done")

    def test_retry_needs_a_group(self):
        row = self._make_failed()
        self.assertEqual(row.with_user(self.salesman).error, "Broken")
        with self.assertRaisesRegex(AccessError, "Customer Service"):
            row.with_user(self.salesman).action_retry()
        with self.assertRaises(AccessError):
            row.with_user(self.salesman).action_cancel()
        self.assertEqual(row.state, "failed")

    def test_rows_are_not_edited(self):
        row = self._make_failed()
        for user in (self.salesman, self.service):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
            with self.assertRaises(AccessError):
                row.with_user(user).create({"order_id": self.order.id, "key": "x"})

    def test_portal_sees_nothing(self):
        row = self._make_failed()
        portal = new_test_user(self.env, "outbox_portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            row.with_user(portal).read(["error"])

    def test_done_is_not_retried(self):
        row = self._enqueue()
        self._run_cron()
        row.with_user(self.service).action_retry()
        self.assertEqual(row.state, "done")
        self._run_cron()
        self.assertEqual(self._count_effects(), 1)

    def test_cancel_and_retry(self):
        row = self._enqueue()
        row.with_user(self.service).action_cancel()
        self._run_cron()
        self.assertRecordValues(row, [{"state": "cancelled", "tries": 0}])
        row.with_user(self.service).action_retry()
        self._run_cron()
        self.assertEqual(row.state, "done")
        self.assertEqual(self._count_effects(), 1)

    def test_views_and_links(self):
        row = self._make_failed()
        self.assertEqual(row.display_name, f"{self.order.display_name}: Outbox Action")
        action = row.action_open_order()
        self.assertEqual(action["res_id"], self.order.id)

    def test_vacuum(self):
        rows = self.env["oms.outbox"].browse()
        for number in range(3):
            rows += self._enqueue(number=number)
        rows[0].state = "done"
        rows[1].state = "failed"
        rows[2].state = "done"
        self.order._action_cancel()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oms_outbox SET write_date = write_date - interval '91 days'"
            " WHERE id IN %s",
            [tuple(rows[:2].ids)],
        )
        self.env.cr.execute(
            "UPDATE sale_order SET oms_stage_since = now() - interval '91 days'"
            " WHERE id = %s",
            [self.order.id],
        )
        self.env.invalidate_all()
        parameters = self.env["ir.config_parameter"]
        settings = self.env["res.config.settings"]
        settings.create({"oms_outbox_keep_days": 0}).execute()
        # kept, so that an update does not make it anew
        self.assertEqual(parameters.get_param("oms_order_cycle.outbox_keep_days"), "0")
        with self.assertRaises(ValidationError):
            settings.create({"oms_outbox_keep_days": -1})
        self.env["oms.outbox"]._gc_outbox()
        self.assertEqual(rows.exists(), rows)
        parameters.set_param("oms_order_cycle.outbox_keep_days", "90")
        self.env["oms.outbox"]._gc_outbox()
        self.assertEqual(rows.exists(), rows[1:])

    def test_vacuum_keeps_the_keys_of_orders_under_way(self):
        """An order that comes back to a stage does not run its actions again."""
        row = self._enqueue()
        self._run_cron()
        self.assertEqual(row.state, "done")
        recent = self.env["sale.order"].create({"partner_id": self.partner.id})
        late = self._enqueue(order=recent)
        late.state = "done"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oms_outbox SET write_date = write_date - interval '400 days'"
            " WHERE id IN %s",
            [tuple((row + late).ids)],
        )
        # it has stood in its stage for as long
        self.env.cr.execute(
            "UPDATE sale_order SET oms_stage_since = now() - interval '400 days'"
            " WHERE id = %s",
            [self.order.id],
        )
        # cancelled today: whoever looks into it finds what was done
        recent._action_cancel()
        self.env.invalidate_all()
        self.env["oms.outbox"]._gc_outbox()
        self.assertEqual((row + late).exists(), row + late)
        self.assertFalse(self._enqueue(), "its key is known still")
        self.assertEqual(self._count_effects(), 1)


@tagged("post_install", "-at_install")
class TestOutboxMail(OutboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Outbox Mail",
                "model_id": cls.env.ref("sale.model_sale_order").id,
                "subject": "On its way",
                "email_from": "shop@example.com",
                "partner_to": "{{ object.partner_id.id }}",
                "body_html": "<p>Hello</p>",
                "auto_delete": True,
            }
        )
        cls.mail_action = cls._make_action(
            state="mail_post", template_id=cls.template.id, mail_post_method="email"
        )

    def setUp(self):
        super().setUp()
        self.sent = []
        self.broken = None

        def connect(*args, **kwargs):
            if self.broken:
                raise self.broken
            return None

        def send_email(server, message, *args, **kwargs):
            if not extract_rfc2822_addresses(message["To"]):
                raise AssertionError(IrMail_Server.NO_VALID_RECIPIENT)
            self.sent.append(message["Subject"])
            return message["Message-Id"]

        for name, new in (
            ("_connect__", connect),
            ("send_email", send_email),
            ("_disable_send", lambda *args: False),
        ):
            self.startPatcher(patch.object(IrMail_Server, name, new))

    def _send_queue(self, row):
        """What Odoo's mail queue does, for the e-mails of one row."""
        mails = row.mail_ids.filtered(lambda mail: mail.state == "outgoing")
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            mails.send()

    def test_sent(self):
        row = self._enqueue(self.mail_action)
        self._run_cron()
        self.assertEqual(row.state, "done")
        self.assertEqual(row.mail_ids.state, "outgoing", "the queue sends it")
        self.assertFalse(self.sent)
        self._send_queue(row)
        self.assertEqual(self.sent, ["On its way"])
        self.assertRecordValues(row, [{"state": "done", "error": False}])

    def test_mail_server_down(self):
        row = self._enqueue(self.mail_action)
        self._run_cron()
        self.broken = ConnectionRefusedError("Connection refused")
        self._send_queue(row)
        self.assertRecordValues(row, [{"state": "failed", "tries": 1}])
        self.assertIn("Connection refused", row.error)
        self.assertGreater(row.next_try, fields.Datetime.now())
        # down still: the pause grows
        self._pass_time(row)
        self._run_cron()
        self.assertEqual(row.mail_ids.state, "outgoing")
        self._send_queue(row)
        self.assertRecordValues(row, [{"state": "failed", "tries": 2}])
        events = self.order.oms_event_ids.filtered(lambda event: event.kind == "action")
        failed, queued = events.sorted("id", reverse=True).mapped("name")
        self.assertIn("e-mail queued", queued)
        self.assertIn("The e-mail could not be sent: ", failed)
        self.assertIn("Connection refused", failed)
        # up again: the same e-mail leaves, once
        self.broken = None
        self._pass_time(row)
        self._run_cron()
        self._send_queue(row)
        self.assertRecordValues(row, [{"state": "done", "error": False}])
        self.assertEqual(self.sent, ["On its way"])

    def test_posted_message(self):
        """The same for messages in the order's chatter."""
        self.order.message_subscribe(self.partner.ids)
        self.mail_action.mail_post_method = "comment"
        row = self._enqueue(self.mail_action)
        self._run_cron()
        self.assertEqual(row.mail_ids.state, "outgoing")
        self.broken = ConnectionRefusedError("Connection refused")
        self._send_queue(row)
        self.assertEqual(row.state, "failed")
        self.broken = None
        row.action_retry()
        self._run_cron()
        self._send_queue(row)
        self.assertEqual(row.state, "done")
        self.assertEqual(len(self.sent), 1)

    def test_no_address(self):
        """Odoo deletes an e-mail that nobody can receive; we keep it to try again."""
        self.partner.email = False
        row = self._enqueue(self.mail_action)
        self._run_cron()
        self._send_queue(row)
        self.assertEqual(row.state, "failed")
        self.partner.email = "found@example.com"
        row.action_retry()
        self._run_cron()
        self._send_queue(row)
        self.assertEqual(row.state, "done")
        self.assertEqual(self.sent, ["On its way"])

    def test_sending_at_once_waits_for_the_commit(self):
        row = self._enqueue(
            self._make_action(
                "env['mail.mail'].create({'subject': 'Now', 'email_to': 'a@b.example',"
                " 'body_html': 'x'}).send()\nraise UserError('Changed my mind')"
            )
        )
        self._run_cron()
        self.assertEqual(row.state, "failed")
        self.assertFalse(self.sent)
        self.assertFalse(row.mail_ids)

    def test_sending_as_another_user_waits_for_the_commit(self):
        user = new_test_user(
            self.env, "outbox_sender", groups="sales_team.group_sale_manager"
        )
        self.sent.clear()
        row = self._enqueue(
            self._make_action(
                f"record.with_user({user.id}).message_post(body='As you asked',"
                f" partner_ids={self.partner.ids}, force_send=True,"
                " message_type='comment', subtype_xmlid='mail.mt_comment')\n"
                f"env['mail.mail'].with_user({user.id}).sudo().create("
                "{'subject': 'Now', 'email_to': 'a@b.example',"
                " 'body_html': 'x'}).send()"
            )
        )
        self._run_cron()
        self.assertEqual(row.state, "done", row.error_details)
        self.assertFalse(self.sent, "the queue sends them, after the commit")
        self.assertEqual(len(row.mail_ids), 2)
        self.assertEqual(set(row.mail_ids.mapped("state")), {"outgoing"})
        self._send_queue(row)
        self.assertEqual(len(self.sent), 2)
        self.assertFalse(self.env["oms.outbox"]._get_running())

    def test_other_mails_are_not_touched(self):
        self.broken = ConnectionRefusedError("Connection refused")
        mail = self.env["mail.mail"].create(
            {"subject": "Other", "email_to": "a@b.example", "body_html": "x"}
        )
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            mail.send()
        self.assertEqual(mail.state, "exception")


@tagged("post_install", "-at_install")
class TestOutboxWebhook(OutboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        name = cls.env.ref("sale.field_sale_order__name")
        cls.webhook = cls._make_action(
            state="webhook",
            webhook_url="https://example.com/hook",
            webhook_field_ids=name.ids,
        )

    def test_address_is_for_who_edits_actions(self):
        """Consultants see which actions there are, and no key to another system."""
        consultant = new_test_user(
            self.env, "oms_hooks", "oms_order_cycle.group_oms_consultant"
        )
        action = self.webhook.with_user(consultant)
        self.assertEqual(action.read(["name"])[0]["name"], self.webhook.name)
        self.assertNotIn("webhook_url", action.fields_get())
        with self.assertRaises(AccessError):
            action.read(["webhook_url"])
        with self.assertRaises(AccessError):
            action.search([("webhook_url", "like", "hook")])
        self.assertTrue(
            self.webhook.with_user(self.env.ref("base.user_admin")).webhook_url
        )

    def test_answered(self):
        row = self._enqueue(self.webhook)
        with patch.object(requests, "post") as post:
            self._run_cron()
        self.assertEqual(row.state, "done")
        post.assert_called_once()
        self.assertIn(self.order.name, post.call_args.kwargs["data"])
        self.assertEqual(
            post.call_args.kwargs["headers"]["Idempotency-Key"],
            f"{row.key}:{self.webhook.id}",
        )

    def test_refused(self):
        """Odoo would only log it."""
        row = self._enqueue(self.webhook)
        response = requests.Response()
        response.status_code = 503
        response.reason = "Service Unavailable"
        with patch.object(requests, "post", return_value=response):
            self._run_cron()
        self.assertEqual(row.state, "failed")
        self.assertIn("503", row.error)

    def test_not_reached(self):
        row = self._enqueue(self.webhook)
        error = requests.exceptions.ConnectionError("no route")
        with patch.object(requests, "post", side_effect=error):
            self._run_cron()
        self.assertEqual(row.state, "failed")
        self.assertIn("no route", row.error)

    def test_outside_the_outbox_as_odoo_does(self):
        with patch.object(requests, "post") as post:
            self.webhook.with_context(
                active_model="sale.order",
                active_id=self.order.id,
                active_ids=self.order.ids,
            ).run()
            post.assert_not_called()
