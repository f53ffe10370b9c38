import {KanbanHeader} from "@web/views/kanban/kanban_header";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {registry} from "@web/core/registry";

/** Shows the number of orders beside their value. */
export class OmsBoardHeader extends KanbanHeader {
    static template = "oms_order_cycle.BoardHeader";
}

export class OmsBoardRenderer extends KanbanRenderer {
    static components = {...KanbanRenderer.components, KanbanHeader: OmsBoardHeader};
}

/** The board of orders by stage: narrow columns, each with count and value. */
export const omsBoardView = {...kanbanView, Renderer: OmsBoardRenderer};

registry.category("views").add("oms_board", omsBoardView);
