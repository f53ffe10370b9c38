import {registry} from "@web/core/registry";

// A warehouse manager asks which cartons to stock, looks at the answer and makes them.
registry.category("web_tour.tours").add("oms_carton_study_ask", {
    steps: () => [
        {
            trigger: ".o_view_nocontent:contains(Which cartons should we stock?)",
        },
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit My Question",
        },
        {
            trigger: ".o_field_widget[name=number_max] input",
            run: "edit 2",
        },
        {
            trigger: "button[name=action_start]",
            run: "click",
        },
        {
            trigger: ".alert-info:contains(Waiting for the background)",
        },
        {
            trigger: "button[name=action_cancel]",
        },
    ],
});

registry.category("web_tour.tours").add("oms_carton_study_answer", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=curve] svg",
        },
        {
            trigger: ".o_data_row:contains(and 2 more) .o_data_cell[name=sizes]",
            run: "click",
        },
        {
            trigger: ".modal .o_arrow_button_current:contains(Not Made)",
        },
        {
            trigger: ".modal button[name=action_create_cartons]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Carton)",
        },
        {
            trigger: ".breadcrumb-item:contains(My Question) a",
            run: "click",
        },
        {
            trigger: "button[name=action_view_curve]",
            run: "click",
        },
        {
            trigger: ".o_graph_canvas_container canvas",
        },
        {
            trigger: "button.o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(and 2 more) .o_data_cell",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_use_cartons]",
            run: "click",
        },
        {
            trigger: ".modal:contains(From now on) footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Carton)",
        },
    ],
});
