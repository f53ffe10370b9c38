from datetime import datetime, time, timedelta

from pytz import UTC, timezone

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get


class OmsChannel(models.Model):
    _name = "oms.channel"
    _inherit = ["oms.limited", "oms.company.shared"]
    _description = "Sales Channel of the Order Cycle"
    _order = "sequence, name, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Short name, used by imports and integrations to name the channel.",
    )
    kind = fields.Selection(
        [
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("web", "Web Shop"),
            ("portal", "Customer Portal"),
            ("edi", "EDI"),
            ("marketplace", "Marketplace"),
            ("field", "Field Sales"),
            ("other", "Other"),
        ],
        required=True,
        default="phone",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Leave empty to use the channel in all companies.",
    )
    workflow_id = fields.Many2one(
        "oms.workflow",
        domain="[('state', '=', 'published')]",
        check_company=True,
        ondelete="restrict",
        help="The workflow that orders of this channel follow. Leave empty to let"
        " the workflows' own criteria decide.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        help="The warehouse that new orders of this channel are delivered from.",
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent")],
        default="0",
        required=True,
        help="Priority of the transfers of this channel's orders.",
    )
    cutoff_enabled = fields.Boolean(
        string="Cut-off",
        help="Orders confirmed after the cut-off count as received at the start of"
        " the next day: their allowed times run from then.",
    )
    cutoff_hour = fields.Float(
        string="Cut-off Time",
        default=15.0,
        help="Local time of day, in the channel's time zone.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="The time zone in which the cut-off is meant.",
    )
    require_client_ref = fields.Boolean(
        string="Customer Reference Required",
        help="An order of this channel is confirmed only with a customer reference"
        " that no other order of the same customer bears.",
    )

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Another channel of this company has the same code.",
    )

    @api.constrains("workflow_id")
    def _check_workflow(self):
        for channel in self:
            workflow = channel.workflow_id.sudo()
            # a draft may be named before it is published
            if workflow and not (workflow.active and workflow.state != "retired"):
                raise ValidationError(
                    self.env._(
                        "%(workflow)s is not in use any more: choose another workflow"
                        " for the channel %(channel)s.",
                        workflow=workflow.display_name,
                        channel=channel.name,
                    )
                )

    @api.constrains("cutoff_hour")
    def _check_cutoff_hour(self):
        for channel in self:
            if not 0 <= channel.cutoff_hour < 24:
                raise ValidationError(
                    self.env._(
                        "The cut-off of channel %s must be between 00:00 and 23:59.",
                        channel.name,
                    )
                )

    @api.model
    @tools.ormcache()
    def _is_client_ref_required(self):
        """Whether any channel asks for a customer reference."""
        return bool(
            self.sudo()
            .with_context(active_test=False)
            .search_count([("require_client_ref", "=", True)], limit=1)
        )

    @api.model
    @tools.ormcache()
    def _is_any(self):
        """Whether there is any channel."""
        return bool(
            self.sudo().with_context(active_test=False).search_count([], limit=1)
        )

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        # to name a workflow sends orders through it, whatever its own criteria
        channels.workflow_id._check_can_use_actions()
        self.env.registry.clear_cache()
        return channels

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def write(self, vals):
        res = super().write(vals)
        if vals.get("workflow_id"):
            self.workflow_id._check_can_use_actions()
        self.env.registry.clear_cache()
        return res

    def _effective_order_date(self, moment):
        """When an order confirmed at ``moment`` counts as received.

        :param datetime moment: naive UTC
        :return: ``moment``, or the next local midnight when it is past the cut-off
        :rtype: datetime, naive UTC
        """
        if not (self and self.cutoff_enabled and moment):
            return moment
        zone = timezone(self.tz)
        local = UTC.localize(moment).astimezone(zone)
        if local.hour + local.minute / 60 + local.second / 3600 < self.cutoff_hour:
            return moment
        midnight = datetime.combine(local.date() + timedelta(days=1), time.min)
        return zone.localize(midnight).astimezone(UTC).replace(tzinfo=None)
