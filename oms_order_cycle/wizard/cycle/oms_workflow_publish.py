from collections import Counter

from odoo import api, fields, models

#: So many of the last orders are looked at.
ORDERS_ASKED = 30


class OmsWorkflowPublish(models.TransientModel):
    """Says what publishing a workflow will do, before it is done."""

    _name = "oms.workflow.publish"
    _description = "Publish a Workflow"

    workflow_id = fields.Many2one("oms.workflow", required=True, readonly=True)
    effect = fields.Text(compute="_compute_effect")
    gate = fields.Text(compute="_compute_gate")
    warning = fields.Text(compute="_compute_gate")

    @api.depends("workflow_id")
    def _compute_gate(self):
        for wizard in self:
            workflow = wizard.workflow_id
            wizard.gate = "\n".join(workflow._explain_gate())
            wizard.warning = "\n".join(workflow._explain_idle_approvals())

    @api.depends("workflow_id")
    def _compute_effect(self):
        for wizard in self:
            wizard.effect = "\n".join(wizard._explain_effect())

    def _get_last_orders(self):
        """The last orders that were confirmed, of the companies that it serves."""
        domain = [("state", "=", "sale")]
        company = self.workflow_id.company_id
        if company:
            domain.append(("company_id", "child_of", company.id))
        return self.env["sale.order"].search(
            domain, limit=ORDERS_ASKED, order="date_order desc, id desc"
        )

    def _explain_effect(self):
        """Sentences: how many of the last orders would follow it, and instead of which
        workflow; how many that it is for would not."""
        self.ensure_one()
        workflow = self.workflow_id
        orders = self._get_last_orders()
        if not orders and workflow.is_for_all:
            return [
                self.env._(
                    "It is for all orders: those after it in the list, and the default,"
                    " get no new orders any more. Channels that name a workflow of"
                    " their own keep it."
                )
            ]
        if not orders:
            return [self.env._("No order is confirmed yet that could follow it.")]
        found = workflow._match_once_published(orders)
        gained = Counter(now for now, after in found.values() if after == workflow.id)
        words = [self._explain_gain(gained, len(orders))]
        others = orders.filtered(lambda order: found[order][1] != workflow.id)
        missed = Counter(found[order][1] for order in workflow._is_met_by(others))
        if missed and not workflow.is_default:
            words.append(
                self.env._(
                    "It is also for %(count)s others, but these follow %(workflows)s,"
                    " which come first in the list of workflows, or are named by the"
                    " channel. Drag it further up there to change that.",
                    count=sum(missed.values()),
                    workflows=self._get_names(missed),
                )
            )
        return words

    def _explain_gain(self, gained, asked):
        versions = self.workflow_id._get_versions().ids
        before = Counter({id_: n for id_, n in gained.items() if id_ not in versions})
        count = sum(gained.values())
        if not count:
            return self.env._(
                "From now on, none of the last %(asked)s orders would follow it.",
                asked=asked,
            )
        if not before:
            return self.env._(
                "From now on, %(count)s of the last %(asked)s orders would follow this"
                " version instead of the one before it.",
                count=count,
                asked=asked,
            )
        return self.env._(
            "From now on, %(count)s of the last %(asked)s orders would follow this one"
            " instead of %(workflows)s.",
            count=count,
            asked=asked,
            workflows=self._get_names(before),
        )

    def _get_names(self, counts):
        """Names of workflows with numbers of orders: "Parcel (5), Own Truck (3)"."""
        names = []
        for id_, count in counts.most_common():
            workflow = self.env["oms.workflow"].sudo().browse(id_)
            name = workflow.name if id_ else self.env._("none")
            names.append(f"{name} ({count})")
        return ", ".join(names)

    def action_publish(self):
        """Publish the workflow that was looked at."""
        self.ensure_one()
        self.workflow_id.action_publish()
        return {"type": "ir.actions.act_window_close"}
