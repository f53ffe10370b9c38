from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Command

from ...tools.packer.contents import is_carton, split_key
from ...tools.packer.geometry import pack_geometry
from ...tools.packer.pictures import picture, step_pictures
from ...tools.units import Units


class OmsPackBox(models.Model):
    """One carton of a packing plan and where each unit lies in it."""

    _name = "oms.pack.box"
    _description = "Planned Box"
    _inherit = ["oms.unit.names"]
    _weights_with_unit = (
        "tare_weight",
        "content_weight",
        "gross_weight",
        "dimensional_weight",
        "billable_weight",
        "air_weight",
        "nearly_weight",
    )
    _order = "plan_id desc, sequence, id"

    plan_id = fields.Many2one(
        "oms.pack.plan", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(string="Box No.", readonly=True, aggregator=None)
    name = fields.Char(string="Carton Name", readonly=True)
    package_type_id = fields.Many2one(
        "stock.package.type",
        string="Carton",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    package_id = fields.Many2one(
        "stock.package",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The package that was made of this box.",
    )
    package_name = fields.Char(
        string="Package Number",
        readonly=True,
        help="The number its package is going to have: it is on the printed slip.",
    )
    is_own_carton = fields.Boolean(string="Ships as It Is", readonly=True)
    picking_id = fields.Many2one(
        related="plan_id.picking_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    carrier_id = fields.Many2one(related="plan_id.carrier_id", store=True)
    partner_id = fields.Many2one(
        related="plan_id.partner_id", store=True, string="Customer"
    )
    state = fields.Selection(related="plan_id.state", store=True)
    ship_date = fields.Date(related="plan_id.ship_date", store=True)
    override_reason = fields.Char(related="plan_id.override_reason", store=True)
    line_ids = fields.One2many(
        "oms.pack.box.line", "box_id", string="Packed Products", readonly=True
    )
    contents = fields.Char(compute="_compute_contents")
    tare_weight = fields.Float(
        digits="Stock Weight", readonly=True, help="Carton and filling."
    )
    content_weight = fields.Float(digits="Stock Weight", readonly=True)
    gross_weight = fields.Float(digits="Stock Weight", readonly=True)
    gross_grams = fields.Integer(
        string="Gross Weight (g)",
        readonly=True,
        aggregator=None,
        help="Exact: carriers round up, a gram may cost half a kilogram.",
    )
    dimensional_weight = fields.Float(digits="Stock Weight", readonly=True)
    billable_weight = fields.Float(
        digits="Stock Weight",
        readonly=True,
        help="What the carrier bills, in the weight unit of Odoo (kg or lb, see"
        " Settings).",
    )
    air_weight = fields.Float(
        string="Billed Air",
        digits="Stock Weight",
        readonly=True,
        help="Billable less gross weight: what is paid for empty space, in the weight"
        " unit of Odoo (kg or lb).",
    )
    carrier_billable = fields.Float(
        string="Billable (Carrier)", digits=(16, 3), readonly=True, aggregator=None
    )
    carrier_dimensional = fields.Float(
        string="Dimensional (Carrier)", digits=(16, 3), readonly=True, aggregator=None
    )
    carrier_unit = fields.Char(readonly=True)
    billable_label = fields.Char(string="Billable", compute="_compute_billable_label")
    surcharges = fields.Char(
        string="Surcharge Classes",
        readonly=True,
        help="Classes of the carrier's rule into which the parcel falls.",
    )
    outer_length = fields.Float(readonly=True, min_display_digits=1, aggregator=None)
    outer_width = fields.Float(readonly=True, min_display_digits=1, aggregator=None)
    outer_height = fields.Float(readonly=True, min_display_digits=1, aggregator=None)
    cut_height = fields.Float(
        string="Cut Down To",
        readonly=True,
        min_display_digits=1,
        aggregator=None,
        help="Inner height the carton is cut down to; nothing if it stays whole.",
    )
    fill = fields.Float(
        string="Fill (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Share of the inner volume that the units fill.",
    )
    air_volume = fields.Float(
        string="Empty Space (l)", digits=(16, 2), readonly=True, help="Litres of air."
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    has_cost = fields.Boolean(related="plan_id.has_cost")
    price = fields.Monetary(
        string="Planned Cost",
        readonly=True,
        help="What the parcel costs by the carrier's tariff, with its carton. Without a"
        " tariff, what the company plans with; 0 where cartons are then chosen by"
        " billable weight.",
    )
    reason = fields.Char(string="Why This Carton", readonly=True)
    fault_note = fields.Text(
        string="Accepted Faults",
        readonly=True,
        help="What the check found and the packer accepted, with a reason.",
    )
    nearly_mm = fields.Integer(
        string="Too Large By (mm)",
        readonly=True,
        aggregator="avg",
        help="So many millimetres less, and a cheaper carton would do.",
    )
    nearly_side = fields.Selection(
        [
            ("height", "Contents Too High"),
            ("length", "Contents Too Long"),
            ("width", "Contents Too Wide"),
            ("unit", "One Unit Too Large"),
        ],
        string="What Is Too Large",
        readonly=True,
    )
    nearly_product_id = fields.Many2one(
        "product.product", string="Product Too Large", readonly=True
    )
    nearly_saving = fields.Monetary(
        string="Cost Saving",
        readonly=True,
        help="What the cheaper carton would save.",
    )
    nearly_weight = fields.Float(
        string="Weight Saving",
        digits="Stock Weight",
        readonly=True,
        help="Billable weight the other carton would save, in the weight unit of Odoo,"
        " where cartons are chosen by it.",
    )
    geometry = fields.Json(
        readonly=True,
        help="Inner and outer size, and for each unit its place and its size as placed,"
        " in millimetres from the inner floor corner.",
    )
    picture = fields.Html(compute="_compute_picture", sanitize=False)
    steps_picture = fields.Html(
        string="Step by Step", compute="_compute_steps_picture", sanitize=False
    )

    @api.depends("name", "sequence", "plan_id.box_count")
    def _compute_display_name(self):
        for box in self:
            box.display_name = self.env._(
                "Box %(number)s of %(count)s: %(carton)s",
                number=box.sequence,
                count=box.plan_id.box_count,
                carton=box._get_title(),
            )

    @api.depends("carrier_billable", "carrier_unit")
    def _compute_billable_label(self):
        for box in self:
            box.billable_label = (
                f"{box.carrier_billable:g} {box.carrier_unit}"
                if box.carrier_unit
                else f"{box.billable_weight:g} {box.weight_uom_name or ''}"
            )

    @api.depends("line_ids.product_id", "line_ids.quantity")
    def _compute_contents(self):
        for box in self:
            box.contents = ", ".join(
                f"{line.quantity:g} x {line.name}" for line in box.line_ids
            )

    @api.depends("geometry", "name", "line_ids")
    @api.depends_context("lang")
    def _compute_picture(self):
        names = self._get_names()
        orders = {plan: plan._get_keys() for plan in self.plan_id}
        for box in self:
            box.picture = box.geometry and picture(
                self.env, box.geometry, box._get_title(), names, orders[box.plan_id]
            )

    @api.depends("geometry", "name", "line_ids")
    @api.depends_context("lang")
    def _compute_steps_picture(self):
        names = self._get_names()
        for box in self:
            steps = box.geometry and step_pictures(
                self.env, box.geometry, box._get_title(), names
            )
            box.steps_picture = steps and (
                '<div class="o_oms_pack_steps">%s</div>' % "".join(steps)
            )

    def _get_title(self):
        self.ensure_one()
        if self.is_own_carton:
            return self.env._("as it is")
        return self.name or ""

    def _get_names(self):
        return self.env["oms.pack.plan"]._body_names(
            {
                row[0]
                for box in self
                for row in (box.geometry or {}).get("placements", ())
            }
        )

    def _get_exact_weight(self):
        """Gross weight in the unit of the database, not rounded."""
        self.ensure_one()
        if not self.gross_grams:
            return self.gross_weight
        return Units.of(self.env).weight_of(self.gross_grams)

    def _has_contents(self, contents):
        """Whether these are the planned contents.

        :param dict contents: ``{product: quantity in the product's unit}``
        """
        self.ensure_one()
        planned = defaultdict(float)
        for line in self.line_ids:
            planned[line.product_id] += line.product_qty
        return not any(
            product.uom_id.compare(contents.get(product, 0), planned.get(product, 0))
            for product in {*planned, *contents}
        )

    # -- from the engine ------------------------------------------------------------

    @api.model
    @api.private
    def _prepare_box_vals(self, job, box, bodies, number, packer):
        """Values of a box the engine packed.

        :param job: what it was packed for
        :param box: engine box
        :param dict bodies: ``{key: engine item}``
        :param number: of the box, from 1
        :param packer: ``Packer`` that knows the prices of the job
        """
        carton = box.carton
        own = not is_carton(carton.key)
        package_type = self.env["stock.package.type"].browse(() if own else carton.key)
        counts = defaultdict(int)
        for placement in box.placements:
            counts[placement.key] += 1
        volume = sum(p.length * p.width * p.height for p in box.placements)
        return {
            "sequence": number,
            "name": self._get_carton_name(package_type),
            "package_type_id": package_type.id,
            "is_own_carton": own,
            "geometry": pack_geometry(box),
            "price": packer.cost_of_parcel(job, carton.outer, box.gross, carton.key),
            "line_ids": [
                Command.create(vals) for vals in self._prepare_line_vals(counts, bodies)
            ],
            **self._prepare_size_vals(carton, volume),
            **self._prepare_weight_vals(job, carton.outer, box.gross),
            "tare_weight": Units.of(self.env).weight_of(carton.tare + carton.filler),
            "content_weight": Units.of(self.env).weight_of(
                box.gross - carton.tare - carton.filler
            ),
        }

    @api.model
    def _get_carton_name(self, package_type):
        """Name of the carton of a box, for lists and reports.

        :param package_type: empty for what ships as it is
        """
        return package_type.name or self.env._("As It Is")

    @api.model
    def _prepare_size_vals(self, carton, volume):
        units = Units.of(self.env)
        length, width, height = carton.inner
        inner, volume = float(length * width * height), float(volume)
        return {
            "outer_length": units.length_of(carton.outer[0]),
            "outer_width": units.length_of(carton.outer[1]),
            "outer_height": units.length_of(carton.outer[2]),
            "cut_height": units.length_of(carton.cut or 0),
            "fill": 100 * volume / inner if inner else 0,
            "air_volume": (inner - volume) / 1e6,
        }

    @api.model
    def _prepare_weight_vals(self, job, outer, gross):
        """Weights of a parcel, what the carrier bills among them."""
        units = Units.of(self.env)
        weight = units.weight_of(gross)
        billed = self._bill(job.carrier_id, job.company_id, outer, gross, job.date)
        if not billed:
            billed = {"billable": weight, "dimensional": 0, "unit": False}
        billable = float(billed["billable"])
        dimensional = float(billed["dimensional"])
        in_units = (
            (units.weight_from(billable, billed["unit"]),
             units.weight_from(dimensional, billed["unit"]))
            if billed["unit"]
            else (billable, dimensional)
        )  # fmt: skip
        return {
            "gross_weight": weight,
            "gross_grams": round(gross),
            "billable_weight": in_units[0],
            "dimensional_weight": in_units[1],
            "air_weight": max(in_units[0] - weight, 0),
            "carrier_billable": billable,
            "carrier_dimensional": dimensional,
            "carrier_unit": billed["unit"],
            "surcharges": ", ".join(billed.get("classes") or ()) or False,
        }

    @api.model
    def _bill(self, carrier_id, company_id, outer, gross, date):
        """What the carrier's rule says of a parcel; nothing without one in force."""
        carrier = self.env["delivery.carrier"].sudo().browse(carrier_id or ())
        dim_rule = carrier.oms_dim_rule_id.with_company(company_id)
        if not dim_rule or not dim_rule._get_version(dim_rule._to_date(date)):
            return None
        outer = [Decimal(str(side)) for side in outer]
        return dim_rule.compute_billable(outer, gross, date)

    @api.model
    def _prepare_line_vals(self, counts, bodies):
        """Contents of a box: bodies of a product in a unit."""
        units = Units.of(self.env)
        rows = []
        for key, number in counts.items():
            product_id, uom_id = split_key(key)
            product = self.env["product.product"].browse(product_id)
            uom = self.env["uom.uom"].browse(uom_id)
            grams = bodies[key].weight if key in bodies else 0
            rows.append(
                {
                    "product_id": product_id,
                    "uom_id": uom_id,
                    "quantity": number,
                    "product_qty": uom._compute_quantity(
                        number, product.uom_id, round=False
                    ),
                    "weight": units.weight_of(grams * number),
                }
            )
        return rows
