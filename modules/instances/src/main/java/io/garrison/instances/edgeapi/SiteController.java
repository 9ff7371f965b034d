package io.garrison.instances.edgeapi;

import io.garrison.instances.InstanceException.TooManyRequests;
import io.garrison.instances.SiteAdmission;
import io.garrison.instances.SiteException.SiteRefused;
import io.garrison.instances.SiteUsageIntake;
import io.garrison.instances.TelemetryIntake.IntakeUnavailable;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.SiteEnrollment;
import io.garrison.protocol.SiteReport;
import io.garrison.protocol.SiteUsage;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** For installations of customers' own, which dial in like edges and are none. */
@RestController
@RequestMapping("/edge/v1")
class SiteController {

    private static final int MAX_BYTES = 128 * 1024;
    private static final int MAX_USAGE = 2 * 1024 * 1024;
    private static final int MAX_UNPACKED = 4 * 1024 * 1024;

    /** Batches in memory at once. */
    private static final int MAX_AT_ONCE = 8;

    private static final long PATIENCE_SECONDS = 10;

    /** Refused files of one address: 30 at once, then one every two seconds. */
    private final TokenBuckets<String> refusals = new TokenBuckets<>(30, 0.5, System::nanoTime);

    /** What one site may send: a batch a second over time, so that none starves the others. */
    private final TokenBuckets<UUID> batches = new TokenBuckets<>(60, 1, System::nanoTime);

    private final Semaphore places = new Semaphore(MAX_AT_ONCE, true);
    private final SiteAdmission sites;
    private final ObjectProvider<SiteUsageIntake> intake;

    SiteController(SiteAdmission sites, ObjectProvider<SiteUsageIntake> intake) {
        this.sites = sites;
        this.intake = intake;
    }

    @PostMapping("/sites")
    @ResponseStatus(HttpStatus.CREATED)
    SiteEnrollment.Response enroll(HttpServletRequest request) throws IOException {
        var origin = request.getRemoteAddr();
        long wait = refusals.secondsUntilOpen(origin);
        if (wait > 0) {
            throw new TooManyRequests("refused sites from your address", wait);
        }
        var asked = EdgeBody.read(request, MAX_BYTES, SiteEnrollment.Request.class);
        EdgeBody.require("site", asked.subLicense(), asked.installation(), asked.csr(), asked.mode(), asked.version());
        try {
            return sites.enroll(asked, origin);
        } catch (SiteRefused e) {
            refusals.charge(origin, 1);
            throw e;
        }
    }

    @PostMapping("/site-certificate")
    CertificateRenewal.Response renew(HttpServletRequest request) throws IOException {
        var asked = EdgeBody.read(request, MAX_BYTES, CertificateRenewal.Request.class);
        EdgeBody.require("renewal", asked.csr());
        return sites.renew(EdgeGate.site(request), EdgeGate.certificate(request), asked);
    }

    @PostMapping("/site-report")
    SiteReport.Answer report(HttpServletRequest request) throws IOException {
        var report = EdgeBody.read(request, MAX_BYTES, SiteReport.class);
        EdgeBody.require("report", report.mode(), report.version(), report.at());
        return sites.report(EdgeGate.site(request), report);
    }

    /** See {@link TelemetryController#usage}. */
    SiteUsage.Taken usage(HttpServletRequest request) throws IOException, InterruptedException {
        var site = EdgeGate.site(request);
        long wait = batches.secondsUntilOpen(site.siteId());
        if (wait > 0) {
            throw new TooManyRequests("batches of usage", wait);
        }
        if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TooManyRequests("batches at once", PATIENCE_SECONDS);
        }
        try {
            batches.charge(site.siteId(), 1);
            byte[] batch = EdgeBody.unpacked(request, MAX_USAGE, MAX_UNPACKED);
            var taker = intake.getIfAvailable();
            if (taker == null) {
                throw new IntakeUnavailable(
                        "nobody takes usage in this application", new IllegalStateException("no intake"));
            }
            var taken = taker.take(site, batch);
            sites.usageTaken(site);
            return taken;
        } finally {
            places.release();
        }
    }
}
