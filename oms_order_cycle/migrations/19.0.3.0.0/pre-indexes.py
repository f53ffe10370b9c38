"""Indexes that no query read, or another one covers."""

_UNUSED = ("oms_event__order_id_index", "oms_event__company_id_index")


def migrate(cr, version):
    for name in _UNUSED:
        cr.execute(f"DROP INDEX IF EXISTS {name}")
