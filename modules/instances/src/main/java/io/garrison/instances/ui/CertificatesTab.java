package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.instances.CertificateManagement;
import io.garrison.instances.CertificateManagement.CertificateSummary;
import io.garrison.instances.StackId;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import org.jspecify.annotations.Nullable;

/** The TLS certificates of a stack. Keys go in and never out. */
final class CertificatesTab extends Div {
    private static final long serialVersionUID = 1L;

    private final transient CertificateManagement certificates;
    private final transient TenantScope scope;
    private final transient StackId stack;

    CertificatesTab(CertificateManagement certificates, TenantScope scope, StackId stack) {
        this.certificates = certificates;
        this.scope = scope;
        this.stack = stack;
        addClassName("list");
        load();
    }

    private void load() {
        removeAll();
        var all = scope.call(() -> certificates.list(stack));
        var add = new Button("Add certificate", VaadinIcon.PLUS.create(), click -> edit(null));
        add.setVisible(scope.may(Permission.POLICY_EDIT));
        if (all.isEmpty()) {
            add(new EmptyState(
                    VaadinIcon.SAFE_LOCK,
                    "No certificate",
                    "With a certificate a virtual service speaks TLS. Private keys are kept sealed and cannot be read back.",
                    add));
            return;
        }
        var bar = new Div(add);
        bar.addClassName("filters");
        var grid = new Grid<CertificateSummary>();
        grid.addColumn(CertificateSummary::name)
                .setHeader("Name")
                .setAutoWidth(true)
                .setSortable(true);
        grid.addColumn(one -> String.join(", ", one.hosts()))
                .setHeader("Holds for")
                .setFlexGrow(2);
        grid.addColumn(CertificateSummary::issuer).setHeader("Issuer").setFlexGrow(1);
        grid.addColumn(CertificateSummary::keyType).setHeader("Key").setAutoWidth(true);
        grid.addColumn(Ago.<CertificateSummary>column(CertificateSummary::notAfter, false))
                .setHeader("Ends")
                .setComparator(CertificateSummary::notAfter)
                .setSortable(true)
                .setAutoWidth(true);
        if (scope.may(Permission.POLICY_EDIT)) {
            grid.addComponentColumn(this::actions).setAutoWidth(true).setFlexGrow(0);
        }
        grid.setItems(all);
        add(bar, grid);
    }

    private Div actions(CertificateSummary one) {
        var replace = new Button("Replace", click -> edit(one));
        replace.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
        var delete = new Button(
                "Delete",
                click -> new DangerDialog(
                                "Delete certificate", one.name(), "The private key cannot be brought back.", () -> {
                                    scope.run(() -> certificates.delete(stack, one.name(), one.version()));
                                    Notices.done("Certificate " + one.name() + " is deleted");
                                    load();
                                })
                        .open());
        delete.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL, ButtonVariant.ERROR);
        var both = new Div(replace, delete);
        both.addClassName("row");
        return both;
    }

    private void edit(@Nullable CertificateSummary replaced) {
        var name = new TextField("Name");
        name.setHelperText("1–63 letters, digits, . _ -");
        name.setVisible(replaced == null);
        var pem = new TextArea("Certificates and private key (PEM)");
        pem.setHelperText("The chain, leaf first, and the key (PKCS#8, PKCS#1 or SEC 1, without a password)");
        pem.setMinRows(9);
        pem.addClassNames("wide", "mono");
        var form = new Div(name, pem);
        form.addClassName("form");
        var problems = new FormProblems().field("name", name).field("pem", pem);
        var dialog = new EditDialog(
                replaced == null ? "Add certificate" : "Replace certificate " + replaced.name(),
                replaced == null ? "Add certificate" : "Replace",
                form,
                () -> problems.attempt(() -> {
                    scope.call(() -> replaced == null
                            ? certificates.add(stack, name.getValue().strip(), pem.getValue())
                            : certificates.replace(stack, replaced.name(), replaced.version(), pem.getValue()));
                    load();
                }));
        name.addValueChangeListener(change -> dialog.changed());
        pem.addValueChangeListener(change -> dialog.changed());
        dialog.open();
    }
}
