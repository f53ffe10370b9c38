"""A hold type is added to a workflow in use or to a company, or taken away: what that
means for the orders under way."""

from odoo import api, fields, models
from odoo.fields import Domain

#: Orders that are looked at while the user waits; more go to the background.
AT_ONCE_MAX = 50
#: What a context could keep out of the chatter.
_UNTRACKED = ("mail_notrack", "tracking_disable")


class OmsHoldType(models.Model):
    _inherit = "oms.hold.type"

    is_checking = fields.Boolean(
        string="Being Checked",
        readonly=True,
        copy=False,
        help="Orders under way are looked at in the background.",
    )
    checked_up_to = fields.Integer(
        readonly=True, copy=False, help="Id of the last order that was looked at."
    )
    orders_to_check = fields.Integer(
        string="Orders Still to Check", compute="_compute_orders_to_check"
    )

    @api.depends("is_checking", "checked_up_to", "workflow_ids")
    def _compute_orders_to_check(self):
        orders = self.env["sale.order"].sudo()
        for hold_type in self:
            hold_type.orders_to_check = hold_type.is_checking and orders.search_count(
                hold_type._get_to_check_domain()
            )

    # -- CRUD -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        hold_types = super().create(vals_list)
        self.env.registry.clear_cache()
        hold_types._start_checking(hold_types.workflow_ids)
        return hold_types

    def write(self, vals):
        if vals.get("active") is False:
            self._check_nothing_is_held()
        before = {hold_type: hold_type._get_checked_workflows() for hold_type in self}
        # who may lift what, and when it is stopped, is never changed without a trace
        tracked = self.with_context(**dict.fromkeys(_UNTRACKED, False))
        hidden = any(self.env.context.get(key) for key in _UNTRACKED)
        res = super(OmsHoldType, self if self.env.su or not hidden else tracked).write(
            vals
        )
        self.env.registry.clear_cache()
        for hold_type, workflows in before.items():
            now = hold_type._get_checked_workflows()
            hold_type._start_checking(now - workflows)
            if hold_type.active:
                hold_type._end_checking(workflows - now)
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def _get_checked_workflows(self):
        """Workflows whose orders are checked by one type."""
        self.ensure_one()
        if not self.active or self.check == "manual":
            return self.env["oms.workflow"]
        workflows = self.with_context(active_test=False).workflow_ids
        if (
            self.env["res.company"]
            .sudo()
            .search_count([("oms_hold_type_ids", "in", self.ids)], limit=1)
        ):
            workflows |= workflows.sudo().search([("state", "!=", "draft")])
        return workflows

    # -- added ------------------------------------------------------------------

    def _start_checking(self, workflows):
        """Look at the orders under way of workflows that check these types from now on:
        at once, or in the background when there are many."""
        hold_types = self.sudo().filtered(
            lambda hold_type: hold_type.active and hold_type.check != "manual"
        )
        workflows = workflows.filtered(lambda workflow: workflow.state != "draft")
        if not hold_types or not workflows:
            return
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                hold_types._get_under_way_domain(workflows),
                limit=AT_ONCE_MAX + 1,
                order="id",
            )
        )
        if len(orders) <= AT_ONCE_MAX:
            orders._oms_recheck_holds_safely()
        else:
            hold_types.write({"is_checking": True, "checked_up_to": 0})
            self.env["oms.hold"]._trigger_check()

    def _get_under_way_domain(self, workflows):
        """Orders that the types may stop still."""
        unreleased = Domain("oms_released_at", "=", False)
        if any(hold_type.recheck for hold_type in self):
            unreleased |= Domain("oms_shipped_at", "=", False)
        return (
            Domain("state", "=", "sale")
            & Domain("oms_cycle_state", "=", "open")
            & Domain("oms_workflow_id", "in", workflows.ids)
            & unreleased
        )

    def _get_to_check_domain(self):
        self.ensure_one()
        return self._get_under_way_domain(self._get_checked_workflows()) & Domain(
            "id", ">", self.checked_up_to
        )

    def _check_next(self, batch_size):
        """Look at the next orders of a type that was added.

        :return: how many they were; 0 once all have been
        """
        self.ensure_one()
        orders = self.env["sale.order"].search(
            self._get_to_check_domain(), limit=batch_size, order="id"
        )
        orders._oms_recheck_holds_safely()
        self.write(
            {"checked_up_to": orders[-1].id}
            if orders
            else {"is_checking": False, "checked_up_to": 0}
        )
        return len(orders)

    # -- taken away -------------------------------------------------------------

    def _end_checking(self, workflows):
        """Lift what types stop that workflows do not check any longer.

        Holds placed by hand stay.
        """
        hold_types = self.filtered(lambda hold_type: hold_type.check != "manual")
        holds = self.env["oms.hold"].sudo()
        if not hold_types or not workflows:
            return
        dropped = holds.search(
            [
                ("state", "=", "open"),
                ("type_id", "in", hold_types.ids),
                ("order_id.oms_workflow_id", "in", workflows.ids),
            ]
        )
        # another list, of a company, may name the type still
        dropped = dropped.filtered(lambda hold: not hold.type_id._is_for(hold.order_id))
        dropped.is_dropped = True
        if len(dropped) <= AT_ONCE_MAX:
            dropped._lift_dropped()
        else:
            holds._trigger_check()

    def _is_for(self, order):
        """Whether the type is checked on an order."""
        self.ensure_one()
        companies = (False, *order.company_id.parent_ids.ids)
        return any(
            definition.id == self.id and definition.company_id in companies
            for definition in self._get_definitions().get(order.oms_workflow_id.id, ())
        )

    def _check_nothing_is_held(self):
        """What is archived would hold orders that nobody finds any longer.

        :raise RedirectWarning: naming the orders, with the way to their holds
        """
        self.env["oms.hold"].sudo().search(
            [("type_id", "in", self.ids), ("state", "=", "open")]
        )._refuse_archiving()
