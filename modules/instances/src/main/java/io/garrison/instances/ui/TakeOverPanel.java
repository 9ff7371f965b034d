package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.upload.Upload;
import com.vaadin.flow.server.streams.UploadHandler;
import io.garrison.instances.ConfigurationMoves;
import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.MovePreview;
import io.garrison.instances.StackSummary;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.CopyField;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Units;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows the key to seal for, takes the file, tells what it brings, and takes it over. */
final class TakeOverPanel extends Div {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 500;

    private final transient ConfigurationMoves moves;
    private final transient EnrollmentTokens tokens;
    private final transient TenantScope scope;

    final Select<SubLicenseSummary> license = new Select<>();
    private final Div preview = new Div();
    private transient byte @Nullable [] file;

    TakeOverPanel(
            ConfigurationMoves moves, SubLicenseAdministration licenses, EnrollmentTokens tokens, TenantScope scope) {
        this.moves = moves;
        this.tokens = tokens;
        this.scope = scope;
        addClassNames("stacked", "narrow");
        preview.addClassName("stacked");
        preview.getElement().setAttribute("aria-live", "polite");
        add(key(), new Section("2. Load the file that was sealed for it", form(licenses), preview));
    }

    private Section key() {
        var key = scope.call(moves::receiverKey);
        return new Section(
                "1. Give this key to the installation that it leaves",
                new CopyField("Receiver key", key),
                MoveWords.fingerprint(
                        scope.call(() -> moves.fingerprint(key)),
                        "Whoever seals the file sees it too, and compares. The key is no secret; what is sealed for it can"
                                + " be opened here only."));
    }

    private Div form(SubLicenseAdministration licenses) {
        var inForce = scope.call(() -> licenses.list(null, SHOWN)).stream()
                .filter(one -> one.state().isInForce())
                .toList();
        license.setLabel("Sub-licence");
        license.setItems(inForce);
        license.setItemLabelGenerator(StacksView::label);
        license.setHelperText(
                inForce.isEmpty()
                        ? "There is no sub-licence in force. Ask the provider for one."
                        : "Under which the stacks will be");
        license.setEnabled(!inForce.isEmpty());
        if (!inForce.isEmpty()) {
            license.setValue(inForce.getFirst());
        }
        license.addValueChangeListener(change -> look());
        var upload = new Upload(UploadHandler.inMemory((about, bytes) -> take(bytes)));
        upload.setMaxFileSize(ConfigurationMoves.MAX_FILE_BYTES);
        upload.setMaxFiles(1);
        upload.addClassName("wide");
        upload.addFileRejectedListener(rejected -> {
            preview.removeAll();
            preview.add(MoveWords.bad("That is no such file: it is larger than one can be."));
        });
        upload.addFileRemovedListener(removed -> {
            file = null;
            preview.removeAll();
        });
        var form = new Div(license, upload);
        form.addClassName("form");
        return form;
    }

    void take(byte[] bytes) {
        file = bytes;
        look();
    }

    private void look() {
        preview.removeAll();
        byte[] content = file;
        if (content == null) {
            return;
        }
        if (license.isEmpty()) {
            preview.add(MoveWords.bad("Choose the sub-licence under which the stacks will be."));
            return;
        }
        try {
            show(scope.call(() -> moves.preview(license.getValue().id(), content)));
        } catch (Refusal refusal) {
            preview.add(MoveWords.refused(refusal));
        }
    }

    private void show(MovePreview found) {
        var words = Units.count(found.stacks().size(), "stack", "stacks");
        if (found.stacks().isEmpty()) {
            preview.add(MoveWords.bad("There is no stack in the file."));
            return;
        }
        preview.add(new ComingStacks(found));
        var take = new Button("Take over " + words, click -> takeOver());
        take.addThemeVariants(ButtonVariant.PRIMARY);
        take.setEnabled(found.fits());
        var row = new Div(take);
        row.addClassName("row");
        if (!found.fits()) {
            row.add(new Span("Nothing is taken while something stands against it."));
        }
        preview.add(row);
    }

    private void takeOver() {
        byte[] content = file;
        if (content == null) {
            return;
        }
        try {
            var taken = scope.call(() -> moves.take(license.getValue().id(), content));
            Notices.done(Units.count(taken.size(), "stack is", "stacks are") + " taken over");
            removeAll();
            add(result(taken));
        } catch (Refusal refusal) {
            look();
            preview.add(MoveWords.refused(refusal));
        }
    }

    private Section result(List<StackSummary> taken) {
        var all = new Div();
        all.addClassName("stacked");
        for (var stack : taken) {
            var token = new Button(
                    "Make token for its machines", click -> new EnrolmentTab(tokens, scope, stack.id()).askForMoved());
            var row = new Div(
                    new Anchor(scope.path("stacks/" + stack.id()), stack.name()),
                    new Span(
                            stack.latestRevision() == 0
                                    ? "nothing published"
                                    : "serves revision " + stack.latestRevision() + " here"),
                    token);
            row.addClassName("row");
            all.add(row);
        }
        return new Section("Taken over", all)
                .note(
                        "Each machine joins by a token: stop its agent, run the command, start the agent. HAProxy serves all"
                                + " the while, at the addresses that the machine has itself; shared ones go until high availability"
                                + " is set here. Where it was, decommission the instances then and revoke the sub-licence.");
    }
}
