from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...packing import billing
from ...tools.arguments import whole_number
from ...tools.units import as_measured
from ...tools.values import name_copies

UNIT_SYSTEMS = [
    ("cm_kg", "Centimetres, Kilograms"),
    ("in_lb", "Inches, Pounds"),
    ("in_kg", "Inches, Kilograms"),
    ("m_kg", "Metres, Kilograms"),
]
LENGTH_UNITS = {"cm_kg": "cm", "in_lb": "in", "in_kg": "in", "m_kg": "m"}
CONFIDENCES = [
    ("A", "A: Verified"),
    ("B", "B: One Source"),
    ("C", "C: To Be Confirmed"),
]


class OmsDimRule(models.Model):
    """How a carrier bills weight: dated versions, and classes of surcharges.

    Rules are used by :mod:`..packing.billing`, which reckons exactly and in the
    carrier's own units; the records here are what users see and change.
    """

    _name = "oms.dim.rule"
    _description = "Billable Weight Rule"
    _inherit = ["oms.limited", "mail.thread", "oms.company.shared"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(help="Short name, for imports and integrations.", copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self._default_shared_company(),
        help="Leave empty to use the rule in all companies.",
    )
    carrier_name = fields.Char(
        string="Carrier", help="The company that carries the goods."
    )
    service_scope = fields.Char(
        string="Services", translate=True, help="Which services are billed this way."
    )
    region = fields.Char(translate=True, help="Where the rule applies.")
    unit_system = fields.Selection(
        UNIT_SYSTEMS,
        string="Units",
        required=True,
        default="cm_kg",
        help="The units in which the carrier measures, rounds and bills. They do not"
        " depend on the units of this database.",
    )
    length_unit = fields.Char(compute="_compute_units")
    weight_unit = fields.Char(compute="_compute_units")
    scope = fields.Selection(
        [("piece", "Each Parcel"), ("shipment", "The Whole Shipment")],
        string="Weighed and Rounded",
        required=True,
        default="piece",
        help="Each parcel: rounded one by one, then added up. The whole shipment: added"
        " up, then rounded once.",
    )
    version_ids = fields.One2many(
        "oms.dim.rule.version",
        "rule_id",
        string="Versions",
        copy=True,
        context={"active_test": False},
    )
    trigger_ids = fields.One2many(
        "oms.dim.trigger",
        "rule_id",
        string="Surcharges and Limits",
        copy=True,
        context={"active_test": False},
    )
    carrier_ids = fields.One2many(
        "delivery.carrier", "oms_dim_rule_id", string="Delivery Methods"
    )
    carrier_count = fields.Integer(compute="_compute_carrier_count")
    current_version_id = fields.Many2one(
        "oms.dim.rule.version",
        string="In Force Today",
        compute="_compute_current_version_id",
        help="The version that counts for parcels that leave today.",
    )
    is_in_force = fields.Boolean(
        string="In Force",
        compute="_compute_current_version_id",
        help="A version counts today, also one that is not saved yet.",
    )
    summary = fields.Char(
        string="Today", compute="_compute_current_version_id", help="In words."
    )
    confidence = fields.Selection(
        CONFIDENCES,
        compute="_compute_confidence",
        help="How sure it is that the carrier bills like this: of the version in force,"
        " or of the latest.",
    )
    source = fields.Char(compute="_compute_confidence", help="Where it is written.")
    note = fields.Html(string="Notes")
    has_no_own_version = fields.Boolean(
        compute="_compute_has_no_own_version",
        help="No company has agreed anything of its own.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Another rule has this code.",
    )

    @api.depends("version_ids.company_id")
    def _compute_has_no_own_version(self):
        for rule in self:
            rule.has_no_own_version = not rule.version_ids.company_id

    @api.depends("unit_system")
    def _compute_units(self):
        for rule in self:
            rule.length_unit = LENGTH_UNITS.get(rule.unit_system)
            rule.weight_unit = (
                billing.UNITS[rule.unit_system][1] if rule.unit_system else False
            )

    @api.depends("carrier_ids")
    def _compute_carrier_count(self):
        for rule in self:
            rule.carrier_count = len(rule.carrier_ids)

    @api.depends(
        "version_ids.active",
        "version_ids.date_from",
        "version_ids.date_to",
        "version_ids.company_id",
        "version_ids.summary",
    )
    @api.depends_context("company", "tz")
    def _compute_current_version_id(self):
        today = fields.Date.context_today(self)
        for rule in self:
            version = rule._get_version(today)
            rule.current_version_id = version
            rule.is_in_force = bool(version)
            rule.summary = version.summary or rule.env._("No version in force")

    @api.depends("current_version_id", "version_ids.confidence", "version_ids.source")
    def _compute_confidence(self):
        for rule in self:
            version = rule.current_version_id or rule.version_ids[:1]
            rule.confidence = version.confidence
            rule.source = version.source

    def action_unarchive(self):
        """Shipped rules that are to be confirmed are archived with their versions."""
        res = super().action_unarchive()
        for rule in self:
            if not any(rule.version_ids.mapped("active")):
                rule.version_ids.action_unarchive()
        return res

    def copy_data(self, default=None):
        return name_copies(self, super().copy_data(default=default), default)

    # -- what is billed -----------------------------------------------------------

    def action_own_version(self):
        """Open what the company has agreed with the carrier; made from what is in force
        when there is nothing yet."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        own = self.version_ids.filtered(
            lambda version: (
                version.active
                and version.company_id == self.env.company
                and version._is_in_force(today)
            )
        )[:1]
        if not own:
            values = {
                "rule_id": self.id,
                "company_id": self.env.company.id,
                "date_from": today,
                "date_to": False,
                "source": self.env._("Our contract"),
            }
            current = self._get_version(today)
            own = current.copy(values) if current else current.create(values)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Our Own Version"),
            "res_model": own._name,
            "res_id": own.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    @api.model
    def _to_date(self, date):
        return fields.Date.to_date(date) or fields.Date.context_today(self)

    def _get_version(self, date, company=None):
        """The version for a ship date; a company's own one before everybody's.

        :param date: day on which the carrier picks up
        :param company: ``res.company``, that of the environment by default
        :return: ``oms.dim.rule.version``, empty if none is in force
        """
        company = company or self.env.company
        found = self.version_ids.filtered(
            lambda version: (
                version.active
                and version.company_id in (company, company.browse())
                and version._is_in_force(date)
            )
        )
        return found.sorted(
            lambda version: (
                bool(version.company_id),
                version.date_from or fields.Date.to_date("1900-01-01"),
                version.id or 0,
            ),
        )[-1:]

    def _get_triggers(self, company=None):
        """The triggers of a company: its own ones replace everybody's of the same
        class, dates apart."""
        company = company or self.env.company
        triggers = self.trigger_ids.filtered(
            lambda trigger: (
                trigger.active and trigger.company_id in (company, company.browse())
            )
        )
        own = set(triggers.filtered("company_id").mapped("code"))
        return triggers.filtered(
            lambda trigger: trigger.company_id or trigger.code not in own
        )

    def _get_engine_rule(self, date=None, company=None):
        """The rule as the packing engine knows it.

        :param date: ship date, today by default
        :param company: ``res.company``, that of the environment by default
        :return: ``packing.billing.Rule``, ``None`` if no version is in force
        """
        self.ensure_one()
        version = self._get_version(self._to_date(date), company)
        if not version:
            return None
        triggers = self._get_triggers(company)
        return replace(
            version._to_engine(),
            triggers=tuple(trigger._to_engine() for trigger in triggers),
        )

    def _bill(self, pieces, date=None, company=None):
        """What is billed for a shipment.

        :param pieces: list of ``packing.billing.Piece``
        :return: ``packing.billing.Billed``
        :raise UserError: if no version is in force on that day
        """
        self.ensure_one()
        date = self._to_date(date)
        rule = self._get_engine_rule(date, company)
        if rule is None:
            raise UserError(self._get_no_version_message(date))
        return billing.bill(rule, pieces, date)

    def _get_no_version_message(self, date):
        self.ensure_one()
        return self.env._(
            "The billable weight rule %(rule)s has no version in force on %(date)s.",
            rule=self.display_name,
            date=format_date(self.env, date),
        )

    def compute_billable(self, outer, gross, date=None, quantity=1, stackable=True):
        """What a carrier bills for parcels of one size.

        :param outer: the three outer sides in exact mm, numbers or decimal strings
        :param gross: weight of one parcel in g
        :param date: ship date, today by default
        :param quantity: number of equal parcels of the shipment
        :param stackable: whether others may stand on them (loading metres)
        :return: ``{'billable', 'dimensional', 'unit', 'classes'}``: weights in the
            rule's own unit, ``kg`` or ``lb``; codes of surcharge and limit classes
        :raise UserError: if sizes, weight or date are none, or no version is in force
        """
        try:
            sides = tuple(as_measured(side) for side in outer)
            weight = weighed(gross, self.weight_unit)
            date = self._to_date(date)
            quantity = whole_number(self.env, quantity)
            sound = len(sides) == 3 and min(*sides, weight) >= 0 and quantity > 0
        except (ArithmeticError, TypeError, ValueError):
            sound = False
        if not sound:
            raise UserError(
                self.env._(
                    "A parcel has three outer sides in millimetres and a weight in"
                    " grams, as numbers that are not negative; given were %(sides)s"
                    " mm and %(weight)s g.",
                    sides=str(outer),
                    weight=gross,
                )
            )
        piece = billing.Piece(sides, weight, quantity, stackable)
        billed = self._bill([piece], date)
        return {
            "billable": float(billed.billable),
            "dimensional": float(billed.dimensional),
            "unit": billed.unit,
            "classes": list(billed.classes),
        }

    def action_view_carriers(self):
        """The delivery methods that are billed by the rule."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "delivery.action_delivery_carrier_form"
        )
        action.update(
            domain=[("oms_dim_rule_id", "=", self.id)],
            context={"default_oms_dim_rule_id": self.id},
        )
        return action


def weighed(gross, unit):
    """A weight in g, known to half its last digit.

    The engine takes that from whole grams; pounds written with decimals get it here:
    1360.78 g are 3 lb, not more.
    """
    gross = as_measured(gross)
    if unit == "lb" and isinstance(gross, Decimal):
        gross -= Decimal((0, (5,), gross.as_tuple().exponent - 1))
    return gross
