import {inputFiles} from "@web/../tests/utils";
import {registry} from "@web/core/registry";

/** A file as a customer sends it: one code is unknown in two orders, one quantity is none. */
const FILE = [
    "Orders of May;;;;",
    "Bestelnummer;Klant;Artikel;Aantal;Extra",
    "PO-1;C-1;A-1;2;x",
    ";;B-1;3;x",
    "PO-2;C-1;K9;1;x",
    "PO-3;C-1;K9;1;x",
    "PO-4;C-1;A-1;two;x",
].join("\n");

// A clerk loads a file, maps a column, corrects what is faulty and imports it.
registry.category("web_tour.tours").add("oms_import_file", {
    steps: () => [
        {
            content: "From the list of order files",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Choose the file",
            trigger: ".o_field_widget[name=file] input.o_input_file:not(:visible)",
            async run() {
                await inputFiles(".o_field_widget[name=file] input.o_input_file", [
                    new File([FILE], "may.csv", {type: "text/csv"}),
                ]);
            },
        },
        {
            content: "Its columns are guessed, below the title",
            trigger: ".o_oms_import_columns tr:contains(Artikel) .badge:contains(Sure)",
        },
        {
            content: "A field that is taken cannot be chosen twice",
            trigger:
                ".o_oms_import_columns tr:contains(Extra) option[value='lines.qty']:disabled:not(:visible)",
        },
        {
            content: "Take the quantity away",
            trigger: ".o_oms_import_columns tr:contains(Aantal) select",
            run: "selectByLabel Leave out",
        },
        {
            trigger: ".o_oms_import_missing:contains(Quantity)",
        },
        {
            trigger: ".o_oms_import_columns tr:contains(Aantal) select",
            run: "selectByLabel Quantity",
        },
        {
            trigger: ".o_form_sheet:not(:has(.o_oms_import_missing))",
        },
        {
            content: "The last column is a note",
            trigger: ".o_oms_import_columns tr:contains(Extra) select",
            run: "selectByLabel Line Note",
        },
        {
            trigger: "button[name=action_check]",
            run: "click",
        },
        {
            content: "All rows are shown, and how many are good",
            trigger: ".o_oms_import_summary:contains(2 good, 3 faulty)",
        },
        {
            trigger:
                ".o_oms_import_grid tr[data-number='7'] .o_oms_import_fault:contains(two)",
        },
        {
            content: "The faulty ones only",
            trigger: "button[data-filter=faulty]",
            run: "click",
        },
        {
            trigger: ".o_oms_import_grid:not(:has(tr[data-number='3']))",
        },
        {
            content: "A good cell, too, by keyboard alone: arrows from a faulty one",
            trigger:
                ".o_oms_import_grid tr[data-number='7'] .o_oms_import_fault:contains(two)",
            run: ({anchor}) => anchor.focus(),
        },
        {
            trigger: ".o_oms_import_grid tr[data-number='7'] .o_oms_import_fault:focus",
            run: "press ArrowRight",
        },
        {
            trigger: ".o_oms_import_grid tr[data-number='7'] td:nth-child(6):focus",
            run: "press ArrowUp",
        },
        {
            trigger: ".o_oms_import_grid tr[data-number='6'] td:nth-child(6):focus",
            run: "press Enter",
        },
        {
            trigger: ".modal #o_oms_import_value:value(x)",
            run: "edit y && press Enter",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_oms_import_grid tr[data-number='6'] td:nth-child(6):contains(y)",
        },
        {
            content: "Pick the product of the unknown code",
            trigger:
                ".o_oms_import_grid tr[data-number='5'] .o_oms_import_fault:contains(K9)",
            run: "click",
        },
        {
            trigger: ".modal .alert:contains(There is no product K9)",
        },
        {
            trigger: ".modal .o_oms_import_product input",
            run: "edit OMS Product B",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(OMS Product B)",
            run: "click",
        },
        {
            trigger: ".modal #o_oms_import_learn:checked",
        },
        {
            trigger: ".modal label:contains(In all 2 rows)",
            run: "click",
        },
        {
            trigger: ".modal .btn-primary:contains(Apply)",
            run: "click",
        },
        {
            content: "The next faulty cell has the focus: on with the keyboard",
            trigger:
                "body:not(:has(.modal)) .o_oms_import_grid tr[data-number='7'] .o_oms_import_fault:focus",
            run: "press Enter",
        },
        {
            trigger: ".modal #o_oms_import_value",
            run: "edit 2 && press Enter",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_oms_import_summary:contains(5 good, 0 faulty)",
        },
        {
            trigger: "button[name=action_import]",
            run: "click",
        },
        {
            content: "What became of it",
            trigger: ".o_arrow_button_current:contains(Done)",
        },
        {
            trigger: "button[data-filter=done]",
            run: "click",
        },
        {
            trigger: ".o_oms_import_grid tr[data-number='7']:contains(New Order) a",
        },
        {
            trigger: "button[name=action_view_orders]:contains(4)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:eq(3)",
        },
        {
            trigger: ".breadcrumb-item:contains(may.csv) a, .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_oms_import_grid",
        },
    ],
});

// On a phone the same screen scrolls inside its tables, never as a whole.
registry.category("web_tour.tours").add("oms_import_phone", {
    steps: () => [
        {
            trigger: ".o_oms_import_grid tr[data-number='3'] .o_oms_import_fault",
            run() {
                const {scrollWidth, clientWidth} = document.querySelector(
                    ".o_form_view .o_content"
                );
                if (scrollWidth > clientWidth) {
                    throw new Error(`wider than the phone: ${scrollWidth}`);
                }
            },
        },
        {
            trigger: ".o_oms_import_grid tr[data-number='3'] .o_oms_import_fault",
            run: "click",
        },
        {
            trigger: ".modal #o_oms_import_value",
            run: "edit B-1",
        },
        {
            trigger: ".modal .btn-primary:contains(Apply)",
            run: "click",
        },
        {
            trigger: ".o_oms_import_summary:contains(2 good, 0 faulty)",
        },
    ],
});
