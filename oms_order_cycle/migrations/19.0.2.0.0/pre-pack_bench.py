"""What lies on open packing benches is kept in another form now."""


def migrate(cr, version):
    """Close them: plans are kept, a bench is opened anew from its plans."""
    cr.execute("DELETE FROM oms_pack_wizard")
