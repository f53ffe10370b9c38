from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.columns import create_columns
from ...tools.derived import refuse_derived, without_derived_defaults
from ...tools.units import unit_names
from .stock_package_weight import WEIGHT_DIGITS, PackageContents

#: Sides of packages, and of their types.
_SIZES = {
    "oms_length": "packaging_length",
    "oms_width": "width",
    "oms_height": "height",
}
#: Stored computed fields that are filled by SQL when they are new.
_FILLED = (
    *_SIZES,
    "oms_dimensional_weight",
    "oms_billable_weight",
    "oms_billable_label",
    "oms_surcharges",
)
#: What is made from its size and weight, and what taking its carton from stock writes.
_GUARDED_FIELDS = frozenset(
    {
        "oms_dimensional_weight",
        "oms_billable_weight",
        "oms_billable_label",
        "oms_surcharges",
        "oms_carton_move_id",
    }
)
#: What a package is in, or will be.
_CONTAINERS = frozenset({"package_dest_id", "parent_package_id"})
#: Digits of the weights that Odoo's dialogs show, and write back.
SHOWN_DIGITS = 2


class StockPackage(models.Model):
    _name = "stock.package"
    _inherit = ["stock.package", "oms.limited"]

    oms_length = fields.Float(
        string="Outer Length",
        min_display_digits=1,
        compute="_compute_oms_size",
        store=True,
        readonly=False,
        help="Outer size of this package; of its type unless it was cut down or"
        " measured.",
    )
    oms_width = fields.Float(
        string="Outer Width",
        min_display_digits=1,
        compute="_compute_oms_size",
        store=True,
        readonly=False,
    )
    oms_height = fields.Float(
        string="Outer Height",
        min_display_digits=1,
        compute="_compute_oms_size",
        store=True,
        readonly=False,
    )
    oms_length_uom_name = fields.Char(compute="_compute_oms_length_uom_name")
    oms_carrier_id = fields.Many2one(
        "delivery.carrier",
        string="Packed For",
        index="btree_not_null",
        help="The carrier whose rule gives the billable weight.",
    )
    oms_ship_date = fields.Date(string="Billed As Of")
    oms_pack_company_id = fields.Many2one("res.company", string="Packed By Company")
    oms_weight_source = fields.Selection(
        [
            ("planned", "Planned"),
            ("computed", "Computed"),
            ("entered", "Weighed"),
        ],
        string="Weight From",
        readonly=True,
        help="Whether the shipping weight was added up or entered by somebody.",
    )
    oms_pack_box_ids = fields.One2many(
        "oms.pack.box", "package_id", string="Planned Boxes"
    )
    oms_pack_reason = fields.Char(
        string="Why This Carton", compute="_compute_oms_picture"
    )
    oms_picture = fields.Html(
        string="How It Is Packed", compute="_compute_oms_picture", sanitize=False
    )
    oms_steps_picture = fields.Html(
        string="Step by Step", compute="_compute_oms_picture", sanitize=False
    )

    oms_carton_move_id = fields.Many2one(
        "stock.move",
        string="Carton Deducted By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The movement that took the carton from stock.",
    )

    def _auto_init(self):
        """Fill the new columns of existing packages, each set in one statement."""
        missing = create_columns(
            self.env.cr, self._table, {name: self._fields[name] for name in _FILLED}
        )
        self._oms_fill_sizes([name for name in _SIZES if name in missing])
        if "oms_billable_weight" in missing:
            self.env.cr.execute(
                SQL(
                    "UPDATE stock_package SET oms_billable_weight = shipping_weight"
                    " WHERE shipping_weight > 0"
                )
            )
        return super()._auto_init()

    @api.model
    def _oms_fill_sizes(self, names):
        """Give packages the sizes of their types, in these columns only."""
        if not names:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_package p
                   SET %s
                  FROM stock_package_type t
                 WHERE t.id = p.package_type_id
                """,
                SQL(", ").join(
                    SQL(
                        "%s = %s",
                        SQL.identifier(name),
                        SQL.identifier("t", _SIZES[name]),
                    )
                    for name in names
                ),
            )
        )

    @api.depends(
        "package_type_id.packaging_length",
        "package_type_id.width",
        "package_type_id.height",
    )
    def _compute_oms_size(self):
        for package in self:
            # what is packed keeps its size when that of its type is changed later; the
            # form shows at once what another type would do
            package_type = package.package_type_id
            if (
                package._origin.oms_length
                and package._origin.package_type_id == package_type._origin
            ):
                continue
            for name, source in _SIZES.items():
                package[name] = package_type[source]

    @api.model
    def _oms_get_size_fields(self):
        """``{size of a package: size of its type}``"""
        return _SIZES

    def _compute_oms_length_uom_name(self):
        self.oms_length_uom_name = unit_names(self.env)[0]

    @api.depends("oms_pack_box_ids")
    @api.depends_context("lang")
    def _compute_oms_picture(self):
        for package in self:
            box = package.sudo().oms_pack_box_ids[:1]
            package.oms_picture = box.picture
            package.oms_steps_picture = box.steps_picture
            package.oms_pack_reason = box.reason

    @api.model_create_multi
    def create(self, vals_list):
        refuse_derived(self, vals_list, _GUARDED_FIELDS)
        clean = without_derived_defaults(self, _GUARDED_FIELDS)
        given = self.env.context.get("oms_package_vals")
        if isinstance(given, PackageContents):
            vals_list = [self._oms_add_contents(vals, given) for vals in vals_list]
        packages = super(StockPackage, clean).create(vals_list)
        return packages.with_env(self.env)

    def _oms_add_contents(self, vals, given):
        vals = {**given, **vals}
        if given.get("oms_weight_source") == "computed":
            package_type = self.env["stock.package.type"].browse(
                vals.get("package_type_id") or ()
            )
            vals["shipping_weight"] = round(
                vals["shipping_weight"] + package_type.base_weight, WEIGHT_DIGITS
            )
        return vals

    def write(self, vals):
        refuse_derived(self, [vals], _GUARDED_FIELDS)
        retyped = self._oms_filter_retyped(vals)
        moves_in = not _CONTAINERS.isdisjoint(vals)
        if moves_in:
            self._oms_get_outer()._oms_note_changed()
        same = self._oms_filter_shown(vals)
        if same:
            kept = {name: vals[name] for name in vals if name != "shipping_weight"}
            super(StockPackage, same).write(kept)
        is_entered = "shipping_weight" in vals and "oms_weight_source" not in vals
        if is_entered:
            vals = {**vals, "oms_weight_source": "entered"}
        res = super(StockPackage, self - same).write(vals)
        if moves_in or is_entered:
            self._oms_get_outer()._oms_note_changed()
        if "shipping_weight" in vals:
            self._oms_get_shipped_on()._oms_weigh_shipped()
        if retyped:
            retyped._oms_follow_type(vals)
        return res

    def _oms_filter_retyped(self, vals):
        """The packages that get another type."""
        if "package_type_id" not in vals:
            return self.browse()
        return self.filtered(
            lambda package: package.package_type_id.id != vals["package_type_id"]
        )

    def _oms_filter_shown(self, vals):
        """The packages of which a weight is written that was shown: Odoo's dialogs
        write it back, nobody weighed anything."""
        if "shipping_weight" not in vals or "oms_weight_source" in vals:
            return self.browse()
        weight = vals["shipping_weight"] or 0
        return self.filtered(
            lambda package: (
                package.oms_weight_source and package._oms_shows_weight(weight)
            )
        )

    def _oms_shows_weight(self, weight):
        """Whether a weight may be what was shown of this package, rounded."""
        self.ensure_one()
        difference = abs(self.shipping_weight - weight)
        # half a digit, and what binary fractions add to it
        return difference <= 0.5 * 10**-SHOWN_DIGITS + 10**-WEIGHT_DIGITS

    def _post_put_in_pack_hook(self):
        res = super()._post_put_in_pack_hook()
        # packages in a package: the weight of what is inside
        if self:
            self._oms_weigh(self.picking_ids)
        return res

    def _oms_prepare_shipper(self, picking):
        """Values of who bills the package as of when, as far as not known yet."""
        vals = {}
        carrier = picking and picking._oms_get_pack_carrier()
        if carrier and not self.oms_carrier_id:
            vals["oms_carrier_id"] = carrier.id
            vals["oms_ship_date"] = picking._oms_get_ship_date()
        if picking and not self.oms_pack_company_id:
            vals["oms_pack_company_id"] = picking.company_id.id
        return vals

    def action_oms_print_slip(self):
        """Print how the package is packed."""
        self.check_access("read")
        return self.env.ref("oms_order_cycle.oms_packing_slip_report").report_action(
            self.sudo().oms_pack_box_ids.plan_id
        )
