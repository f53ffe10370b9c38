"""What a study asks of the engine, and what must be there before it can."""

from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oms_order_cycle.tools.parcel_price import ParcelPrice
from odoo.addons.oms_order_cycle.tools.units import Units

from ..tools.carton_study import Grid

#: More candidates than this take too long to compare.
MOST_CANDIDATES = 4000


class OmsCartonStudy(models.Model):
    _inherit = "oms.carton.study"

    def _get_grid(self):
        """The range of sizes, for the engine."""
        self.ensure_one()
        units = Units.of(self.env)
        ends = (
            (self.length_min, self.length_max),
            (self.width_min, self.width_max),
            (self.height_min, self.height_max),
        )
        return Grid(
            [tuple(float(units.mm(side)) for side in sides) for sides in ends],
            (float(units.mm(self.base_step)), float(units.mm(self.height_step))),
            units.mm_up(self.wall),
            (units.grams(self.board_weight), self.board_cost),
            units.grams(self.max_weight) if self.max_weight else None,
        )

    def _get_transfer_domain(self):
        """Deliveries of the period: each is an order to be packed."""
        self.ensure_one()
        domain = Domain(
            [
                ("state", "=", "done"),
                ("company_id", "=", self.company_id.id),
                ("picking_type_id.code", "=", "outgoing"),
                ("location_dest_id.usage", "=", "customer"),
                ("return_id", "=", False),
                ("date_done", ">=", fields.Datetime.to_datetime(self.date_from)),
                (
                    "date_done",
                    "<",
                    fields.Datetime.to_datetime(self.date_to + timedelta(days=1)),
                ),
            ]
        )
        if self.warehouse_id:
            domain &= Domain("picking_type_id.warehouse_id", "=", self.warehouse_id.id)
        if self.carrier_ids:
            domain &= Domain("carrier_id", "in", self.carrier_ids.ids)
        return domain

    def _get_transfer_ids(self):
        """Deliveries of the period, the oldest first."""
        pickings = self.env["stock.picking"].sudo()
        return pickings.search(self._get_transfer_domain(), order="date_done, id").ids

    def _get_days(self, picking_ids):
        """Days from the first delivery to the end of the period."""
        first = self.env["stock.picking"].sudo().browse(picking_ids[:1]).date_done
        end = min(self.date_to, fields.Date.context_today(self))
        return (end - first.date()).days + 1 if first else 0

    def _get_today(self):
        """Today's cartons, as many as are wanted of each."""
        carrier = self.carrier_id if self.price_basis == "carrier" else None
        types = self.env["stock.package.type"].sudo()
        return self._unlimited(types._oms_get_cartons(carrier, self.company_id))

    @api.model
    def _unlimited(self, cartons):
        return [replace(carton, available=None) for carton in cartons]

    def _get_candidates(self):
        """What may be chosen; today's as well where a whole set is looked for."""
        today = self._get_today()
        if self.candidate_source == "grid":
            found = self._get_grid().cartons()
        else:
            types = self.candidate_ids.sudo()
            found = self._unlimited(types._oms_to_cartons(self.company_id))
        known = {carton.key for carton in today}
        found = [carton for carton in found if carton.key not in known]
        return found if self.mode == "beside" else [*today, *found]

    def _get_price(self):
        """``price(outer, gross)`` of a parcel."""
        today = fields.Date.context_today(self)
        if self.price_basis == "carrier":
            return self.carrier_id.sudo()._oms_get_price(today, self.company_id)
        rule = self.dim_rule_id.sudo()
        return ParcelPrice(
            Units.of(self.env),
            rule=rule._get_engine_rule(today, self.company_id) if rule else None,
            day=today,
            fee=self.parcel_fee,
            rate=self.weight_rate,
        )

    # -- what is missing ------------------------------------------------------------

    def _check_input(self):
        """Tell what is missing before anything is calculated."""
        self.ensure_one()
        if not self.env["stock.picking"].search_count(
            self._get_transfer_domain(), limit=1
        ):
            raise UserError(
                self.env._(
                    "Nothing was delivered in this period from these warehouses with"
                    " these delivery methods: there is no history to analyze."
                )
            )
        if self.mode == "beside" and not self._get_today():
            raise UserError(
                self.env._(
                    "There are no cartons yet to which others could be added. Look for"
                    " a new set, or enter the cartons you use first."
                )
            )
        if self.candidate_source == "list":
            if not self._get_candidates():
                raise UserError(
                    self.env._(
                        "Choose package types with an outer size that are not used for"
                        " packing yet."
                    )
                )
        else:
            self._check_grid()
        if self.price_basis == "carrier" and not self.carrier_id:
            raise UserError(
                self.env._("Choose the delivery method that sets the prices.")
            )

    def _check_grid(self):
        number = self._get_grid().size
        if not number:
            raise UserError(
                self.env._(
                    "The range of sizes is empty. Enter the smallest and the largest"
                    " length, width and height, and steps above 0."
                )
            )
        if number > MOST_CANDIDATES:
            raise UserError(
                self.env._(
                    "These are %(number)s sizes; at most %(most)s can be compared. Take"
                    " larger steps, or a smaller range.",
                    number=number,
                    most=MOST_CANDIDATES,
                )
            )
