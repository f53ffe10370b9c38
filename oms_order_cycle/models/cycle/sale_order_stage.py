"""Where an order stands: facts, and the first stage whose exit test does not hold."""

from odoo import api, fields, models

from ...facts.fields import DERIVED_FIELDS
from ...facts.milestones import FACT_FIELDS, MILESTONES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.depends(lambda self: self._oms_get_triggers())
    def _compute_oms_cycle(self):
        stored = self.filtered("id")
        for order in self - stored:
            for name in DERIVED_FIELDS:
                order[name] = order._origin[name] if order._origin else False
        if not stored:
            return
        stored._oms_note_for_journal()
        progress = stored._oms_get_progress()
        for order, found in progress.items():
            order._oms_set_cycle(found)
        stored._oms_set_deadlines()

    def _oms_set_cycle(self, progress):
        """Write facts and stage of one order from what its documents say."""
        self.oms_revision += 1
        before = self.oms_stage_id
        since_before = self.oms_stage_since
        derived = self._oms_derive(progress)
        since = derived.pop("since")
        for name, value in derived.items():
            self[name] = value
        self.oms_stage_since = self._oms_get_since(
            derived["oms_stage_id"], since, before, since_before
        )

    def _oms_derive(self, progress):
        """What an order's documents say: values of ``CYCLE_FIELDS``, and ``since``,
        when the stages before were left (False when no document tells)."""
        values = {
            field: progress["facts"][milestone]
            for milestone, field in zip(MILESTONES, FACT_FIELDS, strict=True)
        }
        stage_id, since = self._oms_find_stage(progress)
        if self.state == "cancel":
            state = "cancel"
        else:
            state = "open" if stage_id or not self.oms_workflow_id else "closed"
        return {
            **values,
            "oms_stage_id": stage_id,
            "oms_cycle_state": state,
            "oms_goods": progress["goods"],
            "since": since,
        }

    def _oms_find_stage(self, progress):
        """The first stage whose exit test does not hold.

        :return: (stage id or False, when the stages before were left or False)
        """
        if self.state == "cancel" or not self.oms_workflow_id:
            return False, False
        since = False
        known = True
        for stage in self.env["oms.workflow"]._get_stages(self.oms_workflow_id.id):
            passed, moment = self._oms_has_passed(stage, progress)
            if not passed:
                return stage.id, known and (since or self.create_date)
            if moment:
                since = max(since, moment) if since else moment
            # when a condition came true no document tells
            known = known and stage.kind != "domain"
        return False, known and (since or self.create_date)

    def _oms_has_passed(self, stage, progress):
        """Exit test of a ``StageDefinition`` without words: (passed, when)."""
        if stage.kind == "milestone":
            moment = progress["facts"][stage.milestone]
            passed = bool(moment or not progress["applies"][stage.milestone])
            if not passed and stage.milestone == "paid":
                workflow_id = self.oms_workflow_id.id
                if stage.id == self.env["oms.workflow"]._get_prepaid_stage(workflow_id):
                    return self._oms_test_prepaid(progress)
            return passed, moment
        if stage.kind == "approval":
            moment, covers = self._oms_get_approval(stage.id, progress)
            return bool(moment and covers), moment
        return bool(self._oms_meets(stage.domain)), False

    def _oms_get_approval(self, stage_id, progress):
        """When the stage was approved, and whether that covers the order as it is.

        An order that grew is to be approved again before more is released; what is
        added when all is with the warehouse (freight, say) is not.
        """
        self.ensure_one()
        moment, amount = progress["approvals"].get(stage_id, (False, 0.0))
        covers = (
            progress["facts"]["released"]
            or not amount
            or self.currency_id.compare_amounts(self.amount_total, amount) <= 0
        )
        return moment, bool(covers)

    def _oms_get_since(self, stage_id, since, before, since_before):
        """Since when the order stands in its stage.

        Documents tell when it went forward; that it fell back they do not tell,
        nor when a condition came true: then it is now. So it is when they tell a moment
        before the order came to the stage that it left, or one at which it still stood
        there: they were true once, or are dated back, or the rest was short-closed, and
        it left that stage just now.
        """
        if not since_before:
            return since or fields.Datetime.now()
        if before.id == stage_id:
            return since_before
        ids = [
            stage.id
            for stage in self.env["oms.workflow"]._get_stages(self.oms_workflow_id.id)
        ]
        went_back = stage_id in ids and ids.index(stage_id) < (
            ids.index(before.id) if before.id in ids else len(ids)
        )
        # each time that an order is derived it is written
        last_seen = max(since_before, self.write_date.replace(microsecond=0))
        if went_back or not since or since < last_seen:
            return fields.Datetime.now()
        return since
