import {SearchModel} from "@web/search/search_model";

const WORKFLOW = "oms_workflow_id";

/**
 * What the board is grouped by, unless somebody chooses: the phases of the business, and
 * the stages of a workflow once that is chosen in the panel or searched for. On a phone
 * nothing, so that the orders stand below each other instead of in columns of which one
 * sees one.
 */
export class OmsBoardSearchModel extends SearchModel {
    _getGroupBy(options = {}) {
        const chosen = super._getGroupBy({...options, fallbackOnDefault: false});
        if (chosen.length || options.fallbackOnDefault === false || this.env.isSmall) {
            return chosen;
        }
        return this.isWorkflowChosen() ? ["oms_stage_id"] : super._getGroupBy(options);
    }

    isWorkflowChosen() {
        return (
            this.categories.some(
                (category) => category.fieldName === WORKFLOW && category.activeValueId
            ) ||
            this.query.some(
                ({searchItemId}) =>
                    this.searchItems[searchItemId].type === "field" &&
                    this.searchItems[searchItemId].fieldName === WORKFLOW
            )
        );
    }
}
