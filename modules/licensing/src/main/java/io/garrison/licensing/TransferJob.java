package io.garrison.licensing;

import io.garrison.tenancy.ProviderScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Does the transfers whose time has come. Runs on every replica; each transfer is done once. */
@Component
class TransferJob {

    private static final Logger log = LoggerFactory.getLogger(TransferJob.class);
    private static final int AT_ONCE = 100;

    private final Transfers transfers;
    private final TransferExecution execution;
    private final Installation installation;
    private final TransactionTemplate transaction;

    TransferJob(
            Transfers transfers,
            TransferExecution execution,
            Installation installation,
            PlatformTransactionManager transactions) {
        this.transfers = transfers;
        this.execution = execution;
        this.installation = installation;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Scheduled(fixedDelay = 5_000)
    void run() {
        var now = installation.now();
        var due = ProviderScope.call(() -> transaction.execute(status -> transfers.due(now, AT_ONCE)));
        if (due == null) {
            return;
        }
        for (var id : due) {
            try {
                execution.execute(id);
            } catch (LicenseException e) {
                log.info("transfer {} failed: {}", id, e.code());
            } catch (RuntimeException e) {
                log.warn("transfer {} could not be tried and is tried again", id, e);
            }
        }
    }
}
