from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.unit_codes import UNIT_CODES


class UomUom(models.Model):
    _inherit = "uom.uom"

    oms_codes = fields.Char(
        string="Codes in Orders",
        help="What customers call this unit in their orders, beside its name and its"
        " UN/ECE code. Separate several by commas: CS, CT, case.",
    )

    @api.model
    def _oms_find_by_codes(self, texts):
        """Units by name, UN/ECE code, or a code of their own.

        Names and codes are compared without regard to capital letters; a code of one's
        own goes before the standard's.

        :param texts: what stands in orders
        :return: ``{text: units}``; several where a name is not unique, none where no
            unit is meant
        """
        texts = list(texts)
        if not texts:
            return {}
        self.flush_model(["name", "oms_codes", "active"])
        rows = self.env.execute_query(
            SQL("SELECT id, name, oms_codes FROM uom_uom WHERE active ORDER BY id")
        )
        own, named = defaultdict(list), defaultdict(list)
        for uom_id, names, codes in rows:
            for code in (codes or "").split(","):
                own[code.strip().casefold()].append(uom_id)
            for name in {name.strip().casefold() for name in names.values() if name}:
                named[name].append(uom_id)
        found = {}
        for text in texts:
            key = text.strip().casefold()
            ids = own.get(key) or self._oms_find_standard(text) or named.get(key)
            found[text] = self.browse(ids if key else ())
        return found

    @api.model
    def _oms_find_standard(self, text):
        """The id of the unit that a code of the standard means, in a list; archived
        ones, too: a dozen is a dozen, and Odoo archives it by itself."""
        name = UNIT_CODES.get(text.strip().upper())
        unit = name and self.env.ref(name, raise_if_not_found=False)
        return unit.ids if unit else []
