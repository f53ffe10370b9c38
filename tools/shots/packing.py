"""Pictures of packing: the bench, slips, packages, reports and studies."""

from .driver import Failure, Session
from .picture import Picture

BENCH = ".o_oms_pack_box svg"


def transfer(session):
    """An open transfer with a proposed plan of two boxes or a few more."""
    plans = session.call(
        "oms.pack.plan",
        "search_read",
        [("state", "=", "proposed"), ("picking_id.state", "=", "assigned")],
        ["picking_id", "box_count"],
    )
    if not plans:
        raise Failure("the demo has no transfer that waits to be packed")
    best = min(plans, key=lambda plan: (abs(plan["box_count"] - 2), plan["id"]))
    return best["picking_id"][0]


def transfer_path(session):
    return f"/odoo/action-stock.action_picking_tree_all/{transfer(session)}"


OPEN_BENCH = ("button[name=action_oms_pack]", "")


def shown(selector):
    """A step that waits for an element."""

    def step(browser, _session):
        browser.wait(selector)

    return step


def smaller_carton(browser, _session):
    """Choose a carton that is too small, as a packer might try."""
    browser.run(
        """(() => {
            const select = document.querySelector(".o_oms_pack_box select");
            select.value = select.options[Math.max(0, select.selectedIndex - 2)].value;
            select.dispatchEvent(new Event("change", {bubbles: true}));
        })()"""
    )
    browser.wait(".o_oms_pack_rest")


def next_steps(browser, _session):
    """Some steps on, where there is something to see."""
    for _number in range(3):
        if browser.run("!document.querySelector('.o_oms_pack_next').disabled"):
            browser.click(".o_oms_pack_next")


def package(session):
    """A package of a carton with several units in it."""
    return session.find(
        "stock.package",
        [
            ("package_type_id.oms_is_carton", "=", True),
            ("oms_billable_weight", ">", 0),
        ],
        order="oms_billable_weight desc, id",
    )


def slip(session):
    plan = session.find(
        "oms.pack.plan",
        [("state", "=", "applied"), ("is_manual", "=", False), ("box_count", "<", 5)],
        order="box_count desc, id",
    )
    return f"/report/html/oms_order_cycle.oms_packing_slip/{plan}"


def study(session):
    """A study that is done; a small one is made if there is none."""
    done = session.call("oms.carton.study", "search", [("state", "=", "done")])
    return f"/odoo/oms-carton-studies/{done[0] if done else make_study(session)}"


def make_study(session):
    """Ask about the parcels of the demo company; the scheduler is asked to answer."""
    carriers = session.call(
        "delivery.carrier",
        "search",
        [("name", "in", ("Parcel Benelux", "Euro Parcel"))],
    )
    (number,) = session.call(
        "oms.carton.study", "create", [{"carrier_ids": [[6, 0, carriers]]}]
    )
    session.call("oms.carton.study", "action_start", [number])
    admin = Session(session.url, session.info["db"], "admin", "admin")
    cron = admin.call(
        "ir.model.data",
        "search_read",
        [
            ("module", "=", "oms_order_cycle_carton_study"),
            ("name", "=", "ir_cron_carton_study"),
        ],
        ["res_id"],
    )[0]["res_id"]
    for _slice in range(20):
        admin.call("ir.cron", "method_direct_trigger", [cron])
        (found,) = session.call("oms.carton.study", "read", [number], ["state"])
        if found["state"] == "done":
            return number
    raise Failure(f"the study of cartons is {found['state']} after a long time")


PICTURES = {
    "transfer_pack": Picture(
        transfer_path, ".o_field_widget[name=oms_pack_summary]", login="picker"
    ),
    "packing-bench": Picture(
        transfer_path,
        ".o_field_widget[name=oms_pack_summary]",
        login="picker",
        height=1040,
        steps=[OPEN_BENCH, shown(BENCH)],
        clip=".modal-content",
    ),
    "packing-steps": Picture(
        transfer_path,
        ".o_field_widget[name=oms_pack_summary]",
        login="picker",
        height=1040,
        steps=[
            OPEN_BENCH,
            shown(BENCH),
            (".o_oms_pack_step_by_step", ""),
            shown(".o_oms_pack_next"),
            next_steps,
        ],
        clip=".o_oms_pack_box",
    ),
    "packing-hand": Picture(
        transfer_path,
        ".o_field_widget[name=oms_pack_summary]",
        login="picker",
        height=1040,
        steps=[OPEN_BENCH, shown(BENCH), smaller_carton],
        clip=".modal-content",
    ),
    "packing-slip": Picture(
        slip, "img[src^=data]", login="picker", width=900, height=1000
    ),
    "packing-package": Picture(
        lambda s: f"/odoo/action-stock.action_package_view/{package(s)}",
        ".o_form_view svg",
        login="picker",
        height=1200,
    ),
    "packing-report": Picture(
        "/odoo/action-oms_order_cycle.oms_pack_box_action_report",
        ".o_pivot td",
        width=1280,
        height=560,
    ),
    "packing-study": Picture(
        study, ".o_field_widget[name=curve] svg", width=1280, height=860
    ),
}
