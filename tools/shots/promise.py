"""Pictures of what is short."""

from .intake import typed
from .picture import Picture

DIALOG = ".modal .o_data_row"
RULE = ".modal .o_field_widget[name=rule_id]"


def shortage_path(session):
    """The shortage that hits most orders which have some of it."""
    having = [("reserved", ">", 0)]
    by_orders = {"order": "order_count desc", "limit": 1}
    [found] = session.call("oms.shortage", "search", having, **by_orders)
    return f"/odoo/oms-shortages/{found}"


def shown(selector):
    """A step that waits for something."""
    return lambda browser, _session: browser.wait(selector)


def found_or_created(session, model, domain, values):
    """A record that the demo does not have by itself: only the pictures need it."""
    found = session.call(model, "search", domain, limit=1)
    return found[0] if found else session.call(model, "create", [values])[0]


def sourcing_rule(session):
    """A rule with the two warehouses of the demo company."""
    places = [
        [0, 0, {"warehouse_id": session.find("stock.warehouse", [("code", "=", code)])}]
        for code in ("ROT", "VNL")
    ]
    values = {"name": "Benelux", "least_value": 50, "place_ids": places}
    domain = [("name", "=", "Benelux")]
    return found_or_created(session, "oms.sourcing.rule", domain, values)


def rule_path(session):
    return f"/odoo/oms-sourcing-rules/{sourcing_rule(session)}"


def sourced_path(session):
    """A quotation that wants more than one warehouse has."""
    sourcing_rule(session)
    lines = [
        [
            0,
            0,
            {
                "product_id": session.find(
                    "product.product", [("default_code", "=", code)]
                ),
                "product_uom_qty": quantity,
            },
        ]
        for code, quantity in (("CUP-200", 2400), ("CUP-300", 48))
    ]
    customer = session.find("res.partner", [("name", "=", "Brasserie De Veerman")])
    reference = "Picture of sourcing"
    values = {
        "partner_id": customer,
        "client_order_ref": reference,
        "order_line": lines,
    }
    domain = [("client_order_ref", "=", reference), ("state", "=", "draft")]
    return f"/odoo/sales/{found_or_created(session, 'sale.order', domain, values)}"


WAREHOUSES = [("a[name=oms_sourcing]",), shown("[name=oms_sourcing_preview] table")]

PICTURES = {
    "shortages": Picture(
        "/odoo/oms-shortages", ".o_data_row", login="service", height=420
    ),
    "share_out": Picture(
        shortage_path,
        "button[name=action_allocate]",
        login="service",
        height=640,
        steps=[
            ("button[name=action_allocate]",),
            shown(DIALOG),
            ("div[name=is_anew] input",),
            (f"{RULE} input",),
            typed("Same", f"{RULE} input", ".o-autocomplete--dropdown-item"),
            (".o-autocomplete--dropdown-item a", "Same for Each"),
        ],
        clip=".modal-content",
    ),
    "sourcing_rule": Picture(rule_path, ".o_data_row", height=880),
    "sourcing_quotation": Picture(
        sourced_path,
        ".o_form_view",
        height=900,
        steps=WAREHOUSES,
        clip=".o_notebook",
    ),
    "sourcing_change": Picture(
        sourced_path,
        ".o_form_view",
        height=900,
        steps=[*WAREHOUSES, ("button[name=action_oms_change_sources]",), shown(DIALOG)],
        clip=".modal-content",
    ),
}
