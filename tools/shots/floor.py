"""Pictures of the warehouse floor: bays are numbered."""

from .picture import Picture


def numbering(session):
    """The dialog with a zone of bays, as a page of its own."""
    zone = session.find(
        "stock.location",
        [("child_ids.name", "=", "A-01"), ("warehouse_id", "!=", False)],
    )
    number = session.call("oms.bay.numbering", "create", [{"location_id": zone}])
    number = number[0] if isinstance(number, list) else number
    return f"/odoo/m-oms.bay.numbering/{number}"


PICTURES = {
    "number_bays": Picture(
        numbering,
        ".o_field_widget[name=preview] table",
        height=900,
    ),
    "number_bays_picture": Picture(
        numbering,
        ".o_field_widget[name=preview] table",
        steps=[
            (".nav-link", "Picture"),
        ],
        height=640,
    ),
}
