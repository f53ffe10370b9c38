import {registry} from "@web/core/registry";

// The packer opens the bench of a transfer, steps through a box, changes its carton,
// moves units, lets the rest be planned again and applies.
registry.category("web_tour.tours").add("oms_packing_bench", {
    steps: () => [
        {
            content: "The transfer says how it is to be packed",
            trigger: ".o_field_widget[name=oms_pack_summary]:contains(OMS Medium)",
        },
        {
            content: "Open the bench",
            trigger: "button[name=action_oms_pack]",
            run: "click",
        },
        {
            content: "The box is drawn",
            trigger: ".o_oms_pack_box[data-number='1'] svg",
        },
        {
            content: "Measure a mug anew",
            trigger:
                ".o_oms_pack_box[data-number='1'] tr:contains(OMS Mug) .o_oms_pack_measure_button",
            run: "click",
        },
        {
            trigger: ".o_oms_pack_measure input[name=length]:value(100)",
        },
        {
            trigger: ".o_oms_pack_measure input[name=weight]",
            run: "edit 0.45",
        },
        {
            trigger: ".o_oms_pack_measure button.btn-primary",
            run: "click",
        },
        {
            content: "It was planned anew: 0.2 + 4 x 0.45 + 2 x 0.5 kg",
            trigger: ".o_oms_pack_box[data-number='1']:contains(3.000 kg)",
        },
        {
            trigger: ".o_oms_pack_step_by_step",
            run: "click",
        },
        {
            trigger: ".o_oms_pack_picture svg:contains(Step 1 of)",
        },
        {
            trigger: ".o_oms_pack_next",
            run: "click",
        },
        {
            trigger: ".o_oms_pack_picture svg:contains(Step 2 of)",
        },
        {
            content: "Another carton",
            trigger: ".o_oms_pack_box[data-number='1'] .card-header select",
            run: "selectByLabel OMS Small",
        },
        {
            content: "It is too small",
            trigger: ".o_oms_pack_box .alert-danger:contains(no room found)",
        },
        {
            content: "What found no room is packed anew",
            trigger: ".o_oms_pack_rest",
            run: "click",
        },
        {
            trigger: ".o_oms_pack_box[data-number='2'] svg",
        },
        {
            content: "Move a mug into a box of its own",
            trigger:
                ".o_oms_pack_box[data-number='1'] tr:contains(OMS Mug) button:contains(Move)",
            run: "click",
        },
        {
            trigger: ".o_oms_pack_move input",
            run: "edit 1",
        },
        {
            trigger: ".o_oms_pack_move select",
            run: "selectByLabel New box",
        },
        {
            trigger: ".o_oms_pack_move button.btn-primary",
            run: "click",
        },
        {
            trigger: ".o_oms_pack_box[data-number='3'] svg",
        },
        {
            content: "Say why",
            trigger: ".o_field_widget[name=reason] input",
            run: "edit The mug is a present",
        },
        {
            trigger: "footer button[name=action_apply_or_ask]",
            run: "click",
        },
        {
            content: "The transfer is packed by hand",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
        {
            trigger: "button[name=action_oms_pack]",
            run: "click",
        },
        {
            trigger: ".modal .badge:contains(Packed)",
        },
        {
            trigger: ".modal footer button.btn-secondary:contains(Close)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});

// Pack comes before Validate; the cursor is put where a reason is wanted; what was
// changed by hand is found again after Esc.
registry.category("web_tour.tours").add("oms_packing_kept", {
    steps: () => [
        {
            content: "Pack is the first thing to do",
            trigger: "button[name=action_oms_pack].btn-primary",
        },
        {
            trigger: "button[name=button_validate]:not(.btn-primary)",
        },
        {
            trigger: "button[name=action_oms_pack]",
            run: "click",
        },
        {
            trigger: ".o_oms_pack_box[data-number='1'] .card-header select",
            run: "selectByLabel OMS Small",
        },
        {
            trigger: ".o_oms_pack_box .alert-danger:contains(no room found)",
        },
        {
            content: "It does not fit, and no reason is given",
            trigger: "footer button[name=action_apply_or_ask]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Give a reason to pack it anyway)",
        },
        {
            content: "The cursor is there",
            trigger: ".modal .o_field_widget[name=reason] input:focus",
            run: "press Escape",
        },
        {
            content: "It is said that the changes are kept",
            trigger: ".o_notification:contains(What you changed is kept)",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=action_oms_pack]",
            run: "click",
        },
        {
            content: "They are",
            trigger: ".o_oms_pack_box .alert-danger:contains(no room found)",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit It is pressed down",
        },
        {
            trigger: "footer button[name=action_apply_or_ask]",
            run: "click",
        },
        {
            content: "Now it is to be validated, and labels can be printed",
            trigger: "body:not(:has(.modal)) button[name=button_validate].btn-primary",
        },
        {
            trigger: "button[name=action_oms_print_labels]",
        },
    ],
});

// Somebody looks at the reports.
registry.category("web_tour.tours").add("oms_packing_reports", {
    steps: () => [
        {
            trigger: ".o_pivot:contains(OMS Medium)",
        },
        {
            trigger: "button.o_switch_view.o_graph",
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
            trigger: ".o_data_row:contains(OMS Medium) td[name=contents]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_oms_picture svg",
        },
    ],
});
