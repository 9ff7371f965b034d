package io.garrison.licensing.ui;

import io.garrison.licensing.ConsumptionView;
import io.garrison.licensing.LicenseNotices;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseOperations;
import io.garrison.licensing.SubLicenseTransfers;
import org.springframework.stereotype.Component;

/** What screens about one tenant's sub-licences are made with; called with the tenant bound. */
@Component
record SubLicenseTools(
        SubLicenseAdministration subLicenses,
        SubLicenseOperations operations,
        SubLicenseTransfers transfers,
        ConsumptionView consumption,
        LicenseNotices notices) {}
