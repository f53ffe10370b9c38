import {Component, onMounted, onWillStart, useRef, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {useService} from "@web/core/utils/hooks";

/**
 * Another value for a cell of an order file, or the product that its code means; in
 * this row, or wherever the same stands in the column.
 */
export class OmsImportCorrectDialog extends Component {
    static template = "oms_order_cycle_intake.ImportCorrectDialog";
    static components = {Dialog, RecordSelector};
    static props = {
        close: Function,
        importId: Number,
        row: Object,
        column: Object,
        messages: Array,
        onDone: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("value");
        this.state = useState({
            value: this.props.row.cells[this.props.column.index] || "",
            productId: false,
            learn: true,
            everywhere: false,
            alike: 1,
            isBusy: false,
        });
        onWillStart(async () => {
            this.state.alike = await this.call("count_alike");
        });
        onMounted(() => this.input.el.select());
    }

    get title() {
        return _t("%(label)s in row %(number)s", {
            label: this.props.column.label,
            number: this.props.row.number,
        });
    }

    get productLabel() {
        return _t("Product");
    }

    pick(productId) {
        this.state.productId = productId;
    }

    call(method, args = [], kwargs = {}) {
        const {importId, row, column} = this.props;
        return this.orm.call(
            "oms.import",
            method,
            [[importId], row.id, column.index, ...args],
            kwargs
        );
    }

    async apply() {
        const {value, productId, learn, everywhere} = this.state;
        this.state.isBusy = true;
        try {
            if (productId) {
                const isLearnt = learn && this.props.column.is_learnable;
                await this.call("pick_product", [productId], {
                    everywhere,
                    learn: isLearnt,
                });
            } else {
                await this.call("correct", [value], {everywhere});
            }
        } finally {
            this.state.isBusy = false;
        }
        this.props.close();
        await this.props.onDone();
    }
}
