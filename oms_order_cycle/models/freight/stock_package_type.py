import csv
from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import file_open

from ...packing import Carton
from ...tools.units import Units
from ..oms_limited import MOST_COST, MOST_LENGTH, MOST_WEIGHT

#: mm that both walls of a carton take where nobody entered the inner size
WALLS = 8
#: mm that top and bottom take: the flaps lie one upon the other
FLAPS = 12


class StockPackageType(models.Model):
    _name = "stock.package.type"
    _inherit = ["stock.package.type", "oms.limited"]

    oms_is_carton = fields.Boolean(
        string="Used for Packing",
        help="Cartons are planned with it. Pallets and roll containers are not.",
    )
    oms_inner_length = fields.Float(
        string="Inner Length",
        min_display_digits=1,
        help="Room inside. 0: made from the outer size, less 8 mm for the walls and"
        " 12 mm for the flaps.",
    )
    oms_inner_width = fields.Float(string="Inner Width", min_display_digits=1)
    oms_inner_height = fields.Float(string="Inner Height", min_display_digits=1)
    oms_currency_id = fields.Many2one(
        "res.currency", compute="_compute_oms_currency_id"
    )
    oms_cost = fields.Monetary(
        string="Cost",
        currency_field="oms_currency_id",
        help="What one costs; added to the price of its parcel.",
    )
    oms_cut_heights = fields.Char(
        string="Can Be Cut Down To",
        help="Inner heights the carton can be cut to, in the unit of its size,"
        " separated by spaces or semicolons: 250; 200; 150. Its outer height falls as"
        " much.",
    )
    oms_void_percent = fields.Float(
        string="Room for Filling (%)",
        digits=(5, 2),
        help="Share of the inner volume that stays free for filling material.",
    )
    oms_margin = fields.Float(
        string="Padding at Each Side",
        min_display_digits=1,
        help="Kept free at every side, below and above.",
    )
    oms_filler_weight = fields.Float(
        string="Weight of Filling",
        min_display_digits=1,
        help="Weight of the filling material in each carton.",
    )
    oms_product_id = fields.Many2one(
        "product.product",
        string="Carton in Stock",
        domain="[('type', '=', 'consu'), ('tracking', '=', 'none')]",
        check_company=True,
        index="btree_not_null",
        help="The product the carton is bought and kept as. Where the company deducts"
        " cartons from stock, one unit of it is taken for each package made.",
    )
    oms_limit_to_stock = fields.Boolean(
        string="Only as Many as in Stock",
        help="No plan uses more of them than there are free.",
    )
    oms_carrier_ids = fields.Many2many(
        "delivery.carrier",
        "oms_package_type_carrier_rel",
        "package_type_id",
        "carrier_id",
        string="Delivery Methods",
        help="Leave empty to use the carton with every delivery method.",
    )

    _oms_positive = models.Constraint(
        "CHECK(oms_inner_length >= 0 AND oms_inner_width >= 0 AND oms_inner_height >= 0"
        " AND oms_cost >= 0 AND oms_margin >= 0 AND oms_filler_weight >= 0)",
        "Sizes, weights and costs of a carton cannot be negative.",
    )
    _oms_void = models.Constraint(
        "CHECK(oms_void_percent >= 0 AND oms_void_percent < 100)",
        "Room for filling is a share from 0 to less than 100 %.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_oms_currency_id(self):
        for package_type in self:
            company = package_type.company_id or self.env.company
            package_type.oms_currency_id = company.currency_id

    @api.constrains(
        "oms_is_carton",
        "packaging_length",
        "width",
        "height",
        "oms_inner_length",
        "oms_inner_width",
        "oms_inner_height",
    )
    def _check_oms_sizes(self):
        for carton in self.filtered("oms_is_carton"):
            outer = (carton.packaging_length, carton.width, carton.height)
            inner = (
                carton.oms_inner_length,
                carton.oms_inner_width,
                carton.oms_inner_height,
            )
            if not all(outer):
                raise ValidationError(
                    self.env._(
                        "Enter length, width and height of %s: carriers bill from its"
                        " outer size.",
                        carton.name,
                    )
                )
            if any(inner) and not all(inner):
                raise ValidationError(
                    self.env._(
                        "Enter inner length, width and height of %s, or none of them:"
                        " they are then made from the outer size.",
                        carton.name,
                    )
                )
            if any(inside > side for inside, side in zip(inner, outer, strict=True)):
                raise ValidationError(
                    self.env._("%s is larger inside than outside.", carton.name)
                )

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "packaging_length": MOST_LENGTH,
            "width": MOST_LENGTH,
            "height": MOST_LENGTH,
            "oms_inner_length": MOST_LENGTH,
            "oms_inner_width": MOST_LENGTH,
            "oms_inner_height": MOST_LENGTH,
            "oms_margin": MOST_LENGTH,
            "base_weight": MOST_WEIGHT,
            "max_weight": MOST_WEIGHT,
            "oms_filler_weight": MOST_WEIGHT,
            "oms_cost": MOST_COST,
        }

    @api.constrains("oms_cut_heights")
    def _check_oms_cut_heights(self):
        for package_type in self:
            try:
                package_type._oms_get_cut_heights()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Write the heights %s can be cut to as numbers: 250; 200; 150.",
                        package_type.name,
                    )
                ) from error

    def _oms_get_cut_heights(self):
        """Inner heights in the database's unit of length, highest first."""
        self.ensure_one()
        parts = (self.oms_cut_heights or "").replace(";", " ").split()
        heights = {float(part.replace(",", ".")) for part in parts}
        if not all(0 < height <= MOST_LENGTH for height in heights):
            raise ValueError("no height")
        return sorted(heights, reverse=True)

    # -- for planning --------------------------------------------------------------

    @api.model
    def _oms_get_cartons(self, carrier=None, company=None, warehouse=None):
        """The cartons that may be used, as the packing engine takes them.

        :param carrier: ``delivery.carrier``, empty or ``None`` for any
        :param company: ``res.company``, that of the environment by default
        :param warehouse: where cartons kept in stock are counted
        :return: list of ``packing.Carton`` whose key is the record's id
        """
        company = company or self.env.company
        types = self.search(
            [("oms_is_carton", "=", True), ("company_id", "in", (company.id, False))]
        )
        if carrier:
            types = types.filtered(
                lambda package_type: (
                    not package_type.oms_carrier_ids
                    or carrier in package_type.oms_carrier_ids
                )
            )
        return types._oms_to_cartons(company, warehouse)

    def _oms_to_cartons(self, company=None, warehouse=None):
        """These package types as ``packing.Carton``, in their order."""
        units = Units.of(self.env)
        limited = self.filtered(lambda t: t.oms_limit_to_stock and t.oms_product_id)
        stock = {}
        if limited:
            products = limited.oms_product_id.sudo()
            if warehouse:
                products = products.with_context(warehouse_id=warehouse.id)
            elif company:
                products = products.with_context(allowed_company_ids=company.ids)
            wanted = limited._oms_get_planned(company, warehouse)
            stock = {
                product.id: max(0, int(product.free_qty - wanted[product.id]))
                for product in products
            }
        cartons = []
        for package_type in self:
            carton = package_type._oms_to_carton(units)
            if carton is None:
                continue
            if package_type in limited:
                carton = replace(
                    carton, available=stock[package_type.oms_product_id.id]
                )
            cartons.append(carton)
        return cartons

    def _oms_get_planned(self, company=None, warehouse=None):
        """Hook: cartons in stock that are spoken for.

        :return: ``{product id: number}``
        """
        return defaultdict(int)

    def _oms_to_carton(self, units=None):
        """One package type as ``packing.Carton``, ``None`` without a size."""
        self.ensure_one()
        units = units or Units.of(self.env)
        outer = tuple(
            units.mm(side) for side in (self.packaging_length, self.width, self.height)
        )
        if not all(outer):
            return None
        inner = tuple(
            units.mm_down(side) if side else int(whole) - walls
            for side, whole, walls in zip(
                (self.oms_inner_length, self.oms_inner_width, self.oms_inner_height),
                outer,
                (WALLS, WALLS, FLAPS),
                strict=True,
            )
        )
        return Carton(
            key=self.id,
            inner=inner,
            outer=outer,
            tare=units.grams(self.base_weight),
            max_gross=units.grams(self.max_weight) if self.max_weight else None,
            cost=self.oms_cost,
            filler=units.grams(self.oms_filler_weight),
            void_share=self.oms_void_percent / 100,
            margin=units.mm_up(self.oms_margin),
            cut_heights=tuple(
                units.mm_down(height) for height in self._oms_get_cut_heights()
            ),
        )

    @api.model
    def action_oms_typical_cartons(self):
        """Add the typical set, and show the cartons."""
        self.check_access("create")
        self._oms_create_typical_cartons()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle.stock_package_type_action_oms_cartons"
        )

    @api.model
    def _oms_create_typical_cartons(self):
        """A typical set of twelve cartons, to begin with.

        :return: the package types; those of the same name that are there are kept
        """
        units = Units.of(self.env)
        with file_open("oms_order_cycle/data/freight/typical_cartons.csv") as data:
            rows = list(csv.DictReader(data))
        present = self.search([("name", "in", [row["name"] for row in rows])])
        names = set(present.mapped("name"))
        return present + self.create(
            [
                {
                    "name": row["name"],
                    "sequence": 100 + number,
                    "oms_is_carton": True,
                    "packaging_length": units.length_of(row["length_mm"]),
                    "width": units.length_of(row["width_mm"]),
                    "height": units.length_of(row["height_mm"]),
                    "oms_inner_length": units.length_of(row["inner_length_mm"]),
                    "oms_inner_width": units.length_of(row["inner_width_mm"]),
                    "oms_inner_height": units.length_of(row["inner_height_mm"]),
                    "base_weight": units.weight_of(row["tare_g"]),
                    "max_weight": units.weight_of(row["max_gross_g"]),
                    "oms_cost": float(row["cost"]),
                    "oms_cut_heights": "; ".join(
                        f"{units.length_of(height):g}"
                        for height in row["cut_heights_mm"].split()
                    ),
                }
                for number, row in enumerate(rows)
                if row["name"] not in names
            ]
        )
