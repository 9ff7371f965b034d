package io.garrison.tenancy;

import static io.garrison.tenancy.TenancyFixture.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.ModuleTestApplication;
import io.garrison.tenancy.ResellerManagement.Change;
import io.garrison.tenancy.ResellerManagement.NewReseller;
import io.garrison.tenancy.TenancyException.*;
import io.garrison.tenancy.http.EntityTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

@SpringBootTest(classes = ModuleTestApplication.class)
class ResellersIT {

    @Autowired
    ResellerManagement resellers;

    @Autowired
    ResellerDirectory directory;

    @Autowired
    TenantManagement tenants;

    @Autowired
    AuditLog log;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionOperations transactions;

    @Test
    void makesChangesAndDeletesOneAndLeavesATrail() {
        var made = anyReseller();

        var changed = as(platformAdmin(), () -> resellers.change(made.id(), new Change("North Ltd", null, null), 1));

        assertThat(made.state()).isEqualTo(ResellerState.ACTIVE);
        assertThat(changed.name()).isEqualTo("North Ltd");
        assertThat(changed.contactEmail()).isEqualTo(made.contactEmail());
        assertThat(changed.version()).isEqualTo(2);
        assertThat(as(platformAdmin(), () -> resellers.get(made.id()))).isEqualTo(changed);
        assertThatExceptionOfType(EntityTag.Stale.class)
                .isThrownBy(() -> as(platformAdmin(), () -> delete(made.id(), 1)));
        as(platformAdmin(), () -> delete(made.id(), 2));
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(platformAdmin(), () -> resellers.get(made.id())));
        assertThat(as(platformAdmin(), () -> log.list(0, 100)).items())
                .filteredOn(entry -> made.id().toString().equals(entry.objectId()))
                .extracting(AuditEntry::action)
                .contains("reseller.created", "reseller.changed", "reseller.deleted");
    }

    @Test
    void tellsEveryFieldThatIsWrongAndGivesASlugOnce() {
        var taken = anyReseller();

        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(
                        () -> as(platformAdmin(), () -> resellers.create(new NewReseller(" ", "No Slug", "nobody"))))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting(Refusal.FieldError::field)
                        .containsExactly("name", "slug", "contactEmail"));
        assertThatExceptionOfType(ResellerSlugTaken.class)
                .isThrownBy(() -> as(
                        platformAdmin(),
                        () -> resellers.create(new NewReseller("Other", taken.slug(), "a@other.example"))));
    }

    @Test
    void listsBySlugPageByPage() {
        var prefix = "page" + UUID.randomUUID().toString().substring(0, 8);
        for (var end : List.of("b", "a", "c")) {
            as(platformAdmin(), () -> resellers.create(new NewReseller("R", prefix + end, "a@r.example")));
        }

        var first = as(platformAdmin(), () -> resellers.list(prefix, 2));
        var second = as(platformAdmin(), () -> resellers.list(first.next(), 1));

        assertThat(first.items()).extracting(ResellerSummary::slug).containsExactly(prefix + "a", prefix + "b");
        assertThat(second.items()).extracting(ResellerSummary::slug).containsExactly(prefix + "c");
    }

    @Test
    void belongsToTheProviderAlone() {
        var reseller = anyReseller();
        var tenant = anyTenant(tenants);

        assertThatExceptionOfType(Forbidden.class).isThrownBy(() -> as(admin(tenant), () -> resellers.list(null, 5)));
        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> as(admin(tenant), () -> resellers.get(reseller.id())));
        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> as(admin(tenant), tenant, () -> tenants.place(reseller.id(), -1)));
        for (var sql : List.of(
                "select name from tenancy.reseller",
                "select slug from tenancy.reseller",
                "select contact_email from tenancy.reseller",
                "update tenancy.reseller set state = 'SUSPENDED'",
                "delete from tenancy.reseller")) {
            assertThatThrownBy(() -> CurrentTenant.callAs(
                            tenant,
                            () -> transactions.execute(
                                    status -> jdbc.sql(sql).query().listOfRows())))
                    .as(sql)
                    .isInstanceOf(DataAccessException.class);
        }
    }

    @Test
    void hasTenantsFromTheirBeginningOrLater() {
        var north = anyReseller();
        var south = anyReseller();
        var made = as(platformAdmin(), () -> tenants.create(newTenantOf(north)));

        assertThat(made.resellerId()).isEqualTo(north.id());
        Optional<ResellerId> owner = CurrentTenant.callAs(made.id(), () -> directory.ofTenant(made.id()));
        assertThat(owner).contains(north.id());
        var placed = as(platformAdmin(), made.id(), () -> tenants.place(south.id(), made.version()));
        assertThat(placed.resellerId()).isEqualTo(south.id());
        assertThat(placed.version()).isEqualTo(2);
        assertThat(as(platformAdmin(), made.id(), tenants::get)).isEqualTo(placed);
        var renamed = as(
                platformAdmin(),
                made.id(),
                () -> tenants.change(new TenantManagement.Change("Other", null, null, null), -1));
        assertThat(renamed.resellerId()).as("stays").isEqualTo(south.id());
        assertThat(as(platformAdmin(), made.id(), tenants::suspend).resellerId())
                .isEqualTo(south.id());
        assertThatExceptionOfType(EntityTag.Stale.class)
                .isThrownBy(() -> as(platformAdmin(), made.id(), () -> tenants.place(null, 1)));
        assertThat(as(platformAdmin(), made.id(), () -> tenants.place(null, -1)).resellerId())
                .isNull();
    }

    @Test
    void refusesAResellerThatIsNotThereOrTakesNoTenants() {
        var suspended = anyReseller();
        as(
                platformAdmin(),
                () -> resellers.change(suspended.id(), new Change(null, null, ResellerState.SUSPENDED), -1));
        var nobody = new ResellerId(UUID.randomUUID());
        var tenant = anyTenant(tenants);

        assertThatExceptionOfType(UnknownReseller.class)
                .isThrownBy(() -> as(platformAdmin(), tenant, () -> tenants.place(nobody, -1)));
        assertThatExceptionOfType(ResellerSuspended.class)
                .isThrownBy(() -> as(platformAdmin(), tenant, () -> tenants.place(suspended.id(), -1)));
        assertThatExceptionOfType(ResellerSuspended.class)
                .isThrownBy(() -> as(platformAdmin(), () -> tenants.create(newTenantOf(suspended))));
    }

    @Test
    void keepsAResellerThatHasTenants() {
        var reseller = anyReseller();
        var tenant = as(platformAdmin(), () -> tenants.create(newTenantOf(reseller)));

        assertThatExceptionOfType(ResellerInUse.class)
                .isThrownBy(() -> as(platformAdmin(), () -> delete(reseller.id(), -1)))
                .withMessageContaining("1 tenants");
        as(platformAdmin(), tenant.id(), () -> tenants.place(null, -1));
        as(platformAdmin(), () -> delete(reseller.id(), -1));
    }

    @RepeatedTest(10)
    void neverLeavesATenantWithAResellerThatIsGone() throws Exception {
        var reseller = anyReseller();
        var tenant = anyTenant(tenants);
        var tries = new ArrayList<Future<Boolean>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> both = List.of(
                    () -> as(platformAdmin(), () -> delete(reseller.id(), -1)),
                    () -> as(platformAdmin(), tenant, () -> tenants.place(reseller.id(), -1)) != null);
            both.forEach(attempt -> tries.add(threads.submit(attempt)));
        }

        assertThat(tries)
                .filteredOn(attempt -> attempt.state() == Future.State.SUCCESS)
                .hasSize(1);
        assertThat(tries)
                .filteredOn(attempt -> attempt.state() == Future.State.FAILED)
                .allSatisfy(attempt -> assertThat(attempt.exceptionNow()).isInstanceOf(TenancyException.class));
    }

    private boolean delete(ResellerId id, long seen) {
        resellers.delete(id, seen);
        return true;
    }

    private ResellerSummary anyReseller() {
        var slug = "r" + UUID.randomUUID().toString().substring(0, 8);
        return as(platformAdmin(), () -> resellers.create(new NewReseller("North", slug, "it@north.example")));
    }

    private static TenantManagement.NewTenant newTenantOf(ResellerSummary reseller) {
        var plain = newTenant();
        return new TenantManagement.NewTenant(
                plain.name(),
                plain.slug(),
                plain.mode(),
                plain.contactEmail(),
                plain.timeZone(),
                reseller.id().value());
    }
}
