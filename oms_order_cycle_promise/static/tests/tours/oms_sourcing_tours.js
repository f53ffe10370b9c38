import {registry} from "@web/core/registry";

// Who sells sees where an order comes from, and has it come from elsewhere.
registry.category("web_tour.tours").add("oms_sourcing_change", {
    steps: () => [
        {
            content: "Where it comes from, and why not from elsewhere",
            trigger: "a[name=oms_sourcing]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=oms_sourcing_ids] .o_data_row:contains(OMS North):contains(Not from OMS South)",
        },
        {
            trigger: "button[name=action_oms_change_sources]",
            run: "click",
        },
        {
            content: "The product is named, not the order",
            trigger: ".modal .o_data_row td[name=line_id]:contains(/^OMS Goods$/)",
        },
        {
            trigger: ".modal .o_data_row td[name=warehouse_id]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=warehouse_id] input",
            run: "edit OMS South",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(OMS South)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit He collects it there",
        },
        {
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        {
            content: "It comes from there, and says who wanted it",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=oms_sourcing_ids] .o_data_row:contains(OMS South):contains(He collects it there)",
        },
    ],
});
