package io.garrison.licensing.ui;

import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.LicenseHoldings;
import io.garrison.licensing.PlanManagement;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.TenantScopes;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** What the provider's screens about licences are made with. */
@Component
record ProviderTools(
        LicenseAdministration licenses,
        LicenseHoldings holdings,
        PlanManagement plans,
        Workspace workspace,
        TenantScopes scopes,
        Clock clock) {}
