package io.garrison.tenancy;

import static io.garrison.tenancy.TenancyFixture.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.garrison.ModuleTestApplication;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(classes = ModuleTestApplication.class)
class AuditTrailIT {

    @Autowired
    TenantManagement tenants;

    @Autowired
    AuditTrail audit;

    @Autowired
    AuditLog log;

    @Autowired
    House house;

    @Test
    void tellsTheNewestFirstToTheTenantAlone() {
        var acme = anyTenant(tenants);
        var other = anyTenant(tenants);
        record(acme, 3);

        var page = as(admin(acme), acme, () -> log.list(0, 2));

        assertThat(page.items()).extracting(AuditEntry::index).containsExactly(3L, 2L);
        assertThat(page.next()).isEqualTo("2");
        assertThat(page.items().getFirst().actor().origin()).isEqualTo("192.0.2.7");
        assertThat(as(admin(other), other, () -> log.list(0, 10)).items()).isEmpty();
    }

    @Test
    void keepsNothingOfATransactionThatIsRolledBack() {
        var acme = anyTenant(tenants);

        assertThatIllegalStateException()
                .isThrownBy(() -> as(
                        admin(acme),
                        acme,
                        () -> house.write(() -> {
                            audit.record("thing.changed", "thing", "1", Map.of());
                            throw new IllegalStateException("no");
                        })));

        assertThat(as(admin(acme), acme, () -> log.list(0, 10)).items()).isEmpty();
    }

    @Test
    void refusesToRecordOutsideOfATransaction() {
        assertThatIllegalStateException().isThrownBy(() -> audit.record("thing.changed", "thing", "1", Map.of()));
    }

    @Test
    void keepsOneChainWhenManyAppendAtOnce() throws Exception {
        var acme = anyTenant(tenants);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 40).forEach(n -> threads.submit(() -> record(acme, 1)));
        }

        assertThat(verify(acme)).isEqualTo(new AuditLog.Verification(true, 40, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update tenancy.audit_entry set action = 'thing.kept' where tenant_id = '%1$s' and index = 3",
                "update tenancy.audit_entry set actor_name = 'nobody' where tenant_id = '%1$s' and index = 3",
                "update tenancy.audit_entry set at = at + interval '1 microsecond' where tenant_id = '%1$s' and index = 3",
                "update tenancy.audit_entry set details = '{}' where tenant_id = '%1$s' and index = 3",
                "delete from tenancy.audit_entry where tenant_id = '%1$s' and index = 3",
                "update tenancy.audit_entry set index = index + 100 where tenant_id = '%1$s' and index = 3",
                "update tenancy.audit_entry set index = 1003 where tenant_id = '%1$s' and index = 3;"
                        + "update tenancy.audit_entry set index = 3 where tenant_id = '%1$s' and index = 4;"
                        + "update tenancy.audit_entry set index = 4 where tenant_id = '%1$s' and index = 1003",
            })
    void namesTheFirstEntryThatASuperuserTouched(String damage) {
        var acme = anyTenant(tenants);
        record(acme, 5);

        assertThat(superuser(damage.formatted(acme))).isPositive();

        var verification = verify(acme);
        assertThat(verification.intact()).isFalse();
        assertThat(verification.firstBroken()).isEqualTo(3);
        assertThat(verification.brokenChain()).isEqualTo(acme.toString());
    }

    @Test
    void noticesEntriesThatAreMissingFromTheEnd() {
        var acme = anyTenant(tenants);
        record(acme, 5);

        superuser("delete from tenancy.audit_entry where tenant_id = '%s' and index = 5".formatted(acme));

        assertThat(verify(acme).firstBroken()).isEqualTo(5);
    }

    @Test
    void noticesAShorterChainWhoseEndWasRewritten() {
        var acme = anyTenant(tenants);
        record(acme, 5);

        superuser("delete from tenancy.audit_entry where tenant_id = '%s' and index = 5".formatted(acme));
        superuser("""
                update tenancy.audit_chain set entries = 4, hash = (select hash from tenancy.audit_entry
                where tenant_id = '%1$s' and index = 4) where tenant_id = '%1$s'""".formatted(acme));

        assertThat(verify(acme).intact()).isFalse();
    }

    @Test
    void noticesAnEntryThatWasAddedToTheEnd() {
        var acme = anyTenant(tenants);
        record(acme, 2);

        superuser("""
                insert into tenancy.audit_entry select tenant_id, 3, at, actor_kind, actor_id, actor_name, origin,
                on_behalf, action, object_type, object_id, details, hash from tenancy.audit_entry
                where tenant_id = '%s' and index = 2""".formatted(acme));

        assertThat(verify(acme).firstBroken()).isEqualTo(3);
    }

    private AuditLog.Verification verify(TenantId tenant) {
        return as(admin(tenant), tenant, log::verify);
    }

    private boolean record(TenantId tenant, int times) {
        return as(admin(tenant), tenant, () -> {
            for (int i = 0; i < times; i++) {
                var n = i;
                house.write(() -> audit.record("thing.changed", "thing", "1", Map.of("n", n, "text", "ä\u0000\n\"")));
            }
            return true;
        });
    }
}
