import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Each tour relies on the data that tests/test_dates_tours.py makes for it.

tours.add("oms_promise_dates_tour", {
    steps: () => [
        {
            content: "The quotation says when it can arrive, before it is confirmed",
            trigger: ".o_oms_outlook:contains(Delivery)",
        },
        {
            trigger: "[name=oms_commitment_date]:contains(can arrive)",
        },
        {
            content: "And why then",
            trigger: ".o_notebook_headers [name=oms_dates]",
            run: "click",
        },
        {
            trigger: ".o_oms_promise_why tr:contains(OMS Scarce):contains(in stock)",
        },
        {
            trigger: ".o_oms_promise_why tr:contains(OMS Scarce):contains(comes in)",
        },
        {
            content: "Confirm it",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The date is promised",
            trigger: ".oe_stat_button[name=action_oms_view_promises]",
        },
        {
            trigger: ".o_notebook_headers [name=oms_dates]",
            run: "click",
        },
        {
            content: "Something better may be asked for",
            trigger: "button[name=action_oms_promise_anew]",
            run: "click",
        },
        {
            trigger: ".o_oms_promise_why tr:contains(OMS Scarce):contains(comes in)",
        },
    ],
});

tours.add("oms_promise_tell_tour", {
    steps: () => [
        {
            content: "The order whose date moved",
            trigger: ".o_group_header",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(OMS Scarce):contains(Receipt Late)",
        },
        {
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Write to the customer",
            trigger: "button[name=action_mail_customers]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(on their way: 1)",
        },
        {
            content: "Nobody is left",
            trigger: ".o_view_nocontent:contains(Nobody to tell)",
        },
    ],
});
