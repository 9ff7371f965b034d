package io.garrison.reporting.usage;

import io.garrison.reporting.ReportingException.BadRange;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageReports;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

@Service
class UsageReportsService implements UsageReports {

    private final UsageLedger ledger;

    UsageReportsService(UsageLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    @Requires(Permission.USAGE_VIEW)
    public Page<UsageRecord> ofTenant(UsageQuery query, @Nullable String after, int limit) {
        CurrentTenant.require();
        return page(query, after, limit);
    }

    @Override
    @Requires(Permission.USAGE_VIEW)
    public Page<UsageRecord> ofAllTenants(UsageQuery query, @Nullable String after, int limit) {
        return ProviderScope.call(() -> page(query, after, limit));
    }

    @Override
    @Requires(Permission.USAGE_VIEW)
    public Page<UsageRecord> wholeStreamsOfTenant(UsageQuery query, @Nullable String after) {
        CurrentTenant.require();
        return ledger.wholeStreams(query, after);
    }

    @Override
    @Requires(Permission.USAGE_VIEW)
    public Page<UsageRecord> wholeStreamsOfAllTenants(UsageQuery query, @Nullable String after) {
        return ProviderScope.call(() -> ledger.wholeStreams(query, after));
    }

    private Page<UsageRecord> page(UsageQuery query, @Nullable String after, int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new BadRange("limit must be 1 to %d.".formatted(LARGEST_PAGE));
        }
        return ledger.page(query, after, limit);
    }
}
