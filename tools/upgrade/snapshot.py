"""All that must be the same after an update, read by SQL alone."""

import functools

from devkit import databases

# Who touched a row last, and what changes by itself.
RESTLESS = {"write_date", "write_uid", "nextcall", "lastcall", "failure_count"}
RESTLESS |= {"first_failure_date"}

# Tables of Odoo in which an administrator's choices are.
CHOICES = {
    "ir_act_server",
    "ir_config_parameter",
    "ir_cron",
    "ir_default",
    "ir_filters",
    "ir_rule",
    "res_groups_users_rel",
    "res_users",
}


class Snapshot:
    def __init__(self, db):
        self.db = db

    def query(self, sql, *names, params=None):
        # without parameters a % is no more than itself
        return databases.execute(sql, *names, params=params, db=self.db)

    @functools.cached_property
    def columns(self):
        """Columns of each table to compare: ours, those we extend, and of choices."""
        rows = self.query(
            """
            SELECT c.table_name, c.column_name
              FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
            """
        )
        extended = {table for table, column in rows if column.startswith("oms_")}
        extended -= self.temporary
        found = {}
        for table, column in rows:
            is_ours = "oms_" in table and table not in self.temporary
            if (is_ours or table in extended | CHOICES) and column not in RESTLESS:
                found.setdefault(table, []).append(column)
        return {table: sorted(names) for table, names in found.items()}

    @functools.cached_property
    def temporary(self):
        rows = self.query(
            "SELECT replace(model, '.', '_') FROM ir_model WHERE transient"
        )
        return {table for (table,) in rows}

    def rows(self, table, columns):
        """``{id: values as text}``; a table without an id has whole rows as ids."""
        key = "id" if "id" in self.columns[table] else None
        texts = ", ".join("{}::text" for _column in columns)
        found = {}
        for row in self.query(f"SELECT {texts} FROM {{}}", *columns, table):
            identity = row[columns.index(key)] if key else row
            found[identity] = row
        return found

    @functools.cached_property
    def external_ids(self):
        """``{(model, id): {module.name}}`` of what our addons brought."""
        found = {}
        for module, name, model, record in self.query(
            "SELECT module, name, model, res_id FROM ir_model_data"
            " WHERE module LIKE '%oms_order_cycle%'"
        ):
            found.setdefault((model, record), set()).add(f"{module}.{name}")
        return found

    @functools.cached_property
    def menus(self):
        return dict(self.query("SELECT id, name->>'en_US' FROM ir_ui_menu"))

    @functools.cached_property
    def version(self):
        [[version]] = self.query(
            "SELECT latest_version FROM ir_module_module WHERE name = 'oms_order_cycle'"
        )
        return version
