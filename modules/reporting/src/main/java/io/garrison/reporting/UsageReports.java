package io.garrison.reporting;

import io.garrison.tenancy.http.Page;
import org.jspecify.annotations.Nullable;

/**
 * Hourly usage. Records come in a fixed order: tenant, stack, instance, virtual service, meter source, hour,
 * sub-licence, metric.
 */
public interface UsageReports {

    /** Most records in one page for callers within the application. */
    int LARGEST_PAGE = 10_000;

    /**
     * Usage of the bound tenant. A page may end in the middle of an hour.
     *
     * @param after cursor of the page before
     * @param limit 1 to {@link #LARGEST_PAGE}
     * @throws ReportingException.BadCursor if {@code after} is none
     */
    Page<UsageRecord> ofTenant(UsageQuery query, @Nullable String after, int limit);

    /** Usage of all tenants, or of one, for the provider; no tenant may be bound. */
    Page<UsageRecord> ofAllTenants(UsageQuery query, @Nullable String after, int limit);
}
