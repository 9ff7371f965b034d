package io.garrison.edge.sync;

import io.garrison.edge.join.Identity;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.join.KeyRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the certificate from two thirds of its life on, with a new key each time. The new identity is on the disk before
 * it is used, and the former one holds until it expires, so a crash in between costs nothing. Who was cut off for longer
 * than that exchanges the certificate that is over, for once with the same key.
 */
public final class Renewal {

    private static final Logger log = LoggerFactory.getLogger(Renewal.class);

    private final IdentityStore store;
    private final GatewayClient gateway;
    private final Clock clock;
    private final Backoff backoff;
    private volatile Identity identity;
    /** Of that identity; it is asked for each second, and to read a certificate takes longer than that is worth. */
    private volatile Instant renewFrom;

    private Instant notBefore = Instant.MIN;

    public Renewal(Identity identity, IdentityStore store, GatewayClient gateway, Clock clock, RandomGenerator random) {
        this.identity = identity;
        this.renewFrom = identity.renewFrom();
        this.store = store;
        this.gateway = gateway;
        this.clock = clock;
        this.backoff = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(5), random);
    }

    public Identity identity() {
        return identity;
    }

    /** Renews if it is time; called every second or so. */
    public void tend() throws InterruptedException {
        var now = clock.instant();
        if (now.isBefore(renewFrom) || now.isBefore(notBefore)) {
            return;
        }
        try {
            use(now.isBefore(identity.endsAt()) ? renewed() : renewedLate());
            backoff.success();
            log.info("The certificate was renewed; the next renewal is due at {}", renewFrom);
        } catch (IOException | IllegalArgumentException e) {
            if (backoff.isFresh()) {
                log.warn("The certificate was not renewed: {}", e.toString());
            }
            var asked = e instanceof IOException failure ? GatewayException.retryAfterOf(failure) : Duration.ZERO;
            notBefore = now.plus(backoff.afterFailure(asked)).plusSeconds(1);
        }
    }

    private Identity renewed() throws IOException, InterruptedException {
        var key = KeyRequest.create();
        return identity.renewed(key, gateway.renew(key.csrPem()));
    }

    private Identity renewedLate() throws IOException, InterruptedException {
        var key = KeyRequest.again(identity);
        try {
            return identity.renewed(key, gateway.renewLate(identity, key.csrPem()));
        } catch (GatewayException e) {
            // It is over by this machine's clock only.
            if (e.status() == 409) {
                return renewed();
            }
            throw e;
        }
    }

    /** Trusts other authorities from now on, if they are others. */
    public void trust(String anchors) throws IOException {
        if (!anchors.equals(identity.trustAnchors())) {
            use(identity.trusting(anchors));
            log.info("Management's authorities have changed");
        }
    }

    private synchronized void use(Identity next) throws IOException {
        store.save(next);
        identity = next;
        renewFrom = next.renewFrom();
        gateway.use(next);
    }
}
