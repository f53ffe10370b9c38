import re
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from odoo.addons.oms_order_cycle.tools.conditions import has_condition

from ..sourcing import WHOLE

#: What separates prefixes of postal codes.
_SEPARATORS = re.compile(r"[\s,;]+")


class SourcingCriteria(NamedTuple):
    """What a new order needs to know of a rule to see whether it is for it."""

    id: int
    name: str
    company_id: int
    date_from: object
    date_to: object
    channels: frozenset
    countries: frozenset
    states: frozenset
    prefixes: tuple
    categories: frozenset
    carriers: frozenset
    domain: str | None
    warehouse_ids: tuple
    goal: str
    most: int
    least_value: float
    splits_lines: bool


class OmsSourcingRule(models.Model):
    """From which warehouses orders of a kind are delivered, and what matters more."""

    _name = "oms.sourcing.rule"
    _inherit = ["oms.limited", "oms.conditioned"]
    _description = "Sourcing Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="The first rule of the list that an order meets is its rule."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From", help="The first day on which orders are sourced by the rule."
    )
    date_to = fields.Date(
        string="To", help="The last day on which orders are sourced by the rule."
    )
    channel_ids = fields.Many2many("oms.channel", string="Channels", check_company=True)
    country_ids = fields.Many2many(
        "res.country",
        string="Countries",
        help="Of the delivery address. Leave empty for all.",
    )
    state_ids = fields.Many2many(
        "res.country.state",
        string="States",
        help="Of the delivery address. Leave empty for all.",
    )
    zip_prefixes = fields.Char(
        string="Postal Codes",
        help="The beginnings of postal codes of the delivery address, separated by"
        " commas: 30, 31, 48. Leave empty for all.",
    )
    partner_category_ids = fields.Many2many(
        "res.partner.category", string="Customer Tags"
    )
    carrier_ids = fields.Many2many(
        "delivery.carrier", string="Delivery Methods", check_company=True
    )
    domain = fields.Text(
        string="Further Condition", help="What else is to be true of the order."
    )
    place_ids = fields.One2many(
        "oms.sourcing.place",
        "rule_id",
        string="Warehouses",
        copy=True,
        help="The warehouses that may deliver, the first choice first. Leave empty for"
        " all warehouses of the company: the order's own first.",
    )
    goal = fields.Selection(
        [
            ("first", "The first of the list that has it"),
            ("nearest", "The nearest that has it"),
            ("whole", "The whole order from one"),
            ("fewest", "As few warehouses as can be, then the first"),
        ],
        required=True,
        default="fewest",
        help="As much as can be delivered comes first in any case; this decides among"
        " the ways to do so.",
    )
    max_splits = fields.Integer(
        string="Splits at Most",
        default=1,
        help="How often an order may be divided: 1 for two warehouses, 0 for one.",
    )
    least_value = fields.Monetary(
        string="Least Value of a Part",
        help="What each warehouse must bring at least of an order that is divided.",
    )
    split_lines = fields.Boolean(
        string="Divide Lines",
        default=True,
        help="Whether two warehouses may deliver of the same order line.",
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for rule in self:
            if rule.date_from and rule.date_to and rule.date_to < rule.date_from:
                raise ValidationError(
                    self.env._("The rule %s ends before it begins.", rule.name)
                )

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self.filtered("domain"):
            rule._parse_condition("domain", rule.name)

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "max_splits": (0, 7),
            "least_value": (0, 1e9),
        }

    # -- condition ----------------------------------------------------------------

    def _get_conditions(self):
        return [*super()._get_conditions(), (self.domain, self.name)]

    @api.model
    def _get_condition_fields(self):
        return [*super()._get_condition_fields(), "domain", "name"]

    @api.model
    def _get_condition_texts(self):
        return [*super()._get_condition_texts(), "domain"]

    # -- CRUD ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    # -- which rule an order follows ------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_criteria(self):
        """The rules in use, in their sequence."""
        return tuple(rule._make_criteria() for rule in self.sudo().search([]))

    def _make_criteria(self):
        self.ensure_one()
        return SourcingCriteria(
            id=self.id,
            name=self.name,
            company_id=self.company_id.id,
            date_from=self.date_from,
            date_to=self.date_to,
            channels=frozenset(self.channel_ids.ids),
            countries=frozenset(self.country_ids.ids),
            states=frozenset(self.state_ids.ids),
            prefixes=tuple(map(_clean_zip, self._list_prefixes())),
            categories=frozenset(self.partner_category_ids.ids),
            carriers=frozenset(self.carrier_ids.ids),
            domain=self.domain if has_condition(self.domain) else None,
            warehouse_ids=tuple(self.place_ids.warehouse_id.ids),
            goal=self.goal,
            most=1 if self.goal == WHOLE else self.max_splits + 1,
            least_value=self.least_value,
            splits_lines=self.split_lines and self.goal != WHOLE,
        )

    def _list_prefixes(self):
        return filter(None, _SEPARATORS.split(self.zip_prefixes or ""))

    @api.model
    @api.private
    def _match(self, orders):
        """The rule of each order.

        :return: ``{order: SourcingCriteria}``; orders that no rule is for are left out
        """
        criteria = self._get_criteria()
        if not criteria:
            return {}
        today = fields.Date.context_today(self)
        found = {}
        for order in orders:
            # conditions may name what the user must not see
            seen = order.sudo()
            companies = set(seen.company_id.parent_ids.ids)
            for rule in criteria:
                if rule.company_id in companies and self._is_for(rule, seen, today):
                    found[order] = rule
                    break
        return found

    @api.model
    def _is_for(self, rule, order, today):
        address = order.partner_shipping_id
        tags = (order.partner_id | order.partner_id.commercial_partner_id).category_id
        zip_code = _clean_zip(address.zip or "")
        return (
            (not rule.date_from or rule.date_from <= today)
            and (not rule.date_to or today <= rule.date_to)
            and (not rule.channels or order.oms_channel_id.id in rule.channels)
            and (not rule.countries or address.country_id.id in rule.countries)
            and (not rule.states or address.state_id.id in rule.states)
            and (not rule.prefixes or zip_code.startswith(rule.prefixes))
            and (not rule.categories or not rule.categories.isdisjoint(tags.ids))
            and (not rule.carriers or order.carrier_id.id in rule.carriers)
            and (not rule.domain or bool(order._oms_meets(rule.domain)))
        )


def _clean_zip(text):
    return re.sub(r"[^0-9A-Z]", "", text.upper())
