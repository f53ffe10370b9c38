import {registry} from "@web/core/registry";

// A warehouse manager has the bays of a hall read from their names, and numbered.
registry.category("web_tour.tours").add("oms_floor_number_bays", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Hall/A-1) .o_data_cell[name=complete_name]",
        },
        {
            trigger: ".o_menu_sections button:contains(Configuration)",
            run: "click",
        },
        {
            trigger: ".dropdown-item:contains(Number Bays)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=location_id] input",
            run: "edit Stock/Hall",
        },
        {
            trigger: ".ui-autocomplete .dropdown-item:contains(Hall):not(:contains(-))",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=fitting_count]:contains(36)",
        },
        {
            trigger: ".modal .o_field_widget[name=pattern] input",
            run: "edit {aisle}",
        },
        {
            trigger: ".modal .o_field_widget[name=first_aisle] input",
            run: "click",
        },
        {
            trigger: ".modal .alert-warning:contains({bay})",
        },
        {
            trigger: ".modal .o_field_widget[name=pattern] input",
            run: "edit {aisle}-{bay}",
        },
        {
            trigger: ".modal .o_field_widget[name=first_aisle] input",
            run: "click",
        },
        {
            trigger: ".modal td:contains(Hall/A-12)",
        },
        {
            trigger: ".modal .nav-link:contains(Picture)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=picture] svg polyline",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: ".o_data_row:first:contains(Hall/A-1)",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

// A picker opens a transfer: its lines are in the order of the walk.
registry.category("web_tour.tours").add("oms_floor_pick_by_walk", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=move_ids] .o_data_row:eq(0):contains(A-2)",
        },
        {
            trigger: ".o_field_widget[name=move_ids] .o_data_row:eq(1):contains(B-11)",
        },
        {
            trigger: ".o_field_widget[name=move_ids] .o_data_row:eq(2):contains(C-1)",
        },
    ],
});
