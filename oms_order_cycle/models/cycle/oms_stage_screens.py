from odoo import api, fields, models


class OmsStage(models.Model):
    """What the screens need to know of a stage."""

    _inherit = "oms.stage"

    workflow_state = fields.Selection(related="workflow_id.state")

    @api.depends("name", "workflow_id.name", "workflow_id.version")
    @api.depends_context("oms_show_workflow")
    def _compute_display_name(self):
        """Stages of several workflows side by side bear the names of both."""
        res = super()._compute_display_name()
        if self.env.context.get("oms_show_workflow"):
            for stage in self:
                stage.display_name = self.env._(
                    "%(stage)s (%(workflow)s)",
                    stage=stage.name or "",
                    workflow=stage.workflow_id.sudo().display_name or "",
                )
        return res

    def _get_allowed_words(self):
        """The allowed time as people say it: minutes, hours or days."""
        self.ensure_one()
        hours = self.allowed_hours
        if not hours:
            return ""
        day = self.calendar_id.hours_per_day
        if day and hours >= 2 * day:
            return self.env._("%g working days", round(hours / day, 1))
        if hours < 1:
            words = self.env._("%g minutes", round(hours * 60))
        elif hours >= 48 and not hours % 24 and not self.calendar_id:
            return self.env._("%g days", hours / 24)
        else:
            words = (
                self.env._("1 hour") if hours == 1 else self.env._("%g hours", hours)
            )
        return self.env._("%s of working time", words) if self.calendar_id else words
