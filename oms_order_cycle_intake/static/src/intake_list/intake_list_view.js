import {FileUploadListRenderer} from "@account/views/file_upload_list/file_upload_list_renderer";
import {fileUploadListView} from "@account/views/file_upload_list/file_upload_list_view";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

export class IntakeListRenderer extends FileUploadListRenderer {
    setup() {
        super.setup();
        this.dropZoneTitle = _t("Drop orders here");
        this.dropZoneDescription = _t(
            "Files in UBL, X12 or EDIFACT. Each order in them comes in once."
        );
    }
}

registry.category("views").add("oms_intake_list", {
    ...fileUploadListView,
    Renderer: IntakeListRenderer,
});
