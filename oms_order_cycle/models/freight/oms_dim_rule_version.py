from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ...packing import billing
from .oms_dim_rule import CONFIDENCES


class OmsDimRuleVersion(models.Model):
    """What a carrier's rule says from one day to another."""

    _name = "oms.dim.rule.version"
    _description = "Version of a Billable Weight Rule"
    _inherit = ["oms.limited", "oms.company.shared"]
    _order = "rule_id, date_from desc NULLS LAST, id desc"
    _rec_name = "summary"

    rule_id = fields.Many2one(
        "oms.dim.rule", required=True, index=True, ondelete="cascade"
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Contract of",
        index="btree_not_null",
        default=lambda self: self._default_shared_company(),
        help="A company's own contract: it takes precedence over the general version.",
    )
    is_own = fields.Boolean(
        string="Ours",
        compute="_compute_is_own",
        help="What your company has agreed with the carrier.",
    )
    date_from = fields.Date(
        string="From", help="First ship date. Leave empty for no start."
    )
    date_to = fields.Date(
        string="Until", help="Last ship date. Leave empty for no end."
    )
    unit_system = fields.Selection(related="rule_id.unit_system")
    length_unit = fields.Char(related="rule_id.length_unit")
    weight_unit = fields.Char(related="rule_id.weight_unit")
    divisor = fields.Float(
        digits=(12, 3),
        help="Volume per unit of weight, such as 5000 cm³ per kg or 139 in³ per lb."
        " 0: the volume does not count.",
    )
    kg_per_m3 = fields.Float(
        string="kg per m³",
        digits=(12, 3),
        help="Instead of a divisor: what a cubic metre is billed as.",
    )
    kg_per_ldm = fields.Float(
        string="kg per Loading Metre",
        digits=(12, 3),
        help="What a metre of a truck of 2.4 m width is billed as. The largest of"
        " weight, volume and loading metres counts. Loading metres are those of goods"
        " that take floor of their own: nothing may be stacked on them, or they are"
        " higher than 1.2 m. Cartons and low pallets count by volume.",
    )
    ldm_over = fields.Float(
        string="Loading Metres Over",
        digits=(12, 3),
        help="Loading metres count only above so many, or when nothing may be stacked"
        " on the goods.",
    )
    dim_round = fields.Selection(
        [
            ("ceil", "Up: Any Fraction Counts"),
            ("half_up", "To the Nearest"),
            ("none", "Not Rounded"),
        ],
        string="Rounding of Sides",
        required=True,
        default="ceil",
    )
    dim_step = fields.Float(
        string="To Steps Of",
        digits=(12, 3),
        default=1.0,
        help="In the rule's unit of length.",
    )
    weight_step = fields.Float(
        string="Dimensional Weight in Steps Of",
        digits=(12, 3),
        default=1.0,
        help="Rounded up to it. 0: not rounded.",
    )
    actual_step = fields.Float(
        string="Actual Weight in Steps Of",
        digits=(12, 3),
        default=1.0,
        help="Rounded up to it. 0: not rounded.",
    )
    vol_threshold = fields.Float(
        string="Volume Threshold",
        digits=(16, 3),
        help="Dimensional weight counts only above this volume, in the rule's cubic"
        " unit of length. 0: always.",
    )
    shape_factor = fields.Float(
        digits=(12, 4),
        default=1.0,
        help="The volume is multiplied by it first, such as 0.785 for parcels that"
        " are not rectangular.",
    )
    min_billable = fields.Float(
        string="Billed at Least", digits=(12, 3), help="In the rule's unit of weight."
    )
    cap = fields.Float(
        string="Dimensional Weight at Most",
        digits=(12, 3),
        help="Dimensional weight above it is billed as this. 0: no limit.",
    )
    density_classes = fields.Char(
        help="Freight classes by density: pounds per cubic foot from, and the class,"
        " such as '0: 400, 1: 300, 2: 250'."
    )
    confidence = fields.Selection(
        CONFIDENCES,
        required=True,
        default="A",
        help="How sure it is that the carrier bills like this. Contracts decide.",
    )
    source = fields.Char(help="Where it is written.")
    note = fields.Char(string="Remark", translate=True)
    summary = fields.Char(string="In Words", compute="_compute_summary")

    _dates = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "A version cannot end before it begins.",
    )
    _positive = models.Constraint(
        "CHECK(divisor >= 0 AND kg_per_m3 >= 0 AND kg_per_ldm >= 0 AND dim_step >= 0"
        " AND weight_step >= 0 AND actual_step >= 0 AND vol_threshold >= 0"
        " AND shape_factor > 0 AND min_billable >= 0 AND cap >= 0)",
        "The figures of a billable weight rule cannot be negative.",
    )
    _one_volume = models.Constraint(
        "CHECK(divisor = 0 OR kg_per_m3 = 0)",
        "Enter either a divisor or the weight of a cubic metre.",
    )

    def _get_served_companies(self):
        return super()._get_served_companies() & self.rule_id._get_served_companies()

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_is_own(self):
        for version in self:
            version.is_own = version.company_id == self.env.company

    @api.depends(
        "divisor", "kg_per_m3", "kg_per_ldm", "density_classes", "rule_id.unit_system"
    )
    def _compute_summary(self):
        for version in self:
            parts = []
            length, weight = version.length_unit, version.weight_unit
            if version.divisor:
                parts.append(f"{version.divisor:g} {length}³/{weight}")
            if version.kg_per_m3:
                parts.append(f"{version.kg_per_m3:g} kg/m³")
            if version.kg_per_ldm:
                parts.append(
                    version.env._("%s kg per loading metre", f"{version.kg_per_ldm:g}")
                )
            if version.density_classes:
                parts.append(version.env._("classes by density"))
            version.summary = ", ".join(parts) or version.env._("Actual weight")

    @api.constrains("date_from", "date_to", "active", "company_id", "rule_id")
    def _check_overlap(self):
        """On each day one version counts, or one per company."""
        for rule in self.rule_id:
            by_company = rule.version_ids.filtered("active").grouped("company_id")
            for versions in by_company.values():
                previous = None
                for version in versions.sorted(
                    lambda v: v.date_from or fields.Date.to_date("1900-01-01")
                ):
                    if previous and (
                        not previous.date_to
                        or not version.date_from
                        or version.date_from <= previous.date_to
                    ):
                        raise ValidationError(
                            self.env._(
                                "Two versions of %(rule)s are in force on %(date)s:"
                                " end one before the other begins.",
                                rule=rule.display_name,
                                date=format_date(
                                    self.env, version.date_from or previous.date_to
                                )
                                or self.env._("the same day"),
                            )
                        )
                    previous = version

    @api.constrains("density_classes")
    def _check_density_classes(self):
        for version in self:
            try:
                version._parse_density_classes()
            except (ValueError, ArithmeticError) as error:
                raise ValidationError(
                    self.env._(
                        "Write freight classes as '0: 400, 1: 300, 2: 250': density"
                        " from, colon, class."
                    )
                ) from error

    def _parse_density_classes(self):
        """((density from, class), ...) in rising order."""
        found = []
        for part in (self.density_classes or "").split(","):
            if part.strip():
                least, name = part.split(":")
                found.append((Decimal(least.strip()), name.strip()))
        return tuple(sorted(found))

    def _is_in_force(self, date):
        self.ensure_one()
        return (not self.date_from or self.date_from <= date) and (
            not self.date_to or date <= self.date_to
        )

    def _to_engine(self):
        """The version as the packing engine knows it, without triggers."""
        self.ensure_one()
        rule = self.rule_id
        return billing.Rule(
            code=rule.code or str(rule.id),
            units=rule.unit_system,
            divisor=self.divisor or None,
            kg_per_m3=self.kg_per_m3 or None,
            kg_per_ldm=self.kg_per_ldm or None,
            ldm_over=self.ldm_over,
            dim_round=self.dim_round,
            dim_step=self.dim_step,
            weight_step=self.weight_step,
            actual_step=self.actual_step,
            vol_threshold=self.vol_threshold or None,
            shape_factor=self.shape_factor,
            min_billable=self.min_billable,
            cap=self.cap or None,
            scope=rule.scope,
            density_classes=self._parse_density_classes(),
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            confidence=self.confidence or "B",
            source=self.source or "",
        )
