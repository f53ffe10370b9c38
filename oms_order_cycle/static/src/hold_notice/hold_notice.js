import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * What was released by lifting holds, with a way to the order and a way back.
 */
async function tellDecision(env, action) {
    const {message, order_ids, hold_ids, next} = action.params;
    const {action: actions, notification, orm} = env.services;
    const notice = {};
    const buttons = [
        {
            name: _t("View"),
            onClick: () =>
                actions.doAction({
                    type: "ir.actions.act_window",
                    name: _t("Orders"),
                    res_model: "sale.order",
                    ...(order_ids.length === 1
                        ? {res_id: order_ids[0], views: [[false, "form"]]}
                        : {
                              domain: [["id", "in", order_ids]],
                              views: [
                                  [false, "list"],
                                  [false, "form"],
                              ],
                          }),
                }),
        },
    ];
    if (hold_ids.length) {
        buttons.push({
            name: _t("Take Back"),
            onClick: async () => {
                notice.close();
                await orm.call("oms.hold", "action_take_back", [hold_ids]);
                notification.add(_t("On hold again, as before."), {type: "info"});
                await actions.doAction("soft_reload");
            },
        });
    }
    notice.close = notification.add(message, {
        type: "success",
        autocloseDelay: 10000,
        buttons,
    });
    return next;
}

registry.category("actions").add("oms_hold_decided", tellDecision);
