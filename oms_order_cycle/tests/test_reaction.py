from ast import literal_eval
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import OrderCycleCommon

LOGGER = "odoo.addons.oms_order_cycle.models.outbox.oms_reaction_react"
RUN_LOGGER = "odoo.addons.oms_order_cycle.models.outbox.oms_outbox_run"
EFFECT = "record.write({'client_order_ref': '%s by %s' % (event.name, env.user.login)})"


class ReactionCase(OrderCycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # as if an app were installed that writes all kinds of events
        events = type(cls.env["oms.event"])
        kinds = dict(events.kind._description_selection(cls.env))
        cls.startClassPatcher(
            patch.object(events, "_get_written_kinds", lambda self: set(kinds))
        )
        cls.order = cls.create_order(confirm=False)
        cls.action = cls.create_action(EFFECT)
        cls.consultant = cls.create_user(
            "reaction_consultant", "oms_order_cycle.group_oms_consultant"
        )
        # what has no company is changed only by who has access to all
        cls.consultant.company_ids = cls.env["res.company"].search([])

    @classmethod
    def create_action(cls, code, **values):
        return cls.env["ir.actions.server"].create(
            {
                "name": "Reaction Action",
                "model_id": cls.env.ref("sale.model_sale_order").id,
                "state": "code",
                "code": code,
                **values,
            }
        )

    @classmethod
    def create_reaction(cls, user=None, **values):
        reactions = cls.env["oms.reaction"].with_user(user or cls.env.user)
        return reactions.create(
            {
                "name": "Test Reaction",
                "event_kind": "refused",
                "action_id": cls.action.id,
                **values,
            }
        ).with_env(cls.env)

    @classmethod
    def log(cls, *orders, **values):
        """Write an event for each order, all at once."""
        return cls.env["oms.event"]._log(
            [
                {"order_id": order.id, "kind": "refused", "name": "Refused", **values}
                for order in orders or [cls.order]
            ]
        )

    @classmethod
    def rows(cls, reaction):
        return cls.env["oms.outbox"].search([("reaction_id", "=", reaction.id)])

    def process(self, rows):
        with mute_logger(RUN_LOGGER, "odoo.addons.base.models.ir_actions"):
            rows._process()


@tagged("post_install", "-at_install")
class TestReaction(ReactionCase):
    def test_once(self):
        reaction = self.create_reaction()
        event = self.log()
        row = self.rows(reaction)
        self.assertRecordValues(
            row,
            [
                {
                    "key": f"event:{event.id}:reaction:{reaction.id}",
                    "event_id": event.id,
                    "action_id": self.action.id,
                    "author_id": self.env.uid,
                    "order_id": self.order.id,
                    "state": "pending",
                }
            ],
        )
        self.assertTrue(event.is_taken)
        self.assertFalse(self.env["oms.reaction"]._react(event), "once and once only")
        self.process(row)
        self.assertEqual(row.state, "done", row.error_details)
        self.assertIn("Refused", self.order.client_order_ref)
        self.journal()
        self.assertEqual(self.rows(reaction), row)

    def test_two_events_in_one_transaction(self):
        reaction = self.create_reaction()
        events = self.log() + self.log()
        self.assertEqual(self.rows(reaction).event_id, events)

    def test_two_reactions_to_one_event(self):
        reactions = self.create_reaction() + self.create_reaction(sequence=1)
        event = self.log()
        self.assertEqual(
            event.outbox_ids.sorted("id").reaction_id, reactions.sorted("sequence")
        )

    def test_rolled_back_savepoint(self):
        reaction = self.create_reaction()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.log()
            self.assertTrue(self.rows(reaction))
            raise ZeroDivisionError
        self.assertFalse(self.rows(reaction))

    def test_nothing_to_react_to(self):
        self.create_reaction()
        self.assertFalse(self.env["oms.event"]._log([]))
        self.assertFalse(self.env["oms.reaction"]._react(self.env["oms.event"]))

    def test_past_events(self):
        reaction = self.create_reaction()
        self.env["oms.event"]._log(
            [{"order_id": self.order.id, "kind": "refused", "name": "Long ago"}],
            react=False,
        )
        self.assertFalse(self.rows(reaction))

    def test_no_query_without_a_reaction(self):
        self.create_reaction(event_kind="departed")
        self.env["oms.reaction"]._get_definitions()  # once, for the registry's cache
        events = self.log()
        with self.assertQueryCount(0):
            self.env["oms.reaction"]._react(events)

    def test_queries_do_not_grow(self):
        orders = self.env["sale.order"].union(
            *(self.create_order(confirm=False) for _number in range(10))
        )
        self.create_reaction(
            event_domain="[('name', 'ilike', 'refused')]",
            order_domain=f"[('partner_id', '=', {self.customer.id})]",
        )
        self.log()  # what is read once: the scheduled job, its trigger
        self.env.flush_all()
        counts = []
        for some in (orders[:1], orders[1:]):
            before = self.env.cr.sql_log_count
            self.log(*some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_archived(self):
        reaction = self.create_reaction()
        reaction.active = False
        event = self.log()
        self.assertFalse(self.rows(reaction))
        self.assertFalse(event.is_taken)
        reaction.active = True
        self.log()
        self.assertEqual(len(self.rows(reaction)), 1)

    def test_deleted(self):
        reaction = self.create_reaction()
        self.env["oms.reaction"]._get_definitions()
        definitions = self.env["oms.reaction"]._get_definitions()
        self.log()
        row = self.rows(reaction)
        reaction.unlink()
        self.assertFalse(row.reaction_id)
        self.process(row)
        self.assertEqual(row.state, "done", "it was asked for while it was there")
        # another process may remember it for a moment
        with patch.object(
            self.registry["oms.reaction"], "_get_definitions", lambda self: definitions
        ):
            event = self.log()
        self.assertFalse(event.outbox_ids)

    def test_company(self):
        other = self.create_company("OMS Other Distributor")
        reaction = self.create_reaction(company_id=other.id)
        self.log()
        self.assertFalse(self.rows(reaction))
        reaction.company_id = self.company
        self.log()
        self.assertEqual(len(self.rows(reaction)), 1)
        branch = self.env["res.company"].create(
            {"name": "OMS Branch", "parent_id": self.company.id}
        )
        order = self.order.copy({"company_id": branch.id, "warehouse_id": False})
        self.log(order)
        self.assertEqual(self.rows(reaction).order_id, self.order + order)

    def test_company_of_the_author(self):
        """For companies that the author has no access to nothing is done."""
        other = self.create_company("OMS Other Distributor")
        reaction = self.create_reaction(self.consultant)
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": other.id}
        )
        self.log(order, self.order)
        self.assertEqual(self.rows(reaction).order_id, self.order)
        self.assertIn(other.name, reaction.companies_left_out)
        reaction.with_user(self.consultant).company_id = self.company
        self.assertFalse(reaction.companies_left_out)

    def test_companies_out_of_sight_are_not_named(self):
        reaction = self.create_reaction(self.consultant)
        other = self.create_company("OMS Other Distributor")
        self.assertEqual(reaction.companies_left_out, other.name)
        self.assertFalse(reaction.with_user(self.consultant).companies_left_out)

    def test_milestone(self):
        shipped = self.create_reaction(event_kind="fact", milestone="shipped")
        any_one = self.create_reaction(event_kind="fact")
        self.log(kind="fact", milestone="released")
        self.assertFalse(self.rows(shipped))
        self.assertTrue(self.rows(any_one))
        self.log(kind="fact", milestone="shipped")
        self.assertTrue(self.rows(shipped))
        shipped.event_kind = "packed"
        self.log(kind="packed")
        self.assertEqual(len(self.rows(shipped)), 2, "only facts have milestones")

    def test_cancelled_order(self):
        """What waits is dropped, but what follows from the cancelling itself runs."""
        refused = self.create_reaction()
        cancelled = self.create_reaction(event_kind="cancelled")
        order = self.create_order()
        self.journal()
        self.log(order)
        order._action_cancel()
        self.journal()
        self.process(self.rows(refused) + self.rows(cancelled))
        self.assertEqual(self.rows(refused).state, "cancelled")
        self.assertEqual(self.rows(cancelled).state, "done")

    def test_cancelled_order_taken_up_again(self):
        reaction = self.create_reaction(event_kind="cancelled")
        order = self.create_order()
        self.journal()
        order._action_cancel()
        self.journal()
        order.action_draft()
        order.action_confirm()
        self.journal()
        self.process(self.rows(reaction))
        self.assertEqual(self.rows(reaction).state, "cancelled")
        self.assertIn("taken up again", self.rows(reaction).error)

    def test_circle(self):
        """An action that causes its own event is stopped."""
        self.create_reaction(
            event_kind="promised",
            action_id=self.create_action(
                "day = record.commitment_date or datetime.datetime(2027, 1, 1)\n"
                "day += datetime.timedelta(days=1)\n"
                "record.write({'commitment_date': day})",
                name="Add a Day",
            ).id,
        )
        order = self.create_order()
        self.journal()
        order.commitment_date = "2027-05-05"
        self.journal()
        for _turn in range(20):
            waiting = order.oms_outbox_ids.filtered(lambda row: row.state == "pending")
            if not waiting:
                break
            self.process(waiting)
        rows = order.oms_outbox_ids.sorted("id")
        self.assertEqual(rows.mapped("depth"), list(range(12)))
        self.assertEqual(rows[1:].parent_id, rows[:-1])
        self.assertEqual(set(rows[:-1].mapped("state")), {"done"})
        stopped = rows[-1]
        self.assertRecordValues(stopped, [{"state": "failed", "next_try": False}])
        self.assertIn("Add a Day → Add a Day", stopped.error)
        self.assertTrue(
            order.oms_event_ids.filtered(lambda event: "Stopped" in event.name)
        )
        promises = len(order.oms_promise_ids)
        stopped.action_retry()
        self.process(stopped)
        self.assertEqual(stopped.state, "done")
        self.assertEqual(len(order.oms_promise_ids), promises + 1)
        self.assertEqual((order.oms_outbox_ids - rows).state, "failed")

    def test_stage_is_reached(self):
        reaction = self.create_reaction(
            event_kind="stage",
            event_domain="[('stage_id.name', '=', 'To be released')]",
            order_domain="[('state', '=', 'sale')]",
        )
        order = self.create_order()
        self.journal()
        events = order.oms_event_ids.filtered(lambda event: event.kind == "stage")
        self.assertTrue(events)
        expected = events.filtered(
            lambda event: event.stage_id.name == "To be released"
        )
        self.assertEqual(self.rows(reaction).event_id, expected)


@tagged("post_install", "-at_install")
class TestReactionConditions(ReactionCase):
    def test_conditions(self):
        reaction = self.create_reaction(
            event_domain="[('name', 'ilike', 'damaged')]",
            order_domain="[('client_order_ref', '=', 'important')]",
        )
        other = self.create_order(confirm=False)
        self.order.client_order_ref = "important"  # not yet in the database
        for name in ("Refused", "Damaged"):
            events = self.log(self.order, other, name=name)
        self.assertEqual(self.rows(reaction).event_id, events[0])

    def test_unreadable_condition_is_refused(self):
        for name in ("event_domain", "order_domain"):
            for text in ("[('nonsense', '=', 1)]", "no domain", "[('id'"):
                with self.assertRaises(ValidationError):
                    self.create_reaction(**{name: text})

    def test_condition_that_cannot_be_asked_is_refused(self):
        for values in (
            {"event_domain": "[('amount', '>', 'abc')]"},
            {"event_domain": "[('data.x', '=', 1)]"},
            {"order_domain": "[('oms_why', 'ilike', 'x')]"},
            {"order_domain": "[('date_order', '>', 'zzz')]"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError) as caught:
                self.create_reaction(**values)
            self.assertIn("Test Reaction", str(caught.exception))

    def test_unknown_event_is_refused(self):
        """Answering to what is written when an action has run would never end."""
        for values in (
            {"event_kind": "action"},
            {"event_kind": "nonsense"},
            {"event_kind": "fact", "milestone": "nonsense"},
        ):
            with self.assertRaises(ValidationError):
                self.create_reaction(**values)

    def _break(self, reaction, text):
        """A condition on a field that has gone with its addon."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oms_reaction SET order_domain = %s WHERE id = %s",
            [text, reaction.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def test_broken_condition_stops_nobody(self):
        broken, good = self.create_reaction(), self.create_reaction()
        self.assertFalse(broken.problem)
        for text in (
            "[('gone_with_its_addon', '=', True)]",
            "(((",
            # the database raises
            "[('client_order_ref', 'in', ['\\x00'])]",
        ):
            self._break(broken, text)
            self.order.note = f"<p>{text}</p>"
            with self.assertLogs(LOGGER, "WARNING"), mute_logger("odoo.sql_db"):
                self.log()
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertIn(text[:3], self.order.note, "what the user did is kept")
            self.assertFalse(self.rows(broken))
        self.assertEqual(len(self.rows(good)), 3)
        self.assertTrue(broken.problem)
        found = self.env["oms.reaction"].search([("problem", "!=", False)])
        self.assertIn(broken, found)
        self.assertNotIn(good, found)
        broken.order_domain = "[]"
        self.assertFalse(broken.problem)

    def test_collision_is_not_a_broken_condition(self):
        self.create_reaction(order_domain="[('state', '=', 'draft')]")
        with (
            patch.object(
                self.registry["oms.reaction"],
                "_search_events",
                side_effect=SerializationFailure("collision"),
            ),
            self.assertRaises(SerializationFailure),
        ):
            self.log()

    def test_author_does_not_learn_what_he_may_not_read(self):
        """Neither fields nor records: else what is done would tell him."""
        with self.assertRaises(AccessError):
            self.create_reaction(
                self.consultant,
                order_domain="[('transaction_ids.reference', '=like', 'A%')]",
            )
        values = {"order_domain": "[('partner_id.name', '=', 'OMS Customer')]"}
        his = self.create_reaction(self.consultant, **values)
        ours = self.create_reaction(**values)
        self.log()
        self.env["ir.rule"].create(
            {
                "name": "Not to be seen",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.customer.id})]",
            }
        )
        self.log()
        self.assertEqual(len(self.rows(ours)), 2)
        self.assertEqual(len(self.rows(his)), 1)

    def test_orders_out_of_sight_are_none_of_his_business(self):
        reaction = self.create_reaction(
            self.consultant, order_domain="[('state', '=', 'draft')]"
        )
        self.order.user_id = self.env.user
        self.log()
        self.assertEqual(len(self.rows(reaction)), 1)
        self.consultant.group_ids = [
            Command.set(self.env.ref("sales_team.group_sale_salesman").ids)
        ]
        self.log()
        self.assertEqual(len(self.rows(reaction)), 1)


@tagged("post_install", "-at_install")
class TestReactionRights(ReactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["res.groups"].create({"name": "Chosen Few"})

    def test_runs_as_its_author(self):
        reaction = self.create_reaction(self.consultant)
        self.assertEqual(reaction.author_id, self.consultant)
        self.log()
        row = self.rows(reaction)
        self.assertEqual(row.author_id, self.consultant)
        self.process(row)
        self.assertEqual(row.state, "done", row.error_details)
        self.assertEqual(self.order.client_order_ref, "Refused by reaction_consultant")

    def test_action_for_others(self):
        self.action.group_ids = self.group
        with self.assertRaises(AccessError):
            self.create_reaction(self.consultant)
        reaction = self.create_reaction(action_id=self.create_action(EFFECT).id)
        with self.assertRaises(AccessError):
            reaction.with_user(self.consultant).action_id = self.action
        self.consultant.group_ids = [Command.link(self.group.id)]
        reaction.with_user(self.consultant).action_id = self.action
        self.assertEqual(reaction.author_id, self.consultant)

    def test_action_of_another_model(self):
        users = self.env.ref("base.model_res_users")
        action = self.create_action("", model_id=users.id)
        with self.assertRaises(ValidationError):
            self.create_reaction(action_id=action.id)
        with self.assertRaises(ValidationError):
            self.workflow.copy().stage_ids[0].action_ids = action

    def test_scheduled_job_is_no_action_for_orders(self):
        job = self.env["ir.actions.server"].create(
            {
                "name": "Nightly Job",
                "model_id": self.env.ref("sale.model_sale_order").id,
                "state": "code",
                "usage": "ir_cron",
            }
        )
        with self.assertRaisesRegex(ValidationError, "scheduled job"):
            self.create_reaction(action_id=job.id)
        with self.assertRaisesRegex(ValidationError, "scheduled job"):
            self.workflow.copy().stage_ids[0].action_ids = job

    def test_archived_is_taken_up_in_his_name_who_does(self):
        self.action.group_ids = self.group
        reaction = self.create_reaction(active=False)
        as_consultant = reaction.with_user(self.consultant)
        with self.assertRaises(AccessError):
            as_consultant.action_unarchive()
        with self.assertRaises(AccessError):
            as_consultant.write({"active": True})
        self.consultant.group_ids = [Command.link(self.group.id)]
        as_consultant.action_unarchive()
        self.assertEqual(reaction.author_id, self.consultant)
        reaction.active = False
        self.assertEqual(reaction.author_id, self.consultant, "nothing is done now")

    def test_no_code_from_consultants(self):
        with self.assertRaises(AccessError):
            self.create_action("").with_user(self.consultant).code = "1"
        with self.assertRaises(AccessError):
            self.env["ir.actions.server"].with_user(self.consultant).create(
                {
                    "name": "Code",
                    "model_id": self.env.ref("sale.model_sale_order").id,
                    "state": "code",
                }
            )

    def test_author_is_who_changed_it_last(self):
        reaction = self.create_reaction()
        author = reaction.author_id
        as_consultant = reaction.with_user(self.consultant)
        as_consultant.write({"name": "Other Name", "sequence": 3, "active": True})
        as_consultant.write({"event_kind": "refused", "action_id": self.action.id})
        self.assertEqual(reaction.author_id, author, "nothing that matters")
        for values in (
            {"event_kind": "departed"},
            {"event_domain": "[('name', '=', 'x')]"},
            {"order_domain": "[('state', '=', 'sale')]"},
            {"action_id": self.create_action(EFFECT).id},
        ):
            reaction.action_take_over()
            as_consultant.write(values)
            self.assertEqual(reaction.author_id, self.consultant, values)

    def test_author_cannot_be_forged(self):
        root = self.env.ref("base.user_root")
        with self.assertRaises(AccessError):
            self.create_reaction(self.consultant, author_id=root.id)
        reactions = self.env["oms.reaction"].with_user(self.consultant)
        reaction = reactions.with_context(default_author_id=root.id).create(
            {"name": "x", "event_kind": "refused", "action_id": self.action.id}
        )
        self.assertEqual(reaction.author_id, self.consultant)
        with self.assertRaises(AccessError):
            reaction.author_id = root
        stage = self.workflow.copy().stage_ids[0]
        with self.assertRaises(AccessError):
            stage.with_user(self.consultant).write({"author_id": root.id})
        for login, groups in (
            ("reaction_portal", "base.group_portal"),
            ("reaction_salesman", "sales_team.group_sale_manager"),
        ):
            user = self.create_user(login, groups)
            with self.assertRaises(AccessError):
                self.create_reaction(user)
            with self.assertRaises(AccessError):
                reaction.with_user(user).write({"author_id": user.id})
            with self.assertRaises(AccessError):
                reaction.with_user(user).action_take_over()
            with self.assertRaises(AccessError):
                reaction.with_user(user).read(["name"])

    def test_take_over(self):
        self.action.group_ids = self.group
        reaction = self.create_reaction()
        with self.assertRaises(AccessError):
            reaction.with_user(self.consultant).action_take_over()
        self.consultant.group_ids = [Command.link(self.group.id)]
        self.assertFalse(reaction.with_user(self.consultant).is_mine)
        reaction.with_user(self.consultant).action_take_over()
        self.assertEqual(reaction.author_id, self.consultant)

    def test_author_archived(self):
        reaction = self.create_reaction(self.consultant)
        self.log()
        self.consultant.active = False
        self.log()
        rows = self.rows(reaction)
        self.process(rows)
        self.assertEqual(set(rows.mapped("state")), {"failed"})
        self.assertIn(self.consultant.name, rows[0].error)
        self.assertIn("archived", rows[0].error)
        self.assertIn("archived", reaction.problem)
        reaction.action_take_over()
        self.assertFalse(reaction.problem)
        rows.action_retry()
        self.assertEqual(rows.author_id, self.env.user)
        self.process(rows)
        self.assertEqual(set(rows.mapped("state")), {"done"})

    def test_author_without_rights(self):
        self.action.group_ids = self.group
        self.consultant.group_ids = [Command.link(self.group.id)]
        reaction = self.create_reaction(self.consultant)
        self.log()
        self.consultant.group_ids = [Command.unlink(self.group.id)]
        row = self.rows(reaction)
        self.process(row)
        self.assertEqual(row.state, "failed")
        self.assertIn(self.consultant.name, row.error)
        self.assertIn(self.action.name, row.error)
        self.assertIn(self.consultant.name, reaction.problem)

    def test_author_without_the_company(self):
        reaction = self.create_reaction(self.consultant)
        self.log()
        other = self.create_company("OMS Other Distributor")
        self.consultant.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        row = self.rows(reaction)
        self.process(row)
        self.assertEqual(row.state, "failed")
        self.assertIn(self.company.name, row.error)

    def test_author_of_rows_that_lost_him(self):
        self.create_reaction()
        row = self.log().outbox_ids
        row.author_id = False
        self.process(row)
        self.assertEqual(row.state, "failed")
        self.assertIn("deleted", row.error)

    def test_retry_keeps_the_author_when_another_action_is_asked_for(self):
        """What one could not have done, another who changes it does not do for him."""
        reaction = self.create_reaction(self.consultant)
        self.log()
        row = self.rows(reaction)
        self.consultant.active = False
        self.process(row)
        reaction.action_id = self.create_action(EFFECT)
        row.action_retry()
        self.assertEqual(row.author_id, self.consultant)

    def test_stage_actions_run_as_who_chose_them(self):
        workflow = self.create_workflow(
            "OMS Acting",
            ["confirmed", "shipped"],
            publish=False,
            sequence=0,
            company_id=self.company.id,
        )
        stage = workflow.stage_ids[1]
        as_consultant = stage.with_user(self.consultant)
        with self.assertRaises(AccessError):
            as_consultant.action_ids = self.create_action(
                EFFECT, group_ids=self.group.ids
            )
        as_consultant.action_ids = self.action
        self.assertEqual(stage.author_id, self.consultant)
        stage.action_ids = [Command.link(self.action.id)]
        self.assertEqual(stage.author_id, self.consultant, "nothing has changed")
        workflow.action_publish()
        order = self.create_order()
        self.journal()
        row = order.oms_outbox_ids
        self.assertRecordValues(
            row,
            [
                {
                    "stage_id": stage.id,
                    "author_id": self.consultant.id,
                    "key": f"stage:{stage.id}:action:{self.action.id}:order:{order.id}",
                }
            ],
        )
        self.assertEqual(row.event_id.kind, "stage")
        self.process(row)
        self.assertEqual(row.state, "done", row.error_details)
        self.assertIn("by reaction_consultant", order.client_order_ref)

    def _draft(self, *actions, **values):
        actions = self.env["ir.actions.server"].union(*actions)
        return self.create_workflow(
            "OMS Draft",
            [
                "confirmed",
                {"name": "Act", "milestone": "shipped", "action_ids": actions.ids},
            ],
            **{"publish": False, "company_id": self.company.id, **values},
        )

    def test_who_publishes_may_run_the_actions(self):
        """Who widens, publishes or names a workflow has its actions run."""
        chosen = self.create_action(EFFECT, group_ids=self.group.ids)
        draft = self._draft(chosen, domain="[('amount_total', '>', 1000000)]")
        mine = draft.with_user(self.consultant)
        channel = self.env["oms.channel"].create(
            {"name": "C", "code": "OMSACT", "company_id": self.company.id}
        )
        tag = self.env["res.partner.category"].create({"name": "Tag"})
        for number, refused in enumerate(
            (
                mine.action_publish,
                lambda: mine.write({"domain": "[]"}),
                lambda: mine.write({"is_default": True}),
                lambda: mine.write({"sequence": -5}),
                lambda: mine.write({"partner_category_ids": [Command.link(tag.id)]}),
                lambda: mine.write({"channel_ids": [Command.link(channel.id)]}),
                lambda: channel.with_user(self.consultant).write(
                    {"workflow_id": draft.id}
                ),
            )
        ):
            with (
                self.subTest(number),
                self.assertRaisesRegex(AccessError, "The stages of “OMS Draft”"),
            ):
                refused()
        # nobody writes the state
        with self.assertRaises(AccessError):
            mine.write({"state": "published"})
        mine.write({"name": "OMS Draft", "sequence": draft.sequence, "active": True})
        draft.action_publish()
        mine.action_retire()
        mine.action_archive()
        with self.assertRaisesRegex(AccessError, "The stages of “OMS Draft"):
            mine.action_unarchive()
        self.consultant.group_ids = [Command.link(self.group.id)]
        mine.action_unarchive()

    def test_consultant_publishes_actions_that_he_may_run(self):
        draft = self._draft(self.action, domain="[('amount_total', '>', 1000000)]")
        mine = draft.with_user(self.consultant)
        mine.domain = "[]"
        mine.action_publish()
        self.assertEqual(draft.state, "published")

    def test_who_moves_a_stage_answers_for_its_actions(self):
        chosen = self.create_action(EFFECT, group_ids=self.group.ids)
        stage = self._draft(chosen).stage_ids[1]
        own = self._draft().with_user(self.consultant)
        mine = stage.with_user(self.consultant)
        for values in (
            {"workflow_id": own.id},
            {"sequence": 1},
            {"milestone": "paid"},
            {"exit_kind": "domain", "exit_domain": "[('amount_total', '>', 1)]"},
            {"rerun_actions": True},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                mine.write(values)
        with self.assertRaises(AccessError):
            own.stage_ids = [Command.link(stage.id)]
        mine.write({"name": "Act!", "milestone": "shipped"})
        self.assertEqual(stage.author_id, self.env.user)
        stage = self._draft(self.action).stage_ids[1]
        stage.with_user(self.consultant).workflow_id = own
        self.assertEqual(stage.author_id, self.consultant)
        plain = own.stage_ids[0].with_env(self.env)
        author = plain.author_id
        plain.with_user(self.consultant).milestone = "released"
        self.assertEqual(plain.author_id, author, "it has no action done")

    def test_stage_is_not_moved_into_a_workflow_in_use(self):
        stage = self._draft(self.action).stage_ids[1]
        with self.assertRaisesRegex(UserError, "is in use"):
            stage.workflow_id = self.workflow

    def _stage_row(self):
        """An order, and its row for an action on entry that waits."""
        self._draft(self.action, sequence=0).action_publish()
        order = self.create_order()
        self.journal()
        self.assertEqual(order.oms_outbox_ids.state, "pending")
        return order, order.oms_outbox_ids

    def _cancel_and_confirm(self, order, before_confirming=lambda: None):
        order._action_cancel()
        self.journal()
        before_confirming()
        order.action_draft()
        order.action_confirm()
        self.journal()

    def test_stage_action_of_an_order_that_was_cancelled_meanwhile(self):
        order, row = self._stage_row()
        key = row.key
        self._cancel_and_confirm(order, lambda: self.process(row))
        self.assertEqual(row.state, "cancelled")
        again = order.oms_outbox_ids - row
        self.assertRecordValues(again, [{"key": key, "state": "pending"}])
        self.process(again)
        self.assertEqual(again.state, "done", again.error_details)
        self._cancel_and_confirm(order)
        self.assertEqual(order.oms_outbox_ids, row + again, "once and once only")
        row.action_retry()
        self.assertNotEqual(row.key, key, "it has been asked for again")

    def test_stage_action_that_somebody_cancelled(self):
        order, row = self._stage_row()
        row.action_cancel()
        self._cancel_and_confirm(order)
        self.assertEqual(order.oms_outbox_ids, row)
        self.assertEqual(row.state, "cancelled")

    def test_dropped_action_that_somebody_retries(self):
        order, row = self._stage_row()
        key = row.key
        order._action_cancel()
        self.journal()
        self.process(row)
        self.assertNotEqual(row.key, key)
        row.action_retry()
        self.assertRecordValues(row, [{"key": key, "state": "pending"}])

    def test_new_version_of_actions_for_others(self):
        action = self.create_action(EFFECT, group_ids=self.group.ids)
        workflow = self.create_workflow(
            "OMS With Action",
            [{"name": "a", "milestone": "shipped", "action_ids": action.ids}],
        )
        self.assertEqual(workflow.stage_ids.author_id, self.env.user)
        as_consultant = workflow.with_user(self.consultant)
        with self.assertRaises(AccessError):
            as_consultant.action_new_version()
        with self.assertRaises(AccessError):
            as_consultant.stage_ids.action_take_over()
        self.consultant.group_ids = [Command.link(self.group.id)]
        as_consultant.stage_ids.action_take_over()
        self.assertEqual(workflow.stage_ids.author_id, self.consultant)

    def test_journal_stays_as_it_was_written(self):
        self.create_reaction()
        event = self.log()
        for values in ({"is_taken": False}, {"data": {}}):
            with self.assertRaises(UserError):
                event.write(values)


@tagged("post_install", "-at_install")
class TestReactionScreens(ReactionCase):
    def test_try(self):
        taken = self.log(name="Damaged")
        self.log(name="Too late")
        self.log(kind="departed", name="Damaged")
        reaction = self.create_reaction(
            self.consultant, event_domain="[('name', '=', 'Damaged')]"
        )
        answer = reaction.with_user(self.consultant).action_try()["params"]
        self.assertIn("1 past event", answer["message"])
        self.assertNotIn("as they are now", answer["message"])
        listed = answer["next"]
        self.assertEqual(listed["res_model"], "oms.event")
        self.assertEqual(self.env["oms.event"].search(listed["domain"]), taken)
        reaction.order_domain = "[('state', '=', 'sale')]"
        answer = reaction.action_try()["params"]
        self.assertIn("0 past events", answer["message"])
        self.assertIn("as they are now", answer["message"])
        self.assertFalse(self.rows(reaction), "trying does nothing")

    def test_try_that_finds_nothing(self):
        """The text of the empty list is words, not HTML that is shown as it is."""
        reaction = self.create_reaction(event_domain="[('name', '=', 'Never')]")
        answer = reaction.action_try()["params"]
        self.assertEqual(answer["title"], "“Test Reaction”")
        self.assertNotIn("sticky", answer)
        self.assertEqual(answer["next"]["help"], "No past event matches.")

    def test_condition_counts_events_of_the_kind(self):
        reaction = self.create_reaction(event_kind="fact", milestone="shipped")
        base = literal_eval(reaction.event_base_domain)
        event = self.log(kind="fact", milestone="shipped")
        self.log(kind="fact", milestone="picked")
        self.log()
        found = self.env["oms.event"].search([*base, ("order_id", "=", self.order.id)])
        self.assertEqual(found, event)
        form = self.form(self.env["oms.reaction"].with_user(self.consultant))
        form.event_kind = "refused"
        self.assertEqual(form.event_base_domain, "[('kind', '=', 'refused')]")

    def test_kinds_that_nothing_writes_come_last(self):
        written = {"fact", "delivered"}
        with patch.object(
            type(self.env["oms.event"]), "_get_written_kinds", lambda self: written
        ):
            kinds = self.env["oms.reaction"]._selection_event_kind()
        self.assertEqual({kind for kind, _label in kinds[:2]}, written)
        self.assertEqual(dict(kinds)["fact"], "Reached")
        self.assertIn(("refused", "Refused by Customer (not reported yet)"), kinds[2:])

    def test_scheduled_jobs_are_not_offered(self):
        job = self.env.ref("oms_order_cycle.oms_outbox_cron").ir_actions_server_id
        job.model_id = self.env.ref("sale.model_sale_order")
        for model, name in (("oms.reaction", "action_id"), ("oms.stage", "action_ids")):
            domain = literal_eval(self.env[model]._fields[name].domain)
            found = self.env["ir.actions.server"].search(domain)
            self.assertIn(self.action, found)
            self.assertNotIn(job, found)

    def test_companies_left_out_are_those_of_the_reader(self):
        reaction = self.create_reaction(user=self.consultant)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.create_user(
            "reaction_other", "oms_order_cycle.group_oms_consultant"
        )
        self.assertFalse(reaction.with_user(other).companies_left_out)
        other.company_ids += company
        reaction.invalidate_recordset(["companies_left_out"])
        self.assertEqual(reaction.with_user(other).companies_left_out, "Elsewhere")

    def test_data_of_an_event_in_words(self):
        line = self.order.order_line[0]
        self.env.user.tz = "UTC"
        event = self.log(
            data={
                "reason": "<b>Box is wet</b>",
                "new": "2031-05-12 15:00:00",
                "lines": [{"line_id": line.id, "cause": "lead_time"}],
            }
        )
        words = event.details
        self.assertIn("&lt;b&gt;Box is wet", words)
        self.assertIn("May 12, 2031", words)
        self.assertIn(line.product_id.display_name, words)
        self.assertIn("Lead Time Changed", words)
        quantities = self.log(data={"lines": {str(line.id): 2.0}, "many": [1, 2]})
        self.assertIn(line.product_id.display_name, quantities.details)
        self.assertIn("1, 2", quantities.details)
        self.assertFalse(self.log().details)

    def test_not_acted_on(self):
        view = self.env.ref("oms_order_cycle.oms_event_view_search")
        arch = view._get_combined_arch()
        domain = literal_eval(arch.find(".//filter[@name='not_taken']").get("domain"))
        events = self.env["oms.event"]
        alone = self.log()
        self.create_reaction()
        taken = self.log()
        found = events.search([*domain, ("order_id", "=", self.order.id)])
        self.assertEqual(found & (alone + taken), alone)

    def test_form(self):
        reactions = self.env["oms.reaction"].with_user(self.consultant)
        form = self.form(reactions)
        form.name = "From the form"
        form.event_kind = "fact"
        form.milestone = "shipped"
        form.action_id = self.action
        reaction = form.save()
        self.assertEqual(reaction.author_id, self.consultant)
        self.log(kind="fact", milestone="shipped")
        row = self.rows(reaction)
        row._write_failure("no")
        reaction.invalidate_recordset()
        self.assertEqual((reaction.run_count, reaction.failed_count), (1, 1))
        action = reaction.action_view_runs()
        self.assertEqual(self.env["oms.outbox"].search(action["domain"]), row)

    def test_event_that_nothing_writes(self):
        reaction = self.create_reaction(event_kind="packed")
        events = type(self.env["oms.event"])
        with patch.object(events, "_get_written_kinds", lambda self: {"fact"}):
            self.assertIn("No installed app", reaction.problem)
        reaction.event_kind = "fact"
        self.assertFalse(reaction.problem)

    def test_deleted_action(self):
        reaction = self.create_reaction()
        self.action.unlink()
        self.assertIn("deleted", reaction.problem)
        self.assertFalse(self.log().is_taken)

    def test_who_may_retry(self):
        self.create_reaction()
        row = self.log().outbox_ids
        salesman = new_test_user(
            self.env, "reaction_sales", groups="sales_team.group_sale_salesman"
        )
        self.assertFalse(row.with_user(salesman).can_retry)
        self.assertTrue(row.with_user(self.consultant).can_retry)

    def test_example_of_the_documentation(self):
        """Ten lines: what one capability tells, another answers."""
        order = self.order
        line = order.order_line
        # [example]
        action = self.env["ir.actions.server"].create({
            "name": "Note what was refused",
            "model_id": self.env.ref("sale.model_sale_order").id,
            "state": "code",
            "code": "record.message_post(body=event.data['reason'])",
        })  # fmt: skip
        self.env["oms.reaction"].create({
            "name": "Note what was refused",
            "event_kind": "refused",
            "order_domain": "[('partner_id.is_company', '=', False)]",
            "action_id": action.id,
        })  # fmt: skip
        self.env["oms.event"]._log([{
            "order_id": order.id, "kind": "refused", "name": "Refused: box is wet",
            "data": {"reason": "Box is wet", "lines": {str(line.id): 2.0}},
        }])  # fmt: skip
        # [/example]
        self.process(order.oms_outbox_ids)
        self.assertIn("Box is wet", order.message_ids[0].body)

    def test_example_of_the_consultants_guide(self):
        """Mail the salesperson when a hold is overridden."""
        orders = self.env["ir.model"]._get("sale.order")
        template = self.env["mail.template"].create(
            {
                "name": "Hold overridden",
                "model_id": orders.id,
                "subject": "{{ object.name }}: a hold was overridden",
                "body_html": '<p><t t-out="object.oms_decisions"/></p>',
                "use_default_to": False,
                "partner_to": "{{ object.user_id.partner_id.id }}",
            }
        )
        action = self.env["ir.actions.server"].create(
            {
                "name": "Mail the salesperson",
                "model_id": orders.id,
                "state": "mail_post",
                "template_id": template.id,
                "mail_post_method": "email",
            }
        )
        reaction = self.create_reaction(
            user=self.consultant,
            name="Tell the salesperson that a hold was overridden",
            event_kind="hold_overridden",
            order_domain="[('user_id', '!=', False)]",
            action_id=action.id,
        )
        order = self.create_order()
        order.user_id = self.env.user
        order._oms_place_hold(
            self.env.ref("oms_order_cycle.oms_hold_type_service"), "Wait"
        )
        self.assertFalse(self.rows(reaction))
        order.oms_hold_ids.action_override("Go on")
        row = self.rows(reaction)
        self.process(row)
        self.assertEqual((row.state, row.error), ("done", False))
        self.assertEqual(row.author_id, self.consultant)
        mail = row.mail_ids
        self.assertEqual(mail.recipient_ids, self.env.user.partner_id)
        self.assertIn(order.name, mail.subject)
        self.assertIn("Hold overridden: Stopped by Service", mail.body_html)
        self.assertIn("Go on", mail.body_html)
        taken = order.oms_event_ids.filtered("is_taken")
        self.assertEqual(taken.kind, "hold_overridden")
        message = reaction.action_try()["params"]["message"]
        self.assertIn("1 past event", message)
        journal = order.oms_event_ids.filtered(lambda event: event.kind == "action")
        self.assertEqual(
            journal.name,
            "Mail the salesperson: e-mail queued (“Tell the salesperson that a hold was"
            f" overridden”, in the name of {self.consultant.name})",
        )

    def test_field_of_the_guide_is_offered(self):
        """Odoo's editor of e-mail templates offers what can be searched."""
        orders = self.env["sale.order"]
        field = orders.fields_get(["oms_decisions"])["oms_decisions"]
        self.assertTrue(field["searchable"])
        self.assertEqual(field["string"], "Hold Decisions")
        self.assertEqual(field["type"], "text")
        order = self.create_order()
        order._oms_place_hold(
            self.env.ref("oms_order_cycle.oms_hold_type_service"), "Wait"
        )
        self.assertIn("On hold: Stopped by Service. Wait. May be lifted", order.oms_why)
        found = orders.search([("oms_decisions", "!=", False)])
        self.assertNotIn(order, found)
        order.oms_hold_ids.action_override("Go on")
        for domain in (
            [("oms_decisions", "!=", False)],
            [("oms_decisions", "ilike", "go on")],
            [("oms_decisions", "ilike", "by service")],
        ):
            self.assertIn(order, orders.search(domain))
        self.assertNotIn(order, orders.search([("oms_decisions", "=", False)]))
        self.assertNotIn(order, orders.search([("oms_decisions", "ilike", "other")]))
