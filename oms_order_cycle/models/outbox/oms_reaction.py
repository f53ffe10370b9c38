from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools.condition_gate import check_can_ask, parse_condition

#: What decides when something is done, and what: who changes it answers for it.
_AUTHORED_FIELDS = (
    "company_id",
    "event_kind",
    "milestone",
    "event_domain",
    "order_domain",
    "action_id",
)
#: Kinds of events that the running of actions writes itself.
_OWN_KINDS = ("action",)
#: Kinds of events that are about a milestone.
MILESTONE_KINDS = ("fact", "fact_cleared")


class OmsReaction(models.Model):
    """What follows by itself from an event of an order.

    When events of its kind are written, and its conditions hold, a row of the outbox is
    written in the same transaction, once for each event.  The row runs the action on
    the event's order, later and outside that transaction, in the name of the author.

    Conditions are asked, and actions are run, with the rights of the author: whoever
    changed last what is done, or when.  So nobody learns from what is done or left what
    he may not read, and nobody has done what he may not do.  What an addon ships is of
    the superuser until somebody changes it.

    The action finds the event, and the figures in its ``data``, as ``event`` in code
    typed in its form, and as ``env["oms.outbox"]._get_running().event_id`` elsewhere.
    """

    _name = "oms.reaction"
    _inherit = ["oms.limited", "oms.authored", "oms.company.shared"]
    _description = "Automatic Action"
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty to act for the orders of all companies of the author.",
    )
    event_kind = fields.Selection(
        "_selection_event_kind",
        "When",
        required=True,
        help="What must happen to an order. “Reached” is one of its milestones: all"
        " goods shipped, the order paid, ... What is not reported yet happens once an"
        " app is installed that reports it.",
    )
    milestone = fields.Selection(
        "_selection_milestone",
        help="Only when this milestone is reached, or is no longer. Leave empty for"
        " any. For stages, set the actions on the stage itself.",
    )
    event_domain = fields.Char(
        "If the Event Matches", default="[]", help="Leave empty for all events."
    )
    order_domain = fields.Char(
        "If the Order Matches",
        default="[]",
        help="How the order is when the event is written. Leave empty for all orders.",
    )
    # Emptied when somebody deletes the action: shown as broken, and never in the way of
    # uninstalling what shipped it.
    action_id = fields.Many2one(
        "ir.actions.server",
        "Action To Do",
        domain="[('oms_acts_on_orders', '=', True)]",
        index="btree_not_null",
        ondelete="set null",
        help="Run on the order, soon after. Choose one that you may run by hand.",
    )
    author_id = fields.Many2one(required=True)
    event_base_domain = fields.Char(
        compute="_compute_event_base_domain",
        help="The events that are asked the condition at all, for their number.",
    )
    problem = fields.Text(
        compute="_compute_problem",
        search="_search_problem",
        help="Why this automatic action does nothing as it stands.",
    )
    companies_left_out = fields.Char(
        compute="_compute_companies_left_out",
        compute_sudo=True,
        help="Your companies for whose orders nothing is done: the author has no"
        " access.",
    )
    outbox_ids = fields.One2many("oms.outbox", "reaction_id", "Runs")
    run_count = fields.Integer(compute="_compute_run_count", string="Runs (Number)")
    failed_count = fields.Integer(compute="_compute_run_count", string="Failed Runs")

    # -- compute ----------------------------------------------------------------

    @api.model
    def _selection_event_kind(self):
        kinds = self.env["oms.event"]._fields["kind"]._description_selection(self.env)
        written = self.env["oms.event"]._get_written_kinds()
        # Answering to what is written when an action has run would never end.
        kinds = [(kind, label) for kind, label in kinds if kind not in _OWN_KINDS]
        return [(kind, label) for kind, label in kinds if kind in written] + [
            (kind, self.env._("%s (not reported yet)", label))
            for kind, label in kinds
            if kind not in written
        ]

    @api.model
    def _selection_milestone(self):
        stages = self.env["oms.stage"]
        return stages._fields["milestone"]._description_selection(self.env)

    @api.depends("event_kind", "milestone", "company_id")
    def _compute_event_base_domain(self):
        for reaction in self:
            reaction.event_base_domain = repr(list(reaction._get_event_domain()))

    @api.depends(*_AUTHORED_FIELDS, "author_id")
    @api.depends_context("lang")
    def _compute_problem(self):
        for reaction in self:
            reaction.problem = reaction._origin.sudo()._find_problem()

    @api.depends("author_id", "company_id")
    @api.depends_context("uid")
    def _compute_companies_left_out(self):
        # of the others, whoever reads it has nothing to look after
        companies = self.env.user.company_ids.filtered("active")
        for reaction in self:
            author, company = reaction.author_id, reaction.company_id
            left_out = self.env["res.company"]
            if author and author.id != SUPERUSER_ID:
                left_out = companies - author.company_ids
            if company:
                left_out = left_out.filtered(lambda c, top=company: top in c.parent_ids)
            reaction.companies_left_out = ", ".join(left_out.mapped("name"))

    @api.model
    def _search_problem(self, operator, value):
        if operator != "in" or any(value):
            return NotImplemented
        reactions = self.sudo().search([("active", "in", (True, False))])
        return [("id", "not in", reactions.filtered("problem").ids)]

    def _compute_run_count(self):
        counts = {}
        for reaction, state, count in self.env["oms.outbox"]._read_group(
            [("reaction_id", "in", self.ids)], ["reaction_id", "state"], ["__count"]
        ):
            counts.setdefault(reaction, {})[state] = count
        for reaction in self:
            by_state = counts.get(reaction._origin, {})
            reaction.run_count = sum(by_state.values())
            reaction.failed_count = by_state.get("failed", 0)

    # -- constraints ------------------------------------------------------------

    @api.constrains("event_kind", "milestone")
    def _check_event(self):
        """Values of a selection that is asked of a method are not checked by Odoo."""
        kinds = dict(self._selection_event_kind())
        milestones = dict(self._selection_milestone())
        for reaction in self:
            if reaction.event_kind not in kinds or (
                reaction.milestone and reaction.milestone not in milestones
            ):
                raise ValidationError(
                    self.env._("“%s” cannot follow that event.", reaction.name)
                )

    @api.constrains("action_id", "author_id")
    def _check_can_attach_action(self):
        for reaction in self:
            if not reaction.action_id:
                raise ValidationError(
                    self.env._("Choose the action to do for “%s”.", reaction.name)
                )
            reaction.action_id._oms_check_can_attach(reaction.author_id)

    @api.constrains("event_domain", "order_domain", "author_id")
    def _check_conditions(self):
        for reaction in self:
            for model, text in (
                ("oms.event", reaction.event_domain),
                ("sale.order", reaction.order_domain),
            ):
                parse_condition(self.env[model], text, reaction.name)
                asked = self.env[model].with_user(reaction.author_id)
                check_can_ask(asked, text, reaction.name)
            reaction._check_can_ask_conditions()

    def _check_can_ask_conditions(self):
        """Refuse conditions that can be read, but not asked.

        :raise AccessError: the author may not read what they ask for
        :raise ValidationError: the database has no answer to them
        """
        self.ensure_one()
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                self._test_conditions()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except AccessError as error:
            raise AccessError(
                self.env._(
                    "The conditions of “%(name)s” ask for what %(user)s may not"
                    " read: %(error)s",
                    name=self.name,
                    user=self.author_id.name,
                    error=error,
                )
            ) from error
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "The conditions of “%(name)s” cannot be tested: %(error)s Choose"
                    " fields that are kept in the database, and values of their kind.",
                    name=self.name,
                    error=str(error).strip().split("\n")[0],
                )
            ) from error

    # -- CRUD -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        reactions = super().create(vals_list)
        self.env.registry.clear_cache()
        return reactions

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def _get_authored_fields(self):
        # Who archives it has nothing done. Who takes it out of the archive has.
        return _AUTHORED_FIELDS + (() if self.active else ("active",))

    @api.model
    def _default_shared_company(self):
        """None: it serves the companies of its author, whoever that is."""
        return self.env["res.company"]

    def _get_served_companies(self):
        companies = super()._get_served_companies()
        author = self.sudo().author_id
        if author.id == SUPERUSER_ID:
            return companies
        return companies & author.company_ids
