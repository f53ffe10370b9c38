from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.unit_size import UnitSize
from ...tools.units import Units, unit_names, up_to_tenth


class ProductProduct(models.Model):
    _inherit = "product.product"

    oms_length = fields.Float(
        string="Length",
        compute="_compute_oms_size",
        inverse="_inverse_oms_size",
        min_display_digits=1,
        help="Of one unit, in the unit of length of the database.",
    )
    oms_width = fields.Float(
        string="Width",
        compute="_compute_oms_size",
        inverse="_inverse_oms_size",
        min_display_digits=1,
    )
    oms_height = fields.Float(
        string="Height",
        compute="_compute_oms_size",
        inverse="_inverse_oms_size",
        min_display_digits=1,
        help="The side that stands upright.",
    )
    oms_length_uom_name = fields.Char(
        string="Length Unit", compute="_compute_oms_length_uom_name"
    )
    oms_size_source = fields.Selection(
        lambda self: self.env["oms.product.size"]._fields["source"].selection,
        string="Source of Size",
        compute="_compute_oms_size",
    )
    oms_missing_size = fields.Boolean(
        string="Without Size",
        compute="_compute_oms_size",
        search="_search_oms_missing_size",
    )

    @api.depends(
        "type",
        "uom_id",
        "product_tmpl_id.oms_size_ids.product_id",
        "product_tmpl_id.oms_size_ids.uom_id",
        "product_tmpl_id.oms_size_ids.length",
        "product_tmpl_id.oms_size_ids.width",
        "product_tmpl_id.oms_size_ids.height",
        "product_tmpl_id.oms_size_ids.source",
    )
    def _compute_oms_size(self):
        records = self._oms_get_size_records()
        units = Units.of(self.env)
        others = self._oms_get_other_sides()
        for product in self:
            size = records.get((product._origin, product.uom_id._origin))
            sides = (0.0, 0.0, 0.0)
            source = False
            if size:
                sides = (size.length, size.width, size.height)
                source = size.source
            elif product in others:
                sides = tuple(units.length_of(side) for side in others[product])
                source = "imported"
            product.oms_length, product.oms_width, product.oms_height = sides
            product.oms_size_source = source
            product.oms_missing_size = product.type == "consu" and source in (
                False,
                "guess",
            )

    def _inverse_oms_size(self):
        """Keep what was typed once all three sides are there."""
        records = self._oms_get_size_records()
        vals_list = []
        for product in self:
            size = records.get((product, product.uom_id))
            vals = {
                "length": product.oms_length,
                "width": product.oms_width,
                "height": product.oms_height,
            }
            template = product.product_tmpl_id
            many = len(template.product_variant_ids) > 1
            if size and (size.product_id or not many):
                if any(vals.values()):
                    size.write(vals)
                else:
                    size.unlink()
            elif any(vals.values()):
                if not all(vals.values()):
                    raise UserError(
                        self.env._(
                            "Enter length, width and height of %s.",
                            product.display_name,
                        )
                    )
                if size:
                    vals |= size._get_handling_vals()
                vals_list.append(
                    {
                        **vals,
                        "product_tmpl_id": template.id,
                        "product_id": product.id if many else False,
                        "uom_id": product.uom_id.id,
                    }
                )
        self.env["oms.product.size"].create(vals_list)

    def _compute_oms_length_uom_name(self):
        self.oms_length_uom_name = unit_names(self.env)[0]

    def _search_oms_missing_size(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["oms.product.size"].flush_model()
        self.env["product.template"].flush_model(["type", "uom_id"])
        self.env["product.product"].flush_model(["product_tmpl_id"])
        missing = Domain(
            "id",
            "in",
            SQL(
                """(
                SELECT p.id
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE t.type = 'consu'
                   AND %s
                   AND NOT EXISTS (
                       SELECT 1
                         FROM oms_product_size s
                        WHERE s.product_tmpl_id = t.id
                          AND s.uom_id = t.uom_id
                          AND s.source != 'guess'
                          AND (s.product_id IS NULL OR s.product_id = p.id)))""",
                self._oms_no_other_sides(),
            ),
        )
        return missing if True in value else ~missing

    @api.model
    def _oms_no_other_sides(self):
        """Hook: condition on a variant ``p`` whose size no other addon knows."""
        return SQL("TRUE")

    def _oms_get_other_sides(self):
        """Hook: sizes of products that other addons know.

        Of one unit; used where there is no ``oms.product.size``.

        :return: ``{product: (length, width, height)}`` in mm
        """
        return {}

    def action_oms_sizes(self):
        """The sizes of the variant, and those of all variants."""
        action = self.product_tmpl_id.action_oms_sizes()
        action["domain"].append(("product_id", "in", [*self.ids, False]))
        return action

    # -- for planning --------------------------------------------------------------

    def _oms_get_size_records(self):
        """{(variant, unit): size}, the variant's own before that of all variants."""
        if not self.env["oms.product.size"]._is_in_use():
            return {}
        sizes = (
            self.env["oms.product.size"]
            .sudo()
            .search_fetch(
                [
                    ("product_tmpl_id", "in", self.product_tmpl_id.ids),
                    ("product_id", "in", [*self.ids, False]),
                ],
            )
        )
        by_template = sizes.grouped("product_tmpl_id")
        found = {}
        for product in self:
            origin = product._origin
            own = by_template.get(origin.product_tmpl_id.sudo(), sizes.browse())
            for size in own.sorted(lambda size: bool(size.product_id)):
                if not size.product_id or size.product_id.id == origin.id:
                    found[origin, size.uom_id] = size
        return found

    def _oms_get_packing_uoms(self):
        """Units these products may be packed in, whatever they were ordered in: their
        own, and measured cases of those that are packed by whole cases."""
        uoms = self.uom_id
        for template in self.product_tmpl_id.filtered("oms_packs_cases").sudo():
            uoms |= template.oms_size_ids.filtered(
                lambda size: size.source != "guess"
            ).uom_id
        return uoms.with_env(self.env)

    def _oms_get_sizes(self, uoms=None, company=None):
        """Sizes for planning, of many products at once.

        A product has a size in its own unit: the variant's, that of all variants,
        or a guess. In another unit (a case) it has one only if somebody measured it:
        cases that nobody measured are packed by the unit.

        :param uoms: ``uom.uom`` asked for beside each product's own
        :param company: whose guesses, that of the environment by default
        :return: ``{(product, uom): UnitSize}``
        """
        company = (company or self.env.company).sudo()
        uoms = uoms if uoms is not None else self.env["uom.uom"]
        units = Units.of(self.env)
        apart = self.env["oms.pack.family"]._get_apart()
        records = self._oms_get_size_records()
        sizes = {}
        measured = {}
        for (product, uom), record in records.items():
            size = record.sudo()._to_size(product, units, apart)
            measured.setdefault(product, []).append((uom, size))
            if uom in uoms or uom == product.uom_id:
                sizes[product, uom] = size
        others = self._oms_get_other_sides()
        for product in self:
            if (product, product.uom_id) in sizes:
                continue
            if product in others:
                sizes[product, product.uom_id] = UnitSize(
                    product.id,
                    product.uom_id.id,
                    *map(up_to_tenth, others[product]),
                    units.grams(product.weight),
                    source="imported",
                )
            else:
                guess = product._oms_guess_size(
                    company, units, measured.get(product, ())
                )
                if guess:
                    sizes[product, product.uom_id] = guess
        return sizes

    def _oms_guess_size(self, company, units, measured=()):
        """What one unit may be like, from its volume or from a case that is known.

        :param measured: list of (unit, ``UnitSize``) of larger units
        :return: ``UnitSize``, ``None`` where the company does not want guesses
        """
        self.ensure_one()
        if not company.oms_guess_sizes or self.type != "consu":
            return None
        mm3 = float(units.volume) * self.volume
        grams = units.grams(self.weight)
        for uom, size in measured:
            count = uom._compute_quantity(1.0, self.uom_id, round=False)
            if count > 0:
                # a case bounds what its units are together
                if not mm3:
                    mm3 = float(size.volume) / count
                if not grams:
                    grams = round(size.weight / count)
        if not mm3:
            mm3 = company.oms_guess_litres * 1_000_000
        if not mm3:
            return None
        sides = company._oms_guess_sides(mm3)
        return UnitSize(self.id, self.uom_id.id, *sides, grams)
