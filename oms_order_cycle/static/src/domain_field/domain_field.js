import {Domain} from "@web/core/domain";
import {DomainField, domainField} from "@web/views/fields/domain/domain_field";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * Conditions for records that another field limits: with the option `base_domain`, the
 * name of a field with a domain, the number and the list of matching records are of
 * those in that domain.
 */
export class OmsDomainField extends DomainField {
    static props = {
        ...DomainField.props,
        baseDomain: {type: String, optional: true},
    };

    getEvaluatedDomain(props = this.props) {
        const domain = super.getEvaluatedDomain(props);
        const base = props.record.data[props.baseDomain];
        if (domain.isInvalid || !base) {
            return domain;
        }
        return Domain.and([base, domain]).toList();
    }
}

export const omsDomainField = {
    ...domainField,
    component: OmsDomainField,
    displayName: _t("Domain within another"),
    supportedOptions: [
        ...domainField.supportedOptions,
        {
            label: _t("Field with the domain of all records"),
            name: "base_domain",
            type: "string",
        },
    ],
    extractProps({options}) {
        return {
            ...domainField.extractProps(...arguments),
            baseDomain: options.base_domain,
        };
    },
};

registry.category("fields").add("oms_domain", omsDomainField);
