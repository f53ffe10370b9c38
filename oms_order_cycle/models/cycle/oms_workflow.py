from ast import literal_eval
from collections import namedtuple

from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import workflow_svg
from ...tools.facts_sql import MILESTONES

#: Fields that decide whether a workflow takes the orders that no other is for.
_DEFAULT_FIELDS = {"active", "company_id", "is_default", "state"}
#: What running orders need to know of a stage; kept in the registry's cache.
StageDefinition = namedtuple(
    "StageDefinition", "id kind milestone domain allowed_hours rerun action_ids"
)
#: What a new order needs to know of a workflow to see whether it is for it.
WorkflowCriteria = namedtuple(
    "WorkflowCriteria",
    "id company_id channels teams categories carriers domain is_default",
)


class OmsWorkflow(models.Model):
    _name = "oms.workflow"
    _description = "Order Workflow"
    _inherit = ["mail.thread"]
    _order = "sequence, name, version desc, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(translate=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to use the workflow in all companies."
    )
    sequence = fields.Integer(
        default=10,
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
    hold_type_ids = fields.Many2many(
        "oms.hold.type",
        string="Holds",
        help="What is checked before an order of this workflow is released. Unlike"
        " stages, holds may be added and taken away while the workflow is in use: they"
        " move no order, and what is to be stopped is to be stopped today. Orders under"
        " way are checked from then on, too.",
    )
    stage_ids = fields.One2many("oms.stage", "workflow_id", string="Stages", copy=True)
    order_count = fields.Integer(compute="_compute_order_count", string="Orders")
    open_order_count = fields.Integer(
        compute="_compute_order_count", string="Open Orders"
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    _root_version_uniq = models.UniqueIndex(
        "(root_id, version) WHERE root_id IS NOT NULL",
        "This version of the workflow exists already.",
    )

    def _compute_order_count(self):
        counts = {}
        for workflow, state, count in self.env["sale.order"]._read_group(
            [("oms_workflow_id", "in", self.ids)],
            ["oms_workflow_id", "oms_cycle_state"],
            ["__count"],
        ):
            counts.setdefault(workflow.id, {})[state] = count
        for workflow in self:
            by_state = counts.get(workflow.id, {})
            workflow.order_count = sum(by_state.values())
            workflow.open_order_count = by_state.get("open", 0)

    @api.depends(
        "stage_ids.name",
        "stage_ids.sequence",
        "stage_ids.exit_summary",
        "stage_ids.allowed_hours",
        "stage_ids.group_id",
        "hold_type_ids",
    )
    def _compute_preview(self):
        for workflow in self:
            workflow.preview = Markup(workflow_svg.render(workflow._preview_data()))  # noqa: S704

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
    def _compute_display_name(self):
        for workflow in self:
            name = workflow.name or ""
            if workflow.version > 1 or workflow.state == "retired":
                name = self.env._(
                    "%(name)s (version %(version)s)",
                    name=name,
                    version=workflow.version,
                )
            workflow.display_name = name

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
            self.env["oms.stage"]._parse_domain(workflow.domain, workflow.display_name)

    # -- CRUD -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        workflows = super().create(vals_list)
        self.env.registry.clear_cache()
        return workflows

    def write(self, vals):
        companies = self.env["res.company"]
        if not _DEFAULT_FIELDS.isdisjoint(vals):
            companies = self._get_companies_served_by_default()
        res = super().write(vals)
        self.env.registry.clear_cache()
        if companies:
            self._check_default_left(companies)
        return res

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
        return [
            dict(vals, name=self.env._("%s (copy)", workflow.name))
            if "name" not in (default or {})
            else vals
            for workflow, vals in zip(
                self, super().copy_data(default=default), strict=True
            )
        ]

    # -- actions ----------------------------------------------------------------

    def action_publish(self):
        """Put drafts to use: from now on new orders may follow them."""
        for workflow in self:
            if workflow.state != "draft":
                raise UserError(self.env._("%s is not a draft.", workflow.display_name))
            workflow._check_sound()
        self.state = "published"
        for workflow in self:
            older = workflow._get_versions() - workflow
            # channels that name the workflow mean its newest version
            self.env["oms.channel"].sudo().with_context(active_test=False).search(
                [("workflow_id", "in", older.ids)]
            ).workflow_id = workflow
            older.filtered(lambda w: w.state == "published").state = "retired"
        return True

    def action_new_version(self):
        """Copy a workflow in use to a draft, to change it for the orders to come."""
        self.ensure_one()
        versions = self._get_versions()
        draft = versions.filtered(lambda w: w.state == "draft")[:1]
        if not draft:
            draft = self.copy(
                {
                    "name": self.name,
                    "version": max(versions.mapped("version")) + 1,
                    "root_id": self._get_root().id,
                    "is_default": self.is_default,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [[False, "form"]],
        }

    def action_retire(self):
        """No new order follows the workflow; running orders stay on it."""
        self.state = "retired"
        return True

    def action_view_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.sale_order_action_oms_orders"
        )
        action["domain"] = [("oms_workflow_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_view_board(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.sale_order_action_oms_board"
        )
        action["domain"] = [
            ("oms_workflow_id", "=", self.id),
            ("oms_cycle_state", "=", "open"),
        ]
        action["context"] = {"group_by": ["oms_stage_id"]}
        return action

    # -- versions and soundness -------------------------------------------------

    def _get_root(self):
        return self.root_id or self

    def _get_versions(self):
        root = self._get_root()
        return self.with_context(active_test=False).search(
            ["|", ("id", "in", root.ids), ("root_id", "in", root.ids)]
        )

    def _is_locked(self):
        """Whether orders may follow it already, so that it must not change."""
        return self.state != "draft"

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
        for stage in self.stage_ids.filtered(lambda s: s.exit_kind == "milestone"):
            milestone = stage.milestone
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
        cash = ("confirmed", "invoiced", "paid")
        line = cash if milestone in cash else MILESTONES[:7]
        return line[: line.index(milestone)]

    # -- which workflow ---------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_criteria(self):
        """Published workflows in sequence, the default ones last."""
        workflows = self.sudo().search(
            [("state", "=", "published"), ("active", "=", True)]
        )
        return tuple(
            WorkflowCriteria(
                workflow.id,
                workflow.company_id.id,
                frozenset(workflow.channel_ids.ids),
                frozenset(workflow.team_ids.ids),
                frozenset(workflow.partner_category_ids.ids),
                frozenset(workflow.carrier_ids.ids),
                workflow.domain if workflow._has_domain() else None,
                workflow.is_default,
            )
            # the sequence of the list decides; of the defaults, a company's own goes
            # before its parent's, and before the one for all companies
            for workflow in workflows.sorted(
                lambda w: (
                    w.is_default,
                    w.is_default and -len(w.company_id.parent_ids),
                )
            )
        )

    def _has_domain(self):
        return bool(literal_eval(self.domain or "[]"))

    @api.model
    def _match(self, orders):
        """Choose the workflow of each order, and say why.

        :param orders: ``sale.order`` records
        :return: ``{order: (workflow id or False, reason)}``
        """
        criteria = self._get_criteria()
        # conditions may name what the user must not see, a customer's credit, say
        return {order: self._match_one(order.sudo(), criteria) for order in orders}

    @api.model
    def _match_one(self, order, criteria):
        wanted = order.oms_channel_id.workflow_id
        if wanted.state == "published" and wanted.active:
            return wanted.id, self.env._(
                "Workflow of the channel %s", order.oms_channel_id.name
            )
        # what is a company's is its branches', too
        companies = (False, *order.company_id.parent_ids.ids)
        for candidate in criteria:
            if candidate.company_id not in companies:
                continue
            reasons = self._match_reasons(order, candidate)
            if reasons is None:
                continue
            if not reasons and not candidate.is_default:
                reasons = [self.env._("For all orders")]
            elif not reasons:
                reasons = [
                    self.env._("Default workflow, no other is for such an order")
                ]
            return candidate.id, ", ".join(reasons)
        return False, self.env._("No workflow is for this order")

    @api.model
    def _match_reasons(self, order, candidate):
        """Words for each criterion that the order meets; None when it fails one."""
        reasons = []
        for wanted, name in (
            (candidate.channels, "oms_channel_id"),
            (candidate.teams, "team_id"),
            (candidate.categories, "partner_id"),
            (candidate.carriers, "carrier_id"),
        ):
            if not wanted:
                continue
            records = order[name]
            what = order._fields[name]._description_string(self.env)
            if name == "partner_id":
                records = (records | records.commercial_partner_id).category_id
                what = self.env._("Customer Tag")
            matched = records.filtered(
                lambda record, ids=wanted: record._origin.id in ids
            )
            if not matched:
                return None
            reasons.append(
                self.env._(
                    "%(what)s: %(name)s",
                    what=what,
                    name=matched[0].display_name,
                )
            )
        if candidate.domain:
            if not order.filtered_domain(Domain(literal_eval(candidate.domain))):
                return None
            reasons.append(self.env._("matches the workflow's condition"))
        return reasons

    # -- stages for running orders ----------------------------------------------

    @api.model
    @tools.ormcache("workflow_id")
    def _get_stages(self, workflow_id):
        """The stages of a workflow in order, as ``StageDefinition`` tuples."""
        stages = (
            self.env["oms.stage"].sudo().search([("workflow_id", "=", workflow_id)])
        )
        return tuple(
            StageDefinition(
                stage.id,
                stage.exit_kind,
                stage.milestone,
                stage.exit_domain,
                stage.allowed_hours,
                stage.rerun_actions,
                tuple(stage.action_ids.ids),
            )
            for stage in stages
        )

    @api.model
    def _get_release_gate(self, workflow_id):
        """Ids of the stages an order must have left before it may be released.

        Empty when the workflow has no stage that ends with the release: then only
        holds stand between confirmation and warehouse.
        """
        stages = self._get_stages(workflow_id) if workflow_id else ()
        for position, stage in enumerate(stages):
            if stage.kind == "milestone" and stage.milestone == "released":
                return tuple(before.id for before in stages[:position])
        return ()

    def _explain(self, order):
        """Stage by stage whether an order has passed it, and why.

        :param order: one ``sale.order``, of this workflow or of another
        :return: list of dicts ``stage`` (record), ``passed``, ``since`` (datetime
            or False), ``current``, ``why`` (words)
        """
        self.ensure_one()
        progress = order._oms_get_progress()[order]
        result = []
        current_found = False
        for stage in self.stage_ids:
            passed, moment, why = stage._test(order, progress)
            result.append(
                {
                    "stage": stage,
                    "passed": passed,
                    "since": moment,
                    "current": not passed and not current_found,
                    "why": why,
                }
            )
            current_found = current_found or not passed
        return result

    def _preview_data(self):
        """What the picture of the workflow shows; see ``tools.workflow_svg``."""
        self.ensure_one()
        return {
            "stages": [
                {
                    "name": stage.name or "",
                    "exit": stage.exit_summary or "",
                    "kind": stage.exit_kind or "",
                    "allowed": stage._allowed_label(),
                    "group": stage.group_id.name or "",
                    "customer": stage.customer_label or "",
                    "actions": len(stage.action_ids),
                }
                for stage in self.stage_ids
            ],
            "holds": [
                {"name": hold.name, "blocks": hold._get_blocked_steps()}
                for hold in self.hold_type_ids
            ],
            "closed": self.env._("Closed"),
        }
