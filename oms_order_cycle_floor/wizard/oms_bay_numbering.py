from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.stock_location import MOST
from ..tools.warehouse_map import read_bays, write_bays
from ..walk.names import PatternFault, Place, guess_pattern, number, read_places
from ..walk.picture import Picture

#: rows of the preview, at its beginning and at its end
FIRST_ROWS, LAST_ROWS = 12, 3
#: names that do not fit that are told
MOST_NAMES = 10
#: bays that a picture is drawn of
MOST_DRAWN = 5000


class OmsBayNumbering(models.TransientModel):
    """Reads aisle, block and bay from the names of locations, and numbers them."""

    _name = "oms.bay.numbering"
    _description = "Numbering of Bays"
    _rec_name = "location_id"

    location_id = fields.Many2one(
        "stock.location",
        string="Zone",
        required=True,
        domain="[('warehouse_id', '!=', False), ('usage', 'in', ['view', 'internal'])]",
        help="The locations below that have none below them are its bays.",
    )
    pattern = fields.Char(
        string="Names Look Like",
        compute="_compute_pattern",
        store=True,
        readonly=False,
        help="What bays are called, from the zone down: {aisle}, {block}, {bay} and"
        " {level} stand for these, {any} for what does not matter, all else for itself."
        " {aisle}-{bay}-{level} reads A-03-2; {aisle}/{bay} reads bay 03 below A.",
    )
    is_facing = fields.Boolean(
        string="Odd and Even Bays Face Each Other",
        help="Bay 1 is across the aisle from bay 2, 3 from 4 and so on.",
    )
    bays_of_blocks = fields.Char(
        string="Bays of Blocks",
        compute="_compute_bays_of_blocks",
        store=True,
        readonly=False,
        help="Where there are cross aisles between the front and the back, and names"
        " say nothing of blocks: how many bays each block has, as in 23, 23.",
    )
    first_aisle = fields.Integer(
        default=1,
        help="What number the first aisle of the zone gets. The second zone of a"
        " warehouse goes on behind the first.",
    )
    first_number = fields.Integer(
        string="First Pick Sequence",
        default=1,
        help="The pick sequence goes up one aisle and down the next.",
    )
    fault = fields.Char(compute="_compute_preview")
    fitting_count = fields.Integer(string="Bays That Fit", compute="_compute_preview")
    other_names = fields.Text(string="Left As They Are", compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    picture = fields.Html(compute="_compute_preview", sanitize=False)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        is_location = self.env.context.get("active_model") == "stock.location"
        active_id = self.env.context.get("active_id")
        if "location_id" in fields and is_location and active_id:
            values.setdefault("location_id", active_id)
        return values

    @api.depends("location_id")
    def _compute_pattern(self):
        for wizard in self:
            names = wizard._get_names().values()
            wizard.pattern = guess_pattern(names) or "{aisle}-{bay}-{level}"

    @api.depends("location_id")
    def _compute_bays_of_blocks(self):
        for wizard in self:
            wizard.bays_of_blocks = wizard.location_id.warehouse_id.oms_bays_of_blocks

    @api.depends(
        "location_id",
        "pattern",
        "is_facing",
        "bays_of_blocks",
        "first_aisle",
        "first_number",
    )
    def _compute_preview(self):
        for wizard in self:
            wizard.update(
                {
                    "fault": False,
                    "fitting_count": 0,
                    "other_names": False,
                    "preview": False,
                    "picture": False,
                }
            )
            if not wizard.location_id:
                continue
            try:
                places, numbers, others = wizard._read()
            except UserError as error:
                wizard.fault = error.args[0]
                continue
            wizard.fitting_count = len(places)
            wizard.other_names = wizard._describe_others(others)
            wizard.preview = wizard._draw_rows(places, numbers)
            wizard.picture = wizard._draw_picture(places, numbers)

    def action_apply(self):
        """Write places and pick sequences on the bays that fit."""
        self.ensure_one()
        if not self.location_id.warehouse_id:
            raise UserError(
                self.env._(
                    "%s belongs to no warehouse: choose a zone of one.",
                    self.location_id.display_name,
                )
            )
        places, numbers, _others = self._read()
        if not places:
            raise UserError(
                self.env._(
                    "No bay of %(zone)s fits %(pattern)s. Change the pattern so that it"
                    " looks like the names.",
                    zone=self.location_id.display_name,
                    pattern=self.pattern,
                )
            )
        for location, place in places.items():
            values = {
                "oms_aisle": place.aisle,
                "oms_block": place.block,
                "oms_position": place.position,
                "oms_pick_sequence": numbers[location],
            }
            if any(location[name] != value for name, value in values.items()):
                location.write(values)
        self._note_bays_of_blocks(places)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oms_order_cycle_floor.stock_location_action_oms_bays"
        )
        action["domain"] = [("id", "in", [location.id for location in places])]
        return action

    def _note_bays_of_blocks(self, places):
        """What the warehouse has of bays, with those of this zone."""
        warehouse = self.location_id.warehouse_id
        known = read_bays(warehouse.oms_bays_of_blocks)
        found = self._count_bays(places)
        known += [0] * (len(found) - len(known))
        found += [0] * (len(known) - len(found))
        text = write_bays(max(pair) for pair in zip(known, found, strict=True))
        if text != warehouse.oms_bays_of_blocks:
            warehouse.oms_bays_of_blocks = text

    @api.model
    def _count_bays(self, places):
        blocks = [1] * max(place.block for place in places.values())
        for place in places.values():
            blocks[place.block - 1] = max(blocks[place.block - 1], place.position)
        return blocks

    def _get_names(self):
        """``{location: its name from the zone down}`` of all bays."""
        if not self.location_id:
            return {}
        bays = self.env["stock.location"].search_fetch(
            [
                ("id", "child_of", self.location_id.ids),
                ("id", "not in", self.location_id.ids),
                ("usage", "=", "internal"),
                ("child_ids", "=", False),
            ],
            ["complete_name"],
        )
        start = len(self.location_id.complete_name or "") + 1
        return {bay: bay.complete_name[start:] for bay in bays}

    def _read(self):
        """Places, pick sequences, and names that do not fit.

        :return: ``({location: Place}, {location: number}, [name])``
        :raises UserError: a pattern or numbers that say nothing
        """
        try:
            bays = read_bays(self.bays_of_blocks)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "Bays of Blocks: whole numbers with commas between, as in 23, 23."
                )
            ) from error
        if not (1 <= self.first_aisle <= MOST and 0 <= self.first_number <= MOST):
            raise UserError(
                self.env._("Aisles are counted from 1, pick sequences from 0.")
            )
        names = self._get_names()
        try:
            found = read_places(
                set(names.values()), self.pattern or "", self.is_facing, bays
            )
        except PatternFault as fault:
            raise UserError(self._explain(fault)) from fault
        places = {
            location: self._shift(found[name])
            for location, name in names.items()
            if name in found
        }
        others = [name for name in names.values() if name not in found]
        return places, number(places, self.first_number), others

    def _shift(self, place):
        return Place(place.aisle + self.first_aisle - 1, *place[1:])

    def _explain(self, fault):
        part = f"{{{fault.part}}}"
        if fault.code == "missing":
            return self.env._("Say where the name has the %s.", part)
        if fault.code == "repeated":
            return self.env._("%s stands there too often.", part)
        return self.env._(
            "%s is not known: {aisle}, {block}, {bay}, {level} and {any} are.", part
        )

    def _describe_others(self, names):
        """Names that do not fit, in words."""
        if not names:
            return False
        told = ", ".join(names[:MOST_NAMES])
        if len(names) <= MOST_NAMES:
            return told
        return self.env._(
            "%(names)s and %(count)s more", names=told, count=len(names) - MOST_NAMES
        )

    def _draw_rows(self, places, numbers):
        """The first and last bays by pick sequence, as a table."""
        order = sorted(places, key=numbers.get)
        left_out = len(order) - FIRST_ROWS - LAST_ROWS
        rows = order if left_out <= 0 else order[:FIRST_ROWS] + order[-LAST_ROWS:]
        lines = [
            Markup("<tr>%s</tr>")
            % Markup("").join(
                Markup("<td>%s</td>") % value
                for value in (numbers[bay], bay.complete_name, *places[bay])
            )
            for bay in rows
        ]
        if left_out > 0:
            words = self.env._("%s more", left_out)
            gap = Markup('<tr><td colspan="6" class="text-muted">%s</td></tr>') % words
            lines.insert(FIRST_ROWS, gap)
        heads = [
            self.env._("Pick Sequence"),
            self.env._("Location"),
            self.env._("Aisle"),
            self.env._("Block"),
            self.env._("Bay"),
            self.env._("Level"),
        ]
        head = Markup("").join(Markup("<th>%s</th>") % text for text in heads)
        return Markup(
            '<table class="table table-sm"><thead><tr>%s</tr></thead>'
            "<tbody>%s</tbody></table>"
        ) % (head, Markup("").join(lines))

    def _draw_picture(self, places, numbers):
        """The zone from above, with the way of its pick sequence."""
        if not 0 < len(places) <= MOST_DRAWN:
            return False
        order = [places[bay][:3] for bay in sorted(places, key=numbers.get)]
        walk = list(dict.fromkeys(order))
        picture = Picture(set(order), self._count_bays(places))
        return Markup(picture.draw(walk))  # noqa: S704
