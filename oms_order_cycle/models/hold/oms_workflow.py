from odoo import api, fields, models


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    hold_type_ids = fields.Many2many(
        "oms.hold.type",
        string="Holds",
        tracking=True,
        help="What is checked before an order of this workflow is released. Unlike"
        " stages, holds may be added and taken away while the workflow is in use: they"
        " move no order, and what is to be stopped is to be stopped today. Orders under"
        " way are checked from then on, too.",
    )

    def _before_write(self, vals):
        super()._before_write(vals)
        if vals.get("active") is False:
            self.env["oms.hold"].sudo().search(
                [("order_id.oms_workflow_id", "in", self.ids), ("state", "=", "open")]
            )._refuse_archiving()
        if "hold_type_ids" not in vals:
            return None
        return {workflow: workflow.hold_type_ids for workflow in self}

    def _after_write(self, memo):
        for workflow, before in (memo or {}).items():
            now = workflow.hold_type_ids
            (now - before)._start_checking(workflow)
            (before - now)._end_checking(workflow)
        return super()._after_write(memo)

    @api.depends("hold_type_ids")
    def _compute_preview(self):
        return super()._compute_preview()

    def _preview_data(self):
        data = super()._preview_data()
        data["holds"] = [
            {
                "name": hold.name,
                "blocks": [
                    hold._get_step_label(step) for step in hold._get_blocked_steps()
                ],
            }
            for hold in self.hold_type_ids
        ]
        data["words"]["holds"] = self.env._("Checked: %s")
        return data

    def _explain_release(self, order):
        """The holds that would open, and what each of them would stop."""
        words = super()._explain_release(order)
        types = self.hold_type_ids.filtered(
            lambda hold_type: (
                hold_type.company_id.id in (False, *order.company_id.parent_ids.ids)
            )
        )
        # the checks ask what the reader may not see, e.g. the customer's debts
        for hold_type in types.sorted("sequence").sudo():
            reason = hold_type._run_check(order.sudo()).get(order.sudo())
            if reason:
                sentence = self.env._(
                    "%(hold)s would hold it (%(blocks)s): %(reason)s",
                    hold=hold_type.name,
                    blocks=hold_type.blocks,
                    reason=reason,
                )
                words.append((sentence, hold_type.block_release))
        return words
