import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatMonetary} from "@web/views/fields/formatters";
import {parseFloat} from "@web/views/fields/parsers";

const DIGITS = [16, 3];

export function formatQty(value) {
    return formatFloat(value, {digits: DIGITS, trailingZeros: false});
}

/**
 * A number as it is typed, in the user's language; also `2*12`. Behind a quantity there
 * may be the first letters of a unit.
 */
export function readNumber(text) {
    const [, number, letters] = /^([^\p{L}]*)\s*(.*)$/u.exec(text.trim());
    if (!number.trim()) {
        return {value: null, letters};
    }
    const isSum = /[*/+]/.test(number) && !number.startsWith("=");
    return {value: parseFloat(isSum ? `=${number}` : number), letters};
}

/** A line of the order desk: what it is, and what can be typed of it. */
export class OrderDeskLine extends Component {
    static template = "oms_order_cycle_intake.OrderDeskLine";
    static props = {
        line: Object,
        number: Number,
        answer: {type: [Object, {value: null}]},
        currencyId: {type: [Number, Boolean]},
        canDiscount: Boolean,
        focus: {type: [String, Boolean], optional: true},
        change: Function,
        remove: Function,
        leave: Function,
        move: Function,
    };

    setup() {
        this.root = useRef("root");
        // what is being typed, until it is a number
        this.state = useState({name: "", text: "", isWrong: false});
        useEffect(
            (focus) => {
                if (focus) {
                    this.getInput("qty").focus();
                }
            },
            () => [this.props.focus]
        );
    }

    getInput(name) {
        return this.root.el.querySelector(`input[name=${name}]`);
    }

    // -- what is shown --------------------------------------------------------------

    get label() {
        return `${this.props.number} ${this.props.line.name}`;
    }

    get faults() {
        return this.props.answer ? this.props.answer.faults : [];
    }

    get isPriceByHand() {
        return this.props.line.price !== false;
    }

    get priceTitle() {
        return this.isPriceByHand ? _t("By hand: empty it for the price list") : "";
    }

    format(name) {
        const {line, answer} = this.props;
        if (name === "qty") {
            return line.qty === null ? "" : formatQty(line.qty);
        }
        const typed = line[name];
        const found = answer && answer[name];
        const value = typed === false ? found : typed;
        if (value === null || value === false || value === undefined) {
            return "";
        }
        return name === "price"
            ? formatMonetary(value, {currencyId: this.props.currencyId, noSymbol: true})
            : formatFloat(value, {digits: [16, 2], trailingZeros: false});
    }

    getText(name) {
        return this.state.name === name ? this.state.text : this.format(name);
    }

    isWrong(name) {
        return this.state.name === name && this.state.isWrong;
    }

    get subtotal() {
        const {answer, currencyId} = this.props;
        return answer ? formatMonetary(answer.subtotal, {currencyId}) : "";
    }

    // -- typing ---------------------------------------------------------------------

    onFocus(name, ev) {
        Object.assign(this.state, {
            name,
            text: this.format(name),
            isWrong: false,
        });
        const {qty, price, discount, uom_id} = this.props.line;
        this.before = {qty, price, discount, uom_id};
        ev.target.select();
    }

    onBlur() {
        // what is no number stays to be seen
        if (!this.state.isWrong) {
            this.state.name = "";
        }
    }

    onInput(name, ev) {
        this.state.text = ev.target.value;
        let number = null;
        try {
            number = readNumber(this.state.text);
        } catch {
            this.state.isWrong = true;
            return;
        }
        const {value, letters} = number;
        const unit = this.findUnit(name, letters);
        this.state.isWrong = Boolean(letters) && !unit;
        if (this.state.isWrong) {
            return;
        }
        const empty = name === "qty" ? null : false;
        this.props.change({
            [name]: value === null ? empty : value,
            ...(unit ? {uom_id: unit.id} : {}),
        });
    }

    findUnit(name, letters) {
        if (name !== "qty" || !letters) {
            return null;
        }
        const start = letters.toLowerCase();
        return this.props.line.uoms.find((unit) =>
            unit.name.toLowerCase().startsWith(start)
        );
    }

    onUnit(ev) {
        this.props.change({uom_id: Number(ev.target.value)});
    }

    take(fault) {
        this.props.change({qty: fault.qty});
        this.props.leave();
    }

    onKeydown(ev) {
        const {key, ctrlKey, altKey, metaKey} = ev;
        if (ctrlKey && ["Delete", "Backspace"].includes(key)) {
            ev.preventDefault();
            this.props.remove();
        } else if (ctrlKey || altKey || metaKey) {
            return;
        } else if (key === "Enter" && ev.target.matches("input, select")) {
            ev.preventDefault();
            this.onEnter();
        } else if (key === "Escape") {
            ev.preventDefault();
            ev.stopPropagation();
            this.onEscape();
        } else if (["ArrowUp", "ArrowDown"].includes(key) && ev.target.name) {
            ev.preventDefault();
            this.props.move(key === "ArrowUp" ? -1 : 1, ev.target.name);
        }
    }

    onEnter() {
        if (this.state.isWrong) {
            return;
        }
        if (this.props.line.qty === null) {
            this.getInput("qty").focus();
            this.state.isWrong = true;
            return;
        }
        this.props.leave();
    }

    /** Back to what it was before this field was entered. */
    onEscape() {
        this.state.isWrong = false;
        if (this.props.line.qty === null && this.before && this.before.qty === null) {
            this.props.remove();
            return;
        }
        if (this.before) {
            this.props.change(this.before);
        }
        this.props.leave();
    }
}
