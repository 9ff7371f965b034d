package io.garrison.edge.cluster;

import io.garrison.protocol.CertificateMaterial;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes from the main what management wants, as long as management itself does not answer. */
final class PeerSync {

    private static final Logger log = LoggerFactory.getLogger(PeerSync.class);
    private static final Said.Status NOTHING = new Said.Status(null, "", 0, 0, null, false);

    private final DesiredState desired;
    private final PeerExchange exchange;
    private final Membership membership;
    private final Supplier<Optional<UUID>> source;
    private final long timeoutMs;
    private final Clock clock;
    private volatile @Nullable Instant rulesAt;
    private volatile @Nullable Instant configAt;
    private volatile Said.Status hinted = NOTHING;

    /** @param source the peer to ask; nobody if there is none that would know more */
    PeerSync(
            DesiredState desired,
            PeerExchange exchange,
            Membership membership,
            Supplier<Optional<UUID>> source,
            long timeoutMs,
            Clock clock) {
        this.desired = desired;
        this.exchange = exchange;
        this.membership = membership;
        this.source = source;
        this.timeoutMs = timeoutMs;
        this.clock = clock;
    }

    /** When the desired revision was confirmed last, by management or by the main. */
    @Nullable
    Instant lastRules() {
        var byManagement = desired.confirmedAt();
        var byPeer = rulesAt;
        if (byPeer == null) {
            return byManagement;
        }
        return byManagement == null || byPeer.isAfter(byManagement) ? byPeer : byManagement;
    }

    @Nullable
    Instant lastConfig() {
        return configAt;
    }

    /** Asks for a newer revision, if management does not answer. */
    void rules() throws InterruptedException {
        if (!desired.managementSilent()) {
            return;
        }
        var peer = source.get();
        if (peer.isPresent()) {
            rules(peer.get());
        }
    }

    /** Whether a peer serves a later revision than this instance, and was not asked for it yet. */
    boolean isNews(Said.Status said) {
        var incarnation = said.incarnation();
        var own = desired.servingIncarnation();
        return incarnation != null
                && (own == null || own.equals(incarnation))
                && said.revision() > desired.servingRevision()
                && !(incarnation.equals(hinted.incarnation()) && said.revision() <= hinted.revision());
    }

    /** Asks a peer that serves what is news here, unless it came from management meanwhile. */
    void follow(UUID peer, Said.Status said) throws InterruptedException {
        if (isNews(said)) {
            hinted = said;
            rules(peer);
        }
    }

    private void rules(UUID peer) throws InterruptedException {
        try {
            var bundle = ask(peer, Said.RULES, new Said.Asked(desired.etag()), Said.Rules.class)
                    .bundle();
            if (bundle != null) {
                log.info("Instance {} has another revision, which management has not given", peer);
            }
            if (bundle == null || desired.take(bundle)) {
                rulesAt = clock.instant();
            }
        } catch (IOException e) {
            hinted = NOTHING;
            log.info("No revision from {}: {}", peer, e.getMessage());
        }
    }

    /** Asks for the membership that the main goes by. @return whether this instance goes by another one now */
    boolean config() throws InterruptedException {
        var peer = source.get();
        if (peer.isEmpty()) {
            return false;
        }
        try {
            var plan = ask(peer.get(), Said.CONFIG, Said.Asked.PLAINLY, Said.Config.class)
                    .plan();
            configAt = clock.instant();
            return plan != null && membership.takeFromPeer(plan);
        } catch (IOException e) {
            log.info("No membership from {}: {}", peer.get(), e.getMessage());
            return false;
        }
    }

    /** @throws IOException if no peer has it */
    CertificateMaterial certificate(String name) throws IOException, InterruptedException {
        var peer = source.get();
        if (peer.isPresent()) {
            var material = ask(peer.get(), Said.CERTIFICATE, new Said.Asked(name), Said.Certificate.class)
                    .material();
            if (material != null) {
                return material;
            }
        }
        throw new IOException("no peer has certificate " + name);
    }

    private <T> T ask(UUID peer, byte topic, Said.Asked question, Class<T> type)
            throws IOException, InterruptedException {
        CompletableFuture<T> answer = exchange.ask(peer, topic, question, type, timeoutMs);
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IOException("instance " + peer + " does not answer", e.getCause());
        }
    }
}
