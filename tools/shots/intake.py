"""Pictures of orders that come in."""

import base64
from datetime import date, timedelta

from .picture import Picture

DESK = "oms.order.desk"
PRODUCT = ".o_oms_desk_product input"


def desk_path(session):
    """The order desk, without what earlier pictures have typed there."""
    for draft in session.call(DESK, "open")["drafts"]:
        session.call(DESK, "give_up", draft["key"])
    return "/odoo/order-desk"


def typed(text, into, then):
    """A step that types into a field and waits for what comes of it."""

    def step(browser, _session):
        browser.run(f"document.querySelector({into!r}).focus()")
        browser.send("Input.insertText", text=text)
        browser.wait(then)

    return step


def pressed(key, then, modifiers=0):
    """A step that presses a key (modifiers: 1 for Alt) and waits."""

    def step(browser, _session):
        named = {"Enter": 13}
        code = named.get(key) or ord(key)
        event = {
            "key": key,
            "code": key if key in named else f"Digit{key}",
            "windowsVirtualKeyCode": code,
            "modifiers": modifiers,
        }
        browser.send("Input.dispatchKeyEvent", type="rawKeyDown", **event)
        browser.send("Input.dispatchKeyEvent", type="keyUp", **event)
        browser.wait(then)

    return step


def bought(number):
    """What was bought lately, once more."""
    line = (
        f".o_oms_desk_line:nth-of-type({number + 1}) .o_oms_desk_subtotal:not(:empty)"
    )
    return pressed(str(number), line, modifiers=1)


ORDER_DESK = [
    typed("elbs", ".o_oms_desk_customer input", ".o_oms_desk_customer .ui-menu-item a"),
    pressed("Enter", ".o_oms_desk_bought"),
    bought(1),
    bought(2),
    typed("bag-pap", PRODUCT, ".o_oms_desk_product .ui-menu-item a"),
    pressed("Enter", ".o_oms_desk_line input[name=qty]:focus"),
    typed("2400", ".o_oms_desk_line input[name=qty]:focus", ".o_oms_outlook_hold"),
]

# -- what came in ----------------------------------------------------------------------

FAULTY = "PO-2041"


def order(reference, customer, *lines, **values):
    """An order as a program hands it in; lines are (product code, quantity, unit)."""
    return {
        "channel": "edi",
        "external_ref": reference,
        "customer": {"ref": customer},
        "lines": [
            {"ref": str(10 * number), "product": {"code": code}, "qty": qty, "uom": uom}
            for number, (code, qty, uom) in enumerate(lines, start=1)
        ],
        **values,
    }


def hand_in(session):
    """Good orders and faulty ones; handed in again, they are not made once more."""
    wanted = str(date.today() + timedelta(days=90))
    session.call(
        "oms.intake",
        "oms_submit_document",
        "edi",
        "scan 27-11.pdf",
        base64.b64encode(b"%PDF-1.4").decode(),
    )
    session.call(
        "sale.order",
        "oms_submit_orders",
        [
            order("PO-2039", "HAM-ELB", ("CUP-200", "48", "EA"), ("LID-080", "4", "")),
            order("7781", "LIL-GRA", ("COF-ESP", "12", "EA")),
            order("7782", "PARIS", ("COF-ESP", "12", "EA")),
            order(
                FAULTY,
                "HAM-ELB",
                ("GLS-WIN", "24", "EA"),
                ("KP-2231", "6", "case"),
                ("NAP-33W", "0", "EA"),
                requested_date=wanted,
            ),
        ],
    )
    return "/odoo/oms-intake"


def refused(session):
    hand_in(session)
    found = session.find(
        "oms.intake", [("external_ref", "=", FAULTY), ("state", "=", "refused")]
    )
    return f"/odoo/oms-intake/{found}"


ROWS = """Bestelnummer;Klant;Artikel;Omschrijving;Aantal;Eenheid;Leverdatum
W48-1;HAM-ELB;CUP-200;Paper cup 200 ml;48;;{day}
;;LID-080;Sip lid;twee dozen;;
;;COF-ESP;Espresso;8;;
W48-2;AMS-KAN;PLA-270;Plate 27 cm;36;;{day}
;;BOW-160;Soup bowl;12;;
W48-3;UTR-CAFE;TEA-ENG;English tea;10;;{day}
W48-4;BER-MEN;OLD-17;Napkins;24;;{day}
;;NAP-40B;Napkins bordeaux;12;krat;
W48-5;RTM-VEE;BAG-PAP;Carrier bag;20;;{day}
;;BOX-BUR;Burger box;0;;
;;BOX-PIZ;Pizza box;15;;
"""


def order_file(session):
    """A file of orders whose rows have been checked."""
    name = "orders week 48.csv"
    old = session.call("oms.import", "search", [("file_name", "=", name)])
    session.call("oms.import", "unlink", old)
    rows = ROWS.format(day=date.today() + timedelta(days=90))
    values = {"file": base64.b64encode(rows.encode()).decode(), "file_name": name}
    [file_id] = session.call("oms.import", "create", [values])
    session.call("oms.import", "action_check", [file_id])
    return f"/odoo/oms-order-files/{file_id}"


# -- the order pad ---------------------------------------------------------------------


def pasted(text):
    """A step that pastes a list into the pad and waits for the prices."""

    def step(browser, _session):
        browser.click("button", "Paste a list")
        browser.wait("#oms_pad_paste.show")
        browser.run("document.querySelector('#oms_pad_list').focus()")
        browser.send("Input.insertText", text=text)
        browser.click(".o_oms_pad_paste_take")
        browser.wait("[data-pad=name]:not(:empty)")
        browser.click("button", "Paste a list")
        browser.wait("#oms_pad_paste:not(.show):not(.collapsing)")

    return step


ORDER_PAD = [
    (".o_oms_pad_clear",),
    pasted("ELB-071; 60\nELB-110; 2 case\nCUP-400 40\nNAP-99; 10"),
]

PICTURES = {
    "intake_list": Picture(hand_in, ".o_data_row .badge", login="service", height=560),
    "intake_refused": Picture(
        refused, ".o_field_widget[name=content] table", login="service", height=900
    ),
    "intake_correct": Picture(
        refused,
        "button[name=action_correct]",
        login="service",
        height=760,
        steps=[
            ("button[name=action_correct]",),
            lambda browser, _session: browser.wait(".modal .o_data_row"),
        ],
    ),
    "order_file": Picture(
        order_file, ".o_oms_import_fault", login="service", height=900
    ),
    "order_pad": Picture(
        "/my/order-pad",
        ".o_oms_order_pad:not(.o_oms_pad_loading)",
        login="buyer",
        width=1200,
        height=900,
        steps=ORDER_PAD,
    ),
    "order_pad_narrow": Picture(
        "/my/order-pad",
        ".o_oms_order_pad:not(.o_oms_pad_loading)",
        login="buyer",
        width=390,
        height=1000,
        scale=2,
        steps=ORDER_PAD,
    ),
    "order_desk": Picture(
        desk_path,
        ".o_oms_desk_customer input",
        login="service",
        height=900,
        steps=ORDER_DESK,
    ),
    "order_desk_narrow": Picture(
        desk_path,
        ".o_oms_desk_customer input",
        login="service",
        width=390,
        height=1300,
        scale=2,
        steps=ORDER_DESK,
    ),
}
