from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.derived import refuse_derived, without_derived_defaults
from ...tools.values import is_other_value, name_copies

#: Fields that decide whether a workflow takes the orders that no other is for.
_DEFAULT_FIELDS = {"active", "company_id", "is_default", "state"}
#: Fields that decide which orders follow a workflow, and so have its actions run.
_SCOPE_FIELDS = (
    "active",
    "carrier_ids",
    "channel_ids",
    "company_id",
    "domain",
    "is_default",
    "partner_category_ids",
    "sequence",
    "state",
    "team_ids",
)
#: What buttons write, once they have looked at what it does to orders.
_BUTTON_FIELDS = {"root_id", "state", "version"}


class OmsWorkflow(models.Model):
    _name = "oms.workflow"
    _description = "Order Workflow"
    _inherit = ["oms.limited", "mail.thread", "oms.company.shared", "oms.conditioned"]
    _order = "sequence, name, version desc, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(translate=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self._default_shared_company(),
        help="Leave empty to use the workflow in all companies.",
    )
    sequence = fields.Integer(
        default=lambda self: self._default_sequence(),
        help="An order follows the first workflow in this sequence that is for it.",
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "In Use"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    root_id = fields.Many2one(
        "oms.workflow", string="First Version", readonly=True, index=True, copy=False
    )
    is_default = fields.Boolean(
        string="Default",
        copy=False,
        help="Orders that no other workflow is for follow this one.",
    )
    is_for_all = fields.Boolean(
        compute="_compute_is_for_all",
        help="It names no orders: once published, those after it get none any more.",
    )
    channel_ids = fields.Many2many(
        "oms.channel", string="Channels", help="Leave empty for all channels."
    )
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", help="Leave empty for all teams."
    )
    partner_category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        help="Customers with any of these tags. Leave empty for all customers.",
    )
    carrier_ids = fields.Many2many(
        "delivery.carrier",
        string="Delivery Methods",
        help="Leave empty for all delivery methods.",
    )
    domain = fields.Char(
        string="Further Condition",
        default="[]",
        help="Only orders that match this condition when they are confirmed.",
    )
    stage_ids = fields.One2many("oms.stage", "workflow_id", string="Stages", copy=True)
    order_count = fields.Integer(compute="_compute_order_count", string="Orders")
    open_order_count = fields.Integer(
        compute="_compute_open_order_count", string="Open Orders"
    )
    has_approval_stage = fields.Boolean(compute="_compute_stage_kinds")
    has_condition_stage = fields.Boolean(compute="_compute_stage_kinds")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    _root_version_uniq = models.UniqueIndex(
        "(root_id, version) WHERE root_id IS NOT NULL",
        "This version of the workflow exists already.",
    )

    @api.model
    def _default_sequence(self):
        """A new workflow is the last: it takes no orders from those there are."""
        last = self.with_context(active_test=False).search(
            [], limit=1, order="sequence desc"
        )
        return last.sequence + 10

    def _compute_order_count(self):
        counts = self._count_orders([])
        for workflow in self:
            workflow.order_count = counts.get(workflow, 0)

    def _compute_open_order_count(self):
        # lists show these: what is over would have all orders read
        counts = self._count_orders([("oms_cycle_state", "=", "open")])
        for workflow in self:
            workflow.open_order_count = counts.get(workflow, 0)

    def _count_orders(self, domain):
        return dict(
            self.env["sale.order"]._read_group(
                [("oms_workflow_id", "in", self.ids), *domain],
                ["oms_workflow_id"],
                ["__count"],
            )
        )

    @api.depends(
        "is_default",
        "channel_ids",
        "team_ids",
        "partner_category_ids",
        "carrier_ids",
        "domain",
    )
    def _compute_is_for_all(self):
        for workflow in self:
            workflow.is_for_all = not (
                workflow.is_default
                or workflow.channel_ids
                or workflow.team_ids
                or workflow.partner_category_ids
                or workflow.carrier_ids
                or workflow._has_domain()
            )

    @api.depends("name", "version", "state")
    @api.depends_context("lang", "oms_mark_drafts")
    def _compute_display_name(self):
        for workflow in self:
            name = workflow.name or ""
            if workflow.version > 1 or workflow.state == "retired":
                name = self.env._(
                    "%(name)s (version %(version)s)",
                    name=name,
                    version=workflow.version,
                )
            elif workflow.state == "draft" and self.env.context.get("oms_mark_drafts"):
                name = self.env._("%s (draft)", name)
            workflow.display_name = name

    @api.depends("stage_ids.exit_kind")
    def _compute_stage_kinds(self):
        """The list of stages has no columns for kinds of exit tests nobody uses."""
        for workflow in self:
            kinds = set(workflow.stage_ids.mapped("exit_kind"))
            workflow.has_approval_stage = "approval" in kinds
            workflow.has_condition_stage = "domain" in kinds

    # -- constraints ------------------------------------------------------------

    @api.constrains("is_default", "state", "company_id", "active")
    def _check_single_default(self):
        defaults = self.filtered(lambda w: w.is_default and w.state != "retired")
        for workflow in defaults:
            other = self.search(
                [
                    ("id", "!=", workflow.id),
                    ("is_default", "=", True),
                    ("state", "=", "published"),
                    ("root_id", "!=", workflow._get_root().id),
                    ("id", "!=", workflow._get_root().id),
                    ("company_id", "=", workflow.company_id.id),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        '"%(other)s" is already the default workflow. Untick'
                        ' "Default" there before you tick it on "%(workflow)s".',
                        other=other.display_name,
                        workflow=workflow.display_name,
                    )
                )

    @api.model
    def _check_default_left(self, companies, going=()):
        """Refuse to leave companies without a default workflow: their orders would
        have no stages.

        :param companies: companies that had one
        :param going: ids of workflows about to be deleted
        """
        defaults = self.sudo().search(
            [
                ("state", "=", "published"),
                ("active", "=", True),
                ("is_default", "=", True),
                ("id", "not in", list(going)),
            ]
        )
        if any(not workflow.company_id for workflow in defaults):
            return
        left = companies.filtered(
            lambda company: not (company.parent_ids & defaults.company_id)
        )
        if left:
            raise UserError(
                self.env._(
                    "%(company)s would be left without a default workflow, and orders"
                    " that no other workflow is for without stages. Publish another"
                    ' workflow that is ticked "Default" first.',
                    company=left[0].name,
                )
            )

    def _get_companies_served_by_default(self):
        """Companies whose orders follow one of these when no other is for them."""
        defaults = self.sudo().filtered(
            lambda w: w.is_default and w.active and w.state == "published"
        )
        if not defaults:
            return self.env["res.company"].sudo()
        domain = Domain.TRUE
        if all(workflow.company_id for workflow in defaults):
            domain = Domain("id", "child_of", defaults.company_id.ids)
        return self.env["res.company"].sudo().search(domain)

    @api.constrains("domain")
    def _check_domain(self):
        for workflow in self:
            workflow._parse_condition("domain", workflow.display_name)

    @api.model
    def _get_condition_texts(self):
        return [*super()._get_condition_texts(), "domain"]

    @api.model
    def _get_condition_fields(self):
        stages = self.env["oms.stage"]._get_condition_fields()
        own = [*super()._get_condition_fields(), "domain", "display_name"]
        return own + [f"stage_ids.{name}" for name in stages]

    def _get_conditions(self):
        conditions = super()._get_conditions()
        conditions.append((self.domain, self.display_name))
        for stage in self.stage_ids:
            conditions += stage._get_conditions()
        return conditions

    # -- CRUD -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _BUTTON_FIELDS)
        model = without_derived_defaults(self, _BUTTON_FIELDS)
        workflows = super(OmsWorkflow, model).create(vals_list).with_env(self.env)
        self.env.registry.clear_cache()
        return workflows

    def write(self, vals):
        refuse_derived(self, [vals], _BUTTON_FIELDS)
        self._check_gate_is_left_alone(vals)
        companies = self.env["res.company"]
        if not _DEFAULT_FIELDS.isdisjoint(vals):
            companies = self._get_companies_served_by_default()
        self.filtered(lambda w: w._would_change_scope(vals))._check_can_use_actions()
        memo = self._before_write(vals)
        res = super().write(vals)
        self.env.registry.clear_cache()
        self._after_write(memo)
        if companies:
            self._check_default_left(companies)
        return res

    def _before_write(self, vals):
        """Hook: workflows are about to be written.

        :return: what is to be known afterwards
        """

    def _after_write(self, memo):
        """Hook: workflows were written; ``memo`` is from before."""

    def _would_change_scope(self, vals):
        """Whether values may send orders through the workflow that it did not get
        before. To archive or retire it sends none."""
        self.ensure_one()
        ends = {"active": False, "state": "retired"}
        return any(
            name in vals
            and (name not in ends or vals[name] != ends[name])
            and is_other_value(self, name, vals[name])
            for name in _SCOPE_FIELDS
        )

    def _check_can_use_actions(self):
        """Who sends orders through stages has their actions run: he must be allowed to
        run them himself.

        :raise AccessError: naming the action and what is to be done
        """
        if self.env.su:
            return
        for workflow in self:
            try:
                stages = workflow.sudo().stage_ids
                stages.action_ids._oms_check_can_attach(self.env.user)
                stages.own_action_ids._check_can_be_used_by(self.env.user)
            except AccessError as error:
                raise AccessError(
                    self.env._(
                        "The stages of “%(workflow)s” run actions, so only who may run"
                        " these may publish it, or change which orders follow it."
                        " %(error)s Remove the action from the stage, or ask somebody"
                        " who may run it.",
                        workflow=workflow.display_name,
                        error=error,
                    )
                ) from error

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        used = self.filtered("order_count")
        if used:
            raise UserError(
                self.env._(
                    "Orders follow the workflow %s: archive it instead of deleting it.",
                    used[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_last_default(self):
        companies = self._get_companies_served_by_default()
        if companies:
            self._check_default_left(companies, going=self.ids)

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def copy_data(self, default=None):
        return name_copies(self, super().copy_data(default=default), default)
