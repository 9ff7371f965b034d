package io.garrison.instances.federation;

import io.garrison.instances.FederationSettings;
import io.garrison.instances.FederationState;
import io.garrison.instances.SiteException.NoSite;
import io.garrison.instances.SiteSigner;
import io.garrison.instances.SiteUsageSource;
import io.garrison.licensing.FederationGateway.Address;
import io.garrison.licensing.OwnSubLicense;
import io.garrison.licensing.OwnSubLicense.Held;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SiteUsageFile;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** This installation as a site: where it reports to, by which key, and how that goes. */
@Service
class SiteLine implements FederationState, SiteSigner {

    private final OwnSubLicense own;
    private final SiteConversation conversation;
    private final Identity identity;
    private final Reported reported;
    private final FederationSettings settings;

    private volatile @Nullable Contact contact;

    SiteLine(
            OwnSubLicense own,
            SiteConversation conversation,
            Identity identity,
            Reported reported,
            FederationSettings settings) {
        this.own = own;
        this.conversation = conversation;
        this.identity = identity;
        this.reported = reported;
        this.settings = settings;
    }

    /** By what it is known. */
    @org.springframework.stereotype.Component
    record Identity(SiteKeys keys, SiteLinks links, SiteNews news) {}

    /** What is told of it, and written down. */
    @org.springframework.stereotype.Component
    record Reported(
            ObjectProvider<SiteUsageSource> usage, AuditTrail audit, TransactionOperations transactions, Clock clock) {}

    /** @param problem null if all went well */
    record Contact(
            java.time.@Nullable Instant heard, @Nullable String problem) {}

    /** One round, if there is somebody to talk to. With no tenant bound, by somebody who may load sub-licences. */
    void round() throws InterruptedException {
        var held = own.held().orElse(null);
        var gateway = held == null ? null : gateway(held);
        if (held == null || gateway == null) {
            return;
        }
        var before = contact;
        try {
            conversation.round(gateway, held);
            contact = new Contact(reported.clock().instant(), null);
        } catch (java.io.IOException e) {
            var problem = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            contact = new Contact(before == null ? null : before.heard(), problem);
            throw new Unheard(problem, e);
        }
    }

    /** Nobody heard us, or wanted to. */
    static final class Unheard extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unheard(String problem, Throwable cause) {
            super(problem, cause);
        }
    }

    /** What was set by hand counts more than what the file says. */
    private @Nullable Address gateway(Held held) {
        var byHand = settings.byHand();
        return byHand == null ? held.gateway() : byHand;
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public Details state() {
        var gateway = own.held().map(this::gateway).orElse(null);
        var last = contact;
        var usage = reported.usage().getIfAvailable();
        return new Details(
                identity.news().about().mode(),
                gateway == null ? null : gateway.url(),
                identity.links().site().orElse(null),
                last == null ? null : last.heard(),
                last == null ? null : last.problem(),
                conversation.usageProblem(),
                usage == null ? 0 : usage.waiting());
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public Details startOver() {
        if (own.held().isEmpty()) {
            throw new NoSite();
        }
        // First, so that a round with the new key finds nothing that goes on from the old one.
        Optional.ofNullable(reported.usage().getIfAvailable()).ifPresent(SiteUsageSource::startOver);
        var unused = reported.transactions().execute(status -> {
            identity.keys().forget();
            identity.links().forget();
            reported.audit().record("site.started-over", "site", "own", Map.of());
            return true;
        });
        contact = null;
        return state();
    }

    @Override
    public byte[] file(long number, byte[] batch) {
        var held = own.held().orElseThrow(NoSite::new);
        var self = identity.news().about();
        var pair = identity.keys().own();
        var statement = new SiteUsageFile.Statement(
                self.deployment(),
                self.mode().name(),
                self.version(),
                number,
                ProtocolJson.sha256Hex(batch),
                reported.clock().instant(),
                held.file());
        return SiteUsageFile.sign(statement, batch, pair.getPublic(), pair.getPrivate());
    }
}
