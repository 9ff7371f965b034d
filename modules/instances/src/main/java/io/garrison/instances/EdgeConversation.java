package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class EdgeConversation implements EdgeService {

    private static final Logger log = LoggerFactory.getLogger(EdgeConversation.class);

    private final EdgeReports reports;
    private final Terms terms;
    private final Stored stored;
    private final ObjectProvider<TelemetryIntake> telemetry;
    private final Clock clock;

    EdgeConversation(
            EdgeReports reports, Terms terms, Stored stored, ObjectProvider<TelemetryIntake> telemetry, Clock clock) {
        this.reports = reports;
        this.terms = terms;
        this.stored = stored;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** What an instance may do by its sub-licence, and what it has to do in its stack. */
    @Component
    record Terms(
            SeatRenewals seats, ThroughputShares shares, AvailabilityTalk availability, ExaminationTalk examinations) {}

    /** What edges read. */
    @Component
    record Stored(Instances instances, Stacks stacks, Revisions revisions, Certificates certificates) {}

    @Override
    public ReportAnswer report(EdgeIdentity from, Report report) {
        var taken = reports.take(from, report);
        var lease = terms.seats().renewIfDue(taken.before(), report.license());
        var share = terms.shares().answer(from, taken.before().subLicense(), report);
        var stack = stack(from, report);
        var intake = telemetry.getIfAvailable();
        List<MeterAck> acks = intake == null ? List.of() : intake.committed(from);
        return new ReportAnswer(
                clock.instant(),
                acks,
                taken.flush(),
                taken.before().drain(),
                null,
                lease,
                share,
                stack.plan(),
                stack.eventsTaken(),
                stack.drill(),
                stack.drillsTaken(),
                examine(from, report));
    }

    /**
     * Whatever is wrong with this part, lease, share and registers must go on; without a plan the old one holds,
     * and what was told of the stack is told again.
     */
    private AvailabilityTalk.Answer stack(EdgeIdentity from, Report report) {
        try {
            return terms.availability().answer(from, report);
        } catch (RuntimeException e) {
            log.warn("What instance {} reports of its stack could not be taken", from.instanceId(), e);
            return AvailabilityTalk.Answer.NONE;
        }
    }

    /** As {@link #stack}. */
    private @Nullable UUID examine(EdgeIdentity from, Report report) {
        try {
            return terms.examinations().answer(from, report.examination()).orElse(null);
        } catch (RuntimeException e) {
            log.warn("What the doctor of instance {} found could not be taken", from.instanceId(), e);
            return null;
        }
    }

    @Override
    @Transactional(readOnly = true)
    public CertificateMaterial certificate(EdgeIdentity from, String name) {
        var stack = stored.stacks().require(from.stackId());
        return stored.revisions().certificates(stack.id(), stack.latestRevision()).stream()
                .filter(reference -> reference.name().equals(name))
                .findFirst()
                .flatMap(reference -> stored.certificates().open(stack.id(), reference.sha256()))
                .map(pem -> new CertificateMaterial(name, pem))
                .orElseThrow(InstanceException.NotFound::new);
    }

    @Override
    @Transactional(readOnly = true)
    public SubLicenseId subLicense(EdgeIdentity from) {
        return stored.instances().subLicense(from.instanceId()).orElseThrow(InstanceException.NotFound::new);
    }
}
