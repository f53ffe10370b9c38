from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..allocation import Demand, allocate
from ..tools.grains import Grains


class OmsAllocation(models.TransientModel):
    """Who gets what of goods that are short: worked out by a rule, looked at and
    changed by a person, then done."""

    _name = "oms.allocation"
    _description = "Share Out What Is Short"

    product_id = fields.Many2one("product.product", required=True, readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True)
    company_id = fields.Many2one(related="warehouse_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    rule_id = fields.Many2one(
        "oms.allocation.rule",
        domain="[('company_id', 'in', (False, company_id))]",
        help="How the goods are shared out.",
    )
    is_anew = fields.Boolean(
        "Share Out Anew",
        help="What is reserved already may be taken from one order and given to"
        " another; what was picked stays where it is. Otherwise each keeps what it"
        " has, and only what is free is shared out.",
    )
    reason = fields.Char(
        help="Why orders give up what they had. Kept in the log of the orders."
    )
    line_ids = fields.One2many("oms.allocation.line", "allocation_id", string="Orders")
    supply = fields.Float(
        string="There Is",
        digits="Product Unit",
        readonly=True,
        help="What is reserved for these orders, and what is free, in the unit of the"
        " product.",
    )
    wanted = fields.Float(digits="Product Unit", compute="_compute_totals")
    given = fields.Float(digits="Product Unit", compute="_compute_totals")
    left = fields.Float(
        digits="Product Unit",
        compute="_compute_totals",
        help="What nobody gets: it stays free.",
    )
    has_changes = fields.Boolean(compute="_compute_totals")
    has_losers = fields.Boolean(compute="_compute_totals")
    is_outdated = fields.Boolean(readonly=True)

    @api.depends("line_ids.quantity", "supply")
    def _compute_totals(self):
        for allocation in self:
            lines = allocation.line_ids
            allocation.wanted = sum(lines.mapped("wanted"))
            allocation.given = sum(lines.mapped("quantity"))
            allocation.left = allocation.supply - allocation.given
            allocation.has_changes = any(line.change for line in lines)
            allocation.has_losers = any(line.change < 0 for line in lines)

    @api.constrains("product_id", "rule_id")
    def _check_rule(self):
        for allocation in self.filtered("rule_id"):
            allocation.rule_id._check_fits(allocation.product_id)

    @api.onchange("rule_id", "is_anew")
    def _onchange_share(self):
        if self.rule_id and self.line_ids:
            self.rule_id._check_fits(self.product_id)
            self._share()

    # -- what there is, and who wants it ----------------------------------------------

    @api.model
    @api.private
    def _open(self, product, warehouse):
        """Work out who gets what by the rule that fits, and open it.

        :return: the action
        """
        self.check_access("create")
        company = warehouse.company_id
        rule = self.env["oms.allocation.rule"]._find_rule(product, company)
        if not rule:
            raise UserError(
                self.env._(
                    "There is no allocation rule for %s. Set one up under Configuration"
                    " > Allocation Rules.",
                    product.display_name,
                )
            )
        allocation = self.create(
            {
                "product_id": product.id,
                "warehouse_id": warehouse.id,
                "rule_id": rule.id,
            }
        )
        allocation._load()
        if not allocation.line_ids:
            raise UserError(
                self.env._(
                    "No order waits for %(product)s out of the stock of %(warehouse)s"
                    " any more, or none that was handed to the warehouse.",
                    product=product.display_name,
                    warehouse=warehouse.display_name,
                )
            )
        return allocation._get_action()

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share Out %s", self.product_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _find_moves(self):
        """The moves that want the goods, of orders that the user may read."""
        self.ensure_one()
        domain = self.env["stock.move"]._oms_get_taking_domain(
            self.product_id, self.warehouse_id
        )
        moves = self.env["stock.move"].sudo().search(domain, order="id")
        orders = moves.sale_line_id.order_id.sudo(False)._filtered_access("read")
        return moves.filtered(lambda move: move.sale_line_id.order_id in orders)

    def _get_free(self):
        """What may be reserved now: read as reserving itself reads it."""
        self.ensure_one()
        free = self.env["stock.quant"]._get_available_quantity(
            self.product_id, self.warehouse_id.lot_stock_id
        )
        return max(free, 0.0)

    def _load(self):
        """Read what there is and who wants it, and share it out by the rule."""
        self.ensure_one()
        moves = self._find_moves()
        self.line_ids.unlink()
        self.env["oms.allocation.line"].create(
            [self._prepare_line(move) for move in moves]
        )
        self.supply = self._get_free() + sum(self.line_ids.mapped("has"))
        self._share()

    def _prepare_line(self, move):
        return {
            "allocation_id": self.id,
            "move_id": move.id,
            "wanted": max(move.product_qty, move._oms_get_reserved()),
            "has": move._oms_get_reserved(),
            "picked": move._oms_get_picked(),
        }

    # -- sharing out ------------------------------------------------------------------

    def _share(self):
        """Fill in who gets what by the rule, and why."""
        self.ensure_one()
        grains = Grains(self.product_id)
        lines = {line.move_id.id: line for line in self.line_ids}
        shares = allocate(
            grains.of(self.supply),
            self._get_demands(grains),
            self.rule_id._get_policy(),
        )
        held = self._get_holds()
        for move_id, share in shares.items():
            line = lines[move_id]
            line.quantity = grains.quantity(share.quantity)
            line.why = self._explain(line, share.reason, held.get(move_id))

    def _get_demands(self, grains):
        """What each line wants, as ``allocation`` takes it."""
        rule = self.rule_id
        rule_pack = grains.get_pack(rule.pack_uom_id) if rule.pack_uom_id else 1
        promised = self._get_promised_dates()
        held = {} if rule.is_for_held else self._get_holds()
        demands = []
        for line in self.line_ids:
            move = line.move_id.sudo()
            order_line = move.sale_line_id
            floor = line.picked if self.is_anew else line.has
            demands.append(
                Demand(
                    move.id,
                    grains.of(line.wanted),
                    floor=grains.of(floor),
                    rank=rule._get_rank(move, promised.get(order_line.id)),
                    tier=rule._get_tier(order_line.order_id),
                    pack=grains.join_packs(rule_pack, line._get_pack(grains)),
                    is_waiting=move.id in held,
                )
            )
        return demands

    def _get_promised_dates(self):
        order_lines = self.line_ids.move_id.sudo().sale_line_id
        return self.env["oms.promise"]._get_current_dates(order_lines.ids)

    def _get_holds(self):
        """``{move id: names of holds}`` of the moves that a hold stops."""
        stopping = self.line_ids.move_id.sudo()._oms_get_stopping()
        return {
            move.id: ", ".join(
                hold.type_id.name for holds in by_order.values() for hold in holds
            )
            for move, by_order in stopping.items()
        }

    def _explain(self, line, reason, holds):
        """Why a line gets what it gets, in words."""
        match reason:
            case "full":
                return self.env._("All that is wanted")
            case "part":
                return self.env._("A part of it")
            case "kept" if self.is_anew:
                return self.env._("Keeps what was picked")
            case "kept":
                return self.env._("Keeps what it has")
            case "below_least":
                return self.env._(
                    "Would be less than %s %%", f"{self.rule_id.least_part:g}"
                )
            case "not_whole":
                return self.env._("Not enough for the whole")
            case "waiting":
                return self.env._("On hold: %s", holds)
        return self.env._("Nothing is left")

    def _check_quantities(self):
        """Refuse what cannot be done, before anything is.

        :raise ValidationError: naming the order, and what it may get
        """
        self.ensure_one()
        self.line_ids._check_quantity()
        if self.uom_id.compare(self.given, self.supply) > 0:
            raise ValidationError(
                self.env._(
                    "%(given)s are given away, and there are %(supply)s. Lower one of"
                    " the quantities.",
                    given=f"{self.given:g}",
                    supply=f"{self.supply:g}",
                )
            )
        if self.has_losers and not (self.reason or "").strip():
            raise ValidationError(
                self.env._(
                    "Orders give up what they had. Say why under Reason: it is kept in"
                    " their log, and those who look after them are told."
                )
            )
