package io.garrison.licensing;

import io.garrison.tenancy.ProviderScope;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** When licences were loaded, sub-licences made, and seats taken. */
@Component
class OwnEvidence implements TimeEvidence {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    OwnEvidence(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public Optional<Instant> newest() {
        return ProviderScope.call(() -> transaction.execute(
                status -> jdbc.sql("""
                        select greatest((select max(loaded_at) from licensing.license),
                            (select max(created_at) from licensing.sub_license),
                            (select max(taken_at) from licensing.seat_lease))""").query(OffsetDateTime.class).optional().map(OffsetDateTime::toInstant)));
    }
}
