package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.runAs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.HighAvailability.StackWish;
import io.garrison.instances.InstanceException.MoveRefused;
import io.garrison.instances.InstanceException.NameTaken;
import io.garrison.instances.InstanceException.PolicyInvalid;
import io.garrison.instances.MovedConfiguration.MovedRevision;
import io.garrison.instances.MovedConfiguration.MovedStack;
import io.garrison.instances.PolicyManagement.RevisionSummary;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.move.Sealing;
import io.garrison.instances.pki.Authority;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.SubLicenseState;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Another installation is played by its key: what was exported for it is opened, and what comes from it is sealed here. */
@ServerTest
class ConfigurationMoveIT {

    @Autowired
    HighAvailability availability;

    @Autowired
    ConfigurationMoves moves;

    @Autowired
    StackManagement stacks;

    @Autowired
    PolicyManagement policies;

    @Autowired
    CertificateManagement certificates;

    @Autowired
    TestLicensing licensing;

    @Autowired
    AvailableStacks machines;

    @Autowired
    DesiredState desired;

    private final KeyPair elsewhere = Sealing.newKey();
    private final TenantId tenant = anyTenant();

    private StackId published(String name, int... ports) {
        var subLicense = licensing.sell(tenant, 1, 10);
        var stack = as(tenant, () -> stacks.create(name, subLicense, TrafficMode.ACTIVE_PASSIVE))
                .id();
        for (int port : ports) {
            runAs(tenant, () -> {
                policies.save(stack, -1, Worlds.policy("shop", port));
                policies.publish(stack, "port " + port);
            });
        }
        return stack;
    }

    private MovedConfiguration exported() throws Exception {
        var key = Base64.getEncoder().encodeToString(elsewhere.getPublic().getEncoded());
        var file = as(tenant, () -> moves.export(key, null));
        return ProtocolJson.read(Sealing.open(elsewhere, file), MovedConfiguration.class);
    }

    private byte[] sealed(MovedConfiguration configuration) throws Exception {
        return Sealing.seal(Sealing.publicKey(as(tenant, moves::receiverKey)), ProtocolJson.write(configuration));
    }

    private static MovedConfiguration with(MovedConfiguration of, UnaryOperator<MovedStack> change) {
        return new MovedConfiguration(
                of.format(),
                of.tenant(),
                of.exportedAt(),
                of.stacks().stream().map(change).toList());
    }

    private static MovedStack named(MovedStack of, UUID id, String name, List<MovedRevision> revisions) {
        return new MovedStack(
                id, name, of.trafficMode(), of.incarnation(), of.draft(), revisions, of.certificates(), of.haMode());
    }

    @Test
    void keepsIdsNumbersHistoryDraftAndCertificates() throws Exception {
        var stack = published("edge", 8_001, 8_002);
        var certificate = as(tenant, () -> certificates.add(stack, "site", pem(Duration.ofDays(9))));
        runAs(tenant, () -> policies.save(stack, -1, Worlds.policy("draft", 8_009)));
        var before = as(tenant, () -> policies.revisions(stack, null, 10));
        var configuration = exported();
        runAs(tenant, () -> stacks.delete(stack, -1));
        var subLicense = licensing.sell(tenant, 1, 10);
        var file = sealed(configuration);

        var taken = as(tenant, () -> moves.take(subLicense, file));

        assertThat(taken).singleElement().satisfies(summary -> {
            assertThat(summary.id()).isEqualTo(stack);
            assertThat(summary.name()).isEqualTo("edge");
            assertThat(summary.trafficMode()).isEqualTo(TrafficMode.ACTIVE_PASSIVE);
            assertThat(summary.subLicenseId()).isEqualTo(subLicense);
            assertThat(summary.latestRevision()).isEqualTo(3);
        });
        var after = as(tenant, () -> policies.revisions(stack, null, 10));
        assertThat(after.subList(1, 3)).isEqualTo(before);
        assertThat(after.getFirst())
                .extracting(RevisionSummary::sha256, RevisionSummary::incarnation)
                .containsExactly(before.getFirst().sha256(), before.getFirst().incarnation());
        assertThat(as(tenant, () -> policies.draft(stack)).policy()).isEqualTo(Worlds.policy("draft", 8_009));
        assertThat(as(tenant, () -> certificates.get(stack, "site")).sha256()).isEqualTo(certificate.sha256());
        assertThat(licensing.virtualServicesTold(subLicense)).isEqualTo(1);
        var back = as(tenant, () -> policies.rollback(stack, 1, "as at first"));
        assertThat(back.number()).isEqualTo(4);

        assertThat(refusal(subLicense, file)).isEqualTo("move.stack-exists");
        assertThat(as(tenant, () -> policies.revisions(stack, null, 10))).hasSize(4);
    }

    /** Instances hold what had the number first, and would take the other for the same. */
    @Test
    void givesNoNumberTwiceToAStackThatWasDeletedAndCameBack() throws Exception {
        var stack = published("edge", 8_001);
        var configuration = exported();
        runAs(tenant, () -> {
            policies.save(stack, -1, Worlds.policy("shop", 8_002));
            policies.publish(stack, "published after the file was made");
        });
        runAs(tenant, () -> stacks.delete(stack, -1));
        var subLicense = licensing.sell(tenant, 1, 10);

        var taken = as(tenant, () -> moves.take(subLicense, sealed(configuration)));

        assertThat(taken.getFirst().latestRevision()).isEqualTo(3);
        assertThat(as(tenant, () -> policies.revisions(stack, null, 10)))
                .extracting(RevisionSummary::number)
                .containsExactly(3L, 1L);
    }

    /** Whoever makes the file says what a stack is known by, and may say what another tenant's is known by. */
    @Test
    void servesNobodyTheRevisionOfAnotherTenantsStackThatIsKnownByTheSame() throws Exception {
        var made = machines.make(tenant, 1);
        runAs(tenant, () -> {
            policies.save(made.stack(), -1, Worlds.policy("shop", 8_001));
            policies.publish(made.stack(), "the owner's");
        });
        var owners = served(tenant, made);
        var stranger = anyTenant();
        var same = exported().stacks().getFirst();
        var claimed = new MovedConfiguration(
                1,
                stranger.value(),
                Instant.now(),
                List.of(new MovedStack(
                        same.id(),
                        same.name(),
                        same.trafficMode(),
                        same.incarnation(),
                        Worlds.policy("mine", 8_002),
                        List.of(),
                        List.of(),
                        same.haMode())));
        var subLicense = licensing.sell(stranger, 20, 10);
        var receiver = Sealing.publicKey(as(stranger, moves::receiverKey));
        as(stranger, () -> moves.take(subLicense, Sealing.seal(receiver, ProtocolJson.write(claimed))));
        as(stranger, () -> policies.publish(made.stack(), "the stranger's"));
        var strangers = machines.joined(stranger, made.stack(), 1);

        assertThat(served(stranger, strangers).payload()).isNotEqualTo(owners.payload());
        assertThat(new String(
                        Base64.getUrlDecoder()
                                .decode(served(stranger, strangers).payload()),
                        StandardCharsets.UTF_8))
                .contains("\"mine\"")
                .doesNotContain("\"shop\"");
    }

    private SignedBundle served(TenantId of, AvailableStacks.Made made) throws Exception {
        var machine = made.machines().getFirst();
        var answer = CurrentTenant.callAs(of, () -> desired.await(machine.identity, null, Duration.ZERO));
        return ((DesiredState.Answer.Changed) answer).bundle();
    }

    @Test
    void showsWhatAFileWouldBringAndBringsNothing() throws Exception {
        var stack = published("edge", 8_001, 8_002);
        var shared = new SharedSettings(HaMode.ACTIVE_ACTIVE, 10_101, 2_000, 2);
        runAs(
                tenant,
                () -> availability.change(
                        stack, -1, new StackWish(TrafficMode.ACTIVE_ACTIVE, shared, List.of(), List.of())));
        var configuration = exported();
        var file = sealed(configuration);
        var subLicense = licensing.sell(tenant, 1, 10);
        var none = licensing.sell(tenant, 1, 0);

        assertThat(as(tenant, () -> moves.preview(subLicense, file)).firstConflict())
                .hasValueSatisfying(found -> assertThat(found.code()).isEqualTo("move.stack-exists"));
        runAs(tenant, () -> stacks.delete(stack, -1));
        var preview = as(tenant, () -> moves.preview(subLicense, file));
        assertThat(preview.fits()).isTrue();
        assertThat(preview.exportedAt()).isEqualTo(configuration.exportedAt());
        assertThat(preview.stacks()).singleElement().satisfies(coming -> {
            assertThat(coming.id()).isEqualTo(stack);
            assertThat(List.of(coming.oldest(), coming.newest(), (long) coming.revisions()))
                    .containsExactly(1L, 2L, 2L);
            assertThat(coming.services()).containsExactly("shop");
            assertThat(coming.warnings()).extracting(Warning::code).containsExactly("move.ha-stays");
        });
        assertThat(as(tenant, () -> moves.preview(none, file)).firstConflict()).hasValueSatisfying(found -> {
            assertThat(found.code()).isEqualTo("policy.invalid");
            assertThat(found.message()).contains("virtual services");
        });
        assertThat(as(tenant, () -> stacks.list(null, 10))).isEmpty();

        var other = as(tenant, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_PASSIVE));
        assertThat(as(tenant, () -> moves.preview(subLicense, file)).firstConflict())
                .hasValueSatisfying(found -> assertThat(found.code()).isEqualTo("stack.name-taken"));
        assertThat(as(tenant, () -> stacks.list(null, 10)))
                .extracting(StackSummary::id)
                .containsExactly(other.id());
        assertThat(as(tenant, () -> moves.fingerprint(moves.receiverKey()))).matches("([0-9a-f]{4} ){7}[0-9a-f]{4}");
    }

    @Test
    void takesAllStacksOrNone() throws Exception {
        published("first", 8_001);
        published("second", 8_001);
        var configuration = exported();
        var anew = with(configuration, stack -> named(stack, UUID.randomUUID(), "moved-" + stack.name(), List.of()));
        var oneTaken = new MovedConfiguration(
                1,
                anew.tenant(),
                anew.exportedAt(),
                List.of(
                        anew.stacks().getFirst(),
                        named(anew.stacks().getLast(), UUID.randomUUID(), "first", List.of())));
        var subLicense = licensing.sell(tenant, 1, 10);

        assertThatExceptionOfType(NameTaken.class)
                .isThrownBy(() -> as(tenant, () -> moves.take(subLicense, sealed(oneTaken))));
        assertThat(as(tenant, () -> stacks.list(null, 10))).hasSize(2);
        assertThat(as(tenant, () -> moves.take(subLicense, sealed(anew)))).hasSize(2);
        assertThat(as(tenant, () -> stacks.list(null, 10))).hasSize(4);
    }

    @Test
    void refusesWhatIsNotForHereOrDoesNotFitTogether() throws Exception {
        var stack = published("edge", 8_001);
        var configuration = exported();
        runAs(tenant, () -> stacks.delete(stack, -1));
        var subLicense = licensing.sell(tenant, 1, 10);

        assertThat(refusal(subLicense, "hello".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("move.not-a-bundle");
        assertThat(refusal(subLicense, Sealing.seal(elsewhere.getPublic(), ProtocolJson.write(configuration))))
                .isEqualTo("move.sealed-for-another");
        var receiver = Sealing.publicKey(as(tenant, moves::receiverKey));
        assertThat(refusal(subLicense, Sealing.seal(receiver, "[]".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("move.not-a-bundle");
        assertThat(refusal(
                        subLicense,
                        sealed(new MovedConfiguration(1, UUID.randomUUID(), Instant.now(), configuration.stacks()))))
                .isEqualTo("move.other-tenant");
        assertThat(refusal(
                        subLicense,
                        sealed(new MovedConfiguration(2, tenant.value(), Instant.now(), configuration.stacks()))))
                .isEqualTo("move.format-unknown");
        assertThat(refusal(
                        subLicense,
                        sealed(new MovedConfiguration(
                                1,
                                tenant.value(),
                                Instant.now(),
                                List.of(
                                        configuration.stacks().getFirst(),
                                        configuration.stacks().getFirst())))))
                .isEqualTo("move.not-a-bundle");
        var forged = with(
                configuration,
                moved -> named(
                        moved,
                        moved.id(),
                        moved.name(),
                        moved.revisions().stream()
                                .map(of -> new MovedRevision(
                                        of.comment(),
                                        of.publishedBy(),
                                        of.rollbackOf(),
                                        of.keyId(),
                                        of.bundle().replace("8001", "8002"),
                                        of.signature()))
                                .toList()));
        assertThat(refusal(subLicense, sealed(forged))).isEqualTo("move.not-a-bundle");
        assertThat(as(tenant, () -> stacks.list(null, 10))).isEmpty();
    }

    @Test
    void holdsToTheSubLicenseAndToTheRulesOfThisInstallation() throws Exception {
        var stack = published("edge", 8_001);
        var configuration = exported();
        runAs(tenant, () -> stacks.delete(stack, -1));
        var none = licensing.sell(tenant, 1, 0);
        var over = licensing.sell(tenant, 1, 10);
        licensing.enter(over, SubLicenseState.GRACE);
        var strangers = licensing.sell(anyTenant(), 1, 10);

        assertThatExceptionOfType(PolicyInvalid.class)
                .isThrownBy(() -> as(tenant, () -> moves.take(none, sealed(configuration))))
                .satisfies(refused -> assertThat(refused.errors())
                        .anySatisfy(error -> assertThat(error.code()).isEqualTo("policy.virtual-services-limit")));
        assertThatExceptionOfType(LicenseException.NotInForce.class)
                .isThrownBy(() -> as(tenant, () -> moves.take(over, sealed(configuration))));
        assertThatExceptionOfType(LicenseException.UnknownSubLicense.class)
                .isThrownBy(() -> as(tenant, () -> moves.take(strangers, sealed(configuration))));
        assertThat(as(tenant, () -> stacks.list(null, 10))).isEmpty();
    }

    @Test
    void takesAsMuchHistoryAlongAsIsAsked() throws Exception {
        published("edge", 8_001, 8_002, 8_003);
        var key = Base64.getEncoder().encodeToString(elsewhere.getPublic().getEncoded());

        var file = as(tenant, () -> moves.export(key, 2));

        var moved = ProtocolJson.read(Sealing.open(elsewhere, file), MovedConfiguration.class)
                .stacks()
                .getFirst();
        assertThat(moved.revisions()).extracting(MovedRevision::comment).containsExactly("port 8002", "port 8003");
        assertThat(exported().stacks().getFirst().revisions()).hasSize(3);
        assertThatExceptionOfType(InstanceException.Invalid.class)
                .isThrownBy(() -> as(tenant, () -> moves.export(key, 0)));
    }

    /** Else the move would publish it. */
    @Test
    void refusesToTakeACertificateAlongThatServesNowhereYet() {
        var stack = published("edge");
        runAs(tenant, () -> {
            certificates.add(stack, "site", pem(Duration.ofDays(9)));
            policies.save(stack, -1, withCertificate());
            policies.publish(stack, "with a certificate");
            certificates.replace(stack, "site", -1, pem(Duration.ofDays(90)));
        });

        assertThatExceptionOfType(MoveRefused.class)
                .isThrownBy(this::exported)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("move.certificate-unpublished"));
        runAs(tenant, () -> policies.publish(stack, "the new one"));
        assertThat(as(tenant, () -> policies.revisions(stack, null, 10))).hasSize(2);
    }

    @Test
    void refusesWhatLacksPartsOrHasTooManyAndStoresNothing() throws Exception {
        var stack = published("edge", 8_001);
        var configuration = exported();
        runAs(tenant, () -> stacks.delete(stack, -1));
        var subLicense = licensing.sell(tenant, 1, 10);
        var receiver = Sealing.publicKey(as(tenant, moves::receiverKey));
        var text = new String(ProtocolJson.write(configuration), StandardCharsets.UTF_8);

        for (var part : List.of("name", "trafficMode", "incarnation", "draft", "revisions", "comment", "bundle")) {
            var without = text.replaceFirst("\"" + part + "\":", "\"other\":");
            assertThat(without).as(part).isNotEqualTo(text);
            assertThat(refusal(subLicense, Sealing.seal(receiver, without.getBytes(StandardCharsets.UTF_8))))
                    .as(part)
                    .isEqualTo("move.not-a-bundle");
        }
        var many = "{\"stacks\":[" + "{},".repeat(300_000) + "{}]}";
        assertThat(refusal(subLicense, Sealing.seal(receiver, many.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("move.too-large");
        var twice = with(
                configuration,
                moved -> named(
                        moved,
                        moved.id(),
                        moved.name(),
                        List.of(moved.revisions().getFirst(), moved.revisions().getFirst())));
        assertThat(refusal(subLicense, sealed(twice))).isEqualTo("move.not-a-bundle");
        assertThat(as(tenant, () -> stacks.list(null, 10))).isEmpty();
    }

    private static Policy withCertificate() {
        return ProtocolJson.read("""
                {"virtualServices":[{"name":"shop","address":"192.0.2.10","port":443,"certificate":"site","pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"192.0.2.20","port":8080}]}]}""".getBytes(StandardCharsets.UTF_8), Policy.class);
    }

    private static String pem(Duration lifetime) {
        var pair = Authority.newKeyPair();
        var authority = Authority.create(Instant.now());
        return Authority.pem(new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded()))
                + Authority.pem(
                        authority.issueServer(pair.getPublic(), List.of("shop.example"), Instant.now(), lifetime));
    }

    @Test
    void isForThoseWhoMayMakeStacks() {
        for (var role : List.of(Role.TENANT_VIEWER, Role.TENANT_EDITOR)) {
            assertThatExceptionOfType(RuntimeException.class)
                    .as("%s", role)
                    .isThrownBy(() -> as(tenant, role, () -> moves.export("AAAA", null)))
                    .isNotInstanceOf(MoveRefused.class);
        }
        assertThatExceptionOfType(MoveRefused.class)
                .isThrownBy(() -> as(tenant, () -> moves.export("AAAA", null)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("move.key-invalid"));
    }

    private String refusal(io.garrison.licensing.SubLicenseId subLicense, byte[] file) {
        try {
            as(tenant, () -> moves.take(subLicense, file));
            return "accepted";
        } catch (MoveRefused e) {
            return e.code();
        }
    }
}
