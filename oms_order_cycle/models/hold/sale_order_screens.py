"""What lists, board and form of orders show of their holds."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.groups import INTERNAL, READERS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_attention = fields.Selection(
        [("held", "On Hold"), ("late", "Late"), ("ok", "On Time")],
        string="Attention",
        compute="_compute_oms_attention",
        search="_search_oms_attention",
        help="What an order needs attention for; drawn above each column of the board.",
        groups=INTERNAL,
    )
    oms_hold_summary = fields.Char(
        string="Stopped By",
        compute="_compute_oms_hold_summary",
        help="Names of the holds that stop the order now.",
        groups=INTERNAL,
    )
    oms_has_holds = fields.Boolean(
        compute="_compute_oms_has_holds",
        compute_sudo=True,
        help="It is on hold, or has been.",
        groups=INTERNAL,
    )
    oms_has_closed_holds = fields.Boolean(
        compute="_compute_oms_has_holds",
        compute_sudo=True,
        help="A hold of it was lifted or overridden.",
        groups=INTERNAL,
    )

    # Can be searched, so that Odoo offers it where fields are chosen: in the texts of
    # e-mail templates, say.
    oms_decisions = fields.Text(
        string="Hold Decisions",
        compute="_compute_oms_decisions",
        search="_search_oms_decisions",
        help="Which holds were lifted or overridden, up to which amount, until when,"
        " and the notes; as long as the decisions count.",
        groups=READERS,
    )

    # -- compute ----------------------------------------------------------------

    @api.depends("oms_open_hold_count", "oms_is_late")
    def _compute_oms_attention(self):
        for order in self:
            if order.oms_open_hold_count:
                order.oms_attention = "held"
            elif order.oms_is_late:
                order.oms_attention = "late"
            else:
                order.oms_attention = "ok"

    @api.model
    def _search_oms_attention(self, operator, value):
        if operator != "in":
            return NotImplemented
        held = Domain("oms_is_held", "=", True)
        late = Domain("oms_is_late", "=", True)
        domains = {"held": held, "late": ~held & late, "ok": ~held & ~late}
        return Domain.OR(domains[key] for key in value if key in domains)

    def _read_group_groupby(self, alias, groupby_spec, query):
        """The bar above a column of the board counts by attention, in SQL."""
        if groupby_spec != "oms_attention":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields["oms_attention"], "read")
        orders = self.env["sale.order"]
        cases = [
            SQL(
                "WHEN %s IN %s THEN %s",
                SQL.identifier(alias, "id"),
                orders._search([(field, "=", True)], bypass_access=True).subselect(),
                name,
            )
            for name, field in (("held", "oms_is_held"), ("late", "oms_is_late"))
        ]
        return SQL("CASE %s ELSE 'ok' END", SQL(" ").join(cases))

    @api.depends("oms_hold_ids.state", "oms_hold_ids.type_id")
    @api.depends_context("lang")
    def _compute_oms_hold_summary(self):
        names = {}
        holds = (
            self.env["oms.hold"]
            .sudo()
            .search_fetch(
                [("order_id", "in", self._origin.ids), ("state", "=", "open")],
                ["order_id", "type_id"],
            )
        )
        for hold in holds:
            names.setdefault(hold.order_id.id, []).append(hold.type_id.name)
        for order in self:
            # a hold of the same type may be open twice: say it once
            order.oms_hold_summary = ", ".join(
                dict.fromkeys(names.get(order._origin.id, ()))
            )

    @api.depends("oms_hold_ids.state")
    def _compute_oms_has_holds(self):
        for order in self:
            order.oms_has_holds = bool(order.oms_hold_ids)
            order.oms_has_closed_holds = any(
                hold.state != "open" for hold in order.oms_hold_ids
            )

    @api.depends("oms_open_hold_count")
    def _compute_oms_show_cycle_bar(self):
        res = super()._compute_oms_show_cycle_bar()
        for order in self:
            if order.oms_open_hold_count and order._origin and order.oms_workflow_id:
                order.oms_show_cycle_bar = True
        return res

    @api.depends("oms_open_hold_count")
    def _compute_oms_can_release(self):
        return super()._compute_oms_can_release()

    @api.depends("oms_open_hold_count")
    def _compute_oms_cycle_bar(self):
        return super()._compute_oms_cycle_bar()

    @api.depends("oms_open_hold_count")
    def _compute_oms_why(self):
        return super()._compute_oms_why()

    @api.depends("oms_hold_ids.in_force")
    @api.depends_context("lang", "tz", "uid")
    def _compute_oms_decisions(self):
        for order in self:
            order.oms_decisions = "\n".join(order._oms_explain_decisions())

    @api.model
    def _search_oms_decisions(self, operator, value):
        decided = Domain("in_force", "=", True)
        if operator == "in" and not any(value):
            return ~Domain("oms_hold_ids", "any", decided)
        if operator != "ilike":
            return NotImplemented
        said = Domain.OR(
            Domain(name, "ilike", value) for name in ("type_id.name", "note")
        )
        return Domain("oms_hold_ids", "any", decided & said)

    # -- actions ----------------------------------------------------------------

    def action_oms_view_holds(self):
        """Open the holds of the orders, past ones included."""
        return self._oms_get_action("oms_hold_action", self.env._("Holds"))
