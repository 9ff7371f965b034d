package io.garrison.reporting.ingest;

import io.garrison.instances.EdgeIdentity;
import io.garrison.instances.TelemetryIntake;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Telemetry;
import io.garrison.reporting.ReportingException.TelemetryEarly;
import io.garrison.reporting.ReportingException.TelemetryRefused;
import io.garrison.tenancy.Refusal.FieldError;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.springframework.stereotype.Service;

/**
 * Takes batches from the gateway into Kafka. A batch with a bad meter record is refused as a whole, for bills depend on
 * it and the edge keeps it; a bad sample or event, which a client can provoke, goes to the dead letters alone.
 */
@Service
class GatewayIntake implements TelemetryIntake {

    private static final int ERRORS_NAMED = 20;
    private static final int MAX_EVENT_BYTES = 64 * 1024;

    private final KafkaClients clients;
    private final KafkaTopics topics;
    private final DeadLetters deadLetters;
    private final CommittedRegisters committed;
    private final Clock clock;

    GatewayIntake(
            KafkaClients clients,
            KafkaTopics topics,
            DeadLetters deadLetters,
            CommittedRegisters committed,
            Clock clock) {
        this.clients = clients;
        this.topics = topics;
        this.deadLetters = deadLetters;
        this.committed = committed;
        this.clock = clock;
    }

    @Override
    public void accept(EdgeIdentity from, SubLicenseId subLicense, Telemetry batch) {
        var now = clock.instant();
        refuseBadMeters(from, batch, now);
        if (!topics.isReady()) { // the collectors make them; an edge that waits here would only hold a connection
            throw new IntakeUnavailable("no topics yet", new IllegalStateException("Kafka has not been reached yet"));
        }
        try {
            var sent = new ArrayList<Future<?>>();
            sendMeters(from, subLicense, batch, now, sent);
            sendSamples(from, batch, now, sent);
            sendEvents(from, batch, now, sent);
            clients.producer().flush();
            for (var future : sent) {
                future.get(20, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IntakeUnavailable("interrupted", e);
        } catch (ExecutionException | TimeoutException | KafkaException | IllegalStateException e) {
            throw new IntakeUnavailable("Kafka does not take telemetry now", e);
        }
    }

    @Override
    public List<MeterAck> committed(EdgeIdentity from) {
        return committed.of(from.instanceId().value());
    }

    private void refuseBadMeters(EdgeIdentity from, Telemetry batch, Instant now) {
        var entries =
                batch.meters().size() + batch.samples().size() + batch.events().size();
        if (entries > Telemetry.MAX_ENTRIES) {
            throw new TelemetryRefused(List.of(new FieldError(
                    "", "too-many", "%d entries; at most %d are taken".formatted(entries, Telemetry.MAX_ENTRIES))));
        }
        var errors = new ArrayList<FieldError>();
        for (var i = 0; i < batch.meters().size() && errors.size() < ERRORS_NAMED; i++) {
            var meter = batch.meters().get(i);
            var broken = meter == null
                    ? "field-missing"
                    : TelemetryRules.broken(meter, from.instanceId().value(), now);
            if (broken != null) {
                errors.add(new FieldError("/meters/" + i, broken, "breaks the rule " + broken));
            }
        }
        if (errors.isEmpty()) {
            return;
        }
        if (errors.stream().allMatch(error -> TelemetryRules.TIME_IN_FUTURE.equals(error.code()))) {
            throw new TelemetryEarly(errors);
        }
        throw new TelemetryRefused(errors);
    }

    private void sendMeters(
            EdgeIdentity from, SubLicenseId subLicense, Telemetry batch, Instant now, List<Future<?>> sent) {
        for (var meter : batch.meters()) {
            var stamped = new StampedMeter(
                    from.tenantId().value(),
                    subLicense.value(),
                    from.stackId().value(),
                    from.instanceId().value(),
                    now,
                    meter);
            sent.add(send(Topic.METER, bytes(meter.stream()), MeterCodec.encode(stamped)));
        }
    }

    private void sendSamples(EdgeIdentity from, Telemetry batch, Instant now, List<Future<?>> sent) {
        var key = bytes(from.instanceId().value());
        for (var sample : batch.samples()) {
            if (sample == null) {
                continue;
            }
            var value = ProtocolJson.write(new StampedSample(
                    from.tenantId().value(),
                    from.stackId().value(),
                    from.instanceId().value(),
                    now,
                    sample));
            var broken = TelemetryRules.broken(sample, now);
            if (broken == null) {
                sent.add(send(Topic.STATS, key, value));
            } else {
                deadLetters.bury(Topic.STATS, key, value, broken, "gateway");
            }
        }
    }

    private void sendEvents(EdgeIdentity from, Telemetry batch, Instant now, List<Future<?>> sent) {
        var key = bytes(from.instanceId().value());
        for (var event : batch.events()) {
            if (event == null) {
                continue;
            }
            var value = ProtocolJson.write(new StampedEvent(
                    from.tenantId().value(),
                    from.stackId().value(),
                    from.instanceId().value(),
                    now,
                    event));
            var broken = value.length > MAX_EVENT_BYTES ? "too-long" : TelemetryRules.broken(event, now);
            if (broken == null) {
                sent.add(send(Topic.EVENT, key, value));
            } else {
                var kept = value.length > MAX_EVENT_BYTES ? Arrays.copyOf(value, MAX_EVENT_BYTES) : value;
                deadLetters.bury(Topic.EVENT, key, kept, broken, "gateway");
            }
        }
    }

    private Future<?> send(Topic topic, byte[] key, byte[] value) {
        return clients.producer().send(new ProducerRecord<>(topic.topicName(), key, value));
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
