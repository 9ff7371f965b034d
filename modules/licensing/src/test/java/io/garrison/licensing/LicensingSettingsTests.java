package io.garrison.licensing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFixture;
import io.garrison.licensing.file.VendorKey;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LicensingSettingsTests {

    @TempDir
    Path directory;

    @Test
    void haveDefaults() {
        assertThat(bind(Map.of())).isEqualTo(new LicensingSettings(null, Duration.ofMinutes(5)));
    }

    @Test
    void areReadFromProperties() {
        assertThat(bind(Map.of("garrison.licensing.vendor-keys", "/etc/vendor.pub", "garrison.licensing.lease", "30s")))
                .isEqualTo(new LicensingSettings(Path.of("/etc/vendor.pub"), Duration.ofSeconds(30)));
    }

    @Test
    void refuseALeaseThatIsTooShortOrTooLong() {
        for (var lease : new String[] {"9s", "-5m", "25h"}) {
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> bind(Map.of("garrison.licensing.lease", lease)))
                    .withStackTraceContaining("from 10s to 1d");
        }
    }

    @Test
    void trustNobodyWithoutAKeyFile() {
        var licence = LicenseFixture.issue(VendorKey.generate(), LicenseFixture.TEN);
        var trust = new VendorTrust(bind(Map.of()), "", DeploymentRules.of(DeploymentMode.CLUSTER));

        assertThatThrownBy(() -> LicenseFile.read(LicenseFile.text(licence), trust.keys()))
                .isInstanceOfSatisfying(
                        FileRefused.class, e -> assertThat(e.flaw()).isEqualTo(Flaw.UNKNOWN_KEY));
    }

    @Test
    void trustEveryVendorOfTheKeyFile() throws IOException {
        var old = VendorKey.generate();
        var fresh = VendorKey.generate();
        var trust = new VendorTrust(
                vendorKeys(old.publicPem() + fresh.publicPem()), "", DeploymentRules.of(DeploymentMode.CLUSTER));

        for (var vendor : new VendorKey[] {old, fresh}) {
            var licence = LicenseFixture.issue(vendor, LicenseFixture.TEN);
            assertThat(LicenseFile.read(LicenseFile.text(licence), trust.keys()).license())
                    .isEqualTo(licence.license());
        }
    }

    @Test
    void refuseAKeyFileThatCannotBeUsed() throws IOException {
        var vendor = VendorKey.generate();
        var missing = new LicensingSettings(directory.resolve("nowhere"), Duration.ofMinutes(5));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> new VendorTrust(missing, "", DeploymentRules.of(DeploymentMode.CLUSTER)));
        for (var text : new String[] {"", "no key", vendor.toPem(), vendor.publicPem() + "x"}) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(
                            () -> new VendorTrust(vendorKeys(text), "", DeploymentRules.of(DeploymentMode.CLUSTER)));
        }
    }

    @Test
    void refuseADemonstrationsLicenceInProductionOnly() {
        assertThatThrownBy(
                        () -> new VendorTrust(bind(Map.of()), "production", DeploymentRules.of(DeploymentMode.CLUSTER))
                                .requireFit(true))
                .isInstanceOfSatisfying(
                        FileRefused.class, e -> assertThat(e.code()).isEqualTo("license.demo-refused"));
        new VendorTrust(bind(Map.of()), "production", DeploymentRules.of(DeploymentMode.CLUSTER)).requireFit(false);
        new VendorTrust(bind(Map.of()), "", DeploymentRules.of(DeploymentMode.CLUSTER)).requireFit(true);
    }

    private LicensingSettings vendorKeys(String text) throws IOException {
        return new LicensingSettings(Files.writeString(directory.resolve("vendor.pub"), text), Duration.ofMinutes(5));
    }

    private static LicensingSettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("garrison.licensing", LicensingSettings.class);
    }
}
