"""What lies in a carton as one: units, and whole cases that somebody measured."""

from collections import defaultdict
from dataclasses import replace
from math import ceil

from .contents import body_key, split_key


class Bodies:
    """Turns products and quantities into bodies for the packing engine.

    Sizes are looked up once for all.

    :param env: rights to read all sizes
    :param units: ``Units`` of the database
    """

    def __init__(self, env, units):
        self.env, self.units = env, units
        self._sizes = {}

    def prefetch(self, jobs):
        """Look up the sizes of everything in the jobs at once."""
        wanted = defaultdict(set)
        for job in jobs:
            for content in job.contents:
                for uom_id in content.uom_ids:
                    if (job.company_id, content.product_id, uom_id) not in self._sizes:
                        wanted[job.company_id].add((content.product_id, uom_id))
        for company_id, pairs in wanted.items():
            products = self.env["product.product"].browse({pair[0] for pair in pairs})
            uoms = self.env["uom.uom"].browse({pair[1] for pair in pairs})
            company = self.env["res.company"].browse(company_id)
            sizes = products._oms_get_sizes(uoms, company)
            # what has no size is remembered as well
            self._sizes.update(dict.fromkeys((company_id, *pair) for pair in pairs))
            self._sizes.update(
                {
                    (company_id, product.id, uom.id): size
                    for (product, uom), size in sizes.items()
                }
            )

    def of(self, company_id, contents):
        """``{key: (quantity, size, grams)}``: whole cases first, the rest in units.

        24 of a product with a measured case of 9 are two cases and six units: a
        content names the units it may be packed in (``Content.uom_ids``), and those
        that nobody has measured are passed over.

        A quantity that is not whole, such as 2.5 kg, is as many bodies rounded up.
        """
        found = {}
        for content in contents:
            product = self.env["product.product"].browse(content.product_id)
            left = content.quantity
            for uom, factor in self._packing_units(
                company_id, product, content.uom_ids
            ):
                number = ceil(left - 1e-6) if factor == 1 else int(left / factor + 1e-6)
                if number <= 0:
                    continue
                left -= number * factor
                key = body_key(product.id, uom.id)
                size = self._sizes.get((company_id, product.id, uom.id))
                grams = size and size.weight
                if not grams:
                    grams = self.units.grams(product.weight * factor)
                if left < -1e-6:
                    # the last body holds less than a whole unit
                    grams = ceil(grams * (number * factor + left) / (number * factor))
                before = found.get(key, (0, None, 0))[0]
                found[key] = (before + number, size, grams)
        return found

    def _packing_units(self, company_id, product, uom_ids):
        """Units that are measured, the largest first; the product's own last."""
        base = product.uom_id
        rows = []
        for uom in self.env["uom.uom"].browse(uom_ids):
            size = self._sizes.get((company_id, product.id, uom.id))
            if uom == base or not size or size.is_guess:
                continue
            factor = uom._compute_quantity(1, base, round=False)
            if factor > 1:
                rows.append((uom, factor))
        return [*sorted(rows, key=lambda row: -row[1]), (base, 1)]

    def items(self, company_id, contents):
        """(engine items, keys without a size, whether a size was guessed)."""
        items, sizeless, guessed = [], {}, False
        values = {content.product_id: content.value for content in contents}
        for key, (quantity, size, grams) in self.of(company_id, contents).items():
            if not size:
                sizeless[key] = quantity
                continue
            guessed = guessed or size.is_guess
            product_id, uom_id = split_key(key)
            value = values[product_id] * self._factor(product_id, uom_id)
            item = size.item(quantity, key)
            items.append(replace(item, weight=grams, value=value))
        return items, sizeless, guessed

    def _factor(self, product_id, uom_id):
        """How many of a product's own units are in one of another unit."""
        base = self.env["product.product"].browse(product_id).uom_id
        uom = self.env["uom.uom"].browse(uom_id)
        return 1 if uom == base else uom._compute_quantity(1, base, round=False)

    def sign(self, job):
        """The sizes that a plan of the job depends on; the key of what has none."""
        return [
            size.signature() if (size := self._sizes.get(key)) else key
            for content in job.contents
            for uom_id in content.uom_ids
            for key in [(job.company_id, content.product_id, uom_id)]
        ]
