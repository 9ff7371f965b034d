package io.garrison.reporting.search;

import io.garrison.tenancy.TenantDataOwner;
import io.garrison.tenancy.TenantId;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Erases what a tenant's edges have told: registers, statistics, reports, and the access events in OpenSearch. */
@Component
@Order(20)
class ReportingDataOwner implements TenantDataOwner {

    private static final List<String> TABLES = List.of(
            "report_file",
            "report_run",
            "stats_sample",
            "stats_slot",
            "stats_source",
            "meter_bucket",
            "meter_disorder",
            "meter_epoch",
            "site_batch",
            "site_instance");

    private final SearchNode node;
    private final EventIndices indices;
    private final JdbcClient database;
    private final TransactionTemplate transactions;

    ReportingDataOwner(SearchNode node, EventIndices indices, JdbcClient database, TransactionTemplate transactions) {
        this.node = node;
        this.indices = indices;
        this.database = database;
        this.transactions = transactions;
    }

    @Override
    public String name() {
        return "reporting";
    }

    /** OpenSearch first: if it does not answer, nothing is gone and the deletion comes again. */
    @Override
    public long erase(TenantId tenantId) {
        var events = node.deleteByTenant(indices.of(tenantId.value()), tenantId.toString())
                .path("deleted")
                .asLong(0);
        Long rows = transactions.execute(status -> TABLES.stream()
                .mapToLong(
                        table -> database.sql("delete from reporting." + table).update())
                .sum());
        return events + (rows == null ? 0 : rows);
    }
}
