"""What keeps orders of a workflow from the warehouse: its gate."""

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

from ...tools.release_gate import count_gate


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    approvals_gate = fields.Boolean(
        string="Approvals Hold the Release",
        readonly=True,
        copy=False,
        help="Nothing reaches the warehouse before the approvals that stand before the"
        " first stage in the warehouse, even when no stage ends with Released. So it is"
        " for all workflows published since version 19.0.3.",
    )

    def _check_gate_is_left_alone(self, vals):
        """Orders under way must not be stopped, or let go, by what they did not have
        when they were confirmed."""
        if "approvals_gate" in vals and not self.env.su:
            raise AccessError(
                self.env._("Whether approvals hold the release is set by publishing.")
            )

    @api.model
    @tools.ormcache("workflow_id")
    def _get_release_gate(self, workflow_id):
        """Ids of the stages an order must have left before it may be released.

        Empty when there are neither a stage that ends with the release nor approvals
        before the warehouse: then only holds stand between confirmation and warehouse.
        """
        if not workflow_id:
            return ()
        stages = self._get_stages(workflow_id)
        gate = self.sudo().browse(workflow_id).approvals_gate
        number = count_gate([(stage.kind, stage.milestone) for stage in stages], gate)
        return tuple(stage.id for stage in stages[:number])

    def _get_gate_stages(self):
        """The same as records, in their order, for drafts too: as it will be once they
        are published."""
        self.ensure_one()
        stages = self.stage_ids.sorted("sequence")
        number = count_gate(
            [(stage.exit_kind, stage.milestone) for stage in stages],
            self.approvals_gate or self.state == "draft",
        )
        return stages[:number]

    def _get_idle_approvals(self):
        """Approvals that nothing waits for: the goods leave without them."""
        self.ensure_one()
        approvals = self.stage_ids.filtered(lambda stage: stage.exit_kind == "approval")
        return approvals - self._get_gate_stages()

    def _explain_idle_approvals(self):
        """Sentences for approvals that stop nothing, and what to do about it."""
        self.ensure_one()
        return [
            self.env._(
                "Nothing waits for %s: goods are picked and shipped without it. To have"
                " the warehouse wait for it, move it above the stages that end with"
                " Picked, Packed, Loaded or Shipped, or add a stage that ends with"
                " Released after it.",
                stage.name,
            )
            for stage in self._get_idle_approvals().sorted("sequence")
        ]

    def _explain_gate(self):
        """Sentences on the approvals that hold the release."""
        self.ensure_one()
        gating = self._get_gate_stages().filtered(
            lambda stage: stage.exit_kind == "approval"
        )
        if not gating:
            return []
        names = ", ".join(stage.name for stage in gating)
        words = [self.env._("Nothing reaches the warehouse before %s.", names)]
        older = self._get_versions().filtered(lambda w: w.state == "published") - self
        if older and not older[0].approvals_gate and not older[0]._get_gate_stages():
            words.append(
                self.env._(
                    "That is new: orders that follow the version before this one were"
                    " picked and shipped without waiting for an approval, and those"
                    " under way still are."
                )
            )
        return words

    def _explain_release(self, order):
        """Hook: what would stop an order if it followed this workflow.

        :param order: one ``sale.order``
        :return: list of (words, whether it would keep the order from the warehouse)
        """
        self.ensure_one()
        gate = self._get_gate_stages()
        for step in self._explain(order):
            stage = step["stage"]
            # what is not confirmed waits for nothing else yet
            if step["passed"] or stage.milestone == "confirmed":
                continue
            if stage not in gate:
                break
            words = self.env._(
                "It would wait in %(stage)s: %(why)s.",
                stage=stage.name,
                why=step["why"].rstrip("."),
            )
            return [(words, True)]
        return []
