import {KanbanHeader} from "@web/views/kanban/kanban_header";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {OmsBoardSearchModel} from "@oms_order_cycle/board/board_search_model";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";

/** Shows the number of orders beside their value, and the workflow below the stage. */
export class OmsBoardHeader extends KanbanHeader {
    static template = "oms_order_cycle.BoardHeader";

    /** The name of a stage, and of its workflow where there are several. */
    get title() {
        const name = this.group.displayName || "";
        const both =
            this.props.list.context.oms_show_workflow &&
            name.match(/^(?<stage>.+) \((?<workflow>.+)\)$/);
        return both ? both.groups : {stage: name, workflow: ""};
    }
}

export class OmsBoardRenderer extends KanbanRenderer {
    static components = {...KanbanRenderer.components, KanbanHeader: OmsBoardHeader};

    setup() {
        super.setup();
        onMounted(() => this.showFirstCards());
    }

    /** Columns side by side on a phone: begin with the first that has cards. */
    showFirstCards() {
        if (this.env.isSmall && this.props.list.isGrouped) {
            this.rootRef.el
                ?.querySelector(".o_kanban_group:has(.o_kanban_record)")
                ?.scrollIntoView({block: "nearest", inline: "start"});
        }
    }
}

/** The board of orders by stage: narrow columns, each with count and value. */
export const omsBoardView = {
    ...kanbanView,
    Renderer: OmsBoardRenderer,
    SearchModel: OmsBoardSearchModel,
};

registry.category("views").add("oms_board", omsBoardView);
