"""What customers see of their orders in the portal."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_portal_timeline(self):
        """What the customer may see of where the order stands.

        Stages without a label for the customer are left out, stages in a row with the
        same label are one. Internal names never leave the house.

        :return: list of dicts ``label``, ``state`` (done, current or todo) and ``date``
            (when the order came to stand there, or False)
        :rtype: list
        """
        self.ensure_one()
        # who shows the page has checked that the order is the customer's
        self = self.sudo()
        if self.state != "sale" or not self.oms_workflow_id:
            return []
        stages = self.oms_workflow_id.sudo().stage_ids
        current = self._oms_get_stage_position(stages)
        passed_at = self._oms_get_passed_moments(stages, current)
        timeline = []
        for position, stage in enumerate(stages):
            label = (stage.customer_label or "").strip()
            if not label:
                continue
            if not timeline or timeline[-1]["label"] != label:
                # it came to stand here when the last of the stages before was passed
                moments = [moment for moment in passed_at[:position] if moment]
                timeline.append(
                    {
                        "label": label,
                        "state": "todo",
                        "date": current >= position and max(moments, default=False),
                        "first": position,
                    }
                )
            entry = timeline[-1]
            if current > position:
                entry["state"] = "done"
            elif entry["first"] <= current:
                entry["state"] = "current"
        return timeline

    def _oms_get_stage_position(self, stages):
        """Place of the order's stage among those of its workflow."""
        if self.oms_cycle_state == "closed":
            return len(stages)
        ids = stages.ids
        return ids.index(self.oms_stage_id.id) if self.oms_stage_id.id in ids else 0

    def _oms_get_passed_moments(self, stages, current):
        """When the order passed each of the stages before its own, where it is known.

        Milestones are facts with a time; what was approved or met a condition is told
        by the journal.
        """
        events = self.env["oms.event"]
        if any(stage.exit_kind != "milestone" for stage in stages[:current]):
            events = events.sudo().search_fetch(
                [("order_id", "=", self.id), ("from_stage_id", "!=", False)],
                ["date", "from_stage_id"],
                order="date, id",
            )
        left_at = {event.from_stage_id.id: event.date for event in events}
        return [
            self[f"oms_{stage.milestone}_at"]
            if stage.exit_kind == "milestone"
            else left_at.get(stage.id, False)
            for stage in stages[:current]
        ]
