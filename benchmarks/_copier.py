"""Rows by the hundred thousand: what Odoo would take days for, PostgreSQL writes itself."""

from _odoo import databases


class Copier:
    """Multiplies one real record of each kind: what is not told is as in that one."""

    def __init__(self, db):
        self.db = db

    def run(self, query):
        return databases.execute(query.replace("%", "%%"), db=self.db)

    def columns(self, name):
        rows = self.run(
            "SELECT column_name FROM information_schema.columns"
            f" WHERE table_schema = 'public' AND table_name = '{name}'"
        )
        return [row[0] for row in rows]

    def copy(self, to, model_id, source, /, **values):
        """Insert a row for each row of a source, like record `model_id` but for values."""
        values = {"id": "s.id", **values}
        columns = self.columns(to)
        chosen = ", ".join(values.get(column, f'm."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        # rows refer to rows that are there: a million times is not asked whether they are
        self.run(
            "SET session_replication_role = replica;"
            f"INSERT INTO {to} ({names}) SELECT {chosen}"
            f" FROM ({source}) s CROSS JOIN {to} m WHERE m.id = {model_id}"
        )
