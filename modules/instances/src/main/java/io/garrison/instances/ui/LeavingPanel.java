package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.upload.Upload;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.server.streams.DownloadHandler;
import com.vaadin.flow.server.streams.DownloadResponse;
import com.vaadin.flow.server.streams.UploadHandler;
import io.garrison.instances.ConfigurationMoves;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.InstanceSummary;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.CopyField;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Units;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Seals the configuration for another installation, and says what is to be done with it. Changes nothing here. */
final class LeavingPanel extends Div {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_KEY = 4_096;
    private static final int SHOWN = 500;

    private final transient ConfigurationMoves moves;
    private final transient InstanceManagement instances;
    private final transient TenantScope scope;

    final TextArea key = new TextArea("Receiver key");
    final IntegerField revisions = new IntegerField("Newest revisions of each stack");
    private static final String CARRY = "2. Take the file there";

    private final Div told = new Div();
    private final Div sealed = new Div();

    LeavingPanel(ConfigurationMoves moves, InstanceManagement instances, TenantScope scope) {
        this.moves = moves;
        this.instances = instances;
        this.scope = scope;
        addClassNames("stacked", "narrow");
        sealed.addClassName("stacked");
        told.getElement().setAttribute("aria-live", "polite");
        nothingSealed();
        add(new Section("1. Seal it for the installation that takes it", form(), told, button()), sealed, after());
    }

    private void nothingSealed() {
        sealed.removeAll();
        sealed.add(new Section(CARRY, MoveWords.quiet("Once it is sealed, the file is offered here.")));
    }

    private Div form() {
        key.addClassNames("wide", "mono");
        key.setMaxLength(LONGEST_KEY);
        key.setMinRows(2);
        key.setHelperText(
                "Shown there in this tenant's Stacks, under Take over a configuration. Paste it, or drop a file with"
                        + " it.");
        key.setValueChangeMode(ValueChangeMode.LAZY);
        key.addValueChangeListener(change -> compare());
        revisions.setHelperText("From 1. Leave it empty to take all along; a history too long for a file is refused");
        revisions.setMin(1);
        var upload = new Upload(UploadHandler.inMemory(
                (about, bytes) -> key.setValue(new String(bytes, StandardCharsets.US_ASCII).strip())));
        upload.setMaxFileSize(LONGEST_KEY);
        upload.setMaxFiles(1);
        upload.addClassName("wide");
        var form = new Div(key, upload, revisions);
        form.addClassName("form");
        return form;
    }

    private void compare() {
        told.removeAll();
        nothingSealed();
        key.setInvalid(false);
        if (key.isEmpty()) {
            return;
        }
        try {
            var fingerprint = scope.call(() -> moves.fingerprint(typed()));
            told.add(MoveWords.fingerprint(
                    fingerprint, "It must be the same as there. Only that installation can open the file."));
        } catch (Refusal refusal) {
            key.setErrorMessage(refusal.getMessage());
            key.setInvalid(true);
        }
    }

    /** Keys are carried in letters and mails, which break lines. */
    private String typed() {
        return key.getValue().replaceAll("\\s", "");
    }

    private Div button() {
        var seal = new Button("Seal the configuration", click -> seal());
        seal.addThemeVariants(ButtonVariant.PRIMARY);
        var row = new Div(seal);
        row.addClassName("row");
        return row;
    }

    private void seal() {
        nothingSealed();
        key.setInvalid(false);
        revisions.setInvalid(false);
        if (key.isEmpty()) {
            key.setErrorMessage("Paste the key of the installation that takes it.");
            key.setInvalid(true);
            return;
        }
        try {
            byte[] file = scope.call(() -> moves.export(typed(), revisions.getValue()));
            sealed.removeAll();
            sealed.add(new Section(
                    CARRY,
                    download(file),
                    MoveWords.quiet("It can be taken over in the console there, or by the API with a key of a tenant"
                            + " administrator:"),
                    new CopyField("Command", importCommand())));
        } catch (Refusal refusal) {
            refuse(refusal);
        }
    }

    private void refuse(Refusal refusal) {
        switch (refusal.code()) {
            case "move.key-invalid" -> {
                key.setErrorMessage(refusal.getMessage());
                key.setInvalid(true);
            }
            case "move.revisions", "move.too-large" -> {
                revisions.setErrorMessage(refusal.errors().isEmpty() ? refusal.getMessage() : "Must be 1 or more");
                revisions.setInvalid(true);
            }
            default -> sealed.add(MoveWords.refused(refusal));
        }
    }

    private Anchor download(byte[] file) {
        var link = new Anchor(
                DownloadHandler.fromInputStream(download -> new DownloadResponse(
                        new ByteArrayInputStream(file), fileName(), "application/octet-stream", file.length)),
                "Download " + fileName() + " (" + Units.bytes(file.length) + ")");
        link.addClassName("download");
        return link;
    }

    private String fileName() {
        return scope.slug() + ".garrison";
    }

    private String importCommand() {
        return "curl -sS --fail-with-body -X POST -H \"Authorization: Bearer $API_KEY\""
                + " -H 'Content-Type: application/octet-stream' --data-binary @" + fileName()
                + " \"$THERE/api/v1/tenants/" + scope.tenant() + "/configuration/import?subLicenseId=$SUB_LICENCE\"";
    }

    private Section after() {
        var machines = scope.call(() -> instances.list(null, null, SHOWN));
        var commands = new CopyField(
                "On each machine",
                "./garrison edge join --url … --token … --ca-sha256 … --state DIR --force\n"
                        + "./garrison edge run --state DIR");
        var end = new Div(
                new Span("Here, decommission "),
                new Anchor(scope.path("instances"), "the instances"),
                new Span(" that are gone, which frees their seats; revoke "),
                new Anchor(scope.path("licences"), "the sub-licence"),
                new Span(" that they had; then delete "),
                new Anchor(scope.path("stacks"), "the stacks"),
                new Span("."));
        return new Section(
                        "3. Then",
                        new Div("There, make an enrolment token for the machines of each stack. On each machine stop"
                                + " the agent, run the token's command with --force added, and start the agent"
                                + " again:"),
                        commands,
                        machines(machines),
                        end)
                .note("HAProxy serves all the while, at the addresses that the machine has itself. High availability"
                        + " does not move: with the first plan from there the agent gives up shared addresses,"
                        + " until it is set there too. What was counted here stays in the usage of this"
                        + " installation.");
    }

    private static Div machines(List<InstanceSummary> machines) {
        var all = new Div();
        all.addClassName("stacked");
        if (machines.isEmpty()) {
            all.add(MoveWords.quiet("No machine is enrolled here."));
            return all;
        }
        all.add(MoveWords.quiet(Units.count(machines.size(), "machine is", "machines are") + " enrolled here:"));
        var list = new Div();
        list.addClassName("row");
        machines.forEach(machine -> list.add(named(machine)));
        all.add(list);
        return all;
    }

    private static Div named(InstanceSummary machine) {
        var one = new Div(new Span(machine.name()), InstanceStates.badge(machine.lifecycleState()));
        one.addClassName("row");
        return one;
    }
}
