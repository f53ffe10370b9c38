import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Each tour relies on the data that tests/test_order_desk_tour.py makes for it. Nothing
// is clicked: whoever is on the phone has one hand for the keyboard.

const CUSTOMER = ".o_oms_desk_customer input:focus";
const PRODUCT = ".o_oms_desk_product input:focus";

function type(text) {
    return async ({press}) => {
        for (const character of text) {
            await press(character);
        }
    };
}

function line(number, rest = "") {
    return `.o_oms_desk_line:eq(${number - 1}) ${rest}`;
}

const chooseCustomer = [
    {content: "The cursor waits in the customer", trigger: CUSTOMER, run: type("4477")},
    {
        trigger:
            ".o_oms_desk_customer .ui-menu-item:contains(OMS Caller):contains(C-77)",
    },
    {trigger: CUSTOMER, run: "press Enter"},
    {trigger: ".o_oms_desk_details:contains(C-77)"},
];

tours.add("oms_order_desk", {
    steps: () => [
        ...chooseCustomer,
        {
            content: "By code, then the quantity",
            trigger: PRODUCT,
            run: type("desk-a"),
        },
        {trigger: ".o_oms_desk_product .ui-menu-item:contains(DESK-A)"},
        {trigger: PRODUCT, run: "press Enter"},
        {trigger: line(1, "input[name=qty]:focus"), run: type("12")},
        {
            content: "What it costs and whether it is there is said while it is typed",
            trigger: line(1, ".o_oms_desk_subtotal:contains(120.00)"),
        },
        {trigger: line(1, ".o_oms_desk_stock:contains(In stock)")},
        {trigger: line(1, "input[name=qty]:focus"), run: "press Enter"},
        {
            content: "Two in a hurry: Enter waits for what is found",
            trigger: PRODUCT,
            async run(helpers) {
                await type("MY-9")(helpers);
                await helpers.press("Enter");
            },
        },
        {
            content: "His own code, with the unit that he means by it",
            trigger: line(2, "select[name=uom]:has(option:checked:contains(Dozen))"),
        },
        {
            content: "Another unit, by its first letters",
            trigger: line(2, "input[name=qty]:focus"),
            run: type("5 un"),
        },
        {trigger: line(2, "select[name=uom]:has(option:checked:contains(Units))")},
        {trigger: line(2, "input[name=qty]:focus"), run: "press Enter"},
        {
            content: "What he bought last, once more by one key",
            trigger: PRODUCT,
            run: "press alt+1",
        },
        {trigger: line(3, ".o_oms_desk_name:contains(OMS Desk Bought)")},
        {trigger: PRODUCT, run: "press ArrowUp"},
        {
            content: "Esc brings back what was there",
            trigger: line(3, "input[name=qty]:focus"),
            run: type("99"),
        },
        {
            trigger: line(3, ".o_oms_desk_subtotal:contains(990.00)"),
            run: "press Escape",
        },
        {trigger: line(3, ".o_oms_desk_subtotal:contains(70.00)")},
        {
            content: "A line is removed, and brought back",
            trigger: PRODUCT,
            run: "press ArrowUp",
        },
        {trigger: line(3, "input[name=qty]:focus"), run: "press ctrl+Delete"},
        {trigger: ".o_oms_desk_undo", run: "press alt+z"},
        {trigger: line(3, ".o_oms_desk_subtotal:contains(70.00)")},
        {
            content: "A reference, by its key",
            trigger: PRODUCT,
            run: "press alt+r",
        },
        {trigger: "#oms_desk_ref:focus", run: type("po 5")},
        {
            content: "What would stop it is said before",
            trigger: ".o_oms_outlook_hold:contains(OMS Desk Credit)",
        },
        {trigger: ".o_oms_desk_total:contains(240.00)", run: "press ctrl+Enter"},
        {
            content: "Confirmed; the screen is ready for the next call",
            trigger: ".o_oms_desk_saved:contains(confirmed):contains(OMS Desk Credit)",
        },
        {trigger: CUSTOMER},
        {trigger: ".o_oms_desk:not(:has(.o_oms_desk_line))"},
    ],
});

tours.add("oms_order_desk_kept", {
    steps: () => [
        ...chooseCustomer,
        {trigger: PRODUCT, run: type("desk-a")},
        {trigger: ".o_oms_desk_product .ui-menu-item:contains(DESK-A)"},
        {trigger: PRODUCT, run: "press Enter"},
        {trigger: line(1, "input[name=qty]:focus"), run: type("7")},
        {
            content: "By a slip of the hand the screen is left",
            trigger: ".o_menu_sections .o_nav_entry[data-menu-xmlid*=my_turn]",
            run: "click",
        },
        {trigger: ".o_notification:contains(What you typed is kept)"},
        {trigger: ".o_oms_my_turn"},
        {
            trigger: ".o_menu_sections button[data-menu-xmlid*=intake]",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu [data-menu-xmlid*=order_desk]",
            run: "click",
        },
        {trigger: line(1, "input[name=qty]:value(7)")},
        {
            content: "The next one calls: this one is kept aside",
            trigger: ".o_oms_desk_new",
            run: "press alt+c",
        },
        {trigger: CUSTOMER},
        {
            trigger: ".o_oms_desk_drafts:contains(OMS Caller):contains(1 lines)",
            run: "press alt+g",
        },
        {trigger: line(1, "input[name=qty]:value(7)")},
        {
            content: "A mistake is said, and nothing is lost",
            trigger: PRODUCT,
            run: "press ArrowUp",
        },
        {trigger: line(1, "input[name=qty]:focus"), run: type("0")},
        {trigger: line(1, ".o_oms_desk_fault:contains(more than 0)")},
        {trigger: line(1, "input[name=qty]:focus"), run: "press alt+s"},
        {trigger: ".o_oms_desk_error:contains(Line 1)"},
        {trigger: ".o_oms_desk_save:enabled", run: "press alt+i"},
        {trigger: PRODUCT, run: "press ArrowUp"},
        {trigger: line(1, "input[name=qty]:focus"), run: type("4")},
        {
            trigger: line(1, ".o_oms_desk_subtotal:contains(40.00)"),
            run: "press alt+s",
        },
        {trigger: ".o_oms_desk_saved:contains(quotation)"},
        {trigger: CUSTOMER},
    ],
});

tours.add("oms_order_desk_go_on", {
    steps: () => [
        {
            content: "A quotation is gone on with at the desk",
            trigger: "button[name=action_oms_open_desk]",
            run: "click",
        },
        {trigger: ".o_oms_desk .badge:contains(OMS-GO-ON)"},
        {trigger: PRODUCT, run: "press ArrowUp"},
        {trigger: line(1, "input[name=qty]:focus"), run: type("8")},
        {trigger: line(1, ".o_oms_desk_subtotal:contains(80.00)"), run: "press alt+s"},
        {
            trigger: ".o_oms_desk_saved:contains(OMS-GO-ON)",
            run: "press alt+o",
        },
        {
            content: "Odoo's own form shows it",
            trigger:
                ".o_form_view .o_data_row .o_data_cell[name=product_uom_qty]:contains(8.00)",
        },
    ],
});

/** Nothing is wider than the screen, and what is pressed is large enough for a finger. */
function checkWidth() {
    const root = document.querySelector(".o_oms_desk");
    const wide = [...root.querySelectorAll("*")].filter(
        (el) => el.getBoundingClientRect().right > window.innerWidth + 1
    );
    if (wide.length || root.scrollWidth > root.clientWidth) {
        throw new Error(
            `wider than the screen: ${wide.map((el) => el.className).join(", ")}`
        );
    }
}

tours.add("oms_order_desk_phone", {
    steps: () => [
        {trigger: ".o_oms_desk_customer input", run: "edit 4477"},
        {
            trigger: ".o_oms_desk_customer .ui-menu-item:contains(OMS Caller) a",
            run: "click",
        },
        {trigger: ".o_oms_desk_details:contains(C-77)", run: checkWidth},
        {trigger: ".o_oms_desk_bought:contains(OMS Desk Bought)", run: "click"},
        {
            trigger: line(1, ".o_oms_desk_subtotal:contains(70.00)"),
            run: checkWidth,
        },
        {trigger: ".o_oms_desk_product input", run: "edit desk-a"},
        {
            trigger: ".o_oms_desk_product .ui-menu-item:contains(DESK-A) a",
            run: "click",
        },
        {trigger: line(2, "input[name=qty]"), run: "edit 500"},
        {
            trigger: ".o_oms_outlook_hold:contains(OMS Desk Credit)",
            run: checkWidth,
        },
        {trigger: ".o_oms_desk_save", run: "click"},
        {trigger: ".o_oms_desk_saved:contains(quotation)", run: checkWidth},
    ],
});
