import {SearchModel} from "@web/search/search_model";

/**
 * What the board is grouped by, unless somebody chooses: on a phone nothing, so that
 * the orders stand below each other instead of in columns of which one sees one.
 */
export class OmsBoardSearchModel extends SearchModel {
    _getGroupBy(options = {}) {
        const chosen = super._getGroupBy({...options, fallbackOnDefault: false});
        if (chosen.length || options.fallbackOnDefault === false || this.env.isSmall) {
            return chosen;
        }
        return super._getGroupBy(options);
    }
}
