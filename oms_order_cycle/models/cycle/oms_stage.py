from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ...tools.condition_words import describe_condition
from ..oms_limited import MOST_HOURS

#: Fields that decide where running orders stand, and when they are late.
_FROZEN_FIELDS = {
    "workflow_id",
    "sequence",
    "exit_kind",
    "milestone",
    "approval_group_id",
    "exit_domain",
    "allowed_hours",
    "calendar_id",
    "action_ids",
    "rerun_actions",
}
#: Fields that decide when the actions of a stage are run.
_ENTRY_FIELDS = (
    "workflow_id",
    "sequence",
    "exit_kind",
    "milestone",
    "approval_group_id",
    "exit_domain",
    "rerun_actions",
)


class OmsStage(models.Model):
    _name = "oms.stage"
    _inherit = [
        "oms.limited",
        "oms.authored",
        "oms.company.shared",
        "oms.conditioned",
        "oms.notify",
    ]
    _description = "Order Stage"
    _order = "workflow_id, sequence, id"

    workflow_id = fields.Many2one(
        "oms.workflow", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="workflow_id.company_id")
    workflow_state = fields.Selection(related="workflow_id.state")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    description = fields.Text(
        string="What to Do",
        translate=True,
        help="Shown on the orders in this stage: what has to be done, and where.",
    )
    exit_kind = fields.Selection(
        [
            ("milestone", "Milestone"),
            ("approval", "Approval"),
            ("domain", "Condition"),
        ],
        string="Ends With",
        required=True,
        default="milestone",
        help="An order stands in the first stage whose exit test does not hold:\n"
        "- Milestone: all that is wanted of the order has got there,\n"
        "- Approval: somebody of a group has pressed Approve,\n"
        "- Condition: the order matches a condition.",
    )
    milestone = fields.Selection(
        [
            ("confirmed", "Confirmed"),
            ("released", "Released to Warehouse"),
            ("picked", "Picked"),
            ("packed", "Packed"),
            ("loaded", "Loaded"),
            ("shipped", "Shipped"),
            ("delivered", "Delivered"),
            ("invoiced", "Invoiced"),
            ("paid", "Paid"),
        ]
    )
    approval_group_id = fields.Many2one(
        "res.groups", string="Approved By", ondelete="restrict"
    )
    exit_domain = fields.Char(string="Condition", default="[]")
    exit_summary = fields.Char(compute="_compute_exit_summary", string="Until")
    condition_words = fields.Char(
        compute="_compute_condition_words",
        help="The condition in words; it is put together in the form of the stage.",
    )
    allowed_hours = fields.Float(
        string="Allowed Time (hours)",
        help="Hours an order may stay in this stage before it is late; working hours"
        " when a calendar is chosen. 0: no limit.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        help="The hours that count for the allowed time. Leave empty to count round"
        " the clock.",
    )
    customer_label = fields.Char(
        string="Customer Sees",
        translate=True,
        help="What the customer reads in the portal while the order is in this"
        " stage. Leave empty to hide the stage.",
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Responsible",
        ondelete="set null",
        help="Whose work this stage is. Filters and lists show them their orders.",
    )
    own_action_ids = fields.One2many(
        "oms.stage.action",
        "stage_id",
        string="Actions on Entry",
        copy=True,
        help="Done, shortly after, when an order comes to stand in this stage.",
    )
    action_ids = fields.Many2many(
        "ir.actions.server",
        string="Server Actions",
        domain="[('oms_acts_on_orders', '=', True)]",
        help="Made by administrators: run, shortly after, when an order comes to stand"
        " in this stage.",
        # others may not read actions
        groups="oms_order_cycle.group_oms_consultant",
    )
    rerun_actions = fields.Boolean(
        string="Run Again on Return",
        help="Run the actions again when an order comes back to this stage.",
    )
    color = fields.Integer()
    fold = fields.Boolean(string="Folded in Board")

    _allowed_hours_positive = models.Constraint(
        "CHECK (allowed_hours >= 0)", "The allowed time cannot be negative."
    )

    @api.depends(
        "exit_kind",
        "milestone",
        "approval_group_id",
        "exit_domain",
    )
    @api.depends_context("lang", "uid")
    def _compute_exit_summary(self):
        for stage in self:
            if stage.exit_kind == "milestone":
                stage.exit_summary = stage._milestone_label()
            elif stage.exit_kind == "approval":
                stage.exit_summary = self.env._(
                    "Approved by %s", stage.approval_group_id.name or ""
                )
            else:
                stage.exit_summary = stage._describe_condition()

    @api.depends("exit_kind", "exit_domain")
    @api.depends_context("lang", "uid")
    def _compute_condition_words(self):
        for stage in self:
            is_empty = (stage.exit_domain or "[]").strip() == "[]"
            if stage.exit_kind != "domain":
                stage.condition_words = False
            elif is_empty:
                stage.condition_words = self.env._("Press View to put it together")
            else:
                stage.condition_words = stage._describe_condition()

    @api.depends("name", "workflow_id.name", "workflow_id.version")
    @api.depends_context("oms_show_workflow")
    def _compute_display_name(self):
        """Stages of several workflows side by side bear the names of both."""
        res = super()._compute_display_name()
        if self.env.context.get("oms_show_workflow"):
            for stage in self:
                stage.display_name = self.env._(
                    "%(stage)s · %(workflow)s",
                    stage=stage.name or "",
                    workflow=stage.workflow_id.sudo().display_name or "",
                )
        return res

    # -- constraints ------------------------------------------------------------

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "allowed_hours": MOST_HOURS,
        }

    @api.constrains("exit_kind", "milestone", "approval_group_id", "exit_domain")
    def _check_exit(self):
        for stage in self:
            if stage.exit_kind == "milestone" and not stage.milestone:
                raise ValidationError(
                    self.env._(
                        'Choose the milestone that ends the stage "%s".', stage.name
                    )
                )
            if stage.exit_kind == "approval" and not stage.approval_group_id:
                raise ValidationError(
                    self.env._(
                        'Choose the group that approves in the stage "%s".', stage.name
                    )
                )
            if stage.exit_kind == "domain":
                stage._check_exit_domain()

    def _check_exit_domain(self):
        domain = self._parse_condition("exit_domain", self.name)
        if domain.is_true():
            raise ValidationError(
                self.env._(
                    'The condition of the stage "%s" is empty, so no order would ever'
                    " stop in it. Add a condition or remove the stage.",
                    self.name,
                )
            )
        if domain.is_false():
            raise ValidationError(
                self.env._(
                    'The condition of the stage "%s" can never be met: orders would'
                    " stay in it for ever.",
                    self.name,
                )
            )

    @api.model
    def _get_condition_texts(self):
        return [*super()._get_condition_texts(), "exit_domain"]

    @api.model
    def _get_condition_fields(self):
        return [*super()._get_condition_fields(), "exit_kind", "exit_domain", "name"]

    def _get_conditions(self):
        conditions = super()._get_conditions()
        if self.exit_kind == "domain":
            conditions.append((self.exit_domain, self.name))
        return conditions

    @api.constrains("action_ids", "author_id")
    def _check_can_attach_actions(self):
        for stage in self:
            stage.action_ids._oms_check_can_attach(stage.author_id)

    def _check_reachable(self):
        """Refuse an exit that no order can ever reach."""
        self.ensure_one()
        self._check_exit()
        if self.exit_kind == "approval" and not self.approval_group_id.all_user_ids:
            raise ValidationError(
                self.env._(
                    'The stage "%(stage)s" waits for an approval by %(group)s, but'
                    " nobody belongs to that group: orders would stay in it for ever."
                    " Add a user to the group or choose another.",
                    stage=self.name,
                    group=self.approval_group_id.display_name,
                )
            )

    # -- CRUD -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        stages._check_not_frozen()
        stages._definitions_changed()
        return stages

    def write(self, vals):
        frozen = _FROZEN_FIELDS.intersection(vals)
        if frozen:
            self.filtered(
                lambda stage: any(
                    stage._fields[name].convert_to_write(stage[name], stage)
                    != vals[name]
                    for name in frozen
                )
            )._check_not_frozen()
        workflows = self.workflow_id
        res = super().write(vals)
        if self.workflow_id - workflows:
            self._check_not_frozen()
        self._definitions_changed()
        return res

    def _get_authored_fields(self):
        # Who decides when actions run answers for them as who chose them does.
        return ("action_ids", *(_ENTRY_FIELDS if self.action_ids else ()))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_frozen(self):
        self._check_not_frozen()

    def unlink(self):
        res = super().unlink()
        self._definitions_changed()
        return res

    def _check_not_frozen(self):
        """A workflow in use is never changed under running orders."""
        # data files of an update may touch the workflows they shipped
        if self.env.su and self.env.context.get("install_mode"):
            return
        frozen = self.workflow_id.filtered(lambda workflow: workflow._is_locked())
        if frozen:
            raise UserError(
                self.env._(
                    'The workflow "%s" is in use: changing its stages would move'
                    ' running orders. Press "New Version", change the copy and'
                    " publish it; running orders stay on theirs.",
                    frozen[0].display_name,
                )
            )

    def _definitions_changed(self):
        self.env.registry.clear_cache()
        self.env["sale.order"]._oms_update_triggers()

    # -- words --------------------------------------------------------------------

    def _milestone_label(self):
        labels = dict(self._fields["milestone"]._description_selection(self.env))
        return labels.get(self.milestone, "")

    def _get_cached_name(self):
        """The name, without a query in each transaction that writes the journal."""
        return self.sudo()._get_name_in(self.id, self.env.lang)

    @api.model
    @tools.ormcache("stage_id", "lang")
    def _get_name_in(self, stage_id, lang):
        return self.browse(stage_id).with_context(lang=lang).name

    def _get_allowed_time(self):
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

    def _describe_condition(self):
        """The condition in words; who reads them is told only names he may see."""
        self.ensure_one()
        return describe_condition(self.env["sale.order"].sudo(False), self.exit_domain)
