package io.garrison.reporting.pipeline;

import io.garrison.instances.EdgeIdentity;
import io.garrison.instances.InstanceId;
import io.garrison.instances.StackId;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.protocol.Telemetry;
import io.garrison.protocol.Telemetry.AccessEvent;
import io.garrison.protocol.Telemetry.Sample;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** An edge of a fresh tenant, with one virtual service. */
record Edge(EdgeIdentity identity, SubLicenseId subLicense) {

    static Edge any() {
        return of(new TenantId(UUID.randomUUID()));
    }

    static Edge of(TenantId tenant) {
        return new Edge(
                new EdgeIdentity(tenant, new StackId(UUID.randomUUID()), new InstanceId(UUID.randomUUID())),
                new SubLicenseId(UUID.randomUUID()));
    }

    TenantId tenant() {
        return identity.tenantId();
    }

    UUID stream() {
        return MeterRecord.streamOf(identity.instanceId().value(), "shop", Source.PROXY);
    }

    MeterRecord meter(long sequence, Instant at, long bytes) {
        return new MeterRecord(
                stream(),
                "shop",
                1,
                77,
                sequence,
                MeterRecord.bucketOf(at),
                Kind.CLOSE,
                at,
                Source.PROXY,
                bytes,
                bytes * 2,
                sequence,
                sequence,
                sequence * 1_000_000_000L,
                8,
                true);
    }

    Sample sample(Instant at, long requests) {
        return new Sample(UUID.randomUUID(), at, 10, "shop", 100, 200, requests, 1, 3, 0, requests, 0, 0, 0, 2.5, 1, 1);
    }

    AccessEvent event(Instant at, String path, int status) {
        return new AccessEvent(
                UUID.randomUUID(),
                at,
                "shop",
                "192.0.2.7",
                40_000,
                "GET",
                "shop.example",
                path,
                "probe/1.0",
                status,
                120,
                3_400,
                1.5,
                "web",
                "10.0.0.1:80",
                "----",
                "ALLOWED",
                null);
    }

    static Telemetry meters(MeterRecord... records) {
        return new Telemetry(List.of(records), List.of(), List.of());
    }

    static Telemetry events(AccessEvent... events) {
        return new Telemetry(List.of(), List.of(), List.of(events));
    }

    static Telemetry samples(Sample... samples) {
        return new Telemetry(List.of(), List.of(samples), List.of());
    }
}
