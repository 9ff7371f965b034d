package io.garrison.reporting.federation;

import io.garrison.NoSites;
import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceId;
import io.garrison.instances.LifecycleState;
import io.garrison.instances.SiteIdentity;
import io.garrison.instances.StackId;
import io.garrison.licensing.OwnSubLicense.Held;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SiteUsage;
import io.garrison.reporting.MigratedDatabase;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.ingest.BatchSink.Item;
import io.garrison.reporting.ingest.MeterCodec;
import io.garrison.reporting.ingest.StampedMeter;
import io.garrison.reporting.usage.MeterSink;
import io.garrison.reporting.usage.MeterTables;
import io.garrison.reporting.usage.UsageLedger;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The ledger of a customer's own installation and that of the MSSP, in one database, as two tenants: what travels between
 * them names no tenant.
 */
final class TwoLedgers {

    static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    static final long FIRST_BUCKET = MeterRecord.bucketOf(Instant.parse("2026-11-01T00:00:00Z"));

    private final MigratedDatabase database = MigratedDatabase.shared();
    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    final JdbcClient provider = JdbcClient.create(database.provider());
    private final JdbcTransactionManager providers = new JdbcTransactionManager(database.provider());
    private final MeterSink sink = new MeterSink(
            new MeterTables(new JdbcTemplate(database.provider())), (action, type, id, details) -> {}, clock);

    final TenantId site = new TenantId(UUID.randomUUID());
    final TenantId mssp = new TenantId(UUID.randomUUID());
    final SubLicenseId subLicense = new SubLicenseId(UUID.randomUUID());
    final SiteIdentity identity = new SiteIdentity(mssp, subLicense, UUID.randomUUID());
    final Set<UUID> bound = new HashSet<>(Set.of(identity.siteId()));
    final Set<UUID> ownInstances = new HashSet<>();

    final Outbox outbox = new Outbox(
            () -> Optional.of(new Held(site, subLicense, 1, "file", null)),
            new OwnRegisters(provider),
            provider,
            clock,
            providers);
    private final SiteLedger ledger = new SiteLedger(new JdbcTemplate(database.provider()));
    /** Those whose deletion has begun at the MSSP's. */
    final Set<TenantId> leaving = new HashSet<>();

    private final SiteBatches batches = new SiteBatches(provider, new Tenants());
    final SiteIntake intake = new SiteIntake(
            ledger, batches, new InstanceOwners(batches, ledger, new Sites(), new Instances()), clock, providers);

    TwoLedgers() {
        outbox.startOver();
    }

    SiteUsage.Taken take(byte[] batch) {
        return take(identity, batch);
    }

    SiteUsage.Taken take(SiteIdentity from, byte[] batch) {
        return intake.take(from, batch);
    }

    /** As it would be sent, with something in it changed. */
    static byte[] changed(byte[] batch, Function<SiteUsage, SiteUsage> change) {
        return ProtocolJson.write(change.apply(ProtocolJson.read(batch, SiteUsage.class)));
    }

    /** Everything that waits, sent and acknowledged. */
    int handOver() {
        int batches = 0;
        for (var batch = outbox.next(); batch.isPresent(); batch = outbox.next()) {
            var taken = take(batch.get().bytes());
            outbox.acknowledged(batch.get(), taken.missing());
            batches++;
        }
        return batches;
    }

    Set<UUID> siteStreams() {
        return streams(site);
    }

    Set<UUID> msspStreams() {
        return streams(mssp);
    }

    private Set<UUID> streams(TenantId tenant) {
        return provider.sql("select distinct stream from reporting.meter_epoch where tenant_id = ?")
                .param(tenant.value())
                .query(UUID.class)
                .set();
    }

    /** The MSSP's ledger goes back to when it had the batches up to a number, and these streams. */
    void restoreMssp(long number, Set<UUID> streams) {
        var owner = JdbcClient.create(database.owner());
        owner.sql("delete from reporting.site_batch where tenant_id = ? and number > ?")
                .params(mssp.value(), number)
                .update();
        for (var table : List.of("reporting.meter_bucket", "reporting.meter_epoch")) {
            owner.sql("delete from " + table + " where tenant_id = ? and stream <> all (?)")
                    .params(mssp.value(), streams.toArray(UUID[]::new))
                    .update();
        }
        owner.sql("""
                        delete from reporting.site_instance i where tenant_id = ? and not exists (
                            select from reporting.meter_epoch e
                             where e.tenant_id = i.tenant_id and e.instance_id = i.instance_id)""").param(mssp.value()).update();
    }

    /** Keeps whoever takes a batch waiting until the work is done. */
    <T> T whileNothingIsTaken(Callable<T> work) {
        return Objects.requireNonNull(new TransactionTemplate(providers).execute(status -> {
            batches.oneAfterTheOther(mssp);
            try {
                return work.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    /** How many connections stand before the MSSP's ledger. */
    int waitingIntakes() {
        return provider.sql("""
                        select count(*) from pg_locks where locktype = 'advisory' and not granted
                           and classid = hashtext('reporting.site_batch')::oid and objid = hashtext(?)::oid""").param(mssp.toString()).query(Integer.class).single();
    }

    /** Open epochs of one stream, of each of which every other record has come. */
    void countWithGaps(int epochs, int ranges) {
        var instance = UUID.randomUUID();
        provider.sql("""
                        insert into reporting.meter_epoch (tenant_id, stream, epoch, nonce, stack_id, instance_id,
                            virtual_service, source, seen, contig_seq, max_seq, state, updated_at)
                        select :tenant, :stream, e, 7, :stack, :instance, 'shop', 'PROXY',
                               (select range_agg(int8range(2 * i - 1, 2 * i)) from generate_series(1, :ranges) i),
                               1, 2 * :ranges - 1, 'OPEN', now()
                          from generate_series(1, :epochs) e""")
                .param("tenant", site.value())
                .param("stream", MeterRecord.streamOf(instance, "shop", Source.PROXY))
                .param("stack", UUID.randomUUID())
                .param("instance", instance)
                .param("ranges", ranges)
                .param("epochs", epochs)
                .update();
    }

    /** The same, counted by an edge of the MSSP's own installation. */
    List<StampedMeter> atMssp(List<StampedMeter> records) {
        return records.stream()
                .map(each -> new StampedMeter(
                        mssp.value(),
                        each.subLicense(),
                        each.stack(),
                        each.instance(),
                        each.receivedAt(),
                        each.meter()))
                .toList();
    }

    static List<StampedMeter> inStack(UUID stack, List<StampedMeter> records) {
        return records.stream()
                .map(each -> new StampedMeter(
                        each.tenant(), each.subLicense(), stack, each.instance(), each.receivedAt(), each.meter()))
                .toList();
    }

    void count(List<StampedMeter> records) {
        for (int from = 0; from < records.size(); from += 500) {
            var items = records.subList(from, Math.min(records.size(), from + 500)).stream()
                    .map(record -> new Item<>(
                            new ConsumerRecord<>("g.meter.v1", 0, 0L, new byte[0], MeterCodec.encode(record)), record))
                    .toList();
            new TransactionTemplate(providers).executeWithoutResult(status -> sink.store(items));
        }
    }

    /** What the bill of each says, without the names of the tenants. */
    List<List<Object>> siteBill() {
        return bill(site);
    }

    List<List<Object>> msspBill() {
        return bill(mssp);
    }

    private List<List<Object>> bill(TenantId tenant) {
        var ledger = new UsageLedger(provider, providers, ids -> Map.of(), Clock.systemUTC());
        var query = new UsageQuery(
                Instant.parse("2026-10-31T00:00:00Z"), Instant.parse("2026-12-01T00:00:00Z"), tenant, null);
        var lines = new ArrayList<List<Object>>();
        String after = null;
        do {
            var page = ledger.page(query, after, 5_000);
            page.items().forEach(record -> lines.add(line(record)));
            after = page.next();
        } while (after != null);
        return lines;
    }

    private static List<Object> line(UsageRecord record) {
        return List.of(
                record.subLicenseId(),
                record.stackId(),
                record.instanceId(),
                record.virtualService(),
                record.metric(),
                record.from(),
                record.quantity(),
                record.quality(),
                record.completeness(),
                record.meterSource());
    }

    /** Records of one service on a new instance; some intervals have several. */
    List<StampedMeter> records(Random random, int epochs, int intervals) {
        var instance = new UUID(random.nextLong(), random.nextLong());
        var stack = new UUID(random.nextLong(), random.nextLong());
        var stream = MeterRecord.streamOf(instance, "shop", Source.PROXY);
        var records = new ArrayList<StampedMeter>();
        var bucket = FIRST_BUCKET + random.nextInt(30);
        for (int epoch = 1; epoch <= epochs; epoch++) {
            var nonce = random.nextLong();
            long sequence = 0;
            long bytes = 0;
            for (int i = 0; i < intervals; i++, bucket++) {
                int parts = 1 + random.nextInt(3);
                for (int part = 1; part <= parts; part++) {
                    bytes += random.nextLong(1_000_000_000_000L);
                    boolean last = epoch < epochs && i == intervals - 1 && part == parts;
                    var at = Instant.ofEpochSecond(bucket * 300 + 300L * part / parts);
                    records.add(new StampedMeter(
                            site.value(),
                            subLicense.value(),
                            stack,
                            instance,
                            at.plusMillis(7),
                            new MeterRecord(
                                    stream,
                                    "shop",
                                    epoch,
                                    nonce,
                                    ++sequence,
                                    bucket,
                                    last ? Kind.FINAL : Kind.CLOSE,
                                    at.minusMillis(random.nextInt(900)),
                                    Source.PROXY,
                                    bytes,
                                    bytes / 3,
                                    sequence * 7,
                                    sequence,
                                    sequence * 100_000_000_000L,
                                    random.nextInt(1_000_000),
                                    random.nextInt(10) > 0)));
                }
            }
        }
        return records;
    }

    private final class Sites extends NoSites {

        @Override
        public Set<UUID> bound(TenantId tenant) {
            return Set.copyOf(bound);
        }
    }

    private final class Tenants implements TenantDirectory {

        @Override
        public Optional<TenantSummary> find(TenantId id) {
            return Optional.empty();
        }

        @Override
        public List<TenantSummary> all() {
            return List.of();
        }

        @Override
        public List<TenantSummary> among(Collection<TenantId> ids) {
            return List.of();
        }

        @Override
        public Set<TenantId> keep(Collection<TenantId> ids) {
            return ids.stream().filter(id -> !leaving.contains(id)).collect(Collectors.toSet());
        }
    }

    private final class Instances implements InstanceDirectory {

        @Override
        public Optional<Entry> instance(InstanceId id) {
            return ownInstances.contains(id.value())
                    ? Optional.of(new Entry(
                            mssp, new StackId(id.value()), "own", subLicense, id, "own", LifecycleState.ONLINE))
                    : Optional.empty();
        }

        @Override
        public List<Entry> instances() {
            return List.of();
        }

        @Override
        public Set<InstanceId> known(TenantId tenant, Collection<InstanceId> ids) {
            return ids.stream().filter(id -> ownInstances.contains(id.value())).collect(Collectors.toSet());
        }

        @Override
        public Map<InstanceId, Instant> retired(Collection<InstanceId> ids) {
            return Map.of();
        }

        /** Every stack, as if the configuration of each had moved. */
        @Override
        public Optional<StackEntry> stack(StackId id) {
            return Optional.of(new StackEntry(mssp, id, "moved", subLicense));
        }

        @Override
        public List<StackEntry> stacks() {
            return List.of();
        }

        @Override
        public List<Entry> instancesOfAllTenants() {
            return List.of();
        }
    }
}
