"""The journal of the orders, as it would have been written step by step."""

from odoo.tools import SQL

from odoo.addons.oms_order_cycle.models.cycle.sale_order_journal import JOURNAL
from odoo.addons.oms_order_cycle.models.cycle.sale_order_promise import PROMISES
from odoo.addons.oms_order_cycle.tools.filling import fill_promises

from .book import Desk


class JournalDesk(Desk):
    """Writes the events of orders whose documents were dated."""

    def write_events(self):
        """The journal as it would have been written step by step.

        What was written while the documents were made tells of one minute and one
        user; the actions on entry of the stages are things of the past.
        """
        orders = self.book.orders(self.book.plans)
        self.env.cr.precommit.data.pop(JOURNAL, None)
        for table in ("oms_event", "oms_outbox"):
            keep = SQL("kind <> 'approval'") if table == "oms_event" else SQL("TRUE")
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE order_id IN %s AND %s",
                    SQL.identifier(table),
                    tuple(orders.ids),
                    keep,
                )
            )
        progress = orders._oms_get_progress()
        self.env["oms.event"]._log(
            [
                vals
                for plan in self.book.plans
                for vals in self._prepare_events(plan, progress[plan.order])
            ],
            # nothing follows today from what happened then
            react=False,
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def write_promises(self):
        """What was promised when the orders were confirmed, now that this is past."""
        orders = self.book.orders(self.book.plans)
        self.env.cr.precommit.data.pop(PROMISES, None)
        ids = tuple(orders.ids)
        self.env.cr.execute(SQL("DELETE FROM oms_promise WHERE order_id IN %s", ids))
        fill_promises(self.env.cr)
        self.env.cr.execute(
            SQL(
                "UPDATE oms_promise SET cause = 'confirmed', user_id = %s"
                " WHERE order_id IN %s",
                self.book.user("confirmed").id,
                ids,
            )
        )
        self.env.invalidate_all()

    def _prepare_events(self, plan, progress):
        """Values of the events of one order, in the order of time."""
        order = plan.order
        labels = dict(
            self.env["oms.stage"]._fields["milestone"]._description_selection(self.env)
        )
        documents = self._documents(plan)
        events = []
        for milestone, moment in progress["facts"].items():
            if moment:
                events.append(
                    {
                        "kind": "fact",
                        "date": moment,
                        "milestone": milestone,
                        "user_id": self.book.user(milestone).id,
                        "name": labels[milestone],
                        **documents.get(milestone, {}),
                    }
                )
        events += self._prepare_stage_events(plan, progress)
        for hold in order.oms_hold_ids:
            events.append(
                {
                    "kind": "hold",
                    "date": hold.opened_at,
                    "hold_id": hold.id,
                    "user_id": hold.opened_by.id,
                    "name": hold._describe_opening(),
                }
            )
            if hold.state != "open":
                events.append(
                    {
                        "kind": "hold_lifted",
                        "date": hold.lifted_at,
                        "hold_id": hold.id,
                        "user_id": hold.lifted_by.id,
                        "name": hold._describe_lifting(),
                    }
                )
        for picking in self.book.outgoing([plan]).filtered("oms_delivered_at"):
            events.append(
                {
                    "kind": "delivered",
                    "date": picking.oms_delivered_at,
                    "user_id": self.book.user("delivered").id,
                    "res_model": picking._name,
                    "res_id": picking.id,
                    "name": f"{picking.name} arrived at the customer",
                }
            )
        if order.state == "cancel":
            events.append(
                {
                    "kind": "cancelled",
                    "date": self.book.cancel_time(plan),
                    "user_id": self.refs["user_service"].id,
                    "name": "Order cancelled",
                }
            )
        ranks = {"hold_lifted": 0, "fact": 1, "hold": 2, "stage": 3, "closed": 4}
        events.sort(key=lambda vals: (vals["date"], ranks.get(vals["kind"], 2)))
        return [{**vals, "order_id": order.id} for vals in events]

    def _documents(self, plan):
        """The document behind each fact."""
        documents = {}
        for picking in plan.order.picking_ids.filtered("date_done").sorted("id"):
            documents[self.book.step_of(picking)] = picking
        invoices = plan.order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        if invoices:
            documents["invoiced"] = documents["paid"] = invoices.sorted("id")[-1]
        return {
            step: {"res_model": record._name, "res_id": record.id}
            for step, record in documents.items()
        }

    def _prepare_stage_events(self, plan, progress):
        """Where the order stood; stages passed within one step leave no trace."""
        order = plan.order
        if order.state == "cancel" or not order.oms_workflow_id:
            return []
        stages = order.oms_workflow_id._get_stages(order.oms_workflow_id.id)
        since, actor, entered = order.create_date, "ordered", []
        for stage, following in zip(stages, [*stages[1:], None], strict=True):
            if not entered:
                entered.append((since, stage.id, actor))
            passed, moment = order._oms_has_passed(stage, progress)
            if not passed:
                break
            if moment and moment > since:
                since = moment
                actor = stage.milestone or "confirmed"
            if entered[-1][0] == since:
                entered.pop()
            entered.append((since, following and following.id, actor))
        events, before = [], False
        names = {stage.id: stage.name for stage in order.oms_workflow_id.stage_ids}
        for moment, stage_id, actor in entered:
            user = self.refs["user_manager"] if not actor else self.book.user(actor)
            events.append(
                {
                    "kind": "stage" if stage_id else "closed",
                    "date": moment,
                    "stage_id": stage_id,
                    "from_stage_id": before,
                    "user_id": user.id,
                    "name": f"Stage: {names[stage_id]}"
                    if stage_id
                    else "Order cycle closed",
                }
            )
            before = stage_id
        return events
