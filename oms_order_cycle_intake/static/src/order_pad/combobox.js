/**
 * A text field with suggestions, after the combobox pattern of ARIA 1.2: the focus stays
 * in the field, arrows walk through the list, Enter takes, Escape closes.
 */
export class Combobox {
    /**
     * @param {HTMLInputElement} inputEl with role=combobox
     * @param {HTMLElement} listEl with role=listbox, hidden
     * @param {Object} hooks
     * @param {Function} hooks.search text to a promise of options
     * @param {Function} hooks.render option to the element of role=option
     * @param {Function} hooks.take called with the option that was chosen
     * @param {Function} hooks.toggled called when the list was opened or closed
     */
    constructor(inputEl, listEl, hooks) {
        Object.assign(this, {inputEl, listEl, hooks});
        this.options = [];
        this.searched = "";
        this.active = -1;
        this.asked = 0;
        // the mouse takes what it presses, before the field loses the focus
        listEl.addEventListener("mousedown", (ev) => {
            ev.preventDefault();
            const optionEl = ev.target.closest("[role=option]");
            if (optionEl) {
                this.take([...this.listEl.children].indexOf(optionEl));
            }
        });
    }

    get isOpen() {
        return !this.listEl.hidden;
    }

    /** Ask for suggestions; an answer that comes too late is dropped. */
    async search() {
        const text = this.inputEl.value.trim();
        const asked = ++this.asked;
        const options = text ? await this.hooks.search(text) : [];
        if (asked !== this.asked || document.activeElement !== this.inputEl) {
            return;
        }
        this.options = options;
        this.searched = text;
        this.listEl.replaceChildren(
            ...options.map((option, index) => {
                const optionEl = this.hooks.render(option);
                optionEl.id = `${this.listEl.id}_${index}`;
                return optionEl;
            })
        );
        this.activate(-1);
        this.toggle(Boolean(options.length));
    }

    close() {
        this.asked++;
        this.toggle(false);
        this.activate(-1);
    }

    toggle(isOpen) {
        this.listEl.hidden = !isOpen;
        this.inputEl.setAttribute("aria-expanded", String(isOpen));
        this.hooks.toggled();
    }

    activate(index) {
        this.active = index;
        [...this.listEl.children].forEach((optionEl, number) => {
            optionEl.setAttribute("aria-selected", String(number === index));
            optionEl.classList.toggle("active", number === index);
        });
        const activeEl = this.listEl.children[index];
        if (activeEl) {
            this.inputEl.setAttribute("aria-activedescendant", activeEl.id);
            activeEl.scrollIntoView({block: "nearest"});
        } else {
            this.inputEl.removeAttribute("aria-activedescendant");
        }
    }

    /** What Enter takes: the one that is marked, or the only one there is. */
    get chosen() {
        const isOnly =
            this.options.length === 1 && this.searched === this.inputEl.value.trim();
        return this.active < 0 && isOnly ? 0 : this.active;
    }

    take(index) {
        const option = this.options[index];
        this.close();
        if (option) {
            this.hooks.take(option);
        }
    }

    /**
     * @param {KeyboardEvent} ev
     * @returns {Boolean} whether the key was for the list
     */
    onKeydown(ev) {
        const count = this.options.length;
        if (ev.key === "Escape" && this.isOpen) {
            this.close();
        } else if (ev.key === "Enter" && this.isOpen && this.chosen >= 0) {
            this.take(this.chosen);
        } else if (ev.key === "ArrowDown" && this.isOpen) {
            this.activate(this.active + 1 < count ? this.active + 1 : 0);
        } else if (ev.key === "ArrowUp" && this.isOpen) {
            this.activate(this.active > 0 ? this.active - 1 : count - 1);
        } else {
            return false;
        }
        ev.preventDefault();
        ev.stopPropagation();
        return true;
    }
}
