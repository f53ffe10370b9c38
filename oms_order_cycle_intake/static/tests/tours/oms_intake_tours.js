import {registry} from "@web/core/registry";

// A clerk finds a refused order, corrects it, and it becomes an order.
registry.category("web_tour.tours").add("oms_intake_correct", {
    steps: () => [
        {
            content: "The list says what is wrong",
            trigger:
                ".o_data_row:contains(PO-TOUR):contains(There is no product KUB-7) .o_data_cell[name=display_name]",
            run: "click",
        },
        {
            content: "What was asked for is a table in words",
            trigger:
                ".o_field_widget[name=content] tr.table-danger:contains(KUB-7):contains(12):contains(There is no product)",
        },
        {
            trigger: "button[name=action_correct]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains(KUB-7) .o_data_cell[name=product_id]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row .o_field_widget[name=product_id] input",
            run: "edit Tour Cube",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour Cube)",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row .o_field_widget[name=learn] input",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_submit]",
            run: "click",
        },
        {
            content: "The order was made of it",
            // the order's form is loaded first
            timeout: 60000,
            trigger:
                ".o_form_view .o_field_widget[name=order_line] .o_data_row:contains(Tour Cube)",
        },
        {
            trigger: "button[name=action_oms_view_intakes]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=content]:contains(12)",
        },
    ],
});
