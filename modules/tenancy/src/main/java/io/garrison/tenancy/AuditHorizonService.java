package io.garrison.tenancy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class AuditHorizonService implements AuditHorizon {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    AuditHorizonService(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** The last entry of each chain, found by its number: there are as many as tenants, not as many as entries. */
    @Override
    public Optional<Instant> newest() {
        return ProviderScope.call(() -> transaction.execute(
                status -> jdbc.sql("""
                        select max(e.at) from tenancy.audit_chain c
                          join tenancy.audit_entry e on e.tenant_id = c.tenant_id and e.index = c.entries""").query(OffsetDateTime.class).optional().map(OffsetDateTime::toInstant)));
    }
}
