package io.garrison.licensing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFixture;
import io.garrison.licensing.file.VendorKey;
import io.garrison.licensing.file.VendorKeys;
import io.garrison.protocol.Lease;
import io.garrison.protocol.LeaseSigning;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LicenseCommandTests {

    @TempDir
    Path directory;

    private Clock clock = Clock.fixed(LicenseFixture.NOW, ZoneOffset.UTC);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void issuesALicenceThatVerifies() throws IOException {
        assertThat(run("new-key", "--out", path("keys"))).isZero();
        assertThat(issue("--json")).isZero();

        assertThat(json().at("/sub").asString()).isEqualTo("Northwind MSSP");
        assertThat(json().at("/entitlements/instances").asLong()).isEqualTo(10);
        assertThat(json().at("/entitlements/features/1").asString()).isEqualTo("waf");
        assertThat(json().at("/exp").asLong() - json().at("/iat").asLong())
                .isEqualTo(Duration.ofDays(30).toSeconds());
        assertThat(json().at("/iat").asLong() - json().at("/nbf").asLong())
                .isEqualTo(Duration.ofDays(1).toSeconds());
        assertThat(run("verify", path("l.jose"), "--vendor-key", path("keys/vendor.pub"), "--json"))
                .isZero();
        assertThat(json().at("/valid").asBoolean()).isTrue();
        assertThat(json().at("/kind").asString()).isEqualTo("mssp");
    }

    @Test
    void keepsSecretsFromOthers() throws IOException {
        run("new-key", "--out", path("keys"));
        issue();

        assertThat(mode("keys/vendor.key")).isEqualTo("rw-------");
        assertThat(mode("l.jose")).isEqualTo("rw-------");
        var secret = Files.readString(directory.resolve("l.jose")).split("~")[1];
        run("inspect", path("l.jose"));
        assertThat(out.toString() + err).doesNotContain(secret);
    }

    @Test
    void neverOverwritesAVendorsKey() throws IOException {
        run("new-key", "--out", path("keys"));
        var before = Files.readString(directory.resolve("keys/vendor.key"));

        assertThat(run("new-key", "--out", path("keys"))).isEqualTo(1);

        assertThat(err.toString()).contains("never overwritten");
        assertThat(Files.readString(directory.resolve("keys/vendor.key"))).isEqualTo(before);
    }

    @Test
    void printsClaimsToReadAndToParse() throws IOException {
        run("new-key", "--out", path("keys"));

        assertThat(issue()).isZero();
        assertThat(json().at("/kind").asString()).isEqualTo("mssp");
        assertThat(run("inspect", path("l.jose"), "--json")).isZero();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(json().at("/sub").asString()).isEqualTo("Northwind MSSP");
        assertThat(err.toString()).contains("nothing of it has been verified");
    }

    @Test
    void verifiesASubLicenceAlongTheWholeChain() throws IOException {
        run("new-key", "--out", path("keys"));
        issue();
        var trusted = VendorKeys.parse(Files.readString(directory.resolve("keys/vendor.pub")));
        var parent = LicenseFile.read(Files.readString(directory.resolve("l.jose")), trusted);
        var share = LicenseFixture.share(parent);
        Files.writeString(
                directory.resolve("s.jose"),
                LicenseFile.sign(share, parent.jws(), parent.license().signingKeyId(), parent.signingKey()));

        assertThat(run("verify", path("s.jose"), "--vendor-key", path("keys/vendor.pub"), "--json"))
                .isZero();
        assertThat(json().at("/kind").asString()).isEqualTo("sub");
        assertThat(json().at("/parentId").asString())
                .isEqualTo(parent.license().id().toString());
        assertThat(run("inspect", path("s.jose"), "--json")).isZero();
        assertThat(json().at("/parent/sub").asString()).isEqualTo("Northwind MSSP");
    }

    @Test
    void saysByCodeWhyALicenceDoesNotHold() throws IOException {
        run("new-key", "--out", path("keys"));
        run("new-key", "--out", path("other"));
        issue();

        assertThat(run("verify", path("l.jose"), "--vendor-key", path("other/vendor.pub"), "--json"))
                .isEqualTo(1);
        assertThat(json().at("/code").asString()).isEqualTo("license.unknown-key");

        clock = Clock.offset(clock, Duration.ofDays(30));
        assertThat(run("verify", path("l.jose"), "--vendor-key", path("keys/vendor.pub")))
                .isEqualTo(1);
        assertThat(out.toString().strip()).isEqualTo("license.expired");
        assertThat(err.toString()).startsWith("license.expired: ");

        clock = Clock.offset(clock, Duration.ofDays(-60));
        assertThat(run("verify", path("l.jose"), "--vendor-key", path("keys/vendor.pub")))
                .isEqualTo(1);
        assertThat(out.toString().strip()).isEqualTo("license.not-yet-valid");

        Files.write(directory.resolve("l.jose"), new byte[10_000_000]);
        assertThat(run("verify", path("l.jose"), "--vendor-key", path("keys/vendor.pub")))
                .isEqualTo(1);
        assertThat(out.toString().strip()).isEqualTo("license.too-large");
        assertThat(run("inspect", path("l.jose"))).isEqualTo(1);
    }

    @Test
    void answersWrongUsageWithTwo() throws IOException {
        run("new-key", "--out", path("keys"));

        assertThat(run()).isEqualTo(2);
        assertThat(run("steal")).isEqualTo(2);
        assertThat(run("new-key")).isEqualTo(2);
        assertThat(run("new-key", "--out")).isEqualTo(2);
        assertThat(run("inspect")).isEqualTo(2);
        assertThat(run("inspect", "a", "b")).isEqualTo(2);
        assertThat(run("verify", "a")).isEqualTo(2);
        assertThat(run("inspect", "a", "--fast")).isEqualTo(2);
        assertThat(issue("--instances", "3")).as("given twice").isEqualTo(2);
        assertThat(issueWith("--instances", "-1")).isEqualTo(2);
        assertThat(issueWith("--instances", "9223372036854775808")).isEqualTo(2);
        assertThat(issueWith("--days", "0")).isEqualTo(2);
        assertThat(issueWith("--features", "a,,b")).isEqualTo(2);
        assertThat(issueWith("--features", "a,a")).isEqualTo(2);
        assertThat(issueWith("--name", " ")).isEqualTo(2);
        assertThat(err.toString()).contains("usage: garrison license");
        assertThat(Files.exists(directory.resolve("l.jose"))).isFalse();
    }

    @Test
    void answersAFileThatIsNotThereOrNoKeyWithOne() throws IOException {
        run("new-key", "--out", path("keys"));
        issue();

        assertThat(run("inspect", path("nowhere"))).isEqualTo(1);
        assertThat(run("verify", path("l.jose"), "--vendor-key", path("keys/vendor.key")))
                .as("a private key where a public one belongs")
                .isEqualTo(1);
        assertThat(err.toString()).contains("vendor.pub");
        assertThat(issueWith("--key", path("keys/vendor.pub"))).isEqualTo(1);
    }

    @Test
    void marksALicenceOfADemonstrationAndOneForOneInstallation() throws IOException {
        run("new-key", "--out", path("keys"));

        assertThat(issue("--json", "--demo", "--deployment", "6e1a3c1e-6b0e-4b6e-9a53-5b0f6f1d2c11"))
                .isZero();

        assertThat(json().at("/demo").asBoolean()).isTrue();
        assertThat(json().at("/deployment").asString()).isEqualTo("6e1a3c1e-6b0e-4b6e-9a53-5b0f6f1d2c11");
    }

    @Test
    void verifiesTheChainOfALease() throws IOException {
        var vendor = VendorKey.generate();
        var parent = LicenseFixture.issue(vendor, new Entitlements(5, 2_000_000_000L, 20, java.util.Set.of("waf")));
        var claims = LicenseFixture.share(parent);
        var sub = LicenseFile.sign(claims, parent.jws(), parent.license().signingKeyId(), parent.signingKey());
        var lease = new Lease(
                java.util.UUID.randomUUID(),
                claims.id(),
                1,
                claims.tenant(),
                java.util.UUID.randomUUID(),
                LicenseFixture.NOW,
                LicenseFixture.NOW.plus(Duration.ofDays(30)),
                LicenseFixture.NOW.plus(Duration.ofDays(60)),
                true,
                Lease.Signer.MSSP,
                new Lease.Share(1_000_000_000L, 10, List.of("waf")));
        var text = LeaseSigning.sign(
                lease, parent.license().signingKeyId(), sub, LicenseFile.privateKey(parent.signingKey()));
        Files.writeString(directory.resolve("lease.jose"), text + "\n");
        Files.writeString(directory.resolve("vendor.pub"), vendor.publicPem());

        assertThat(run("verify", path("lease.jose"), "--vendor-key", path("vendor.pub"), "--json"))
                .isZero();
        assertThat(json().at("/kind").asString()).isEqualTo("lease");
        assertThat(json().at("/instance").asString()).isEqualTo(lease.instance().toString());
        assertThat(json().at("/signedBy").asString()).isEqualTo("mssp");
        assertThat(json().at("/offline").asBoolean()).isTrue();

        var own = VendorKey.generate();
        var byInstallation = LeaseSigning.sign(
                new Lease(
                        lease.id(),
                        lease.subLicense(),
                        1,
                        lease.tenant(),
                        lease.instance(),
                        lease.issuedAt(),
                        lease.until(),
                        lease.graceUntil(),
                        false,
                        Lease.Signer.INSTALLATION,
                        lease.share()),
                own.keyId(),
                sub,
                own.privateKey());
        Files.writeString(directory.resolve("own.jose"), byInstallation);
        Files.writeString(directory.resolve("own.pub"), own.publicPem());
        assertThat(run("verify", path("own.jose"), "--vendor-key", path("vendor.pub")))
                .isEqualTo(1);
        assertThat(out.toString()).isEqualToIgnoringNewLines("license.unknown-key");
        assertThat(run(
                        "verify",
                        path("own.jose"),
                        "--vendor-key",
                        path("vendor.pub"),
                        "--installation-key",
                        path("own.pub"),
                        "--json"))
                .isZero();
        assertThat(json().at("/signedBy").asString()).isEqualTo("installation");

        Files.writeString(directory.resolve("other.pub"), own.publicPem());
        assertThat(run("verify", path("lease.jose"), "--vendor-key", path("other.pub")))
                .isEqualTo(1);
        assertThat(out.toString()).isEqualToIgnoringNewLines("license.unknown-key");
        clock = Clock.fixed(lease.until(), ZoneOffset.UTC);
        assertThat(run("verify", path("lease.jose"), "--vendor-key", path("vendor.pub")))
                .isEqualTo(1);
        assertThat(out.toString()).isEqualToIgnoringNewLines("license.expired");
    }

    private int issue(String... more) {
        var arguments = new java.util.ArrayList<>(complete());
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private int issueWith(String option, String value) {
        var arguments = new java.util.ArrayList<>(complete());
        arguments.set(arguments.indexOf(option) + 1, value);
        return run(arguments.toArray(String[]::new));
    }

    private List<String> complete() {
        return List.of(
                "issue-mssp",
                "--key",
                path("keys/vendor.key"),
                "--name",
                "Northwind MSSP",
                "--instances",
                "10",
                "--throughput-bps",
                "10000000000",
                "--virtual-services",
                "100",
                "--features",
                "waf,load-balancing",
                "--days",
                "30",
                "--out",
                path("l.jose"));
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new LicenseCommand(clock, new PrintStream(out, true), new PrintStream(err, true))
                .run(List.of(arguments));
    }

    private JsonNode json() {
        return new JsonMapper().readTree(out.toString());
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
    }
}
