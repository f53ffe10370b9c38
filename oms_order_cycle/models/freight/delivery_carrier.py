from dataclasses import replace

from odoo import api, fields, models

from ...packing import billing
from ...tools.billable_weight import BillableWeight
from ...tools.parcel_price import ParcelPrice
from ...tools.shipment import SHIPMENT, Shipment
from ...tools.units import Units, as_cube
from ..oms_limited import MOST_COST


class DeliveryCarrier(models.Model):
    _name = "delivery.carrier"
    _inherit = ["delivery.carrier", "oms.limited"]

    oms_dim_rule_id = fields.Many2one(
        "oms.dim.rule",
        string="Billable Weight Rule",
        index="btree_not_null",
        ondelete="restrict",
        help="How the carrier makes the weight it bills from size and weight. Without"
        " one, the actual weight is billed.",
    )
    oms_cost_method = fields.Selection(
        [
            ("price", "The Prices of This Method"),
            ("rate", "A Fee per Parcel and a Price per Weight"),
            ("weight", "The Billable Weight"),
        ],
        string="Cartons Are Chosen By",
        required=True,
        default="price",
        help="What is made least when cartons are chosen.\n"
        "The prices of this method, its rules or its fixed price per parcel, and the"
        " cost of the cartons. What the prices do not tell comes from the planning"
        " costs of the company.\n"
        "A fee and a price per weight, and the cost of the cartons.\n"
        "The billable weight, for methods without a tariff. Surcharges and cartons"
        " count only between plans of the same weight; set surcharges to Avoid to keep"
        " out of their classes.",
    )
    oms_parcel_fee = fields.Monetary(
        string="Fee per Parcel", help="What the carrier charges for each parcel."
    )
    oms_weight_rate = fields.Float(
        string="Price per Weight",
        digits=(12, 4),
        help="What the carrier charges per unit of billable weight (kg or lb, as in its"
        " rule).",
    )
    oms_weight_unit = fields.Char(compute="_compute_oms_weight_unit")
    oms_surcharge_ids = fields.One2many(
        "oms.dim.surcharge",
        "carrier_id",
        string="Surcharges",
        copy=True,
        help="What the classes of the billable weight rule cost, so that cartons are"
        " chosen that avoid them.",
    )
    oms_price_per_parcel = fields.Boolean(
        string="Price Each Parcel",
        help="The price rules are for one parcel: a shipment costs the sum of its"
        " parcels.",
    )

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "oms_parcel_fee": (0, MOST_COST),
            "oms_weight_rate": (0, MOST_COST),
        }

    @api.depends("oms_dim_rule_id.unit_system")
    def _compute_oms_weight_unit(self):
        own = Units.of(self.env).weight_unit
        for carrier in self:
            carrier.oms_weight_unit = carrier.oms_dim_rule_id.weight_unit or own

    # -- price of a parcel, for planning ------------------------------------------

    def _oms_get_price(self, date=None, company=None, values=None):
        """What one parcel costs, in money.

        :param date: ship date, today by default
        :param company: ``res.company``, that of the method or the environment
        :param dict values: variables of price rules that the order has, as of
            ``_oms_get_order_values``; rules on what is not known are left aside
        :return: :class:`..tools.parcel_price.ParcelPrice`; for an empty recordset from
            the actual weight
        """
        units = Units.of(self.env)
        carrier = self.sudo()
        company = (company or carrier.company_id or self.env.company).sudo()
        if not self:
            fee, rate = company._oms_get_planning_cost(units.weight_unit)
            return ParcelPrice(units, fee=fee, rate=rate)
        self.ensure_one()
        price = carrier._oms_get_planning_price(units, date, company)
        if carrier.oms_cost_method == "rate":
            price.fee = carrier.oms_parcel_fee
            price.rate = carrier.oms_weight_rate
            price.is_tariff = True
            return price
        by_weight = carrier.oms_cost_method == "weight"
        if carrier.delivery_type == "base_on_rule":
            steps = tuple(rule._oms_to_step() for rule in carrier.price_rule_ids)
            price.values = dict(values or {})
            price.per_parcel = carrier.oms_price_per_parcel
            if steps and price.takes_values(steps):
                price.steps = steps
                price.is_tariff = True
        elif carrier.delivery_type == "fixed" and carrier.fixed_price and not by_weight:
            # what customers pay: the carrier itself bills weight as well
            price.fee = carrier.fixed_price
            price.is_tariff = True
        return price

    def _oms_get_planning_price(self, units, date, company):
        """What a parcel costs with the planning costs of the company."""
        date = self.env["oms.dim.rule"]._to_date(date)
        dim_rule = self.oms_dim_rule_id
        surcharges = self.oms_surcharge_ids
        price = ParcelPrice(
            units,
            rule=dim_rule._get_engine_rule(date, company) if dim_rule else None,
            day=date,
            surcharges={
                line.code: line.amount for line in surcharges if not line.refused
            },
            refused=frozenset(
                dim_rule._get_triggers(company).filtered("refused").mapped("code")
                + surcharges.filtered("refused").mapped("code")
            ),
        )
        price.fee, price.rate = company._oms_get_planning_cost(price.unit)
        return price

    def _oms_get_objective(self, price):
        """What is made least when cartons are chosen, as the engine asks for it.

        :param price: ``ParcelPrice`` of this method
        :return: the price, or :class:`..tools.billable_weight.BillableWeight`
        """
        if self.sudo().oms_cost_method == "weight":
            return BillableWeight(price)
        return price

    def _oms_get_order_values(self, order, quantity):
        """What price rules look at that the order has, not its parcels.

        :param order: ``sale.order`` that is shipped, if any
        :param quantity: number of units that is shipped
        :return: ``((variable, value), ...)``, empty if no rule looks at them
        """
        carrier = self.sudo()
        if carrier.delivery_type != "base_on_rule" or carrier.oms_cost_method == "rate":
            return ()
        steps = [rule._oms_to_step() for rule in carrier.price_rule_ids]
        used = set().union(*(step.variables for step in steps))
        values = []
        if "price" in used and order:
            total = order.sudo()._compute_amount_total_without_delivery()
            total = carrier._compute_currency(order, total, "pricelist_to_company")
            values.append(("price", total))
        if "quantity" in used:
            values.append(("quantity", quantity))
        return tuple(values)

    # -- price of a shipment, for customers ---------------------------------------

    def _get_price_available(self, order):
        """Let the price rules know the parcels the order goes in, and whose it is."""
        if self._oms_needs_parcels():
            shipment = Shipment.of(self.env)
            if shipment.parcels is None:
                shipment = replace(
                    shipment,
                    parcels=tuple(order._oms_get_parcels(self)),
                    ship_date=order._oms_get_ship_date(),
                )
            shipment = replace(shipment, company_id=order.company_id.id)
            self = self.with_context(**{SHIPMENT: shipment})
        return super()._get_price_available(order)

    def base_on_rule_send_shipping(self, pickings):
        """Price what a transfer ships: its packages, not those of the whole order."""
        res = []
        for picking in pickings:
            carrier = picking.carrier_id
            if picking.sale_id and carrier._oms_needs_parcels():
                shipment = picking._oms_get_shipment(carrier)
                picking = picking.with_context(**{SHIPMENT: shipment})
                picking.carrier_id._oms_note_no_version(picking)
            res += super().base_on_rule_send_shipping(picking)
        return res

    def _oms_needs_parcels(self):
        """Whether prices depend on size: others are not slowed down."""
        rules = self.sudo().price_rule_ids
        return bool(
            self.oms_price_per_parcel
            or {"billable_weight", "dimensional_weight"}.intersection(
                rules.mapped("variable") + rules.mapped("variable_factor")
            )
        )

    def _get_price_from_picking(self, total, weight, volume, quantity, wv=0.0):
        """Add up the prices of the parcels, where the rules are for one parcel."""
        shipment = Shipment.of(self.env)
        parcels = shipment.parcels
        if parcels and shipment.is_leaving:
            quantity = shipment.quantity
            weight, volume, wv = self._oms_measure_parcels(parcels)
        if not (self.oms_price_per_parcel and parcels):
            return super()._get_price_from_picking(total, weight, volume, quantity, wv)
        price = 0.0
        for outer, gross, number in parcels:
            parcel = ((outer, gross, 1),)
            alone = replace(shipment, parcels=parcel)
            carrier = self.with_context(**{SHIPMENT: alone})
            price += number * super(DeliveryCarrier, carrier)._get_price_from_picking(
                total, *self._oms_measure_parcels(parcel)[:2], quantity
            )
        return price

    def _oms_measure_parcels(self, parcels):
        """(weight, volume, weight times volume of each), in units of the database.

        :param parcels: list of (outer mm, gross g, number)
        """
        units = Units.of(self.env)
        rows = []
        for outer, gross, number in parcels:
            length, width, height = (float(side) for side in outer)
            weight = units.weight_of(gross)
            volume = units.volume_of(length * width * height)
            rows.append((number * weight, number * volume, number * weight * volume))
        return tuple(sum(column) for column in zip(*rows, strict=True))

    def _get_price_dict(self, total, weight, volume, quantity, wv=0.0):
        """Add the weights carriers bill, in the unit of the carrier's rule."""
        res = super()._get_price_dict(total, weight, volume, quantity, wv=wv)
        res.update(billable_weight=res["weight"], dimensional_weight=0.0)
        carrier = self.sudo()
        if carrier._oms_bills_by_rule():
            shipment = Shipment.of(self.env)
            parcels = shipment.parcels
            if not parcels:
                parcels = carrier._oms_guess_parcels(weight, volume)
            billed = carrier.oms_dim_rule_id._bill(
                [billing.Piece(*parcel) for parcel in parcels],
                shipment.ship_date,
                carrier._oms_get_billed_company(),
            )
            res.update(
                billable_weight=float(billed.billable),
                dimensional_weight=float(billed.dimensional),
            )
        return res

    def _oms_bills_by_rule(self):
        """Whether a billable weight rule counts for the price that is asked.

        A quotation without a version in force is refused; goods that are leaving are
        not stopped, the actual weight counts.
        """
        dim_rule = self.sudo().oms_dim_rule_id
        if not dim_rule or not self._oms_needs_parcels():
            return False
        shipment = Shipment.of(self.env)
        return not shipment.is_leaving or bool(
            dim_rule._get_version(
                dim_rule._to_date(shipment.ship_date), self._oms_get_billed_company()
            )
        )

    def _oms_note_no_version(self, picking):
        """Say with a transfer that its price is not that of the rule."""
        dim_rule = self.sudo().oms_dim_rule_id
        if dim_rule and not self._oms_bills_by_rule():
            date = dim_rule._to_date(Shipment.of(self.env).ship_date)
            picking.sudo().message_post(
                body=self.env._(
                    "%s The actual weight was taken for the price.",
                    dim_rule._get_no_version_message(date),
                )
            )

    def _oms_get_billed_company(self):
        """Whose contract counts: that of the order, as when its cartons are planned."""
        company_id = Shipment.of(self.env).company_id
        return (
            self.env["res.company"].browse(company_id or ())
            or self.company_id
            or self.env.company
        )

    def _oms_guess_parcels(self, weight, volume):
        """Nothing is known but weight and volume: one parcel as long as wide and high.

        :param weight: in the unit of the database
        :param volume: in the unit of the database
        """
        units = Units.of(self.env)
        mm3 = float(units.volume) * (volume or 0.0)
        return [(*as_cube(mm3, units.grams(weight)), 1)]
