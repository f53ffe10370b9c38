from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ...tools.packer.planner import REPLANNED

#: What tells whether cartons are planned here, and which are taken from stock.
_CACHED_FIELDS = frozenset(
    {
        "oms_is_carton",
        "oms_inner_length",
        "oms_inner_width",
        "oms_inner_height",
        "oms_product_id",
        "active",
    }
)


class StockPackageType(models.Model):
    _inherit = "stock.package.type"

    oms_box_ids = fields.One2many(
        "oms.pack.box", "package_type_id", string="Planned Boxes"
    )
    oms_package_ids = fields.One2many(
        "stock.package", "package_type_id", string="Packages Made"
    )

    @api.constrains("oms_product_id")
    def _check_oms_product_id(self):
        for package_type in self:
            product = package_type.oms_product_id.sudo()
            if product and product.tracking != "none":
                raise ValidationError(
                    self.env._(
                        "%(product)s is tracked by lots or serial numbers: it cannot be"
                        " deducted as the carton %(carton)s. Turn tracking off, or"
                        " choose another product.",
                        product=product.display_name,
                        carton=package_type.name,
                    )
                )

    # -- CRUD ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        res = super().create(vals_list)
        self.env.registry.clear_cache()
        if any(vals.get("oms_is_carton") for vals in vals_list):
            self._oms_show_packages()
        return res

    def write(self, vals):
        res = super().write(vals)
        if not _CACHED_FIELDS.isdisjoint(vals):
            self.env.registry.clear_cache()
        if vals.get("oms_is_carton"):
            self._oms_show_packages()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    @api.model
    def _oms_show_packages(self):
        """Turn Odoo's setting *Packages* on: otherwise no screen would show the
        packages that goods are put into."""
        users = self.env.ref("base.group_user").sudo()
        packages = self.env.ref("stock.group_tracking_lot").sudo()
        if packages not in users.all_implied_ids:
            users.implied_ids = [Command.link(packages.id)]

    # -- for planning ---------------------------------------------------------------

    def _oms_get_planned(self, company=None, warehouse=None):
        """Cartons that plans of open transfers are going to take.

        Proposals of transfers that are planned just now (their ids are in the context)
        are left out: their cartons are free again.
        """
        planned = super()._oms_get_planned(company, warehouse)
        domain = [
            ("package_type_id", "in", self.ids),
            ("picking_id.state", "not in", ("done", "cancel")),
            "|",
            ("state", "=", "applied"),
            "&",
            ("state", "=", "proposed"),
            ("picking_id", "not in", self.env.context.get(REPLANNED, ())),
        ]
        if company:
            domain.append(("company_id", "=", company.id))
        if warehouse:
            domain.append(
                ("picking_id.picking_type_id.warehouse_id", "=", warehouse.id)
            )
        counts = (
            self.env["oms.pack.box"]
            .sudo()
            ._read_group(domain, ["package_type_id"], ["__count"])
        )
        for package_type, count in counts:
            planned[package_type.oms_product_id.id] += count
        return planned

    # -- names ----------------------------------------------------------------------

    def _oms_get_next_names(self, number):
        """Names of so many new packages of this type, in one query where the sequence
        allows it.

        :return: list of them
        """
        sequence = self.sudo().sequence_id or self._oms_get_package_sequence()
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [self._get_next_name_by_sequence() for _count in range(number)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                number,
            )
        )
        return [sequence.get_next_char(next_number) for (next_number,) in rows]

    @api.model
    def _oms_get_package_sequence(self):
        """The sequence of packages whose type has none, the company's own first."""
        company_id = self.env.company.id
        return self.env["ir.sequence"].sudo().search(
            [("code", "=", "stock.package"), ("company_id", "in", [company_id, False])],
            order="company_id",
            limit=1,
        )  # fmt: skip

    # -- asked at each change of stock ------------------------------------------------

    @tools.ormcache()
    def _oms_is_packing_set_up(self):
        """Whether there is any carton to plan with."""
        return bool(self.sudo().search_count([("oms_is_carton", "=", True)], limit=1))

    @tools.ormcache()
    def _oms_get_deducting_companies(self):
        """Companies that deduct cartons; none where no carton is kept in stock.

        Asked whenever a transfer is done.
        """
        kept = self.sudo().with_context(active_test=False)
        if not kept.search_count([("oms_product_id", "!=", False)], limit=1):
            return frozenset()
        companies = self.env["res.company"].sudo()
        return frozenset(companies.search([("oms_deduct_cartons", "=", True)]).ids)
