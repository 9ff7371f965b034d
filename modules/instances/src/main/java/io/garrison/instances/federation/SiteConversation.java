package io.garrison.instances.federation;

import io.garrison.instances.SiteUsageSource;
import io.garrison.instances.federation.SiteLinks.Link;
import io.garrison.licensing.FederationGateway.Address;
import io.garrison.licensing.OwnSubLicense.Held;
import io.garrison.licensing.SubLicenseLoading;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.SiteEnrollment;
import io.garrison.protocol.SiteReport;
import io.garrison.protocol.SiteUsage;
import io.garrison.tenancy.Refusal;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** One round with the MSSP's installation: make ourselves known, report, take the newer licence, hand over usage. */
@Component
class SiteConversation {

    private static final Logger log = LoggerFactory.getLogger(SiteConversation.class);

    /** More than that waits for the next round. */
    private static final int BATCHES_AT_ONCE = 50;

    private final SiteKeys keys;
    private final SiteLinks links;
    private final SiteNews news;
    private final Exchange exchange;
    private final Clock clock;

    private volatile @Nullable String usageProblem;

    SiteConversation(SiteKeys keys, SiteLinks links, SiteNews news, Exchange exchange, Clock clock) {
        this.keys = keys;
        this.links = links;
        this.news = news;
        this.exchange = exchange;
        this.clock = clock;
    }

    /** What goes one way and what comes the other. */
    @Component
    record Exchange(SubLicenseLoading loading, ObjectProvider<SiteUsageSource> usage) {}

    /**
     * @throws SiteDialer.Refused if the MSSP's installation does not want to hear us
     * @throws IOException if it does not answer
     */
    void round(Address gateway, Held held) throws IOException, InterruptedException {
        var pair = keys.own();
        var link = links.find(gateway, pair.getPublic()).filter(this::isInForce);
        var own = link.isPresent() ? link.get() : enroll(gateway, held, pair);
        try (var dialer = SiteDialer.with(gateway, own.chain(), pair.getPrivate(), clock)) {
            var source = exchange.usage().getIfAvailable();
            var report = news.report(held.serial(), source == null ? 0 : source.waiting(), usageProblem);
            var answer = dialer.post("/edge/v1/site-report", report, SiteReport.Answer.class);
            if (answer.subLicense() != null) {
                load(answer.subLicense());
            }
            if (isDue(own)) {
                renew(gateway, dialer, own, pair);
            }
            if (source != null) {
                handOver(dialer, source);
            }
        } catch (SiteDialer.Refused e) {
            if (e.status() == 401) {
                links.forget(); // unbound, or the MSSP's data were restored from before: the next round asks
            }
            throw e;
        }
    }

    @Nullable
    String usageProblem() {
        return usageProblem;
    }

    private boolean isInForce(Link link) {
        return clock.instant().isBefore(link.certificate().getNotAfter().toInstant());
    }

    private boolean isDue(Link link) {
        var from = link.certificate().getNotBefore().toInstant();
        var life = Duration.between(from, link.certificate().getNotAfter().toInstant());
        return clock.instant().isAfter(from.plus(life.multipliedBy(3).dividedBy(4)));
    }

    private Link enroll(Address gateway, Held held, KeyPair pair) throws IOException, InterruptedException {
        var self = news.about();
        var request = new SiteEnrollment.Request(
                held.file(),
                self.deployment(),
                SiteRequests.csr(pair),
                self.mode().name(),
                self.version());
        try (var dialer = SiteDialer.withoutCertificate(gateway, clock)) {
            var bound = dialer.post("/edge/v1/sites", request, SiteEnrollment.Response.class);
            log.info("this installation is site {} at {}", bound.site(), gateway.url());
            return links.keep(gateway, bound.site(), bound.certificateChain());
        }
    }

    private void renew(Address gateway, SiteDialer dialer, Link own, KeyPair pair)
            throws IOException, InterruptedException {
        var renewed = dialer.post(
                "/edge/v1/site-certificate",
                new CertificateRenewal.Request(SiteRequests.csr(pair)),
                CertificateRenewal.Response.class);
        links.keep(gateway, own.site(), renewed.certificateChain());
    }

    /** By the way that every file goes, so that an older one changes nothing. */
    private void load(String file) {
        try {
            var loaded = exchange.loading().load(file);
            log.info(
                    "sub-licence of serial {} came from the provider",
                    loaded.subLicense().serial());
        } catch (Refusal e) {
            log.warn("the sub-licence that came from the provider is not taken: {} ({})", e.getMessage(), e.code());
        }
    }

    private void handOver(SiteDialer dialer, SiteUsageSource source) throws IOException, InterruptedException {
        for (int sent = 0; sent < BATCHES_AT_ONCE; sent++) {
            var batch = source.next();
            if (batch.isEmpty()) {
                break;
            }
            handOver(dialer, source, batch.get());
        }
        usageProblem = source.refusal().orElse(null);
    }

    private static void handOver(SiteDialer dialer, SiteUsageSource source, SiteUsageSource.Batch batch)
            throws IOException, InterruptedException {
        try {
            var taken = dialer.postPacked("/edge/v1/usage", batch.bytes(), SiteUsage.Taken.class);
            source.acknowledged(batch, taken.missing());
        } catch (SiteDialer.Refused e) {
            if (!e.isFinal() || e.status() == 401) {
                throw e;
            }
            log.error("the provider does not take batch {} of our usage: {}", batch.number(), e.getMessage());
            source.refused(batch, e.code());
        }
    }
}
