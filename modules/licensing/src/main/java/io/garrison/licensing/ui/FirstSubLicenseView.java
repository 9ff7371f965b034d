package io.garrison.licensing.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.licensing.SubLicenseLoading;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Door;
import io.garrison.tenancy.ui.TenantScopes;
import jakarta.annotation.security.PermitAll;

/** Where an installation that runs by one sub-licence begins, as long as none is loaded. */
@Route(value = "licence", autoLayout = false)
@PageTitle("Licence – Garrison")
@PermitAll
class FirstSubLicenseView extends Composite<Door> {
    private static final long serialVersionUID = 1L;

    private final transient SubLicenseLoading loading;
    private final transient TenantScopes scopes;

    FirstSubLicenseView(SubLicenseLoading loading, TenantScopes scopes) {
        this.loading = loading;
        this.scopes = scopes;
    }

    @Override
    protected Door initContent() {
        var door = new Door(
                "No sub-licence is loaded",
                "This installation runs by one sub-licence, which also says who its tenant is. Load the file that your"
                        + " provider has issued.");
        if (!scopes.mayInProvider(Permission.LICENSE_MANAGE)) {
            return door;
        }
        var load = new Button("Load sub-licence", click -> load());
        load.addThemeVariants(ButtonVariant.PRIMARY);
        return door.with(load);
    }

    private void load() {
        LicenseFileDialog.open("Load sub-licence", text -> {
            var loaded = loading.load(text);
            getUI().ifPresent(ui -> ui.navigate("t/" + loaded.tenant().slug()));
        });
    }
}
