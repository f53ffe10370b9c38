"""Pictures of orders, holds and workflows."""

import json

from .driver import Failure, wait_for
from .picture import Picture


def held_order(session):
    return session.find(
        "sale.order",
        [("oms_is_held", "=", True), ("state", "=", "sale")],
        order="oms_open_hold_count desc, amount_total desc, id",
    )


def busy_order(session, domain=()):
    """An order in the middle of a long workflow, with a history to show."""
    domain = [("oms_cycle_state", "=", "open"), ("state", "=", "sale"), *domain]
    own = [*domain, ("oms_workflow_id.is_default", "=", False)]
    for milestone in ("packed", "picked", "released", "confirmed"):
        reached = (f"oms_{milestone}_at", "!=", False)
        ids = session.call(
            "sale.order",
            "search",
            [*own, reached, ("oms_shipped_at", "=", False)],
            order="id",
            limit=1,
        )
        if ids:
            return ids[0]
    return session.find("sale.order", domain)


def workflow(session):
    return session.find(
        "oms.workflow",
        [("is_default", "=", False), ("state", "!=", "retired")],
        order="state desc, sequence",
    )


def draft_workflow(session):
    """A draft whose stages end by a milestone, an approval and a condition."""
    domain = [("state", "=", "draft"), ("stage_ids.exit_kind", "=", "domain")]
    return f"/odoo/oms-workflows/{session.find('oms.workflow', domain)}"


def held_transfer(session):
    """A transfer that a hold stops; else one that may go on in spite of a hold."""
    found = session.call(
        "stock.picking",
        "search_read",
        [
            ("sale_id.oms_open_hold_count", ">", 0),
            ("state", "not in", ("done", "cancel")),
        ],
        ["oms_is_blocked"],
    )
    if not found:
        raise Failure("the demo has no held order with an open transfer")
    return max(found, key=lambda picking: picking["oms_is_blocked"])["id"]


def portal_order(session):
    for domain in (
        [("oms_shipped_at", "!=", False), ("oms_cycle_state", "=", "open")],
        [("oms_released_at", "!=", False), ("oms_cycle_state", "=", "open")],
        [("oms_cycle_state", "=", "open")],
    ):
        ids = session.call(
            "sale.order",
            "search",
            [
                ("state", "=", "sale"),
                ("oms_stage_id.customer_label", "!=", False),
                ("oms_workflow_id.is_default", "=", False),
                *domain,
            ],
            limit=1,
        ) or session.call(
            "sale.order",
            "search",
            [
                ("state", "=", "sale"),
                ("oms_stage_id.customer_label", "!=", False),
                *domain,
            ],
            limit=1,
        )
        if ids:
            break
    else:
        raise Failure("the demo has no order with a label for the customer")
    return session.call("sale.order", "get_portal_url", ids)


def open_page(name):
    """Open a page of a form's notebook."""
    return (f".o_notebook_headers [name={name}]", "")


def try_on_order(session):
    """The path of a workflow's form; the wizard is opened by a step."""
    return f"/odoo/oms-workflows/{workflow(session)}"


def choose_in_wizard(browser, session):
    """Try the workflow on an order that has gone half the way."""
    order = busy_order(session, [("oms_workflow_id", "=", workflow(session))])
    (found,) = session.call("sale.order", "read", [order], ["name"])
    browser.click("button[name=action_try]")
    browser.wait(".modal .o_field_widget[name=order_id] input")
    browser.run(
        f"""(() => {{
            const input = document.querySelector(
                ".modal [name=order_id] input");
            input.focus();
            input.click();
            input.value = {json.dumps(found["name"])};
            input.dispatchEvent(new InputEvent("input", {{bubbles: true}}));
        }})()"""
    )
    # orders are offered as "number - customer"; at first the list says "Loading..."
    wait_for(
        lambda: browser.run(
            f"""[...document.querySelectorAll(".o-autocomplete--dropdown-item a")]
                .some((item) => item.innerText.includes({json.dumps(found["name"])}))"""
        ),
        "the orders to choose from",
    )
    browser.click(".o-autocomplete--dropdown-item a", found["name"])
    browser.wait(".modal .o_data_row")


PICTURES = {
    "order": Picture(
        lambda s: f"/odoo/oms-orders/{busy_order(s)}", ".o_oms_cycle_bar", height=860
    ),
    "order_held": Picture(
        lambda s: f"/odoo/oms-orders/{held_order(s)}",
        ".o_oms_cycle_bar",
        height=860,
        steps=[(".o_oms_why_button", "")],
    ),
    "order_cycle_page": Picture(
        lambda s: f"/odoo/oms-orders/{busy_order(s)}",
        ".o_oms_cycle_bar",
        height=1250,
        steps=[open_page("oms_cycle")],
    ),
    "order_cycle_page_held": Picture(
        lambda s: f"/odoo/oms-orders/{held_order(s)}",
        ".o_oms_cycle_bar",
        login="credit",
        width=1440,
        height=1250,
        steps=[open_page("oms_cycle")],
    ),
    "order_narrow": Picture(
        lambda s: f"/odoo/oms-orders/{busy_order(s)}",
        ".o_oms_cycle_bar",
        width=420,
        height=800,
        scale=2,
    ),
    "order_grey": Picture(
        lambda s: f"/odoo/oms-orders/{held_order(s)}",
        ".o_oms_cycle_bar",
        clip=".o_oms_cycle_bar",
        grey=True,
    ),
    "board": Picture("/odoo/oms-board", ".o_kanban_record", width=1440, height=860),
    "orders": Picture("/odoo/oms-orders", ".o_data_row", width=1440),
    "late": Picture("/odoo/oms-late", ".o_list_view", width=1440),
    "workflows": Picture("/odoo/oms-workflows", ".o_data_row"),
    "workflow": Picture(
        lambda s: f"/odoo/oms-workflows/{workflow(s)}",
        ".o_oms_picture svg",
        width=1440,
        height=1250,
    ),
    "workflow_draft": Picture(
        draft_workflow, ".o_oms_picture svg", width=1440, height=1250
    ),
    "workflow_try": Picture(
        try_on_order, ".o_oms_picture svg", steps=[choose_in_wizard]
    ),
    "holds": Picture("/odoo/oms-holds", ".o_list_view", width=1440),
    "journal": Picture("/odoo/oms-order-log", ".o_data_row"),
    "automatic_action": Picture(
        lambda s: (
            "/odoo/action-oms_order_cycle.oms_reaction_action/"
            f"{s.find('oms.reaction', [('event_kind', '=', 'hold_lifted')])}"
        ),
        ".o_form_view .o_domain_selector_row, .o_form_view .o_field_domain",
        login="consultant",
        height=860,
    ),
    "promises": Picture(
        "/odoo/action-oms_order_cycle.oms_promise_action", ".o_data_row", width=1440
    ),
    "calendar": Picture(
        "/odoo/oms-orders", ".o_data_row", steps=[(".o_switch_view.o_calendar", "")]
    ),
    "graph": Picture(
        "/odoo/oms-orders", ".o_data_row", steps=[(".o_switch_view.o_graph", "")]
    ),
    "pivot": Picture(
        "/odoo/oms-orders", ".o_data_row", steps=[(".o_switch_view.o_pivot", "")]
    ),
    "channels": Picture("/odoo/oms-channels", ".o_data_row"),
    "transfer_held": Picture(
        lambda s: f"/odoo/action-stock.action_picking_tree_all/{held_transfer(s)}",
        ".o_form_view .alert[name^=oms_hold]",
    ),
    "portal": Picture(
        portal_order, "#oms_portal_timeline_desk", height=900, public=True
    ),
    "portal_narrow": Picture(
        portal_order,
        "#oms_portal_timeline_desk",
        width=420,
        height=900,
        scale=2,
        public=True,
    ),
}
