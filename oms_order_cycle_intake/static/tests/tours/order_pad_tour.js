import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** No fault that axe finds in the page, by WCAG 2.2 A and AA. */
async function checkAccess(selector) {
    const {violations} = await window.axe.run(selector, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    });
    if (violations.length) {
        const words = violations.map(
            ({id, help, nodes}) => `${id}: ${help}: ${nodes.map((one) => one.html)}`
        );
        throw new Error(`axe: ${words.join("\n")}`);
    }
}

const check = () => ({
    content: "The page is accessible",
    trigger: ".o_oms_order_pad:not(.o_oms_pad_loading)",
    run: () => checkAccess(".o_oms_order_pad"),
});

/** Press a key where the focus is, as a keyboard does. */
const press = (key, trigger) => ({
    content: `Press ${key}`,
    trigger,
    run: `press ${key}`,
});

const row = (number) => `.o_oms_pad_row:nth-child(${number})`;
const product = (number) => `${row(number)} [data-pad=text]`;
const quantity = (number) => `${row(number)} [data-pad=qty]`;

tours.add("oms_order_pad_tour", {
    steps: () => [
        check(),
        {
            content: "A product by part of its name",
            trigger: product(1),
            run: "edit OMS Product A",
        },
        {
            trigger: `${product(1)}[aria-expanded=true]`,
        },
        check(),
        press("ArrowDown", product(1)),
        {
            trigger: `${product(1)}[aria-activedescendant]`,
        },
        press("Enter", product(1)),
        {
            content: "Enter goes on to the quantity",
            trigger: `${quantity(1)}:focus`,
            run: "edit 10",
        },
        {
            content: "The price is his, the goods are there",
            trigger: `${row(1)} [data-pad=amount]:contains(100.00)`,
        },
        {
            trigger: `${row(1)} [data-pad=when]:contains(in stock)`,
        },
        press("Enter", quantity(1)),
        {
            content: "Enter goes on to the next line; his own code",
            trigger: `${product(2)}:focus`,
            run: "edit MINE-7",
        },
        press("Escape", product(2)),
        press("Enter", product(2)),
        {
            trigger: `${quantity(2)}:focus`,
            run: "edit 10",
        },
        {
            content: "The right quantity is proposed",
            trigger: `${quantity(2)}[aria-invalid=true]`,
        },
        {
            trigger: `${row(2)} [data-pad=fault]:contains(Order 12)`,
        },
        check(),
        {
            trigger: `${row(2)} [data-fault]`,
            run: "click",
        },
        {
            trigger: `${quantity(2)}[aria-invalid=false]:value(12)`,
        },
        {
            content: "The only one that is suggested is taken by Enter",
            trigger: product(3),
            run: "edit OMS Product A",
        },
        {
            trigger: `${product(3)}[aria-expanded=true]:not(.is-invalid)`,
        },
        press("Enter", product(3)),
        {
            trigger: `${quantity(3)}:focus`,
        },
        {
            trigger: `${row(3)} [data-pad=name]:contains(OMS Product A)`,
        },
        {
            trigger: `${row(3)} [data-pad=remove]`,
            run: "click",
        },
        {
            content: "Pasted lines",
            trigger: "button[data-bs-target='#oms_pad_paste']",
            run: "click",
        },
        {
            trigger: "#oms_pad_list:visible",
            run({anchor}) {
                anchor.value = "A-1; 5\nNOPE; 1";
            },
        },
        {
            trigger: ".o_oms_pad_paste_take",
            run: "click",
        },
        {
            trigger: `${row(4)} [data-pad=fault]:contains(There is no product NOPE)`,
        },
        {
            content: "What is not right is said, and the focus goes there",
            trigger: ".o_oms_pad_submit[data-kind=order]:enabled",
            run: "click",
        },
        {
            trigger: ".o_oms_pad_problems:contains(One line is not right yet)",
        },
        {
            trigger: `${product(4)}:focus`,
        },
        check(),
        {
            trigger: `${row(4)} [data-pad=remove]`,
            run: "click",
        },
        {
            content: "His products",
            trigger: "button[data-bs-target='#oms_pad_bought']",
            run: "click",
        },
        {
            trigger: ".o_oms_pad_bought button[data-index='0']:visible",
            run: "click",
        },
        {
            trigger: ".o_oms_pad_total:contains(4 lines)",
        },
        check(),
        {
            trigger: "#oms_pad_reference",
            run: "edit PO 77",
        },
        {
            content: "What is filled in outlives the page",
            trigger: ".o_oms_pad_total:contains(4 lines)",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        {
            trigger: "#oms_pad_reference:value(PO 77)",
        },
        {
            trigger: ".o_oms_pad_total:contains(4 lines)",
        },
        {
            trigger: ".o_oms_pad_submit[data-kind=order]:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The order has its page",
            trigger: "#portal_sale_content:contains(OMS Product A)",
        },
        {
            trigger: "a:contains(Order Again)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_oms_pad_done:contains(4 lines)",
        },
        {
            trigger: ".o_oms_pad_total:contains(4 lines)",
        },
    ],
});

tours.add("oms_order_pad_phone_tour", {
    steps: () => [
        {
            content: "From the portal's home",
            trigger: "a[href='/my/order-pad']",
            run: "click",
            expectUnloadPage: true,
        },
        check(),
        {
            trigger: product(1),
            run: "edit A-1",
        },
        {
            trigger: `${row(1)} [role=option]:contains(OMS Product A)`,
        },
        {
            content: "A finger takes what it touches",
            trigger: `${row(1)} [role=option]:contains(OMS Product A)`,
            run({anchor}) {
                anchor.dispatchEvent(
                    new window.MouseEvent("mousedown", {bubbles: true})
                );
            },
        },
        {
            trigger: `${quantity(1)}:focus`,
            run: "edit 2",
        },
        {
            trigger: ".o_oms_pad_total:contains(1 line)",
            run() {
                const padEl = document.querySelector(".o_oms_order_pad");
                for (const el of padEl.querySelectorAll("*")) {
                    if (el.getBoundingClientRect().right > window.innerWidth) {
                        throw new Error(`wider than the phone: ${el.outerHTML}`);
                    }
                }
                for (const el of document.querySelectorAll(
                    ".o_oms_order_pad button, .o_oms_pad_cells input, .o_oms_pad_cells select"
                )) {
                    const {height} = el.getBoundingClientRect();
                    if (height && height < 44) {
                        throw new Error(`too low for a finger: ${el.outerHTML}`);
                    }
                }
            },
        },
        check(),
        {
            trigger: ".o_oms_pad_submit[data-kind=quotation]:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert:contains(Your request is with us)",
        },
    ],
});
