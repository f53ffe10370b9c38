from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...tools.unit_size import HANDLING, UnitSize
from ...tools.units import Units
from ..oms_limited import MOST_LENGTH, MOST_WEIGHT


class OmsProductSize(models.Model):
    """Size and weight of a product in a unit of measure, and how it may be packed.

    A case of 12 is one body with a size of its own. Lengths and weights are in the
    units of the database, shown beside the fields.
    """

    _name = "oms.product.size"
    _description = "Product Size"
    _inherit = ["oms.unit.names", "oms.limited"]
    _order = "product_tmpl_id, product_id, uom_id, id"
    _check_company_auto = True

    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        required=True,
        index=True,
        ondelete="cascade",
        compute="_compute_product_tmpl_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    product_id = fields.Many2one(
        "product.product",
        string="Variant",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        check_company=True,
        help="Leave empty if all variants are of this size.",
    )
    company_id = fields.Many2one(related="product_tmpl_id.company_id", store=True)
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        required=True,
        ondelete="restrict",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        help="What is measured: one unit, a case, a pallet layer. Each is one body.",
    )
    length = fields.Float(  # pylint: disable=attribute-deprecated
        min_display_digits=1, required=True
    )
    width = fields.Float(min_display_digits=1, required=True)
    height = fields.Float(
        min_display_digits=1, required=True, help="The side that stands upright."
    )
    weight = fields.Float(
        min_display_digits=1,
        help="Gross weight of one. 0: made from the weight of the product.",
    )
    litres = fields.Float(compute="_compute_litres", digits=(12, 3))
    vertical = fields.Selection(
        [
            ("lwh", "Any Side Up"),
            ("h", "This Side Up: Height Upright"),
            ("lw", "Lying: Never on Its Base"),
            ("lh", "Length or Height Upright"),
            ("wh", "Width or Height Upright"),
            ("l", "Length Upright"),
            ("w", "Width Upright"),
        ],
        string="Orientation",
        required=True,
        default="lwh",
        help="Which of the three sides may be upright in a carton.",
    )
    turn = fields.Boolean(
        string="May Be Turned",
        default=True,
        help="May be turned by 90 degrees, seen from above.",
    )
    fragile = fields.Boolean(help="Nothing may stand on it.")
    top_load = fields.Float(
        string="Maximum Load on Top",
        min_display_digits=1,
        help="Weight that may rest on one of it. 0: any.",
    )
    floor_only = fields.Boolean(
        string="Bottom Only", help="Must stand on the bottom of its carton."
    )
    single_product = fields.Boolean(
        string="Not Mixed", help="Must not share a carton with other products."
    )
    own_carton = fields.Boolean(
        string="Ships as It Is",
        help="It is in its own carton already: a parcel without another one.",
    )
    together = fields.Char(
        string="Keep Together",
        help="Products with the same word here go into one carton.",
    )
    family_id = fields.Many2one(
        "oms.pack.family",
        ondelete="restrict",
        help="Food, chemicals: families may have to travel apart.",
    )
    source = fields.Selection(
        [
            ("entered", "Entered"),
            ("imported", "Imported"),
            ("learnt", "Measured at Packing"),
            ("guess", "Guess"),
        ],
        required=True,
        default=lambda self: (
            "imported" if self.env.context.get("import_file") else "entered"
        ),
        help="Where the size is from. Plans that rest on guesses say so.",
    )
    measured_at = fields.Datetime(string="Measured On", readonly=True, copy=False)
    measured_by = fields.Many2one("res.users", readonly=True, copy=False)

    _product_uom_uniq = models.UniqueIndex(
        "(product_tmpl_id, COALESCE(product_id, 0), uom_id)",
        "The product has a size in this unit already.",
    )
    _positive = models.Constraint(
        "CHECK(length > 0 AND width > 0 AND height > 0)",
        "Length, width and height must be more than zero.",
    )
    _not_negative = models.Constraint(
        "CHECK(weight >= 0 AND top_load >= 0)", "Weights cannot be negative."
    )

    @api.depends("product_id")
    def _compute_product_tmpl_id(self):
        for size in self:
            size.product_tmpl_id = (
                size.product_id.product_tmpl_id or size.product_tmpl_id
            )

    @api.depends("product_tmpl_id")
    def _compute_uom_id(self):
        for size in self:
            size.uom_id = size.uom_id or size.product_tmpl_id.uom_id

    @api.depends("length", "width", "height")
    def _compute_litres(self):
        per_cube = float(Units.of(self.env).length) ** 3 / 1_000_000
        for size in self:
            size.litres = size.length * size.width * size.height * per_cube

    @api.depends("product_tmpl_id", "product_id", "uom_id")
    def _compute_display_name(self):
        for size in self:
            product = size.product_id or size.product_tmpl_id
            size.display_name = f"{product.display_name} ({size.uom_id.display_name})"

    @api.constrains("product_id", "product_tmpl_id", "uom_id")
    def _check_product(self):
        for size in self:
            if size.product_id and size.product_id.product_tmpl_id != (
                size.product_tmpl_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(variant)s is no variant of %(product)s.",
                        variant=size.product_id.display_name,
                        product=size.product_tmpl_id.display_name,
                    )
                )
            if not size.uom_id._has_common_reference(size.product_tmpl_id.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s is not counted in %(unit)s.",
                        product=size.product_tmpl_id.display_name,
                        unit=size.uom_id.display_name,
                    )
                )

    @api.model
    def _get_number_limits(self):
        return {
            **super()._get_number_limits(),
            "length": MOST_LENGTH,
            "width": MOST_LENGTH,
            "height": MOST_LENGTH,
            "weight": MOST_WEIGHT,
            "top_load": MOST_WEIGHT,
        }

    @api.model_create_multi
    def create(self, vals_list):
        now, user = fields.Datetime.now(), self.env.uid
        was_in_use = self._is_in_use()
        sizes = super().create(
            [{"measured_at": now, "measured_by": user, **vals} for vals in vals_list]
        )
        if sizes and not was_in_use:
            self.env.registry.clear_cache()
            # others may have asked before they could see these
            self.env.cr.postcommit.add(self.env.registry.clear_cache)
        return sizes

    @api.model
    @tools.ormcache()
    def _is_in_use(self):
        """Whether anything was measured here, or has been; asked for each package."""
        return bool(self.sudo().search_count([], limit=1))

    def write(self, vals):
        if {"length", "width", "height"}.intersection(vals):
            source = "imported" if self.env.context.get("import_file") else "entered"
            vals = {
                "measured_at": fields.Datetime.now(),
                "measured_by": self.env.uid,
                "source": source,
                **vals,
            }
        return super().write(vals)

    def _load_records_create(self, vals_list):
        """A list imported again corrects the sizes that are there.

        Rows without a known id whose product has a size in the unit are written to it.
        """
        if not self.env.context.get("import_file"):
            return super()._load_records_create(vals_list)
        known = self._find_imported(vals_list)
        keys = [self._get_imported_key(vals) for vals in vals_list]
        # of two rows for the same new size the last counts
        new = {
            key: vals
            for key, vals, size in zip(keys, vals_list, known, strict=True)
            if not size
        }
        made = super()._load_records_create(list(new.values()))
        created = dict(zip(new, made, strict=True))
        records = []
        for key, vals, size in zip(keys, vals_list, known, strict=True):
            if size:
                size._load_records_write(vals)
            records.append(size or created[key])
        return self.browse().concat(*records)

    @api.model
    def _find_imported(self, vals_list):
        """The size that is there already for each row of an import, or none."""
        keys = [self._get_imported_key(vals) for vals in vals_list]
        rows = self.search(
            [("product_tmpl_id", "in", list({key[0] for key in keys if key[0]}))]
        )
        by_key = {
            (size.product_tmpl_id.id, size.product_id.id, size.uom_id.id): size
            for size in rows
        }
        return [by_key.get(key, self.browse()) for key in keys]

    @api.model
    def _get_imported_key(self, vals):
        """(template, variant, unit) of a row, as a new record would get them."""
        product = self.env["product.product"].browse(vals.get("product_id") or ())
        template = self.env["product.template"].browse(
            product.product_tmpl_id.id or vals.get("product_tmpl_id") or ()
        )
        return template.id, product.id, vals.get("uom_id") or template.uom_id.id

    @api.model
    def _learn(self, measures):
        """Keep what was measured while packing.

        :param measures: list of ``(product, uom, (length, width, height) in mm,
            weight in g)``; a weight of 0 is not known
        :return: the sizes; handling flags of those that were there stay
        """
        units = Units.of(self.env)
        products = self.env["product.product"].union(
            *(measure[0] for measure in measures)
        )
        known = products._oms_get_size_records()
        found = self.browse()
        vals_list = []
        for product, uom, sides, grams in measures:
            vals = {
                name: units.length_of(side)
                for name, side in zip(("length", "width", "height"), sides, strict=True)
            }
            vals["source"] = "learnt"
            if grams:
                vals["weight"] = units.weight_of(grams)
            size = known.get((product, uom))
            # a size of the template is every variant's: one differs, it gets its own
            many = len(product.product_tmpl_id.product_variant_ids) > 1
            if size and (size.product_id or not many):
                size.write(vals)
                found |= size
                continue
            if size:
                vals |= size._get_handling_vals()
            vals_list.append(
                {
                    **vals,
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "product_id": product.id if many else False,
                    "uom_id": uom.id,
                }
            )
        return found | self.create(vals_list)

    def _get_handling_vals(self):
        """Values that say how it may be packed, to copy them."""
        self.ensure_one()
        return {
            **{name: self[name] for name in (*HANDLING, "top_load", "together")},
            "family_id": self.family_id.id,
        }

    def _to_size(self, product, units, apart):
        """The record as a :class:`..tools.unit_size.UnitSize` of a variant."""
        self.ensure_one()
        weight = self.weight
        if not weight:
            weight = product.weight * self.uom_id._compute_quantity(
                1.0, product.uom_id, round=False
            )
        return UnitSize(
            product.id,
            self.uom_id.id,
            units.mm_up_to_tenth(self.length),
            units.mm_up_to_tenth(self.width),
            units.mm_up_to_tenth(self.height),
            units.grams(weight),
            top_load=units.grams(self.top_load) if self.top_load else None,
            together=self.together or None,
            family=self.family_id.id or None,
            apart=apart.get(self.family_id.id, frozenset()),
            source=self.source,
            **{name: self[name] for name in HANDLING},
        )
