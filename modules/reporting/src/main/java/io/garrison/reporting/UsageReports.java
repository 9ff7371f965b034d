package io.garrison.reporting;

import io.garrison.tenancy.http.Page;
import org.jspecify.annotations.Nullable;

/**
 * Hourly usage. Records come in a fixed order: tenant, stack, instance, virtual service, meter source, hour,
 * sub-licence, metric.
 */
public interface UsageReports {

    /** Most records in one page. */
    int LARGEST_PAGE = 10_000;

    /**
     * Usage of the bound tenant, to be looked at page by page. A page may end in the middle of an hour, and each is of
     * another moment: sums and files are made of {@link #wholeStreamsOfTenant}.
     *
     * @param after cursor of the page before
     * @param limit 1 to {@link #LARGEST_PAGE}
     * @throws ReportingException.BadCursor if {@code after} is none
     */
    Page<UsageRecord> ofTenant(UsageQuery query, @Nullable String after, int limit);

    /** Usage of all tenants, or of one, for the provider; no tenant may be bound. */
    Page<UsageRecord> ofAllTenants(UsageQuery query, @Nullable String after, int limit);

    /**
     * Usage of the bound tenant in pages of some thousand records, each of which has all of its streams (one virtual service
     * of one instance, counted at one place), as they are at one moment.
     *
     * @param after cursor of the page before
     * @throws ReportingException.BadCursor if {@code after} is none
     */
    Page<UsageRecord> wholeStreamsOfTenant(UsageQuery query, @Nullable String after);

    /** The same of all tenants, or of one, for the provider; no tenant may be bound. */
    Page<UsageRecord> wholeStreamsOfAllTenants(UsageQuery query, @Nullable String after);
}
