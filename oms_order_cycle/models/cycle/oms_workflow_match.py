"""Which workflow an order follows, and why."""

from collections import namedtuple

from odoo import api, models, tools

from ...tools.condition_words import describe_condition
from ...tools.conditions import has_condition

#: What a new order needs to know of a workflow to see whether it is for it.
WorkflowCriteria = namedtuple(
    "WorkflowCriteria",
    "id company_id channels teams categories carriers domain is_default",
)


class OmsWorkflow(models.Model):
    _inherit = "oms.workflow"

    @api.model
    @tools.ormcache()
    def _get_criteria(self):
        """Published workflows in sequence, the default ones last."""
        workflows = self.sudo().search(
            [("state", "=", "published"), ("active", "=", True)]
        )
        return workflows._make_criteria()

    def _make_criteria(self):
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
            for workflow in self.sorted(
                lambda w: (
                    w.is_default,
                    w.is_default and -len(w.company_id.parent_ids),
                )
            )
        )

    @api.model
    def _is_only_one(self):
        """Whether all orders follow the same workflow."""
        return len(self._get_criteria()) <= 1

    def _match_once_published(self, orders):
        """What orders would follow if this draft were published.

        :return: ``{order: (workflow id or False now, or False then)}``
        """
        self.ensure_one()
        versions = self._get_versions().ids
        published = self.sudo().search(
            [
                ("state", "=", "published"),
                ("active", "=", True),
                ("id", "not in", versions),
            ]
        )
        # in the sequence of the list
        then = self.sudo().search([("id", "in", (published + self).ids)])
        criteria = self._get_criteria(), then._make_criteria()
        found = {}
        for order in orders.sudo():
            now, after = (self._match_one(order, known)[0] for known in criteria)
            # channels that name a version mean the newest one
            after = self.id if after in versions else after
            found[orders.browse(order.id)] = now, after
        return found

    def _is_met_by(self, orders):
        """The orders that meet the criteria of this workflow, published or not."""
        [criteria] = self.sudo()._make_criteria()
        return orders.filtered(
            lambda order: (
                criteria.company_id in (False, *order.sudo().company_id.parent_ids.ids)
                and self._match_reasons(order.sudo(), criteria) is not None
            )
        )

    def _has_domain(self):
        return has_condition(self.domain)

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
            if not order._oms_meets(candidate.domain):
                return None
            reasons.append(self._get_condition_words(candidate.id))
        return reasons

    @api.model
    @tools.ormcache("workflow_id", "self.env.lang")
    def _get_condition_words(self, workflow_id):
        """The further condition in words, without a query for each order."""
        workflow = self.sudo().browse(workflow_id)
        return describe_condition(self.env["sale.order"].sudo(), workflow.domain)
