"""Pictures of orders that come in."""

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

PICTURES = {
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
