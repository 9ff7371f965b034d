package io.garrison.shell;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Span;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.util.List;

/** States of tenants in words. */
final class TenantStates {

    private TenantStates() {}

    static StateBadge badge(TenantState state) {
        return new StateBadge(signal(state), StateBadge.words(state));
    }

    static Signal signal(TenantState state) {
        return switch (state) {
            case ACTIVE -> Signal.GOOD;
            case SUSPENDED -> Signal.SPECIAL;
            case DELETING -> Signal.BAD;
        };
    }

    static Component summary(List<TenantSummary> tenants) {
        var suspended = tenants.stream()
                .filter(tenant -> tenant.state() == TenantState.SUSPENDED)
                .count();
        return suspended == 0
                ? new Span(tenants.isEmpty() ? "None yet" : "All active")
                : new StateBadge(Signal.SPECIAL, Units.count(suspended) + " suspended");
    }
}
