"""What a database lost or changed by an update."""

from devkit.common import suite

# What an update replaces by design: it is made anew from the files each time.
REPLACED = {
    "ir.model",
    "ir.model.access",
    "ir.model.constraint",
    "ir.model.fields",
    "ir.model.fields.selection",
    "ir.model.inherit",
    "ir.model.relation",
}

# Columns whose change is the purpose of a migration: {(table, column): why}.
MEANT = {
    # drafts of the old form, which nobody has open while the server is updated
    (f"oms_pack_wizard{suffix}", "id"): "open packing benches are closed"
    for suffix in ("", "_stock_picking_rel")
} | {
    ("ir_act_server", "id"): "adding the typical cartons is a dialog that asks first",
    ("oms_stage", "description"): "words that were shipped, and nobody has changed",
    ("stock_picking_type", "oms_step"): "no picking: they bring customers nothing",
}


def compare(before, after, looked, drift):
    """Faults and remarks: sentences of what is not as before.

    :param Snapshot before: the database of the earlier version
    :param Snapshot after: the same, updated
    :param dict looked: what look.py told of the updated one
    :param dict drift: what the earlier version itself found drifted before the update
    """
    comparison = _Comparison(before, after)
    comparison.compare_versions(looked)
    comparison.compare_drift(drift, looked["drift"])
    comparison.compare_tables()
    comparison.compare_records()
    comparison.compare_menus()
    return comparison.faults, comparison.remarks


class _Comparison:
    def __init__(self, before, after):
        self.before = before
        self.after = after
        self.faults = []
        self.remarks = []

    def compare_versions(self, looked):
        if self.after.version == self.before.version:
            self.faults.append(
                f"the version is {self.after.version} as before: no migration has run"
            )
        self.faults += [
            f"{name} comes with the core, and was not installed by the update"
            for name in sorted(set(suite()) - set(looked["installed"]))
        ]
        self.faults += [f"{name} is left half installed" for name in looked["waiting"]]
        self.faults += [f"{name} leads nowhere" for name in looked["dangling"]]
        self.faults += looked["homeless"]

    def compare_drift(self, before, after):
        for order, names in after.items():
            sentence = f"{order} drifted: {', '.join(names)}"
            self._say(sentence, "as before the update" * (before.get(order) == names))

    def compare_tables(self):
        for table, columns in sorted(self.before.columns.items()):
            if table not in self.after.columns:
                self._lose_table(table)
                continue
            common = [name for name in columns if name in self.after.columns[table]]
            for name in sorted(set(columns) - set(common)):
                self._lose_column(table, name)
            self._compare_rows(table, common)

    def _lose_table(self, table):
        [[count]] = self.before.query("SELECT COUNT(*) FROM {}", table)
        sentence = f"table {table} is gone, it had {count} rows"
        (self.faults if count else self.remarks).append(sentence)

    def _lose_column(self, table, name):
        [[count]] = self.before.query("SELECT COUNT({}) FROM {}", name, table)
        sentence = f"{table}.{name} is gone, it had {count} values"
        self._say(sentence, MEANT.get((table, name)), is_fault=bool(count))

    def _compare_rows(self, table, columns):
        before = self.before.rows(table, columns)
        after = self.after.rows(table, columns)
        self._compare_ids(table, set(before), set(after))
        for position, column in enumerate(columns):
            changed = [
                (before[key][position], after[key][position], key)
                for key in before.keys() & after.keys()
                if before[key][position] != after[key][position]
            ]
            if changed:
                old, new, key = min(changed, key=str)
                self._say(
                    f"{table}.{column} changed in {len(changed)} rows,"
                    f" such as {key}: {_short(old)} -> {_short(new)}",
                    MEANT.get((table, column)),
                )

    def _compare_ids(self, table, before, after):
        gone, new = before - after, after - before
        if gone:
            some = ", ".join(map(str, sorted(gone)[:5]))
            self._say(
                f"{table}: {len(gone)} rows are gone: {some}", MEANT.get((table, "id"))
            )
        if new:
            self.remarks.append(f"{table}: {len(new)} new rows")

    def compare_records(self):
        """Records that our addons brought are the same ones, under the same names."""
        names = {}
        for key, found in self.after.external_ids.items():
            names.update({name.split(".", 1)[1]: key for name in found})
        for (model, record), found in sorted(self.before.external_ids.items()):
            if model in REPLACED or (model, record) in self.after.external_ids:
                continue
            for name in sorted(found):
                now = names.get(name.split(".", 1)[1])
                if now:
                    self.faults.append(f"{name} was {model} {record}, now it is {now}")
                elif model.startswith("oms.") or model in {"ir.cron", "res.groups"}:
                    self.faults.append(f"{name} ({model} {record}) is of no addon now")
                else:
                    self.remarks.append(f"{name} ({model}) is no more")

    def compare_menus(self):
        """Odoo gives menus the names of the files again: a fault is only one gone."""
        self.remarks += [
            f"menu {name!r} is called {self.after.menus[key]!r}"
            for key, name in self.before.menus.items()
            if self.after.menus.get(key, name) != name
        ]

    def _say(self, sentence, why, is_fault=True):
        if why:
            self.remarks.append(f"{sentence} ({why})")
        else:
            (self.faults if is_fault else self.remarks).append(sentence)


def _short(value):
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
