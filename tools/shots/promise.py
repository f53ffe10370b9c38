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
}
