const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** What an order is called before there is one: the server makes each once. */
export function makeKey() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(10));
    const random = Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
    const day = luxon.DateTime.now().toFormat("yyMMdd");
    return `PAD-${day}-${random}`;
}

/** An order that is not submitted yet, kept in the browser of who fills it in. */
export class Draft {
    constructor(userId) {
        this.name = `oms_order_pad_${userId}`;
    }

    load() {
        try {
            const draft = JSON.parse(localStorage.getItem(this.name));
            if (draft && Array.isArray(draft.rows) && draft.key) {
                return draft;
            }
        } catch {
            // what cannot be read is no draft
        }
        return {key: makeKey(), rows: [], wishes: {}};
    }

    save(draft) {
        try {
            localStorage.setItem(this.name, JSON.stringify(draft));
        } catch {
            // without room in the browser it is not kept
        }
    }

    clear() {
        localStorage.removeItem(this.name);
    }
}
