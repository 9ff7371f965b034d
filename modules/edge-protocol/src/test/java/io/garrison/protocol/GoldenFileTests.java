package io.garrison.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that released versions wrote must be read for ever, and today's version must go on writing the same. */
class GoldenFileTests {

    private static final UUID ID = UUID.fromString("0190f5a0-0000-7000-8000-000000000001");
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

    static Stream<Object> messages() {
        var ack = new MeterAck(ID, 3, 17);
        return Stream.of(
                new EnrollRequest("token", "csr", Map.of("hostname", "edge-1")),
                new EnrollResponse(
                        ID,
                        ID,
                        ID,
                        "chain",
                        "anchors",
                        List.of(new EnrollResponse.PolicyKey("k1", "a2V5")),
                        new EnrollResponse.KafkaTopics(null, Map.of("meter", "g.meter.v1")),
                        5,
                        "lease",
                        new LeaseTrust(
                                List.of(new LeaseTrust.Key("v1", "a2V5")), List.of(new LeaseTrust.Key("i1", "a2V5"))),
                        new StackCredential("stack chain", "stack anchors")),
                new CertificateMaterial("shop", "pem"),
                new SignedBundle("k1", "payload", "signature"),
                new Report(
                        ID,
                        7,
                        AT,
                        3,
                        ID,
                        "ab12",
                        SyncState.FAILED,
                        new Report.ApplyError(4, "listen-address-unavailable", "127.0.0.1:80 is taken"),
                        true,
                        false,
                        "ACTIVE",
                        "0.1.0",
                        "2.6.12",
                        List.of(new Report.ServiceState("shop", "127.0.0.1", 18081, "UP", 2, 2)),
                        new Report.SpoolState(4, 512, 9, 0),
                        new Report.Flushed(ID, List.of(ack)),
                        new Report.LicenseState("ACTIVE", ID, AT),
                        new Report.Throughput(
                                4, 50_000_000L, "NONE", "tc is not installed", 5_000, 1_000, 20_000, 3_000, 60_000),
                        new Availability(
                                3,
                                null,
                                "192.0.2.11",
                                List.of(new Availability.RouterState("front", "MASTER", AT)),
                                "6 changes of role within 600 s",
                                7,
                                1,
                                List.of(new Availability.Fault("link-down", "eth0 has no carrier", AT)),
                                new Availability.ClusterState(
                                        ID,
                                        "MAIN",
                                        4,
                                        ID,
                                        true,
                                        List.of(new Availability.MemberState(
                                                ID, "edge-1", "192.0.2.11", "MAIN", "healthy", 3, AT)),
                                        1,
                                        AT,
                                        1.5),
                                List.of(new Availability.Event(ID, 9, AT, "ha.role-changed", "INFO", "front: MASTER")),
                                List.of(new Availability.DrillResult(
                                        ID,
                                        "PROBED",
                                        AT,
                                        90L,
                                        110L,
                                        2_000,
                                        1,
                                        3,
                                        4,
                                        null,
                                        List.of(7L, 281_474_976_710_655L)))),
                        new Examination(
                                ID,
                                AT,
                                AT,
                                List.of(new Examination.Finding(
                                        "gateway.port", "GATEWAY", "BAD", "it refuses connections", "Open the port.")),
                                null),
                        new Report.MachineLoad(12.5, 1_500_000_000, 4_000_000_000L, 40_000_000, 41_000_000)),
                new ReportAnswer(
                        AT,
                        List.of(ack),
                        ID,
                        false,
                        null,
                        "lease",
                        new ThroughputShare(4, 50_000_000L),
                        new SignedBundle("k1", "payload", "signature"),
                        9L,
                        new Drill(ID, "front", Drill.Role.YIELD, Drill.Kind.GRACEFUL, AT, 30),
                        List.of(ID),
                        ID),
                new MetersTaken(List.of(ack)),
                new InstancePlan(
                        1,
                        3,
                        ID,
                        ID,
                        ID,
                        AT,
                        HaSettings.DEFAULT,
                        List.of(new VirtualRouter(
                                "front",
                                51,
                                "eth0",
                                List.of(new VirtualRouter.VirtualAddress("192.0.2.100", 24, null)),
                                150,
                                true,
                                3,
                                null,
                                5,
                                0)),
                        List.of(new InstancePlan.LinkPair("eth0", "eth1")),
                        List.of(new InstancePlan.Member(ID, "edge-1", "192.0.2.11", 10_101, true))),
                new SiteReport(
                        "STANDALONE", "0.1.0", AT, 3, Map.of("ONLINE", 1), Map.of("UP", 1), 0, null, List.of("look")),
                new SiteUsage(
                        2,
                        "0a",
                        AT,
                        List.of(new SiteUsage.Stream(ID, ID, ID, "shop", MeterRecord.Source.PROXY)),
                        List.of(new SiteUsage.Interval(
                                ID,
                                1,
                                42,
                                5_916_000,
                                7,
                                MeterRecord.Kind.CLOSE,
                                ID,
                                AT,
                                100,
                                2_000,
                                3,
                                2,
                                300_000_000_000L,
                                16_000,
                                true)),
                        List.of(new SiteUsage.Epoch(ID, 1, 42, List.of(1L, 8L), null, false))),
                new Telemetry(
                        List.of(new MeterRecord(
                                ID,
                                "shop",
                                1,
                                42,
                                7,
                                5_916_000,
                                MeterRecord.Kind.CLOSE,
                                AT,
                                MeterRecord.Source.PROXY,
                                100,
                                2_000,
                                3,
                                2,
                                300_000_000_000L,
                                16_000,
                                true)),
                        List.of(new Telemetry.Sample(
                                ID, AT, 10, "shop", 100, 2_000, 3, 2, 1, 0, 3, 0, 0, 0, 1.5, 2, 2)),
                        List.of(new Telemetry.AccessEvent(
                                ID,
                                AT,
                                "shop",
                                "192.0.2.1",
                                40_000,
                                "GET",
                                "shop.example",
                                "/",
                                "curl",
                                200,
                                100,
                                2_000,
                                1.5,
                                "web",
                                "127.0.0.1:19001",
                                "----",
                                "ALLOWED",
                                "r-1"))));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsAndWritesTheBytesOfVersion1(Object message) {
        byte[] golden = golden(message.getClass().getSimpleName());

        assertThat(ProtocolJson.read(golden, message.getClass())).isEqualTo(message);
        assertThat(new String(ProtocolJson.canonical(message), StandardCharsets.UTF_8))
                .isEqualTo(new String(golden, StandardCharsets.UTF_8).strip());
    }

    @Test
    void readsWhatWasWrittenBeforeThroughputWasLimited() {
        var report = ProtocolJson.read(golden("before-throughput/Report"), Report.class);
        var answer = ProtocolJson.read(golden("before-throughput/ReportAnswer"), ReportAnswer.class);

        assertThat(report.throughput()).isNull();
        assertThat(report.sequence()).isEqualTo(7);
        assertThat(answer.share()).isNull();
        assertThat(answer.lease()).isEqualTo("lease");
    }

    @Test
    void readsWhatWasWrittenBeforeInstancesKnewOfEachOther() {
        var report = ProtocolJson.read(golden("before-availability/Report"), Report.class);
        var answer = ProtocolJson.read(golden("before-availability/ReportAnswer"), ReportAnswer.class);

        assertThat(report.availability()).isNull();
        assertThat(report.throughput()).isNotNull();
        assertThat(answer.plan()).isNull();
        assertThat(answer.eventsTaken()).isNull();
        assertThat(answer.drill()).isNull();
    }

    @Test
    void readsWhatWasWrittenBeforeResultsOfDrillsWereAcknowledged() {
        var answer = ProtocolJson.read(golden("before-drills-taken/ReportAnswer"), ReportAnswer.class);

        assertThat(answer.eventsTaken()).isEqualTo(9);
        assertThat(answer.drillsTaken()).isNull();
    }

    @Test
    void readsWhatWasWrittenBeforeInstancesWereExamined() {
        var report = ProtocolJson.read(golden("before-examination/Report"), Report.class);
        var answer = ProtocolJson.read(golden("before-examination/ReportAnswer"), ReportAnswer.class);

        assertThat(report.examination()).isNull();
        assertThat(report.availability()).isNotNull();
        assertThat(answer.examine()).isNull();
        assertThat(answer.drill()).isNotNull();
    }

    @Test
    void readsWhatWasWrittenBeforeMachinesWereLookedAt() {
        var report = ProtocolJson.read(golden("before-machine/Report"), Report.class);

        assertThat(report.machine()).isNull();
        assertThat(report.examination()).isNotNull();
    }

    @Test
    void readsWhatWasWrittenBeforeSessionsWereCompared() {
        var report = ProtocolJson.read(golden("before-session-marks/Report"), Report.class);

        assertThat(report.availability().drills()).singleElement().satisfies(drill -> {
            assertThat(drill.sessionsTotal()).isEqualTo(4);
            assertThat(drill.sessionMarks()).isNull();
        });
    }

    /** A digest that changes between versions would make every edge believe that its configuration drifted. */
    @ParameterizedTest
    @MethodSource("policies")
    void givesAPolicyTheDigestThatVersion1Gave(String name, String sha256) {
        var policy = ProtocolJson.read(golden(name), Policy.class);

        assertThat(ProtocolJson.sha256(policy)).isEqualTo(sha256);
    }

    @Test
    void writesALimitPerMinuteOnlyIfThereIsOne() {
        var key = RateLimit.Key.CLIENT_ADDRESS;

        assertThat(new String(ProtocolJson.canonical(new RateLimit(5, null, null, key)), StandardCharsets.UTF_8))
                .isEqualTo("{\"by\":\"CLIENT_ADDRESS\",\"connectionsPerSecond\":null,\"requestsPerSecond\":5}");
        var limit = new RateLimit(null, null, 100, key);
        assertThat(ProtocolJson.read(ProtocolJson.write(limit), RateLimit.class))
                .isEqualTo(limit);
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> policies() {
        return Stream.of(org.junit.jupiter.params.provider.Arguments.of(
                "Policy", "368d7ecaae4b4c8db9bc565e66aa57c6b34142fb777db54ad6a1ca1806722277"));
    }

    private static byte[] golden(String name) {
        var resource = "/golden/v1/" + name + ".json";
        try (var in = GoldenFileTests.class.getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
