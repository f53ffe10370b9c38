"""What changed in a transaction, and what is to follow from it."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError

from ...facts.fields import CYCLE_FIELDS
from ...facts.milestones import FACT_FIELDS, MILESTONES
from .sale_order_promise import PROMISES

#: Key of the journal's notes in ``cr.precommit.data``.
JOURNAL = "oms_order_cycle.journal"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def unlink(self):
        res = super().unlink()
        for key in (JOURNAL, PROMISES):
            notes = self.env.cr.precommit.data.get(key, {})
            for order_id in self.ids:
                notes.pop(order_id, None)
        return res

    def _oms_note_for_journal(self):
        """Remember what was, once a transaction, to journal what changed at its end."""
        precommit = self.env.cr.precommit
        if JOURNAL not in precommit.data:
            precommit.data[JOURNAL] = {}
            precommit.add(self.env["sale.order"]._oms_write_journal)
        notes = precommit.data[JOURNAL]
        for order in self:
            if order.id not in notes:
                notes[order.id] = {name: order[name] for name in CYCLE_FIELDS}
                notes[order.id]["uid"] = self.env.uid

    @api.model
    def _oms_write_journal(self):
        """Journal what changed in this transaction, and start the stages' actions."""
        notes = self.env.cr.precommit.data.pop(JOURNAL, {})
        orders = self.sudo().browse(notes)
        try:
            changed = orders._oms_filter_changed(notes)
        except MissingError:
            # created within a savepoint of SQL alone, and taken back with it
            changed = orders.exists()._oms_filter_changed(notes)
        if not changed:
            return
        events = self.env["oms.event"]._log(
            [
                vals
                for order, before in changed
                for vals in order._oms_prepare_events(before)
            ]
        )
        self._oms_start_stage_actions(
            events.filtered(lambda event: event.kind == "stage")
        )
        self.env["oms.stage"]._notify_of_moves(
            events.filtered(lambda event: event.stage_id or event.from_stage_id)
        )

    def _oms_filter_changed(self, notes):
        """``[(order, what was)]`` of the orders that are not what they were."""
        return [
            (order, notes[order.id])
            for order in self
            if any(order[name] != notes[order.id][name] for name in CYCLE_FIELDS)
        ]

    def _oms_prepare_events(self, before):
        """Values of the events that lead from ``before`` to now, for one order."""
        self.ensure_one()
        events = []
        base = {"order_id": self.id, "user_id": before["uid"]}
        labels = dict(
            self.env["oms.stage"]._fields["milestone"]._description_selection(self.env)
        )
        now = fields.Datetime.now()
        for milestone, field in zip(MILESTONES, FACT_FIELDS, strict=True):
            if bool(self[field]) == bool(before[field]):
                continue
            if self[field]:
                events.append(
                    dict(
                        base,
                        kind="fact",
                        date=self[field],
                        milestone=milestone,
                        name=labels[milestone],
                    )
                )
            else:
                events.append(
                    dict(
                        base,
                        kind="fact_cleared",
                        date=now,
                        milestone=milestone,
                        name=self.env._("No longer: %s", labels[milestone]),
                    )
                )
        stage, old_stage = self.oms_stage_id, before["oms_stage_id"]
        if stage != old_stage and stage:
            events.append(
                dict(
                    base,
                    kind="stage",
                    date=self.oms_stage_since,
                    stage_id=stage.id,
                    from_stage_id=old_stage.id,
                    name=self.env._("Stage: %s", stage._get_cached_name()),
                )
            )
        state, old_state = self.oms_cycle_state, before["oms_cycle_state"]
        if state != old_state and (old_state or state != "open"):
            kind, words = {
                "cancel": ("cancelled", self.env._("Order cancelled")),
                "closed": ("closed", self.env._("Order cycle closed")),
                "open": ("reopened", self.env._("Order cycle reopened")),
            }[state]
            date = self.oms_stage_since if state == "closed" else now
            events.append(
                dict(base, kind=kind, date=date, name=words, from_stage_id=old_stage.id)
            )
        return events

    @api.model
    def _oms_start_stage_actions(self, events):
        """Put the actions on entry of the stages that orders came to into the outbox.

        An order kept from the warehouse by the stages before its release is
        released the same way once it has left them.

        :param events: of the kind ``stage``
        """
        release_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "oms_order_cycle.action_server_release"
        )
        rows = []
        for event in events:
            order = event.order_id
            workflow_id = order.oms_workflow_id.id
            gate = self.env["oms.workflow"]._get_release_gate(workflow_id)
            for stage in self.env["oms.workflow"]._get_stages(workflow_id):
                if stage.id != order.oms_stage_id.id:
                    continue
                rows += [
                    event._prepare_stage_outbox(stage, action_id, stage.author_id)
                    for action_id in stage.action_ids
                ]
                rows += event._prepare_own_actions(stage)
                waits = stage.milestone == "released" or (
                    event.from_stage_id.id in gate and stage.id not in gate
                )
                if waits and order._oms_get_pending_lines():
                    rows.append(
                        event._prepare_stage_outbox(
                            stage._replace(rerun=True), release_id, SUPERUSER_ID
                        )
                    )
        if rows:
            self.env["oms.outbox"]._enqueue(rows)
