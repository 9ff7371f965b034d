package io.garrison.instances;

import io.garrison.instances.InstanceException.MoveRefused;
import io.garrison.instances.MovedConfiguration.MovedStack;
import io.garrison.instances.move.Sealing;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenses;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

@Service
@Transactional
class ConfigurationMoveService implements ConfigurationMoves {

    /** Objects in a file; a stack has some dozens, and each is small in the file and large in memory. */
    private static final int MOST_OBJECTS = 200_000;

    private final MoveKey key;
    private final MovedStacks stacks;
    private final MoveTrial trial;
    private final SubLicenses subLicenses;
    private final AuditTrail audit;
    private final Clock clock;

    ConfigurationMoveService(
            MoveKey key, MovedStacks stacks, MoveTrial trial, SubLicenses subLicenses, AuditTrail audit, Clock clock) {
        this.key = key;
        this.stacks = stacks;
        this.trial = trial;
        this.subLicenses = subLicenses;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public String receiverKey() {
        return Base64.getEncoder().encodeToString(key.get().getPublic().getEncoded());
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public String fingerprint(String receiverKey) {
        try {
            return Sealing.fingerprint(Sealing.publicKey(receiverKey));
        } catch (Sealing.Unreadable e) {
            throw refused(e);
        }
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public MovePreview preview(SubLicenseId subLicense, byte[] file) {
        var configuration = read(file);
        subLicenses.requireInForce(subLicense);
        TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
        return new MovePreview(configuration.exportedAt(), trial.of(configuration.stacks(), subLicense));
    }

    private static MoveRefused refused(Sealing.Unreadable e) {
        return new MoveRefused(e.code(), String.valueOf(e.getMessage()));
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public byte[] export(String receiverKey, @Nullable Integer revisions) {
        if (revisions != null && revisions < 1) {
            throw new InstanceException.Invalid("move.revisions", "/revisions", "must be 1 or more");
        }
        var tenant = CurrentTenant.require();
        try {
            var receiver = Sealing.publicKey(receiverKey);
            var leaving = stacks.all(revisions == null ? Integer.MAX_VALUE : revisions, Sealing.MAX_PLAIN);
            var configuration =
                    new MovedConfiguration(MovedConfiguration.FORMAT, tenant.value(), clock.instant(), leaving);
            var file = Sealing.seal(receiver, ProtocolJson.write(configuration));
            if (file.length > MAX_FILE_BYTES) {
                throw MovedStacks.tooLarge();
            }
            audit.record(
                    "configuration.exported",
                    "tenant",
                    tenant.toString(),
                    Map.of(
                            "receiverKey",
                            receiverKey,
                            "stacks",
                            Integer.toString(leaving.size()),
                            "revisions",
                            revisions == null ? "all" : revisions.toString()));
            return file;
        } catch (Sealing.Unreadable e) {
            throw refused(e);
        }
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public List<StackSummary> take(SubLicenseId subLicense, byte[] file) {
        var configuration = read(file);
        subLicenses.requireInForce(subLicense);
        var made = new ArrayList<StackSummary>();
        for (var stack : configuration.stacks()) {
            var summary = stacks.make(stack, subLicense);
            audit.record(
                    "configuration.taken",
                    "stack",
                    summary.id().toString(),
                    Map.of(
                            "name", summary.name(),
                            "subLicenseId", subLicense.toString(),
                            "revision", Long.toString(summary.latestRevision()),
                            "exportedAt", configuration.exportedAt().toString()));
            made.add(summary);
        }
        return made;
    }

    private MovedConfiguration read(byte[] file) {
        MovedConfiguration configuration;
        try {
            var plain = Sealing.open(key.get(), file);
            requireFewObjects(plain);
            configuration = ProtocolJson.read(plain, MovedConfiguration.class);
        } catch (Sealing.Unreadable e) {
            throw refused(e);
        } catch (IllegalArgumentException e) {
            throw new MoveRefused("move.not-a-bundle", "This is no file of configuration that moves.");
        }
        if (configuration.format() != MovedConfiguration.FORMAT) {
            throw new MoveRefused(
                    "move.format-unknown",
                    "The file has format %d; this installation knows %d."
                            .formatted(configuration.format(), MovedConfiguration.FORMAT));
        }
        if (!CurrentTenant.require().value().equals(configuration.tenant())) {
            throw new MoveRefused("move.other-tenant", "The file is of another tenant. Nothing was taken.");
        }
        var seen = new HashSet<>();
        if (!configuration.stacks().stream().map(MovedStack::id).allMatch(seen::add)) {
            throw new MoveRefused("move.not-a-bundle", "The file names a stack twice.");
        }
        return configuration;
    }

    private static void requireFewObjects(byte[] json) {
        int objects = 0;
        try (var parser = ProtocolJson.mapper().createParser(json)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT && ++objects > MOST_OBJECTS) {
                    throw new MoveRefused("move.too-large", "The file holds more than a configuration can.");
                }
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }
}
