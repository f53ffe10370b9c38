from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..sourcing.reasons import (
    BEST,
    LATER,
    NOTHING,
    ONLY,
    REST,
    SPLIT,
    TOGETHER,
    TOO_LITTLE,
    WAITS,
)

#: Somebody chose the warehouse himself.
PERSON = "person"


class OmsSourcingLine(models.Model):
    """So much of an order line comes from this warehouse, and why.

    What was asked of the warehouses last; what it was before stands in the journal.
    Written by the release, by who chooses otherwise, and by nobody else.
    """

    _name = "oms.sourcing.line"
    _description = "Source of an Order Line"
    _order = "order_id, line_id, quantity desc, id"

    line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    order_id = fields.Many2one(
        related="line_id.order_id", store=True, index=True, string="Order"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    product_id = fields.Many2one(related="line_id.product_id")
    product_uom_id = fields.Many2one(related="line_id.product_uom_id", string="Unit")
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="restrict"
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="How much of the line comes from the warehouse, in the line's unit.",
    )
    short = fields.Float(
        string="Not There Yet",
        digits="Product Unit",
        readonly=True,
        help="Of it, what the warehouse did not have when it was chosen.",
    )
    rule_id = fields.Many2one("oms.sourcing.rule", readonly=True, ondelete="set null")
    code = fields.Char(readonly=True)
    refused = fields.Json(readonly=True)
    is_manual = fields.Boolean(
        string="Chosen by Hand",
        readonly=True,
        help="A person chose the warehouse: it stays, whatever the rules say.",
    )
    reason = fields.Char(readonly=True, help="What the person said who chose it.")
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, ondelete="set null"
    )
    why = fields.Text(compute="_compute_why", compute_sudo=True)

    _line_warehouse_uniq = models.UniqueIndex("(line_id, warehouse_id)")

    @api.depends("line_id.product_id", "warehouse_id")
    def _compute_display_name(self):
        for source in self:
            source.display_name = (
                f"{source.product_id.display_name}: {source.warehouse_id.name}"
            )

    @api.depends("code", "refused", "short", "reason", "user_id", "rule_id")
    @api.depends_context("lang")
    def _compute_why(self):
        for source in self:
            source.why = self._explain(
                source.code,
                source.rule_id.goal,
                source.refused or [],
                short=source.short,
                unit=source.product_uom_id.name or "",
                by=source.user_id.name or "",
                reason=source.reason or "",
            )

    # -- words ------------------------------------------------------------------------

    @api.model
    def _explain(self, code, goal, refused, short=0, unit="", by="", reason=""):
        """Why a warehouse was chosen, and the others were not: a line for each.

        :param refused: ``[[warehouse id, code, what it has], ...]``
        :param short: what it does not have either
        """
        if code == PERSON:
            words = [self.env._("Chosen by %(user)s: %(why)s", user=by, why=reason)]
        else:
            words = [self._explain_code(code, goal)]
        if short and code != WAITS:
            words.append(
                self.env._(
                    "%(quantity)s %(unit)s of it are not there yet.",
                    quantity=_say(short),
                    unit=unit,
                )
            )
        names = self._get_warehouse_names([row[0] for row in refused])
        words += [
            self._explain_refusal(names.get(warehouse_id, ""), what, count, goal, unit)
            for warehouse_id, what, count in refused
        ]
        return "\n".join(filter(None, words))

    @api.model
    def _get_warehouse_names(self, ids):
        warehouses = self.env["stock.warehouse"].sudo().browse(set(ids)).exists()
        return {warehouse.id: warehouse.name for warehouse in warehouses}

    @api.model
    def _explain_code(self, code, goal):
        if code == BEST:
            return (
                self.env._("The nearest warehouse that has it.")
                if goal == "nearest"
                else self.env._("The first warehouse of the list that has it.")
            )
        return {
            ONLY: self.env._("The only warehouse that has any of it."),
            TOGETHER: self.env._("Comes with the rest of the order."),
            REST: self.env._("No warehouse alone has all of the line."),
            WAITS: self.env._(
                "No warehouse has any of it: it waits here, where it can be had first."
            ),
        }.get(code, "")

    @api.model
    def _explain_refusal(self, name, code, count, goal, unit):
        if code == LATER and goal == "nearest":
            return self.env._("Not from %s: it is farther.", name)
        return {
            NOTHING: self.env._("Not from %s: it has none.", name),
            TOO_LITTLE: self.env._(
                "Not from %(name)s: it has only %(count)s %(unit)s.",
                name=name,
                count=_say(count),
                unit=unit,
            ),
            SPLIT: self.env._("Not from %s: the order would be divided.", name),
            LATER: self.env._("Not from %s: it comes later in the list.", name),
        }.get(code)

    # -- CRUD -------------------------------------------------------------------------

    @api.model
    def _check_is_ours(self):
        """Only our own methods, which check who asks, write these rows.

        :raise AccessError: somebody else does
        """
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Sources are chosen at the release, or by Change Warehouses on the"
                    " order."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_is_ours()
        return super().create(vals_list)

    def write(self, vals):
        self._check_is_ours()
        return super().write(vals)


def _say(quantity):
    return f"{quantity:.6g}"
