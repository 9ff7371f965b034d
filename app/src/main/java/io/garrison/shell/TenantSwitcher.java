package io.garrison.shell;

import com.vaadin.flow.component.combobox.ComboBox;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.TenantScope;
import org.jspecify.annotations.Nullable;

/** For members of several tenants: which one they are in, and the way to the others. */
final class TenantSwitcher extends ComboBox<TenantSummary> {
    private static final long serialVersionUID = 1L;

    private final transient Workspace workspace;
    private transient @Nullable TenantSummary now;

    TenantSwitcher(Workspace workspace) {
        this.workspace = workspace;
        addClassName("tenant-switcher");
        setAriaLabel("Tenant");
        setItemLabelGenerator(TenantSummary::name);
        setVisible(false);
        addValueChangeListener(change -> {
            if (change.isFromClient()) {
                go(change.getValue());
            }
        });
    }

    /**
     * Shows itself where there is something to choose.
     *
     * @return whether it does
     */
    boolean show(@Nullable TenantScope scope) {
        setVisible(false);
        if (scope == null || workspace.isProvider()) {
            return false;
        }
        var tenants = workspace.available();
        now = tenants.stream()
                .filter(tenant -> tenant.slug().equals(scope.slug()))
                .findFirst()
                .orElse(null);
        setItems(tenants);
        setValue(now);
        setVisible(tenants.size() > 1);
        return isVisible();
    }

    /** The page may ask before it is left; until it is, the choice stays. */
    private void go(@Nullable TenantSummary wanted) {
        setValue(now);
        if (wanted != null && !wanted.equals(now)) {
            getUI().ifPresent(ui -> ui.navigate("t/" + wanted.slug()));
        }
    }
}
