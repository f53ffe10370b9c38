from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..allocation import Policy
from ..tools.grains import read_percent

#: Place of customers without a class: behind all others.
_NO_CLASS = 2**31


class OmsAllocationRule(models.Model):
    """How goods that are short are shared out."""

    _name = "oms.allocation.rule"
    _description = "Allocation Rule"
    _inherit = ["oms.limited"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="The first rule that fits a product is proposed."
    )
    company_id = fields.Many2one(
        "res.company", help="Empty: the rule is for all companies."
    )
    categ_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="The rule is proposed for products of these categories and those below"
        " them. Empty: for all.",
    )
    method = fields.Selection(
        [
            ("key", "One after the other, each all that it wants"),
            ("complete", "One after the other, all or nothing"),
            ("proportional", "Each the same part of what it wants"),
            ("even", "Each the same quantity"),
        ],
        required=True,
        default="proportional",
        help="One after the other: the first gets all that it wants, then the second,"
        " until nothing is left. The same part: 60 of 100 wanted pieces are there, so"
        " each gets 60 %. The same quantity: small orders are filled, large ones share"
        " what is left.",
    )
    key = fields.Selection(
        [
            ("promise", "Promised first"),
            ("priority", "Urgent first, then promised first"),
            ("class", "Customer class, then promised first"),
            ("first", "Ordered first"),
        ],
        string="Who Comes First",
        required=True,
        default="promise",
        help="Who is served first; where all get a part, who gets the piece that is"
        " left from rounding.",
    )
    is_by_class = fields.Boolean(
        "Class by Class",
        help="Customers of the first class are served before those of the second one"
        " get anything.",
    )
    least_part = fields.Float(
        "Least Part (%)",
        digits=(5, 2),
        help="An order that would get less than this part of what it wants gets"
        " nothing, and the others share it. 0: any part is sent.",
    )
    pack_uom_id = fields.Many2one(
        "uom.uom",
        string="Whole Packs Of",
        help="Only whole packs of this unit are given, or all that is wanted. Empty:"
        " whole units of the order line.",
    )
    is_for_held = fields.Boolean(
        "To Orders on Hold, too",
        help="Otherwise an order that a hold stops from being picked gets nothing new.",
    )

    @api.model
    def _get_number_limits(self):
        return {**super()._get_number_limits(), "least_part": (0, 100)}

    @api.model
    def _find_rule(self, product, company):
        """The rule that is proposed for a product: the first one that fits."""
        rules = self.search(
            Domain("company_id", "in", (False, *company.parent_ids.ids))
            & (
                Domain("categ_ids", "=", False)
                | Domain("categ_ids", "parent_of", product.categ_id.ids)
            )
        )
        return rules.filtered(lambda rule: rule._fits(product))[:1]

    def _fits(self, product):
        """Whether the packs of the rule are packs of the product."""
        self.ensure_one()
        return not self.pack_uom_id or self.pack_uom_id._has_common_reference(
            product.uom_id
        )

    def _check_fits(self, product):
        if not self._fits(product):
            raise ValidationError(
                self.env._(
                    "The rule %(rule)s shares out whole packs of %(unit)s, and"
                    " %(product)s is not counted in such. Choose another rule.",
                    rule=self.name,
                    unit=self.pack_uom_id.name,
                    product=product.display_name,
                )
            )

    def _get_policy(self):
        """The rule as ``allocation`` takes it."""
        self.ensure_one()
        return Policy(self.method, read_percent(self.least_part))

    def _get_rank(self, move, promised):
        """Who comes first: the smaller, the earlier.

        :param move: ``stock.move`` of an order
        :param promised: what is promised for its line, or False
        """
        self.ensure_one()
        order = move.sale_line_id.order_id
        promised = promised or datetime.max
        ordered = order.date_order or datetime.max
        urgent = move.priority != "1"
        by_key = {
            "promise": (promised, urgent),
            "priority": (urgent, promised),
            "class": (self._get_class_place(order), promised, urgent),
            "first": (ordered, promised),
        }
        return (*by_key[self.key], ordered, order.id, move.id)

    def _get_tier(self, order):
        return self._get_class_place(order) if self.is_by_class else 0

    @api.model
    def _get_class_place(self, order):
        group = order.partner_id.commercial_partner_id.oms_customer_class_id
        return group.sequence if group else _NO_CLASS
