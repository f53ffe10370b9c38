from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.unit_codes import AMBIGUOUS, UNIT_CODES, UNIT_WORDS, as_word


class UomUom(models.Model):
    _inherit = "uom.uom"

    oms_codes = fields.Char(
        string="Codes in Orders",
        help="What customers call this unit in their orders, beside its name and its"
        " UN/ECE code. Separate several by commas: CS, CT, case.",
    )

    @api.model
    def _oms_find_by_codes(self, texts):
        """Units by name, UN/ECE code, a code of their own, or a word for them.

        Names and codes are compared without regard to capital letters; a code of one's
        own goes before the standard's, the units' names before common words.

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
            ids = (
                own.get(key)
                or self._oms_get_unit_ids(UNIT_CODES.get(text.strip().upper()))
                or named.get(key)
                or self._oms_get_unit_ids(UNIT_WORDS.get(as_word(text)))
            )
            found[text] = self.browse(ids if key else ())
        return found

    @api.model
    def _oms_get_unit_ids(self, name):
        """The id of a unit of Odoo, in a list; archived ones, too: a dozen is a dozen,
        and Odoo archives it by itself.

        :param name: its external id, or nothing
        """
        unit = name and self.env.ref(name, raise_if_not_found=False)
        return unit.ids if unit else []

    def _oms_choose_for(self, product, text):
        """Of the units that a text may mean the one that a product is ordered in.

        Where the text means none at all it may be the first word of the name of one of
        the product's own units: a "case" is its Case of 12.

        :return: (unit, none or the code of a fault)
        """
        own = product.uom_id
        if not self:
            word = f"{text.strip().casefold()} "
            begun = (own | product.uom_ids).filtered(
                lambda unit: unit.name.casefold().startswith(word)
            )
            if len(begun) == 1:
                return begun, None
            is_ambiguous = begun or as_word(text) in AMBIGUOUS
            return self, "uom_ambiguous" if is_ambiguous else "uom_unknown"
        fitting = self.filtered(lambda unit: unit._has_common_reference(own))
        if len(fitting) > 1:
            # of several of one name the one that the product is sold in
            fitting = fitting & (own | product.uom_ids) or fitting
        if len(fitting) == 1:
            return fitting, None
        return self.browse(), "uom_ambiguous" if fitting else "uom_other_category"
