"""Why a date is what it is, in words."""

from markupsafe import Markup

from odoo import api, fields, models

from ..tools.plan import dump_values
from ..tools.words import say_day, say_hour, say_moment


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.depends("order_line.oms_shown_plan")
    @api.depends_context("lang")
    def _compute_oms_promise_why(self):
        for order in self:
            plans = order.order_line._oms_get_plans()
            order.oms_promise_why = order._oms_make_why(plans) if plans else False

    def _oms_make_why(self, plans):
        """A table of the parts of all lines.

        :param dict plans: Plan by line
        """
        rows = Markup().join(
            row
            for line in self.order_line
            if line in plans
            for row in line._oms_make_why_rows(plans[line])
        )
        names = (
            self.env._("Product"),
            self.env._("Quantity"),
            self.env._("From"),
            self.env._("Ships On"),
            self.env._("Arrives On"),
            self.env._("Why"),
        )
        heads = Markup().join(Markup("<th>%s</th>") % name for name in names)
        return Markup(
            '<table class="table table-sm o_oms_promise_why">'
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table>"
        ) % (heads, rows)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    oms_promise_why = fields.Text(
        string="Why This Date",
        compute="_compute_oms_promise_why",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("oms_shown_plan")
    @api.depends_context("lang")
    def _compute_oms_promise_why(self):
        plans = self._oms_get_plans()
        for line in self:
            plan = plans.get(line)
            line.oms_promise_why = plan and line._oms_explain_plan(plan)

    def _oms_explain_plan(self, plan):
        """Sentences on each part, one a row."""
        self.ensure_one()
        rows = [
            self.env._(
                "%(quantity)s on %(day)s: %(why)s.",
                quantity=self._oms_format_goods(part.quantity),
                day=say_day(self.env, part.arrive),
                why=self._oms_explain_part(part),
            )
            for part in plan.parts
        ]
        if plan.missing:
            rows.append(self._oms_explain_missing_date(plan.missing))
        return "\n".join(rows)

    def _oms_make_why_rows(self, plan):
        cells = Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
                       "<td>%s</td></tr>")  # fmt: skip
        name, warehouse = self.product_id.display_name, self.warehouse_id.name
        for part in plan.parts:
            yield cells % (
                name,
                self._oms_format_goods(part.quantity),
                warehouse,
                say_day(self.env, part.ship),
                say_day(self.env, part.arrive),
                self._oms_explain_part(part),
            )
        if plan.missing:
            yield cells % (
                name,
                self._oms_format_goods(plan.missing),
                warehouse,
                self.env._("no date"),
                "",
                self._oms_explain_missing_date(plan.missing),
            )

    def _oms_format_goods(self, quantity):
        """A quantity of the product's unit, in that of the line.

        :param float quantity: in the product's unit
        """
        self.ensure_one()
        own = self.product_id.uom_id._compute_quantity(
            quantity, self.product_uom_id, rounding_method="HALF-UP"
        )
        return f"{own:g} {self.product_uom_id.name}"

    def _oms_explain_missing_date(self, quantity):
        return self.env._(
            "nothing that is in stock or on its way is left for %s: the date is known"
            " once a receipt is planned",
            self._oms_format_goods(quantity),
        )

    def _oms_explain_part(self, part):
        """Why a part leaves and arrives when it does, in one sentence."""
        words = [
            self._oms_explain_reason(code, dump_values(values))
            for code, values in part.reasons
        ]
        return ", ".join(filter(None, words))

    def _oms_explain_reason(self, code, values):
        """
        :param str code: see ``atp.Reason``
        :param dict values: its details; days and moments as text
        """
        explain = getattr(self, f"_oms_explain_{code}_reason", None)
        return explain(values) if explain else ""

    def _oms_explain_from_reason(self, values):
        warehouse = self.env["stock.warehouse"].browse(values["warehouse"])
        return self.env._("from %s", warehouse.name)

    def _oms_explain_stock_reason(self, values):
        return self.env._("in stock")

    def _oms_explain_receipt_reason(self, values):
        return self.env._("comes in, to be picked on %s", self._oms_say(values["day"]))

    def _oms_explain_order_cutoff_reason(self, values):
        return self.env._(
            "ordered after the cut-off of the channel: counts from %s",
            self._oms_say(values["moment"]),
        )

    def _oms_explain_opening_reason(self, values):
        return self.env._("work begins on %s", self._oms_say(values["moment"]))

    def _oms_explain_warehouse_cutoff_reason(self, values):
        return self.env._(
            "after the cut-off of the warehouse at %(hour)s: work begins on %(moment)s",
            hour=say_hour(self.env, values["hour"]),
            moment=self._oms_say(values["moment"]),
        )

    def _oms_explain_ready_reason(self, values):
        if not values["hours"]:
            return ""
        return self.env._("picked by %s", self._oms_say(values["moment"]))

    def _oms_explain_pickup_reason(self, values):
        hour = say_hour(self.env, values["hour"])
        return self.env._("too late for the pick-up at %s", hour)

    def _oms_explain_ship_reason(self, values):
        if not values["waited"]:
            return ""
        return self.env._("leaves next on %s", self._oms_say(values["day"]))

    def _oms_explain_transit_reason(self, values):
        if values["days"] == 1:
            return self.env._("one day on the way")
        if values["days"]:
            return self.env._("%s days on the way", values["days"])
        return ""

    def _oms_explain_receiving_reason(self, values):
        return self.env._(
            "could arrive on %(could)s, the customer takes goods in on %(day)s",
            could=self._oms_say(values["could"]),
            day=self._oms_say(values["day"]),
        )

    def _oms_explain_requested_reason(self, values):
        return self.env._("not wanted before %s", self._oms_say(values["requested"]))

    def _oms_explain_together_reason(self, values):
        return self.env._(
            "delivered at once with the other lines: leaves on %s",
            self._oms_say(values["day"]),
        )

    def _oms_say(self, value):
        """A day, or a moment as it is on the wall there.

        :param str value: as a plan keeps it
        """
        say = say_moment if " " in value else say_day
        return say(self.env, value)
