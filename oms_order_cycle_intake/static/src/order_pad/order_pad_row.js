import {Combobox} from "./combobox";
import {_t} from "@web/core/l10n/translation";
import {renderToElement} from "@web/core/utils/render";

/** What of a row is sent and kept. */
const KEPT = ["text", "product_id", "qty", "uom_id", "uom"];

const isOfProduct = (fault) => fault.code.startsWith("product");

/** A line of the order pad: its values, its elements, what was answered to it. */
export class OrderPadRow {
    /**
     * @param {Number} id
     * @param {Object} values
     * @param {Object} hooks search, changed
     */
    constructor(id, values, hooks) {
        this.values = {text: "", product_id: false, qty: "", uom_id: false, uom: ""};
        Object.assign(this.values, values);
        this.hooks = hooks;
        this.faults = [];
        // what was answered: to which values, without taxes, and for which product
        this.answered = null;
        this.amount = 0;
        this.productId = false;
        this.el = renderToElement("oms_order_cycle_intake.OrderPadRow", {id});
        this.el.dataset.row = id;
        this.textEl = this.find("text");
        this.qtyEl = this.find("qty");
        this.uomEl = this.find("uom");
        this.textEl.value = this.values.text;
        this.qtyEl.value = this.values.qty;
        this.combobox = new Combobox(this.textEl, this.find("list"), {
            search: hooks.search,
            render: (option) =>
                renderToElement("oms_order_cycle_intake.OrderPadOption", {option}),
            take: (option) => this.takeProduct(option),
            toggled: () => this.markProduct(),
        });
    }

    find(name) {
        return this.el.querySelector(`[data-pad="${name}"]`);
    }

    get kept() {
        return Object.fromEntries(KEPT.map((name) => [name, this.values[name]]));
    }

    /** Whether nothing was answered yet to the values as they are. */
    get isStale() {
        return this.answered !== JSON.stringify(this.kept);
    }

    get isBlank() {
        return !(this.values.text || this.values.product_id || this.values.qty);
    }

    number(number) {
        this.el.firstElementChild.setAttribute("aria-label", _t("Line %s", number));
        this.find("number").textContent = number;
    }

    // -- what the customer does ----------------------------------------------------

    takeProduct(option) {
        this.textEl.value = option.code || option.name;
        Object.assign(this.values, {
            text: this.textEl.value,
            product_id: option.product_id,
            uom_id: option.uom_id,
            uom: "",
        });
        this.qtyEl.focus();
        this.qtyEl.select();
        this.hooks.changed();
    }

    /** He types another product: nothing of the former one stays. */
    onText() {
        Object.assign(this.values, {
            text: this.textEl.value.trim(),
            product_id: false,
            uom_id: false,
            uom: "",
        });
    }

    onQty() {
        this.values.qty = this.qtyEl.value.trim();
    }

    onUnit() {
        this.values.uom_id = parseInt(this.uomEl.value, 10) || false;
    }

    /** Take the quantity that was proposed instead. */
    takeProposal(index) {
        const {qty, uom_id: uomId} = this.faults[index].proposal;
        Object.assign(this.values, {qty, uom_id: uomId});
        this.qtyEl.value = qty;
        this.qtyEl.focus();
        this.hooks.changed();
    }

    // -- what the server answers ---------------------------------------------------

    show(answer) {
        if (answer.product_id) {
            Object.assign(this.values, {
                product_id: answer.product_id,
                uom_id: answer.uom_id,
                uom: "",
            });
            if (!this.values.text) {
                this.values.text = answer.code || answer.name;
                this.textEl.value = this.values.text;
            }
        }
        this.find("name").textContent = answer.name;
        const last = answer.last;
        this.find("last").textContent = last
            ? _t("Last time: %(qty)s %(uom)s at %(price)s, %(date)s", {
                  qty: last.qty,
                  uom: last.uom,
                  price: last.price_words,
                  date: last.date_words,
              })
            : "";
        this.find("price").textContent = answer.price_words;
        this.find("amount").textContent = answer.qty ? answer.amount_words : "";
        this.find("when").textContent = answer.availability.words;
        this.find("when").dataset.code = answer.availability.code;
        this.showUnits(answer);
        this.showFaults(answer.faults);
        this.answered = JSON.stringify(this.kept);
        this.amount = answer.amount;
        this.productId = answer.product_id;
    }

    showUnits(answer) {
        this.uomEl.replaceChildren(
            ...answer.uoms.map((uom) => new window.Option(uom.name, uom.id))
        );
        this.uomEl.value = answer.uom_id || "";
        this.uomEl.disabled = answer.uoms.length < 2;
    }

    showFaults(faults) {
        this.faults = faults;
        const faultEl = this.find("fault");
        faultEl.replaceChildren();
        if (faults.length) {
            faultEl.append(
                renderToElement("oms_order_cycle_intake.OrderPadFaults", {faults})
            );
        }
        this.markProduct();
        this.mark(this.qtyEl, !faults.every(isOfProduct), faultEl);
    }

    /** While products are suggested, what is typed so far is not wrong yet. */
    markProduct() {
        const isFaulty = this.faults.some(isOfProduct) && !this.combobox.isOpen;
        this.mark(this.textEl, isFaulty, this.find("fault"));
    }

    mark(inputEl, isFaulty, faultEl) {
        inputEl.classList.toggle("is-invalid", isFaulty);
        inputEl.setAttribute("aria-invalid", String(isFaulty));
        if (isFaulty) {
            inputEl.setAttribute("aria-describedby", faultEl.id);
        } else {
            inputEl.removeAttribute("aria-describedby");
        }
    }

    focusFault() {
        const faulty = this.el.querySelector("[aria-invalid=true]");
        (faulty || this.textEl).focus();
    }
}
