import math

from odoo import api, models
from odoo.exceptions import ValidationError

#: What any number of ours may be at most: more is a slip of the hand.
MOST = 1e12
MOST_WHOLE = 2**31 - 1
MOST_HOURS = 87_600  # ten years
MOST_DAYS = 36_500  # a hundred years; beyond it dates cannot be reckoned
MOST_LENGTH = 100_000  # mm, a hundred metres; in feet it is more, and harmless
MOST_WEIGHT = 1_000_000  # kg or lb
MOST_COST = 1_000_000
_NUMBERS = ("integer", "float", "monetary")


class OmsLimited(models.AbstractModel):
    """Set-up whose numbers are numbers, and such as can be meant.

    "Not a number" passes every comparison of the database, and what is too large ends
    in an error where somebody else takes an order.
    """

    _name = "oms.limited"
    _description = "Has Numbers Within Limits"

    @api.model
    def _get_number_limits(self):
        """Hook: ``{field: the most}`` or ``{field: (the least, the most)}``.

        The other numbers that our addons keep are limited to what can be reckoned
        with.
        """
        return {}

    @api.model_create_multi
    def create(self, vals_list):
        self._check_number_limits(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_number_limits([vals])
        return super().write(vals)

    @api.model
    def _check_number_limits(self, vals_list):
        """Refuse numbers that are none, or beyond their limits.

        :raise ValidationError: naming the field and its limits
        """
        limits = self._get_number_limits()
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if field is None or field.type not in _NUMBERS or not value:
                    continue
                if name not in limits and not self._is_of_ours(field):
                    continue
                whole = field.type == "integer"
                limit = limits.get(name, MOST_WHOLE if whole else MOST)
                least, most = limit if isinstance(limit, tuple) else (-limit, limit)
                if not _is_within(value, least, most):
                    self._refuse_number(field, value, least, most)

    @api.model
    def _is_of_ours(self, field):
        return any(module.startswith("oms_order_cycle") for module in field._modules)

    @api.model
    def _refuse_number(self, field, value, least, most):
        raise ValidationError(
            self.env._(
                "“%(field)s” must be between %(least)s and %(most)s, not %(value)s.",
                field=field._description_string(self.env) or field.name,
                least=f"{max(least, 0) if least == -most else least:,.15g}",
                most=f"{most:,.15g}",
                value=str(value)[:40],
            )
        )


def _is_within(value, least, most):
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return math.isfinite(number) and least <= number <= most
