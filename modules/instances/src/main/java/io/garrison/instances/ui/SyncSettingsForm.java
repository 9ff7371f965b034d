package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.instances.ConfigurationSync;
import io.garrison.instances.ConfigurationSync.Scope;
import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.ConfigurationSync.Wish;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.CopyField;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import java.util.EnumSet;

/** With whom the configuration is kept the same, and how. */
final class SyncSettingsForm extends Div {
    private static final long serialVersionUID = 1L;

    private final transient ConfigurationSync sync;
    private final transient TenantScope scope;
    private final transient Runnable changed;

    final Checkbox enabled = new Checkbox("Keep the configuration the same as the peer's");
    final Checkbox acceptRemote = new Checkbox("Publish here what the peer has published");
    final TextField peerHost = new TextField("Peer");
    final IntegerField peerPort = new IntegerField("Peer's port");
    final IntegerField listenPort = new IntegerField("Port of this machine");
    final PasswordField authKey = new PasswordField("Key");
    final IntegerField timeout = new IntegerField("Time-out (s)");
    final Checkbox certificates = new Checkbox("Certificates too, with their private keys");
    private final transient FormProblems problems = new FormProblems()
            .field("peerHost", peerHost)
            .field("peerPort", peerPort)
            .field("listenPort", listenPort)
            .field("authKey", authKey)
            .field("timeoutSeconds", timeout);
    private long version;

    SyncSettingsForm(ConfigurationSync sync, TenantScope scope, Runnable changed) {
        this.sync = sync;
        this.scope = scope;
        this.changed = changed;
        addClassName("stacked");
        explain();
        var fields = new Div(enabled, acceptRemote, peerHost, peerPort, listenPort, authKey, timeout, certificates);
        fields.addClassName("form");
        add(fields);
        if (scope.may(Permission.STACK_MANAGE)) {
            var save = new Button("Save settings", click -> save());
            save.addThemeVariants(ButtonVariant.PRIMARY);
            var buttons = new Div(
                    save,
                    new Button("Test connection", click -> test()),
                    new Button("Generate key", click -> generate()));
            buttons.addClassName("filters");
            add(buttons);
        } else {
            fields.setEnabled(false);
        }
        show(scope.call(sync::settings));
    }

    private void explain() {
        enabled.setHelperText("At once after each publication, and every 15 s so that a peer that was away catches up");
        acceptRemote.setHelperText("Without it this machine only hands over what it publishes itself");
        peerHost.setHelperText("Name or address of the other machine");
        peerPort.setHelperText("1–65535; default 9000");
        listenPort.setHelperText("Where the peer dials; open only while it is switched on. 1–65535; default 9000");
        timeout.setHelperText("1–60; default 10. For each step of a conversation");
        certificates.setHelperText("Those that a published policy names; otherwise each machine needs its own");
        authKey.setRevealButtonVisible(true);
    }

    private void show(Settings settings) {
        version = settings.version();
        enabled.setValue(settings.enabled());
        acceptRemote.setValue(settings.acceptRemote());
        peerHost.setValue(settings.peerHost());
        peerPort.setValue(settings.peerPort());
        listenPort.setValue(settings.listenPort());
        timeout.setValue(settings.timeoutSeconds());
        certificates.setValue(settings.scope().contains(Scope.CERTIFICATES));
        authKey.clear();
        authKey.setHelperText(
                settings.authKeySet()
                        ? "One is set. Leave this empty to keep it; 32–512 characters, the same at both"
                        : "None is set. Generate one, or type that of the peer: 32–512 characters, the same at both");
    }

    private void save() {
        var scopes = EnumSet.of(Scope.POLICY);
        if (certificates.getValue()) {
            scopes.add(Scope.CERTIFICATES);
        }
        var wish = new Wish(
                enabled.getValue(),
                acceptRemote.getValue(),
                peerHost.getValue().strip(),
                number(peerPort),
                number(listenPort),
                authKey.isEmpty() ? null : authKey.getValue().strip(),
                number(timeout),
                scopes);
        if (problems.attempt(() -> show(scope.call(() -> sync.change(version, wish))))) {
            Notices.done("The settings are saved");
            changed.run();
        }
    }

    private static int number(IntegerField field) {
        return field.getValue() == null ? 0 : field.getValue();
    }

    private void test() {
        try {
            var trial = scope.call(sync::test);
            var problem = trial.problem();
            if (problem == null) {
                Notices.done("The peer answers, after %d ms".formatted(trial.milliseconds()));
            } else {
                Notices.failed(problem.message());
            }
        } catch (Refusal refusal) {
            Notices.refused(refusal);
        }
    }

    private void generate() {
        var dialog = new Dialog();
        dialog.setHeaderTitle("Generate key");
        dialog.setWidth("min(560px, 96vw)");
        dialog.add(new Paragraph(
                "The key that is set now holds no longer. Until the new one is set at the peer too, nothing moves."));
        var generate = new Button("Generate key", click -> {
            dialog.close();
            try {
                tell(scope.call(sync::newKey));
                version = scope.call(sync::settings).version();
                changed.run();
            } catch (Refusal refusal) {
                Notices.refused(refusal);
            }
        });
        generate.addThemeVariants(ButtonVariant.PRIMARY);
        dialog.getFooter().add(new Button("Cancel", click -> dialog.close()), generate);
        dialog.open();
    }

    private static void tell(String key) {
        var dialog = new Dialog();
        dialog.setHeaderTitle("Key");
        dialog.setWidth("min(720px, 96vw)");
        dialog.setCloseOnOutsideClick(false);
        var content = new Div(
                new Paragraph(
                        "It is in force here. Set it at the peer. It is shown only now; if it gets lost, generate another."),
                new CopyField("Key", key));
        content.addClassName("stacked");
        dialog.add(content);
        dialog.getFooter().add(new Button("I have it", click -> dialog.close()));
        dialog.open();
    }
}
