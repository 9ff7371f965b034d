package io.garrison.reporting.federation;

import io.garrison.instances.InstanceException.TooManyRequests;
import io.garrison.instances.SiteIdentity;
import io.garrison.instances.SiteUsageIntake;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SiteUsage;
import io.garrison.protocol.SiteUsage.Stream;
import io.garrison.reporting.ReportingException.UsageRefused;
import io.garrison.reporting.federation.Cursor.RowKey;
import io.garrison.reporting.federation.SiteBatches.Known;
import io.garrison.reporting.federation.SiteLedger.EpochRow;
import io.garrison.tenancy.ProviderScope;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes batches of sites into the ledger: whole or not at all, one after the other for each tenant. The ledger keeps the
 * later state of each register, so that the order in which batches come does not count.
 */
@Service
class SiteIntake implements SiteUsageIntake {

    /** Of the provider's connections sites get these; most stay for the collectors. */
    static final int AT_ONCE = 2;

    private static final long PATIENCE_SECONDS = 10;

    /** A gap as wide is no gap but a mistake. */
    private static final long FARTHEST = 1_000_000;

    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private final SiteLedger ledger;
    private final SiteBatches batches;
    private final InstanceOwners owners;
    private final Clock clock;
    private final TransactionTemplate transaction;

    SiteIntake(
            SiteLedger ledger,
            SiteBatches batches,
            InstanceOwners owners,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.ledger = ledger;
        this.batches = batches;
        this.owners = owners;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    static SiteUsage parse(byte[] bytes) {
        try {
            return ProtocolJson.read(bytes, SiteUsage.class);
        } catch (IllegalArgumentException e) {
            throw UsageRefused.malformed("it is no batch of registers in JSON");
        }
    }

    @Override
    public SiteUsage.Taken take(SiteIdentity site, byte[] bytes) {
        return take(site, bytes, taken -> {});
    }

    /** @param record done in the same transaction, in the provider's scope, if the batch is news */
    SiteUsage.Taken take(SiteIdentity site, byte[] bytes, Consumer<SiteUsage.Taken> record) {
        var batch = parse(bytes);
        var now = clock.instant();
        SiteRules.check(batch, site, now);
        var its = new Known(ProtocolJson.sha256Hex(bytes), batch.previous());
        takePlace();
        try {
            return taken(site, batch, its, now, record);
        } finally {
            places.release();
        }
    }

    private void takePlace() {
        try {
            if (places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new TooManyRequests("batches of usage at once", PATIENCE_SECONDS);
    }

    private SiteUsage.Taken taken(
            SiteIdentity site, SiteUsage batch, Known its, Instant now, Consumer<SiteUsage.Taken> record) {
        return Objects.requireNonNull(ProviderScope.call(() -> transaction.execute(status -> {
            batches.oneAfterTheOther(site.tenantId());
            var known = batches.find(site, batch.number());
            if (known.isPresent()) {
                return again(site, batch, its, known.get());
            }
            requireOneChain(site, batch, its);
            owners.claim(site, batch.streams());
            var taken = merged(site, batch, its, now);
            record.accept(taken);
            return taken;
        })));
    }

    private SiteUsage.Taken again(SiteIdentity site, SiteUsage batch, Known its, Known known) {
        if (!known.sha256().equals(its.sha256())) {
            throw UsageRefused.forked(batch.number());
        }
        int rows = batch.intervals().size();
        return new SiteUsage.Taken(batch.number(), true, 0, rows, 0, batches.missing(site));
    }

    private void requireOneChain(SiteIdentity site, SiteUsage batch, Known its) {
        if (batch.number() - batches.highest(site) > FARTHEST) {
            throw UsageRefused.row(
                    "number-too-high",
                    "/number",
                    "it is more than %,d above the highest that has come".formatted(FARTHEST));
        }
        var before = batches.find(site, batch.number() - 1);
        var after = batches.find(site, batch.number() + 1);
        if (before.isPresent() && !before.get().sha256().equals(its.previous())) {
            throw UsageRefused.forked(batch.number() - 1);
        }
        if (after.isPresent() && !its.sha256().equals(after.get().previous())) {
            throw UsageRefused.forked(batch.number());
        }
    }

    private SiteUsage.Taken merged(SiteIdentity site, SiteUsage batch, Known its, Instant now) {
        var tenant = site.tenantId();
        requireSameNonces(site, batch);
        var compared = ledger.compare(tenant, batch.intervals());
        if (compared.unlike() > 0) {
            throw UsageRefused.row(
                    "row-conflict",
                    "/intervals",
                    "%d readings are known with other values".formatted(compared.unlike()));
        }
        ledger.mergeIntervals(tenant, batch.intervals(), now);
        var streams = new HashMap<UUID, Stream>();
        batch.streams().forEach(stream -> streams.put(stream.stream(), stream));
        var epochs = batch.epochs().stream()
                .map(epoch -> new EpochRow(epoch, Objects.requireNonNull(streams.get(epoch.stream()))))
                .toList();
        ledger.mergeEpochs(tenant, epochs, now);
        int fresh = batch.intervals().size() - compared.known() - compared.older();
        batches.add(site, batch.number(), its, fresh, now);
        return new SiteUsage.Taken(
                batch.number(), false, fresh, compared.known(), compared.older(), batches.missing(site));
    }

    private void requireSameNonces(SiteIdentity site, SiteUsage batch) {
        var named = new HashMap<RowKey, Long>();
        batch.intervals().forEach(row -> named.put(new RowKey(row.stream(), row.epoch()), row.nonce()));
        batch.epochs().forEach(row -> named.put(new RowKey(row.stream(), row.epoch()), row.nonce()));
        ledger.nonces(site.tenantId(), Set.copyOf(named.keySet())).forEach((key, nonce) -> {
            if (!nonce.equals(named.get(key))) {
                throw UsageRefused.row(
                        "row-conflict", "", "epoch %d is known with another nonce".formatted(key.epoch()));
            }
        });
    }
}
