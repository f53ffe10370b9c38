from collections import Counter

from odoo import models


class OmsPackBox(models.Model):
    """Boxes in a few words."""

    _inherit = "oms.pack.box"

    def _get_titles(self):
        """What a packer calls these boxes, in their order: ``{words: number}``, without
        a number where the words have it."""
        counts = Counter(box._get_title() for box in self if not box.is_own_carton)
        own = Counter()
        for box in self.filtered("is_own_carton"):
            for line in box.line_ids:
                own[line.product_id, line.uom_id] += line.quantity
        titles = {}
        for (product, uom), number in own.items():
            unit = uom.name if uom != product.uom_id else product.display_name
            words = self.env._(
                "%(number)s x %(name)s as they are", number=number, name=unit
            )
            if number == 1:
                words = self.env._("1 x %(name)s as it is", name=unit)
            titles[words] = None
        return {**titles, **counts}

    def _get_packed_titles(self):
        """The same of their packages, whose type may have been corrected."""
        same = self.filtered(
            lambda box: (
                not box.package_id
                or box.package_id.package_type_id == box.package_type_id
            )
        )
        titles = same._get_titles()
        for package in (self - same).package_id:
            name = package.package_type_id.name or self.env._("Package")
            titles[name] = (titles.get(name) or 0) + 1
        return titles
