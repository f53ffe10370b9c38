"""A workflow is put to use only when orders can travel through it."""

from odoo import api, models
from odoo.exceptions import ValidationError

from ...facts.milestones import CASH_MILESTONES, GOODS_MILESTONES


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    def _check_sound(self):
        """Refuse a workflow in which an order would get stuck, or never stop.

        :raise ValidationError: naming the stage and what to change
        """
        self.ensure_one()
        if not self.stage_ids:
            raise ValidationError(
                self.env._(
                    "%s has no stages. Add at least one before you publish it.",
                    self.display_name,
                )
            )
        for stage in self.stage_ids:
            stage._check_reachable()
        self._check_milestone_order()
        self._check_single_default()

    def _check_milestone_order(self):
        """Goods milestones imply the earlier ones, and so do those of the cash."""
        self.ensure_one()
        seen = {}
        prepaid_id = self._get_prepaid_stage(self.id)
        for stage in self.stage_ids.filtered(lambda s: s.exit_kind == "milestone"):
            milestone = stage.milestone
            if stage.id == prepaid_id:
                # paid in advance: not invoiced yet, and more may be to be paid later
                seen["prepaid"] = stage
                continue
            if milestone == "paid" and "prepaid" in seen and "released" not in seen:
                seen["paid"] = seen["prepaid"]
            if milestone in seen:
                raise ValidationError(
                    self.env._(
                        'The stages "%(one)s" and "%(other)s" both end when the order'
                        " is %(milestone)s: no order would ever stop in the second.",
                        one=seen[milestone].name,
                        other=stage.name,
                        milestone=stage._milestone_label(),
                    )
                )
            if milestone == "released" and "invoiced" in seen:
                raise ValidationError(
                    self.env._(
                        'The stage "%(invoiced)s" stands before "%(released)s", so'
                        " nothing would reach the warehouse before all is invoiced. But"
                        " goods that are invoiced on delivery cannot be invoiced before"
                        " they are delivered: orders would wait for ever. Move it down;"
                        " to be paid in advance, end a stage with Paid instead.",
                        invoiced=seen["invoiced"].name,
                        released=stage.name,
                    )
                )
            for earlier, earlier_stage in seen.items():
                if milestone in self._implied_milestones(earlier):
                    raise ValidationError(
                        self.env._(
                            'The stage "%(stage)s" (until %(milestone)s) stands after'
                            ' "%(earlier)s" (until %(later)s), which an order leaves'
                            " only later: no order would ever stop in it. Move it up.",
                            stage=stage.name,
                            milestone=stage._milestone_label(),
                            earlier=earlier_stage.name,
                            later=earlier_stage._milestone_label(),
                        )
                    )
            seen[milestone] = stage

    @api.model
    def _implied_milestones(self, milestone):
        """Milestones that an order has passed for certain when it reached this one."""
        if milestone == "prepaid":
            return ("confirmed",)
        cash = ("confirmed", *CASH_MILESTONES)
        line = cash if milestone in cash else ("confirmed", *GOODS_MILESTONES)
        return line[: line.index(milestone)]
