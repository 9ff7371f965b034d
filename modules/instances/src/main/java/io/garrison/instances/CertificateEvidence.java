package io.garrison.instances;

import io.garrison.licensing.TimeEvidence;
import io.garrison.tenancy.ProviderScope;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The newest certificate of an instance. */
@Component
class CertificateEvidence implements TimeEvidence {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    CertificateEvidence(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public Optional<Instant> newest() {
        return ProviderScope.call(() ->
                transaction.execute(status -> jdbc.sql("select max(issued_at) from instances.instance_certificate")
                        .query(OffsetDateTime.class)
                        .optional()
                        .map(OffsetDateTime::toInstant)));
    }
}
