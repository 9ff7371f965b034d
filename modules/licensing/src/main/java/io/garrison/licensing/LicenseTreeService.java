package io.garrison.licensing;

import io.garrison.licensing.LicenseException.UnknownLicense;
import io.garrison.licensing.LicenseTree.Branch;
import io.garrison.licensing.LicenseTree.Leaf;
import io.garrison.licensing.LicenseTree.Twig;
import io.garrison.licensing.LicenseTreeRecords.Hanging;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.ResellerDirectory;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads all of it in the provider's scope and at one moment. */
@Service
class LicenseTreeService implements LicenseTrees {

    private final Roots roots;
    private final LicenseTreeRecords records;
    private final Installation installation;
    private final Names names;
    private final TransactionTemplate snapshot;

    LicenseTreeService(
            Roots roots,
            LicenseTreeRecords records,
            Installation installation,
            Names names,
            PlatformTransactionManager transactions) {
        this.roots = roots;
        this.records = records;
        this.installation = installation;
        this.names = names;
        this.snapshot = new TransactionTemplate(transactions);
        this.snapshot.setReadOnly(true);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public LicenseTree of(LicenseId id) {
        var now = installation.now();
        return Objects.requireNonNull(ProviderScope.call(() -> snapshot.execute(status -> read(id, now))));
    }

    private LicenseTree read(LicenseId id, Instant now) {
        var license = roots.licenses().find(id).orElseThrow(UnknownLicense::new);
        var found = records.subLicenses(id, now, MAX_SUB_LICENSES + 1);
        boolean complete = found.size() <= MAX_SUB_LICENSES;
        var hanging = complete ? found : found.subList(0, MAX_SUB_LICENSES);
        var grown = new Grown(
                hanging,
                records.used(id, now),
                names.tenants(hanging.stream().map(Hanging::tenant).distinct().toList()),
                now);
        var allotments = roots.allotments().of(id);
        var cut = records.cut(id, now);
        var resellers = names.resellers(
                allotments.stream().map(AllotmentSummary::reseller).toList());
        var branches = new ArrayList<Branch>();
        for (var allotment : allotments) {
            var reseller = resellers.get(allotment.reseller());
            if (reseller != null) {
                branches.add(new Branch(
                        reseller,
                        allotment,
                        PoolLevel.of(allotment, cut.getOrDefault(allotment.id(), Held.NOTHING))
                                .pool(),
                        grown.twigs(one -> allotment.id().equals(one.allotment()))));
            }
        }
        branches.sort(Comparator.comparing(branch -> branch.reseller().slug()));
        return new LicenseTree(
                license,
                roots.pools().of(license, now),
                List.copyOf(branches),
                grown.twigs(one -> one.allotment() == null),
                complete);
    }

    /** What the tree grows from. */
    @Component
    record Roots(Licenses licenses, Pools pools, Allotments allotments) {}

    /** Who they are. */
    @Component
    record Names(TenantDirectory tenantDirectory, ResellerDirectory resellerDirectory) {

        Map<TenantId, TenantSummary> tenants(Collection<TenantId> ids) {
            return tenantDirectory.among(ids).stream()
                    .collect(Collectors.toMap(TenantSummary::id, Function.identity()));
        }

        Map<ResellerId, ResellerSummary> resellers(Collection<ResellerId> ids) {
            return resellerDirectory.among(ids).stream()
                    .collect(Collectors.toMap(ResellerSummary::id, Function.identity()));
        }
    }

    /** The sub-licences by their tenants. */
    private record Grown(
            List<Hanging> hanging,
            Map<UUID, Map<Metric, Long>> used,
            Map<TenantId, TenantSummary> tenants,
            Instant now) {

        List<Twig> twigs(Predicate<Hanging> there) {
            var leaves = new LinkedHashMap<TenantId, List<Leaf>>();
            hanging.stream()
                    .filter(there)
                    .forEach(one -> leaves.computeIfAbsent(one.tenant(), tenant -> new ArrayList<>())
                            .add(leaf(one)));
            return leaves.entrySet().stream()
                    .flatMap(entry ->
                            Optional.ofNullable(tenants.get(entry.getKey())).stream() // none if deleted just now
                                    .map(tenant -> new Twig(tenant, List.copyOf(entry.getValue()))))
                    .sorted(Comparator.comparing(twig -> twig.tenant().slug()))
                    .toList();
        }

        private Leaf leaf(Hanging one) {
            return new Leaf(
                    one.subLicense().at(now),
                    used.getOrDefault(one.subLicense().id().value(), Map.of()));
        }
    }
}
