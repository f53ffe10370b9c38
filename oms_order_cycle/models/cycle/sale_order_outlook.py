"""What confirming a quotation will bring, said before."""

from odoo import api, fields, models

from ...tools.groups import INTERNAL


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_outlook = fields.Json(
        compute="_compute_oms_outlook",
        compute_sudo=True,
        groups=INTERNAL,
        help="What a quotation would meet if it were confirmed now; read by the widget"
        " that shows it.",
    )
    oms_asks_client_ref = fields.Boolean(
        related="oms_channel_id.require_client_ref", groups=INTERNAL
    )
    oms_has_channels = fields.Boolean(
        compute="_compute_oms_has_channels", groups=INTERNAL
    )

    @api.depends("oms_channel_id")
    def _compute_oms_has_channels(self):
        self.oms_has_channels = self.env["oms.channel"]._is_any()

    @api.depends("oms_workflow_id")
    @api.depends_context("lang", "tz", "uid")
    def _compute_oms_outlook(self):
        for order in self:
            order.oms_outlook = (
                order._oms_get_outlook()
                if order._origin and order.state in ("draft", "sent")
                else False
            )

    def _oms_get_outlook(self):
        """Hook: what confirming the quotation now would bring; nothing is written.

        :return: dict, as the ``oms_outlook`` widget takes it: ``workflow``, ``reason``
            (why this one), ``promised`` (words), ``refused`` (words why it could not
            be confirmed), ``waits`` (sentences on what would keep it from the
            warehouse), ``is_plain`` (there is nothing to say)
        """
        self.ensure_one()
        workflow = self.oms_workflow_id.sudo()
        refused = self._oms_find_client_ref_faults().get(self)
        waits = [
            self.env._(
                "Waits for approval: %(stage)s (%(group)s)",
                stage=stage.name,
                group=stage.approval_group_id.name,
            )
            for stage in workflow.stage_ids.filtered(
                lambda stage: stage.exit_kind == "approval"
            )
        ]
        promised = self.commitment_date or self.expected_date
        return {
            "workflow": workflow.display_name or "",
            "reason": self.oms_workflow_reason or "",
            "promised": self._oms_format_day(promised) if promised else "",
            "refused": [refused] if refused else [],
            "waits": waits,
            "holds": [],
            "is_plain": not refused
            and not waits
            and self.env["oms.workflow"]._is_only_one(),
        }
