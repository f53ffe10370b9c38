from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...packing import billing
from .oms_dim_rule import CONFIDENCES

LIMITS = ("longest_gt", "second_gt", "length_girth_gt", "volume_gt", "weight_gt")


class OmsDimTrigger(models.Model):
    """When a parcel falls into a class of surcharge, or is not taken at all.

    One of the limits passed is enough, and passed means strictly more. Amounts are
    not here: they change several times a year and by zone.
    """

    _name = "oms.dim.trigger"
    _description = "Surcharge or Limit of a Carrier"
    _inherit = ["oms.limited", "oms.company.shared"]
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one(
        "oms.dim.rule", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Contract of",
        index="btree_not_null",
        default=lambda self: self._default_shared_company(),
        help="A company's own contract: replaces what is said here of the same class.",
    )
    name = fields.Char(required=True, translate=True, help="What the carrier calls it.")
    code = fields.Char(
        string="Class",
        required=True,
        help="Short name of the class. Several lines with the same class are one"
        " charge.",
    )
    length_unit = fields.Char(related="rule_id.length_unit")
    weight_unit = fields.Char(related="rule_id.weight_unit")
    longest_gt = fields.Float(
        string="Longest Side Over",
        digits=(12, 3),
        help="In the rule's unit of length, after rounding. 0: no limit.",
    )
    second_gt = fields.Float(
        string="Second Side Over",
        digits=(12, 3),
        help="In the rule's unit of length, after rounding. 0: no limit.",
    )
    length_girth_gt = fields.Float(
        string="Length and Girth Over",
        digits=(12, 3),
        help="Longest side plus twice the sum of the two others. 0: no limit.",
    )
    volume_gt = fields.Float(
        string="Volume Over",
        digits=(16, 3),
        help="In the rule's cubic unit of length, after rounding. 0: no limit.",
    )
    weight_gt = fields.Float(
        string="Weight Over",
        digits=(12, 3),
        help="Actual weight, in the rule's unit of weight. 0: no limit.",
    )
    min_billable = fields.Float(
        string="Billed at Least", digits=(12, 3), help="In the rule's unit of weight."
    )
    excludes = fields.Char(
        string="Instead Of",
        help="Classes that are not charged beside this one, separated by commas.",
    )
    refused = fields.Boolean(
        string="Not Accepted",
        help="The carrier does not take such parcels: no plan will use them.",
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")
    confidence = fields.Selection(CONFIDENCES, required=True, default="A")
    source = fields.Char()
    note = fields.Char(string="Remark", translate=True)

    _dates = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "A surcharge cannot end before it begins.",
    )
    _positive = models.Constraint(
        "CHECK(longest_gt >= 0 AND second_gt >= 0 AND length_girth_gt >= 0"
        " AND volume_gt >= 0 AND weight_gt >= 0 AND min_billable >= 0)",
        "The limits of a surcharge cannot be negative.",
    )

    def _get_served_companies(self):
        return super()._get_served_companies() & self.rule_id._get_served_companies()

    @api.constrains("active", *LIMITS)
    def _check_limits(self):
        """One that is never met misleads; archived ones are notes."""
        for trigger in self:
            if trigger.active and not any(trigger[name] for name in LIMITS):
                raise ValidationError(
                    self.env._(
                        "Enter above which size or weight %s applies.", trigger.name
                    )
                )

    def _to_engine(self):
        """The trigger as the packing engine knows it."""
        self.ensure_one()
        return billing.Trigger(
            code=self.code,
            **{name: self[name] or None for name in LIMITS},
            min_billable=self.min_billable or None,
            excludes=tuple((self.excludes or "").replace(",", " ").split()),
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            confidence=self.confidence or "B",
            source=self.source or "",
        )
