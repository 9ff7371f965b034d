package io.garrison.edge.cli;

import io.garrison.edge.doctor.Finding;
import io.garrison.edge.doctor.Finding.Outcome;
import io.garrison.edge.join.Identity;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.VirtualRouter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The doctor at an instance of a test. */
record Examinations(StateDirectory state, Clock clock) {

    record Examination(int status, DoctorCommand.Told told, String words) {

        static Examination of(int status, byte[] out, String err) {
            return new Examination(
                    status,
                    ProtocolJson.read(out, DoctorCommand.Told.class),
                    new String(out, StandardCharsets.UTF_8) + err);
        }

        /** Each as {@code id OUTCOME}. */
        List<String> outcomes() {
            return told.findings().stream()
                    .map(finding -> finding.id() + " " + finding.outcome())
                    .toList();
        }

        List<String> bad() {
            return told.findings().stream()
                    .filter(finding -> finding.outcome() == Outcome.BAD)
                    .map(Finding::id)
                    .toList();
        }

        /** The bad one of that id. */
        Finding only(String id) {
            return told.findings().stream()
                    .filter(finding -> finding.id().equals(id) && finding.outcome() == Outcome.BAD)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(words));
        }
    }

    Examination examine() {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(new PrintStream(out, true), new PrintStream(err, true));
        int status = new EdgeCommand(console, clock, (directory, config, events) -> {
                    throw new IOException("no data plane here");
                })
                .run(List.of("doctor", "--state", state.root().toString(), "--json"));
        return Examination.of(status, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    void settings(String... lines) {
        var all = new ArrayList<>(List.of("management.port=0", "meter=proxy"));
        all.addAll(Arrays.asList(lines));
        try {
            Files.writeString(state.settings(), String.join("\n", all) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As management would have sent it: the instance is made to trust a key of this test. */
    void plan(List<VirtualRouter> routers, List<InstancePlan.Member> others) throws Exception {
        var key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var store = new IdentityStore(state);
        var me = store.load().orElseThrow();
        var trusted = new EnrollResponse.PolicyKey(
                "test", Base64.getEncoder().encodeToString(key.getPublic().getEncoded()));
        store.save(new Identity(
                me.instanceId(),
                me.tenantId(),
                me.stackId(),
                me.gateway(),
                me.keyPem(),
                me.certificateChain(),
                me.trustAnchors(),
                Stream.concat(me.policyKeys().stream(), Stream.of(trusted)).toList(),
                me.heartbeatSeconds(),
                me.leaseTrust()));
        var members = new ArrayList<InstancePlan.Member>();
        members.add(new InstancePlan.Member(me.instanceId(), "edge-1", "127.0.0.1", 1, true));
        members.addAll(others);
        var plan = new InstancePlan(
                InstancePlan.VERSION,
                1,
                me.tenantId(),
                me.stackId(),
                me.instanceId(),
                Instant.now(),
                HaSettings.DEFAULT,
                routers,
                List.of(),
                members);
        Files.write(state.plan(), ProtocolJson.write(PlanSigning.sign(plan, "test", key.getPrivate())));
    }

    static InstancePlan.Member another(String address, int port) {
        return new InstancePlan.Member(UUID.randomUUID(), "edge-2", address, port, false);
    }
}
