package io.garrison.tenancy;

import static io.garrison.tenancy.TenancyFixture.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.ModuleTestApplication;
import io.garrison.tenancy.TenancyException.*;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(classes = ModuleTestApplication.class)
class InstallationModeIT {

    @Autowired
    JdbcClient jdbc;

    @Autowired
    House house;

    @Autowired
    AuditTrail audit;

    @Autowired
    AuditLog log;

    @Autowired
    Tenants rows;

    @Autowired
    TenantManagement tenants;

    @Autowired
    TenantAdmission admission;

    @Autowired
    ResellerOfTenant resellers;

    @Autowired
    Clock clock;

    @AfterEach
    void forgetTheMode() {
        superuser("update tenancy.installation_mode set mode = 'CLUSTER'");
    }

    @Test
    void theFirstStartDecidesAndLaterOnesMustAgree() {
        superuser("delete from tenancy.installation_mode");

        assertThat(start(DeploymentMode.STANDALONE).mode()).isEqualTo(DeploymentMode.STANDALONE);
        assertThat(start(DeploymentMode.STANDALONE).localAgent()).isTrue();
        assertThatExceptionOfType(ModeChanged.class)
                .isThrownBy(() -> start(DeploymentMode.CLUSTER))
                .withMessageContaining("standalone")
                .withMessageContaining("empty data directory")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("installation.mode-changed"));
        assertThat(start(DeploymentMode.STANDALONE).mode())
                .as("a refused start changes nothing")
                .isEqualTo(DeploymentMode.STANDALONE);
    }

    @Test
    void aClusterMayGrowIntoAPrivateCloudAndTheTrailTells() {
        assertThat(start(DeploymentMode.PRIVATE_CLOUD).mode()).isEqualTo(DeploymentMode.PRIVATE_CLOUD);

        assertThat(as(platformAdmin(), () -> log.list(0, 1)).items())
                .first()
                .satisfies(entry -> assertThat(entry.action()).isEqualTo("installation.mode-changed"));
        assertThatExceptionOfType(ModeChanged.class).isThrownBy(() -> start(DeploymentMode.CENTRALIZED));
    }

    @Test
    void whereTheTenantComesWithTheSubLicenceNeitherItNorItsModeIsMadeByHand() {
        var origin =
                new TenantOrigin(rows, house, audit, clock, DeploymentRules.of(DeploymentMode.CENTRALIZED), resellers);

        assertThatExceptionOfType(TenantComesWithLicense.class)
                .isThrownBy(() -> origin.byHand(newTenant()))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("tenant.comes-with-license"));
        assertThatExceptionOfType(ModeComesWithLicense.class)
                .isThrownBy(() -> origin.requireModeMayBecome(DeploymentMode.CENTRALIZED, DeploymentMode.CLUSTER));
        origin.requireModeMayBecome(DeploymentMode.CENTRALIZED, DeploymentMode.CENTRALIZED);
        origin.requireModeMayBecome(DeploymentMode.CENTRALIZED, null);
    }

    @Test
    void admitsATenantOnceAndKnowsItByIdAndSlug() {
        var id = new TenantId(UUID.randomUUID());
        var facts = newTenant();

        var admitted = admit(id, facts);

        assertThat(admitted.id()).isEqualTo(id);
        assertThat(admit(id, facts)).isEqualTo(admitted);
        assertThatExceptionOfType(TenantHasAnotherSlug.class).isThrownBy(() -> admit(id, newTenant()));
        assertThatExceptionOfType(SlugTaken.class).isThrownBy(() -> admit(new TenantId(UUID.randomUUID()), facts));
        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> admit(
                        new TenantId(UUID.randomUUID()),
                        new TenantManagement.NewTenant(null, null, DeploymentMode.CLUSTER, null, null)));
        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> as(admin(id), () -> admission.admit(new TenantId(UUID.randomUUID()), newTenant())));
    }

    private TenantSummary admit(TenantId id, TenantManagement.NewTenant facts) {
        return as(platformAdmin(), () -> admission.admit(id, facts));
    }

    private DeploymentRules start(DeploymentMode mode) {
        var settings = new TenancySettings(
                mode,
                new TenancySettings.Secrets(Path.of("unused")),
                new TenancySettings.ProviderDatasource(null, "unused", "unused", 1));
        return new RememberedMode(settings, jdbc, house, audit).rules();
    }
}
