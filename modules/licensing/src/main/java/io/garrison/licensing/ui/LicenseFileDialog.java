package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.upload.Upload;
import com.vaadin.flow.server.streams.UploadHandler;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Takes the text of a licence file, dropped or pasted. */
final class LicenseFileDialog {

    private static final int MAX_FILE_BYTES = 64 * 1024;

    private LicenseFileDialog() {}

    /** @param load told the text; what it refuses is shown, and the dialog stays */
    static void open(String title, Consumer<String> load) {
        var text = new TextArea("Licence file");
        text.setHelperText("Drop the file above, or paste its text. It is checked before anything is changed.");
        text.setMinRows(6);
        text.addClassNames("wide", "mono");
        var upload = new Upload(UploadHandler.inMemory((about, bytes) -> {
            if (bytes.length <= MAX_FILE_BYTES) {
                text.setValue(new String(bytes, StandardCharsets.UTF_8).strip());
            }
        }));
        upload.setMaxFileSize(MAX_FILE_BYTES);
        upload.setMaxFiles(1);
        upload.addClassName("wide");
        var form = new Div(upload, text);
        form.addClassName("form");
        var problems = new FormProblems();
        var dialog = new EditDialog(title, title, form, () -> {
            if (text.isEmpty()) {
                text.setErrorMessage("Drop a file or paste its text.");
                text.setInvalid(true);
                return false;
            }
            return problems.attempt(() -> load.accept(text.getValue().strip()));
        });
        text.addValueChangeListener(change -> dialog.changed());
        dialog.open();
    }
}
