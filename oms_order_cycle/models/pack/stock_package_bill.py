"""What carriers bill for packages, by their sizes and weights."""

from odoo import api, fields, models

from ...tools.units import Units, as_cube


class StockPackage(models.Model):
    _inherit = "stock.package"

    oms_dimensional_weight = fields.Float(
        string="Dimensional Weight",
        digits="Stock Weight",
        compute="_compute_oms_billable_weight",
        store=True,
        help="In the weight unit of Odoo.",
    )
    oms_billable_weight = fields.Float(
        string="Billable Weight",
        digits="Stock Weight",
        compute="_compute_oms_billable_weight",
        store=True,
        help="What the carrier bills, in the weight unit of Odoo; the shipping weight"
        " without a rule. Nothing if the rule has no version in force.",
    )
    oms_billable_label = fields.Char(
        string="Billed By Carrier",
        compute="_compute_oms_billable_weight",
        store=True,
        help="Billable weight in the unit of the carrier.",
    )
    oms_billing_note = fields.Char(
        string="Not Billed By Rule",
        compute="_compute_oms_billing_note",
        help="Why the billable weight is not known.",
    )
    oms_surcharges = fields.Char(
        string="Surcharge Classes",
        compute="_compute_oms_billable_weight",
        store=True,
    )

    @api.depends(
        "oms_length",
        "oms_width",
        "oms_height",
        "shipping_weight",
        "oms_carrier_id",
        "oms_ship_date",
        "oms_pack_company_id",
    )
    def _compute_oms_billable_weight(self):
        units = Units.of(self.env)
        unit_name = units.weight_unit
        for package in self:
            weight = package.shipping_weight
            package.oms_dimensional_weight = 0
            package.oms_billable_weight = weight
            package.oms_billable_label = weight and f"{weight:g} {unit_name}"
            package.oms_surcharges = False
            sizes = (package.oms_length, package.oms_width, package.oms_height)
            if not weight or not all(sizes):
                continue
            company, date = package._oms_get_billed_as_of()
            billed = self.env["oms.pack.box"]._bill(
                package.oms_carrier_id.id,
                company.id,
                [units.mm(side) for side in sizes],
                units.grams(weight),
                date,
            )
            if not billed:
                if package.sudo().oms_carrier_id.oms_dim_rule_id:
                    # nobody knows: not a reason to stop packing
                    package.oms_billable_weight = 0
                    package.oms_billable_label = False
                continue
            unit = billed["unit"]
            package.oms_dimensional_weight = units.weight_from(
                billed["dimensional"], unit
            )
            package.oms_billable_weight = units.weight_from(billed["billable"], unit)
            package.oms_billable_label = f"{billed['billable']:g} {unit}"
            package.oms_surcharges = ", ".join(billed["classes"]) or False

    def _oms_get_billed_as_of(self):
        """(company, date): whose version of the carrier's rule of which day counts."""
        self.ensure_one()
        return (
            self.oms_pack_company_id or self.env.company,
            self.oms_ship_date or self.pack_date,
        )

    @api.depends("oms_carrier_id", "oms_ship_date", "oms_pack_company_id", "pack_date")
    @api.depends_context("lang", "company")
    def _compute_oms_billing_note(self):
        for package in self:
            company, date = package._oms_get_billed_as_of()
            dim_rule = package.sudo().oms_carrier_id.oms_dim_rule_id
            date = dim_rule._to_date(date)
            package.oms_billing_note = False
            if dim_rule and not dim_rule._get_version(date, company):
                package.oms_billing_note = dim_rule._get_no_version_message(date)

    def _oms_get_billable_label(self):
        """What carriers bill these packages together, with its unit."""
        labels = [(p.oms_billable_label or "").rsplit(" ", 1) for p in self]
        units = {label[1] for label in labels if len(label) == 2}
        if len(units) == 1:
            total = sum(float(label[0]) for label in labels if len(label) == 2)
            return f"{total:g} {units.pop()}"
        total = sum(self.mapped("oms_billable_weight"))
        return f"{total:g} {Units.of(self.env).weight_unit}"

    def _oms_has_size(self):
        return all((self.oms_length, self.oms_width, self.oms_height))

    def _oms_get_parcels(self):
        """The packages for the price of a shipment.

        :return: list of (outer sides in mm, gross weight in g, 1)
        """
        units = Units.of(self.env)
        parcels = []
        for package in self:
            grams = units.grams(package.shipping_weight or package.weight)
            sides = (package.oms_length, package.oms_width, package.oms_height)
            if package._oms_has_size():
                outer = tuple(units.mm(side) for side in sides)
                parcels.append((outer, grams, 1))
            else:
                parcels.append((*as_cube(package._oms_get_contents_mm3(), grams), 1))
        return parcels

    def _oms_get_contents_mm3(self):
        """Volume of what is in a package, as compact as it goes."""
        quants = self.contained_quant_ids
        sizes = quants.product_id._oms_get_sizes(company=self.oms_pack_company_id)
        mm3 = 0.0
        for quant in quants:
            size = sizes.get((quant.product_id, quant.product_id.uom_id))
            if size:
                mm3 += quant.quantity * size.length * size.width * size.height
        return mm3
