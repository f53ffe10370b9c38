import {KanbanHeader} from "@web/views/kanban/kanban_header";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {OmsBoardSearchModel} from "@oms_order_cycle/board/board_search_model";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";

/** How the server joins a stage and its workflow, see `oms.stage`. */
const JOINED = " · ";

/** Shows the number of orders beside their value, and the workflow below the stage. */
export class OmsBoardHeader extends KanbanHeader {
    static template = "oms_order_cycle.BoardHeader";

    /** The name of a stage, and of its workflow where there are several. */
    get title() {
        const [stage, workflow] = this.split(this.group);
        const others = this.props.list.groups.map((group) => this.split(group)[1]);
        const isOne = others.every((other) => other === workflow);
        return {stage, workflow: isOne ? "" : workflow};
    }

    split(group) {
        const name = group.displayName || "";
        const at =
            group.groupByField?.name === "oms_stage_id" ? name.indexOf(JOINED) : -1;
        return at < 0
            ? [name, ""]
            : [name.slice(0, at), name.slice(at + JOINED.length)];
    }

    /** How many of the column's orders need attention, and for what. */
    get attention() {
        const bars = this.progressBar?.bars || [];
        return ["held", "late"]
            .map((value) => bars.find((bar) => bar.value === value && bar.count))
            .filter(Boolean);
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
// cards of another kind, which stand below each other on a phone as well
registry
    .category("views")
    .add("oms_cards", {...kanbanView, SearchModel: OmsBoardSearchModel});
