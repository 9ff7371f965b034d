package io.garrison.licensing.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.menubar.MenuBar;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.ui.TenantScope;
import java.util.ArrayList;
import java.util.List;

/** The provider's operations on a sub-licence, as buttons. */
final class SubLicenseActions {

    private final SubLicenseTools tools;
    private final ProviderTools provider;
    private final TenantScope scope;
    private final SubLicenseSummary one;
    private final Runnable changed;

    SubLicenseActions(
            SubLicenseTools tools, ProviderTools provider, TenantScope scope, SubLicenseSummary one, Runnable changed) {
        this.tools = tools;
        this.provider = provider;
        this.scope = scope;
        this.one = one;
        this.changed = changed;
    }

    /** Two that are wanted most, and the others in a menu. */
    Component[] buttons() {
        List<Component> shown = new ArrayList<>();
        var menu = new MenuBar();
        var more = menu.addItem(VaadinIcon.ELLIPSIS_DOTS_H.create());
        more.getElement().setAttribute("aria-label", "More operations");
        for (var operation : Operation.values()) {
            if (!operation.isOffered(one)) {
                continue;
            } else if (operation == Operation.RESIZE || operation == Operation.RENEW) {
                var button = new Button(operation.verb(), click -> start(operation));
                if (operation == Operation.RESIZE) {
                    button.addThemeVariants(ButtonVariant.PRIMARY);
                }
                shown.add(button);
            } else {
                var why = operation.why(one);
                var item = more.getSubMenu()
                        .addItem(
                                why == null ? operation.verb() : operation.verb() + " – " + why,
                                click -> start(operation));
                item.setEnabled(why == null);
            }
        }
        shown.add(menu);
        return shown.toArray(Component[]::new);
    }

    void start(Operation operation) {
        switch (operation) {
            case RESIZE -> new ResizeDialog(tools, scope, one, source(), changed).open();
            case RENEW -> new RenewDialog(tools, scope, one, provider.licenses().get(one.licenseId()), changed).open();
            case TRANSFER -> new TransferDialog(tools, provider, scope, one, changed).open();
            case SUSPEND -> new StateDialogs(tools, scope, one, changed).suspend();
            case RESUME -> new StateDialogs(tools, scope, one, changed).resume();
            case REVOKE -> new StateDialogs(tools, scope, one, changed).revoke();
        }
    }

    /** The pool that it is cut from, which may be a reseller's: what would be left of it if nothing was different. */
    private LicensePool source() {
        return scope.call(() -> tools.operations().preview(one.id(), Terms.of(one.entitlements())))
                .pool();
    }
}
