from math import ceil

from odoo import models

from ...tools.pack_bench import step_captions
from ...tools.pack_reasons import body_key

#: Heights on a printed page, in mm of the style sheet, of which a page has more than of
#: real ones: what can be used, the heads of a box and of its steps, its picture, a row
#: of steps with their words, a line of the list beside the picture and below it.
PAGE, HEAD, PICTURE, STEPS, LINE, SMALL_LINE = 350, 44, 80, 48, 7.7, 4.6
#: Steps side by side, and rows of them; more would be too small to see.
STEPS_ACROSS, STEP_ROWS = 5, 3
#: Longer lists are set below the picture, in columns and small type.
MOST_BESIDE = 12
COLUMNS = 3
#: Characters in a line of the list beside the picture, and in one of the columns.
LETTERS, SMALL_LETTERS = 46, 56


class OmsPackBox(models.Model):
    """How a box is set on the page of a packing slip: one page, if it can be."""

    _inherit = "oms.pack.box"

    def _get_slip_lines(self):
        """The contents in columns: one beside the picture, or several below it.

        :return: list of ``oms.pack.box.line`` recordsets, one for each column
        """
        self.ensure_one()
        if self._count_text_lines(LETTERS) <= MOST_BESIDE:
            return [self.line_ids]
        share = ceil(len(self.line_ids) / COLUMNS)
        return [
            self.line_ids[start : start + share]
            for start in range(0, len(self.line_ids), share)
        ]

    def _count_text_lines(self, letters):
        return sum(ceil(len(line.name or " ") / letters) for line in self.line_ids)

    def _get_slip_room(self):
        """How many steps there is room for on the page of the box."""
        self.ensure_one()
        beside = self._count_text_lines(LETTERS)
        used = PICTURE
        if beside <= MOST_BESIDE:
            # below the list stands why this carton was chosen
            used = max(PICTURE, LINE * (beside + 3))
        else:
            lines = ceil(self._count_text_lines(SMALL_LETTERS) / COLUMNS)
            used += SMALL_LINE * (2 + lines)
        rows = int((PAGE - HEAD - used) // STEPS)
        return STEPS_ACROSS * max(0, min(STEP_ROWS, rows))

    def _get_slip_steps(self):
        """Pictures for a printed page: all steps, or as many as there is room for.

        :return: ``[(image, what to put in, what is still to come)]``
        """
        self.ensure_one()
        room = self._get_slip_room()
        if not self.geometry or not room:
            return []
        found = step_captions(
            self.env, self.geometry, self._get_title(), self._get_names(), room
        )
        return [(self._to_image(image), *words) for image, *words in found]


class OmsPackPlan(models.Model):
    """What the packing slip of a transfer says besides its boxes."""

    _inherit = "oms.pack.plan"

    def _get_slip_number(self, line):
        """The number that the product of a line has in the pictures."""
        self.ensure_one()
        key = body_key(line.product_id.id, line.uom_id.id)
        keys = self._get_keys()
        return keys.index(key) + 1 if key in keys else ""

    def _get_slip_unpacked(self):
        """What is not in any box of the plan: ``[(quantity, name, why)]``."""
        self.ensure_one()
        rows = self.unpacked or []
        names = self._body_names({key for key, _quantity, _why in rows})
        return [(quantity, names.get(key, key), why) for key, quantity, why in rows]
