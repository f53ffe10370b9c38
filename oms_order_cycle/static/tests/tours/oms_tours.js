import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Each tour relies on the data that tests/test_ui_tours.py makes for it.

tours.add("oms_order_tour", {
    steps: () => [
        {
            content: "The bar shows that the order is held, in words as well",
            trigger:
                ".o_oms_cycle_bar .o_oms_current.o_oms_held:contains(To be released)",
        },
        {
            trigger: ".o_oms_cycle_bar .o_oms_hold:contains(240.00 too much)",
        },
        {
            content: "Why?",
            trigger: ".o_oms_why_button",
            run: "click",
        },
        {
            trigger: ".o_oms_why:contains(Credit Limit Exceeded)",
        },
        {
            trigger: ".o_oms_why_button[aria-expanded=true]",
            run: "click",
        },
        {
            content: "Lift it from the bar",
            trigger: ".o_oms_lift",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Paid this morning",
        },
        {
            trigger: ".modal footer button[name=action_lift]",
            run: "click",
        },
        {
            content: "The order was released and is to be picked",
            trigger: ".o_oms_cycle_bar .o_oms_current:contains(To be picked)",
        },
        {
            trigger: ".o_oms_cycle_bar:not(:has(.o_oms_hold))",
        },
        {
            content: "The page tells the whole story",
            trigger: ".o_notebook_headers [name=oms_cycle]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=oms_hold_ids] .o_data_row:contains(Lifted):contains(Tour Manager)",
        },
        {
            trigger:
                ".o_oms_line_progress tbody tr:contains(OMS Product A):contains(3)",
        },
        {
            trigger: ".o_oms_timeline .o_oms_event:contains(Credit Limit Exceeded)",
        },
        {
            content: "Put it on hold again, with a reason",
            trigger: ".o_statusbar_buttons button[name=action_oms_hold]",
            run: "click",
        },
        {
            trigger: ".modal .o_form_view",
        },
        {
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("oms_board_tour", {
    steps: () => [
        {
            trigger:
                ".o_search_panel .o_search_panel_category_value:contains(OMS Tour Workflow)",
        },
        {
            content: "One workflow only",
            trigger:
                ".o_search_panel .o_search_panel_category_value header:contains(OMS Tour Workflow)",
            run: "click",
        },
        {
            content: "Stages are columns, with count and value",
            trigger:
                ".o_kanban_group:contains(To be picked) .o_kanban_header .o_oms_count:contains(3)",
        },
        {
            trigger:
                ".o_kanban_group:contains(To be picked) .o_column_progress .bg-danger",
        },
        {
            trigger:
                ".o_kanban_group:contains(To be picked) .o_column_progress .bg-warning",
        },
        {
            trigger: ".o_kanban_record .o_oms_card_hold:contains(Something Odd)",
        },
        {
            trigger: ".o_kanban_record .o_oms_elapsed.text-danger:contains(late)",
        },
        {
            content: "Empty stages stay in sight",
            trigger: ".o_kanban_group:contains(To be paid)",
        },
        {
            content: "Cards cannot be dragged",
            trigger: ".o_kanban_renderer:not(:has(.o_draggable))",
        },
        {
            content: "The bar filters its column",
            trigger:
                ".o_kanban_group:contains(To be picked) .o_column_progress .bg-danger",
            run: "click",
        },
        {
            trigger: ".o_kanban_group_show_danger:contains(To be picked)",
        },
        {
            trigger: ".o_kanban_record:contains(Something Odd)",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_oms_cycle_bar",
        },
    ],
});

tours.add("oms_workflow_tour", {
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit OMS Tour Made",
        },
        {
            trigger: ".o_field_x2many_list_row_add a:contains(Add a stage)",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit Bill it",
        },
        {
            content: "Only the kind that is chosen asks for its test",
            trigger: ".o_selected_row .o_field_widget[name=milestone]",
        },
        {
            trigger: ".o_selected_row [name=milestone] .o_select_menu_toggler",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Invoiced)",
            run: "click",
        },
        {
            content: "The choice is made, and drawn",
            trigger: ".o_selected_row [name=milestone] input:value(Invoiced)",
        },
        {
            trigger: ".o_oms_picture svg text:contains(Invoiced)",
        },
        {
            trigger: ".o_field_x2many_list_row_add a:contains(Add a stage)",
            run: "click",
        },
        {
            trigger: ".o_selected_row:nth-child(2) .o_field_widget[name=name] input",
            run: "edit Do it",
        },
        {
            trigger: ".o_selected_row [name=milestone] .o_select_menu_toggler",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Shipped)",
            run: "click",
        },
        {
            content: "The choice is made, and drawn",
            trigger: ".o_selected_row [name=milestone] input:value(Shipped)",
        },
        {
            trigger: ".o_oms_picture svg text:contains(Shipped)",
        },
        {
            content: "Leave the line",
            trigger: ".o_form_sheet .oe_title",
            run: "click",
        },
        {
            content: "Drag the second stage above the first",
            trigger: ".o_data_row:nth-child(2) .o_row_handle",
            run: "drag_and_drop .o_data_row:nth-child(1)",
        },
        {
            trigger: ".o_data_row:nth-child(1):contains(Do it)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The picture draws what was made",
            trigger:
                ".o_oms_picture svg[aria-label*='OMS Tour Made'] text:contains(Do it)",
        },
        {
            content: "Try it on an order",
            trigger: "button[name=action_try]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=order_id] input",
            run: "edit OMS Customer",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(OMS Customer)",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains(Do it):contains(Stands Here)",
        },
        {
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=action_open_publish]",
            run: "click",
        },
        {
            content: "What it will do is said first",
            trigger: ".modal:contains(From now on) footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(In Use)",
        },
        {
            content: "In use: stages can no longer be added",
            trigger:
                ".o_field_widget[name=stage_ids]:not(:has(.o_field_x2many_list_row_add))",
        },
    ],
});

tours.add("oms_approval_tour", {
    steps: () => [
        {
            trigger: ".o_oms_cycle_bar .o_oms_current:contains(Credit Check)",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_oms_open_approval]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Good customer",
        },
        {
            trigger: ".modal footer button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".o_oms_cycle_bar .o_oms_done:contains(Credit Check)",
        },
        {
            trigger: ".o_form_view:not(:has(button[name=action_oms_open_approval]))",
        },
    ],
});

tours.add("oms_transfer_tour", {
    steps: () => [
        {
            trigger: ".alert-danger[name=oms_hold_banner]:contains(Something Odd)",
        },
        {
            content: "The model refuses it, and says why",
            trigger: "button[name=button_validate]",
            run: "click",
        },
        {
            trigger: ".modal .modal-body:contains(Something Odd)",
        },
        {
            trigger: ".modal .modal-footer button",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("oms_portal_tour", {
    steps: () => [
        {
            trigger:
                "#oms_portal_timeline_desk .o_oms_portal_done:contains(Order received)",
        },
        {
            trigger:
                "#oms_portal_timeline_desk .o_oms_portal_current[aria-current=step]:contains(In preparation)",
        },
        {
            content: "Internal names stay in the house",
            trigger: "body:not(:contains(To be picked))",
        },
    ],
});

tours.add("oms_roles_are_ticked", {
    steps: () => [
        {
            content: "Roles stand side by side: several are ticked",
            trigger: "label.o_form_label:contains(/^Warehouse/)",
            run: "click",
        },
        {
            trigger: ".o_field_res_user_group_ids_privilege input:checked",
        },
        {
            trigger: "label.o_form_label:contains(/^Dispatch/)",
            run: "click",
        },
        {
            content: "The manager has all roles, which cannot be taken away one by one",
            trigger: "label.o_form_label:contains(/^Manager/)",
            run: "click",
        },
        {
            trigger: ".o_field_res_user_group_ids_privilege input:checked:disabled",
        },
        {
            trigger: "label.o_form_label:contains(/^Manager/)",
            run: "click",
        },
        {
            trigger:
                ".o_field_res_user_group_ids:not(:has(input:checked:disabled)) input:checked",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});
