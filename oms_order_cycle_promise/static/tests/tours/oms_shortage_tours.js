import {registry} from "@web/core/registry";

// Customer service shares out anew what is short, and says why.
registry.category("web_tour.tours").add("oms_shortage_share_out", {
    steps: () => [
        {
            content: "The board says what is missing",
            trigger:
                ".o_data_row:contains(OMS Short):contains(11.00) td[name=product_id]",
            run: "click",
        },
        {
            content: "whom it hits, and what may be offered instead",
            trigger:
                ".o_form_view:has(.o_field_widget[name=line_ids] .o_data_row:eq(2)) .o_field_widget[name=substitutes]:contains(OMS Instead)",
        },
        {
            trigger: "button[name=action_allocate]",
            run: "click",
        },
        {
            content: "Each keeps what it has, so nothing changes",
            trigger: ".modal .alert-info:contains(Nothing changes by this)",
        },
        {
            trigger: ".modal .o_field_widget[name=is_anew] input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=rule_id] input",
            run: "edit Fair Share",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Fair Share)",
            run: "click",
        },
        {
            content: "The first gives up three of seven",
            trigger:
                ".modal .o_data_row:eq(0):has(td[name=quantity]:contains(4.00)) td[name=change]:contains(-3.00)",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Everybody gets some",
        },
        {
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is done, and the board knows",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_data_row:eq(0) td[name=reserved]:contains(4.00)",
        },
        {
            trigger: ".o_form_view .o_data_row:eq(2) td[name=reserved]:contains(3.00)",
        },
    ],
});

// Who looks after the stock has Odoo order what nobody ordered.
registry.category("web_tour.tours").add("oms_shortage_order", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains(OMS Short):contains(11.00) button[name=action_order]",
            run: "click",
        },
        {
            content: "A reordering rule of Odoo's own",
            trigger:
                ".o_breadcrumb:contains(Reordering Rules), .o_last_breadcrumb_item:contains(Reordering Rules)",
        },
        {
            trigger: ".o_data_row:contains(OMS Short)",
        },
    ],
});
