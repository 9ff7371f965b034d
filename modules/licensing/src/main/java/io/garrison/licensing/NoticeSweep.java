package io.garrison.licensing;

import io.garrison.licensing.LicenseNotice.Kind;
import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.ProviderScope;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Notices what somebody should hear of. Runs on every replica; a lock in the database lets one at a time do it, and the
 * occasion is a key of the table, so that nothing is told twice. What passed while management was away is told once, by its
 * latest step: not four thresholds at a time.
 */
@Component
class NoticeSweep {

    private static final long LOCK = 0x6761_7272_6e6f_7469L;
    private static final int PAGE = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final JdbcClient jdbc;
    private final Installation installation;
    private final LicensingSettings settings;
    private final TransactionTemplate transaction;
    private final Instant began;

    NoticeSweep(
            JdbcClient jdbc,
            Installation installation,
            LicensingSettings settings,
            java.time.Clock clock,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.installation = installation;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
        this.began = clock.instant();
    }

    private record Subject(UUID tenant, Stored subLicense) {}

    private record Known(UUID subLicense, long serial, String kind) {}

    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT10S")
    void sweep() {
        var now = installation.now();
        ProviderScope.run(() -> transaction.executeWithoutResult(status -> {
            boolean mine = jdbc.sql("select pg_try_advisory_xact_lock(?)")
                    .param(LOCK)
                    .query(Boolean.class)
                    .single();
            if (mine) {
                rungs(now);
                seats(now);
            }
        }));
    }

    private void rungs(Instant now) {
        var after = FIRST;
        List<Subject> page;
        do {
            page = jdbc.sql("select * from licensing.sub_license where id > ? order by id limit " + PAGE)
                    .param(after)
                    .query((row, number) ->
                            new Subject(Rows.uuid(row, "tenant_id"), SubLicenseRecords.stored(row, number)))
                    .list();
            tell(page, now);
            after = page.isEmpty() ? after : page.getLast().subLicense().id().value();
        } while (page.size() == PAGE);
    }

    private void tell(List<Subject> page, Instant now) {
        var known = known(page);
        for (var subject : page) {
            var of = subject.subLicense();
            kind(of, now)
                    .filter(kind -> !known.contains(new Known(of.id().value(), of.serial(), kind.name())))
                    .ifPresent(kind -> insert(subject.tenant(), of, kind, "", null, now, message(kind, of)));
        }
    }

    private Set<Known> known(List<Subject> page) {
        if (page.isEmpty()) {
            return Set.of();
        }
        var ids = page.stream().map(one -> one.subLicense().id().value()).toArray(UUID[]::new);
        return new HashSet<>(
                jdbc.sql("select sub_license_id, serial, kind from licensing.notice where sub_license_id = any (?)")
                        .param(ids)
                        .query((row, number) -> new Known(
                                Rows.uuid(row, "sub_license_id"), row.getLong("serial"), row.getString("kind")))
                        .list());
    }

    private static Optional<Kind> kind(Stored of, Instant now) {
        return switch (of.stateAt(now)) {
            case SCHEDULED, ACTIVE -> Optional.empty();
            case EXPIRING -> Optional.of(threshold(Duration.between(now, of.until())));
            case GRACE -> Optional.of(Kind.ENTERED_GRACE);
            case RESTRICTED -> Optional.of(Kind.ENTERED_RESTRICTED);
            case FROZEN -> Optional.of(Kind.ENTERED_FROZEN);
            case SUSPENDED -> Optional.of(Kind.SUSPENDED);
            case REVOKED -> Optional.of(Kind.REVOKED);
        };
    }

    private static Kind threshold(Duration left) {
        if (left.compareTo(Duration.ofDays(1)) <= 0) {
            return Kind.EXPIRES_IN_1_DAY;
        }
        if (left.compareTo(Duration.ofDays(7)) <= 0) {
            return Kind.EXPIRES_IN_7_DAYS;
        }
        return left.compareTo(Duration.ofDays(14)) <= 0 ? Kind.EXPIRES_IN_14_DAYS : Kind.EXPIRES_IN_30_DAYS;
    }

    private static String message(Kind kind, Stored of) {
        var graceEnds = Ladder.graceEnds(of.until(), of.graceDays());
        var frozen = graceEnds.plus(Ladder.RESTRICTED);
        return switch (kind) {
            case EXPIRES_IN_30_DAYS, EXPIRES_IN_14_DAYS, EXPIRES_IN_7_DAYS, EXPIRES_IN_1_DAY ->
                "The sub-licence ends at %s. Renew it before: from then on nothing new can be made."
                        .formatted(of.until());
            case ENTERED_GRACE ->
                "The sub-licence ended at %s and is in its grace until %s. Nothing new can be made; instances keep their seats until then. Renew it."
                        .formatted(of.until(), graceEnds);
            case ENTERED_RESTRICTED ->
                "The grace of the sub-licence ended at %s. Instances lose their seats; policies can be changed until %s. Traffic goes on. Renew it."
                        .formatted(graceEnds, frozen);
            case ENTERED_FROZEN ->
                "The sub-licence is frozen since %s: nothing can be made or changed. Traffic goes on. Renew it."
                        .formatted(frozen);
            case SUSPENDED ->
                "The sub-licence was suspended: nothing can be made or changed until it is resumed. Instances keep their seats, traffic goes on. Ask the provider.";
            case REVOKED ->
                "The sub-licence was revoked: nothing can be made or changed. Traffic goes on. Ask the provider.";
            case SEAT_LOST, CLOCK_BEHIND, CLOCK_AHEAD ->
                throw new IllegalArgumentException("not about a sub-licence: " + kind);
        };
    }

    /**
     * A lease that ran out: the instance was not heard of, or its renewal was refused. While management was away nobody was
     * heard of, so for the time of two leases after its start none counts.
     */
    private void seats(Instant now) {
        if (now.isBefore(began.plus(settings.lease().multipliedBy(2)))) {
            return;
        }
        jdbc.sql("""
                        select l.tenant_id, l.instance_id, l.expires_at as lost_at, s.* from licensing.seat_lease l
                          join licensing.sub_license s on s.tenant_id = l.tenant_id and s.id = l.sub_license_id
                         where l.expires_at <= :now and l.expires_at > :recent
                           and not exists (select 1 from licensing.notice n
                                where n.tenant_id = l.tenant_id and n.instance_id = l.instance_id and n.at >= l.expires_at)
                         limit 500""")
                .param("now", Rows.utc(now))
                .param("recent", Rows.utc(now.minus(Duration.ofDays(7))))
                .query(row -> {
                    var instance = Rows.uuid(row, "instance_id");
                    var lostAt = Rows.instant(row, "lost_at");
                    insert(
                            Rows.uuid(row, "tenant_id"),
                            SubLicenseRecords.stored(row, 0),
                            Kind.SEAT_LOST,
                            instance + " " + lostAt.atOffset(ZoneOffset.UTC).toLocalDate(),
                            instance,
                            now,
                            "The lease of instance %s ran out at %s, and its seat is free for another. Its traffic goes on."
                                    .formatted(instance, lostAt));
                });
    }

    private void insert(
            UUID tenant, Stored of, Kind kind, String subject, @Nullable UUID instance, Instant now, String message) {
        jdbc.sql("""
                        insert into licensing.notice
                            (tenant_id, id, sub_license_id, serial, kind, subject, instance_id, at, message)
                        values (:tenant, :id, :subLicense, :serial, :kind, :subject, :instance, :at, :message)
                        on conflict do nothing""")
                .param("tenant", tenant)
                .param("id", UUID.randomUUID())
                .param("subLicense", of.id().value())
                .param("serial", of.serial())
                .param("kind", kind.name())
                .param("subject", subject)
                .param("instance", instance)
                .param("at", Rows.utc(now))
                .param("message", message)
                .update();
    }
}
