import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {graphView} from "@web/views/graph/graph_view";
import {registry} from "@web/core/registry";

const FIELD = "oms_attention";
/** The colours of the bar above the columns of the board. */
const COLORS = {held: "#d44c59", late: "#e99d00", ok: "#28a745"};

/** Orders grouped by the attention they need, in the colours known from the board. */
export class OmsAttentionGraphRenderer extends GraphRenderer {
    getBarChartData() {
        const data = super.getBarChartData();
        if (this.model.metaData.groupBy.at(-1)?.fieldName !== FIELD) {
            return data;
        }
        const {selection} = this.model.metaData.fields[FIELD];
        for (const [value, label] of selection) {
            for (const dataset of data.datasets) {
                if (dataset.label === label || dataset.label?.endsWith(` / ${label}`)) {
                    dataset.backgroundColor = COLORS[value];
                }
            }
        }
        return data;
    }
}

export const omsAttentionGraphView = {
    ...graphView,
    Renderer: OmsAttentionGraphRenderer,
};

registry.category("views").add("oms_attention_graph", omsAttentionGraphView);
