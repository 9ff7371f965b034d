package io.garrison.shell;

import io.garrison.licensing.LicenseNotices;
import io.garrison.tenancy.ui.TenantScopes;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** What both overviews need besides the modules. */
@Component
record OverviewTools(TenantScopes scopes, LicenseNotices notices, Clock clock) {}
