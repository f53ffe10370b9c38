from base64 import b64encode
from math import ceil

from odoo import models

from ...tools.barcode import barcode_image
from ...tools.packer.pictures import step_captions

#: Heights on a printed page, in mm of the style sheet, of which a page has more than of
#: real ones: what can be used, the heads of a box and of its steps, its picture, a row
#: of steps with their words, a line of the list beside the picture and below it.
PAGE, HEAD, PICTURE, STEPS, LINE, SMALL_LINE = 350, 51, 80, 48, 7.7, 4.6
#: Steps side by side, and rows of them; more would be too small to see.
STEPS_ACROSS, STEP_ROWS = 5, 3
#: Longer lists are set below the picture, in columns and small type.
MOST_BESIDE = 12
COLUMNS = 3
#: Characters in a line of the list beside the picture, and in one of the columns.
LETTERS, SMALL_LETTERS = 46, 56


class OmsPackBox(models.Model):
    """How a box is printed on the packing slip."""

    _inherit = "oms.pack.box"

    @staticmethod
    def _to_image(svg):
        """A picture for an ``img``, which wkhtmltopdf scales, unlike an SVG."""
        return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"

    def _get_slip_barcodes(self):
        """Barcodes of the transfer and of the package, also before it is made.

        :return: ``[(image, what it is)]``
        """
        self.ensure_one()
        transfer = self.picking_id.name or ""
        package = self.package_id.name or self.package_name or ""
        found = [
            (barcode_image(transfer), self.env._("Transfer %s", transfer)),
            (barcode_image(package), self.env._("Package %s", package)),
        ]
        return [(image, caption) for image, caption in found if image]

    def _get_slip_picture(self):
        self.ensure_one()
        return self.picture and self._to_image(self.picture)

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
