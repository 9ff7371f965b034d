package io.garrison.edge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Availability.Event;
import io.garrison.protocol.BundleSigning;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.Drill;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.LeaseTrust;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MetersTaken;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import io.garrison.protocol.SignedBundle;
import io.garrison.protocol.Telemetry;
import io.garrison.protocol.ThroughputShare;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;

/** The edge gateway of a test: real TLS, real HTTP, and everything that arrived. */
public final class ScriptedGateway implements AutoCloseable {

    public static final UUID TENANT = new UUID(1, 1);
    public static final UUID STACK = new UUID(1, 2);
    public static final UUID INSTANCE = new UUID(1, 3);

    public final TestAuthority authority = new TestAuthority();

    /** Instances of one stack with several managements have one in common. */
    public volatile TestAuthority stackAuthority = new TestAuthority();

    public final List<Report> reports = new CopyOnWriteArrayList<>();
    public final List<Telemetry> batches = new CopyOnWriteArrayList<>();
    public final List<BigInteger> clientSerials = new CopyOnWriteArrayList<>();
    public final List<CertificateRenewal.LateRequest> lateRenewals = new CopyOnWriteArrayList<>();
    public final Map<String, String> certificates = new HashMap<>();
    public volatile String token = "token-1";
    public volatile Duration certificateLife = Duration.ofHours(24);
    public volatile boolean acknowledging = true;
    public volatile boolean draining;
    public volatile UUID flush;
    public volatile LeaseTrust leaseTrust;
    public volatile String lease;
    /** What every report is answered with from now on; null for a management that splits no throughput. */
    public volatile ThroughputShare share;

    /** Until a report has told of it. */
    public volatile UUID examine;

    public volatile SignedBundle plan;

    /** Of instances that have one of their own. */
    private final Map<UUID, SignedBundle> plans = new ConcurrentHashMap<>();

    /** Whom the next one that enrols becomes. */
    public volatile UUID instance = INSTANCE;

    /** Who is answered as if management were down. */
    public final Set<UUID> cutOff = ConcurrentHashMap.newKeySet();

    /** What those said who were answered so. */
    public final List<Report> unheard = new CopyOnWriteArrayList<>();

    public volatile Drill drill;

    /** Otherwise what reports say of the stack is lost, as if management failed in that part. */
    public volatile boolean takingDrills = true;

    /** A telemetry batch that holds this text is refused; empty for none. */
    public volatile String poison = "";

    /** Status that every request but the enrolment is answered with; 0 for none. */
    public volatile int failWith;

    /** Code of the problem that goes with it. */
    public volatile String failCode = "";

    /** Whether a person has taken the instance out of its stack, so that nothing of it is taken but its registers. */
    public volatile boolean shutOut;

    /** Status that telemetry alone is answered with; 0 takes it. */
    public volatile int telemetryStatus;

    /** What an instance that enrols is told. */
    public volatile int heartbeatSeconds = 1;

    public volatile UUID stack = STACK;

    private final KeyPair policyKey;
    private final HttpsServer server;
    private final Object news = new Object();
    private SignedBundle desired;
    private String etag = "";
    public volatile long desiredQuestions;

    public ScriptedGateway() throws IOException, GeneralSecurityException {
        this(Instant.now().minusSeconds(60), Instant.now().plus(Duration.ofDays(1)));
    }

    public ScriptedGateway(Instant from, Instant to) throws IOException, GeneralSecurityException {
        this(InetAddress.getLoopbackAddress(), from, to);
    }

    /** @param address one of this machine's own */
    public ScriptedGateway(InetAddress address, Instant from, Instant to) throws IOException, GeneralSecurityException {
        policyKey = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        server = HttpsServer.create(new InetSocketAddress(address, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext(address.getHostAddress(), from, to)) {
            @Override
            public void configure(HttpsParameters parameters) {
                var ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setWantClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/edge/v1/enroll", this::enroll);
        server.createContext("/edge/v1/certificate", exchange -> authenticated(exchange, this::renew));
        server.createContext("/edge/v1/late-certificate", this::renewLate);
        server.createContext("/edge/v1/certificates/", exchange -> authenticated(exchange, this::certificate));
        server.createContext("/edge/v1/desired", exchange -> authenticated(exchange, this::desired));
        server.createContext("/edge/v1/report", exchange -> authenticated(exchange, this::report));
        server.createContext("/edge/v1/telemetry", exchange -> authenticated(exchange, this::telemetry));
        server.createContext("/edge/v1/usage", exchange -> authenticated(exchange, this::usage));
        server.start();
    }

    public String url() {
        var address = server.getAddress();
        return "https://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    public EnrollResponse.PolicyKey policyKey() {
        return new EnrollResponse.PolicyKey(
                "k1", Base64.getEncoder().encodeToString(policyKey.getPublic().getEncoded()));
    }

    public SignedBundle sign(PolicyBundle bundle) {
        return BundleSigning.sign(bundle, "k1", policyKey.getPrivate());
    }

    /** Hands this plan out from now on. */
    public void plan(InstancePlan next) {
        plan = PlanSigning.sign(next, "k1", policyKey.getPrivate());
    }

    /** Hands this plan out to the instance that it is for, and to nobody else. */
    public void planOfOne(InstancePlan next) {
        plans.put(next.instanceId(), PlanSigning.sign(next, "k1", policyKey.getPrivate()));
    }

    public KeyPair policyKeys() {
        return policyKey;
    }

    public static PolicyBundle bundle(UUID incarnation, long revision, Instant issuedAt, Policy policy) {
        return new PolicyBundle(
                1,
                TENANT,
                STACK,
                incarnation,
                revision,
                issuedAt,
                ProtocolJson.sha256(policy),
                true,
                List.of(),
                policy);
    }

    /** Makes this the desired revision; questions that wait are answered at once. */
    public void publish(PolicyBundle bundle) {
        publish(sign(bundle), "\"" + bundle.incarnation() + "/" + bundle.revision() + "\"");
    }

    public void publish(SignedBundle bundle, String tag) {
        synchronized (news) {
            desired = bundle;
            etag = tag;
            news.notifyAll();
        }
    }

    /** Every meter record that arrived. */
    public List<MeterRecord> meters() {
        return batches.stream().flatMap(batch -> batch.meters().stream()).toList();
    }

    public static void await(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not in " + limit + ": " + what);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException, GeneralSecurityException, InterruptedException;
    }

    private void authenticated(HttpExchange exchange, Handler handler) throws IOException {
        try (exchange) {
            if (failWith != 0) {
                fail(exchange);
                return;
            }
            var peer = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates();
            clientSerials.add(((X509Certificate) peer[0]).getSerialNumber());
            var name = nameIn(exchange);
            if (cutOff.stream().anyMatch(cut -> name.contains(cut.toString()))) {
                if (exchange.getRequestURI().getPath().endsWith("/report")) {
                    unheard.add(ProtocolJson.read(exchange.getRequestBody().readAllBytes(), Report.class));
                }
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            if (shutOut && !exchange.getRequestURI().getPath().equals("/edge/v1/usage")) {
                fail(exchange, 401, "edge.shut-out");
                return;
            }
            handler.handle(exchange);
        } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
            exchange.sendResponseHeaders(401, -1);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String nameIn(HttpExchange exchange) throws IOException, GeneralSecurityException {
        var peer = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates();
        return String.valueOf(((X509Certificate) peer[0]).getSubjectAlternativeNames());
    }

    private SignedBundle planFor(HttpExchange exchange) throws IOException, GeneralSecurityException {
        var name = nameIn(exchange);
        return plans.entrySet().stream()
                .filter(entry -> name.contains(entry.getKey().toString()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(plan);
    }

    private void fail(HttpExchange exchange) throws IOException {
        fail(exchange, failWith, failCode);
    }

    private static void fail(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "0");
        var problem = ("{\"code\":\"" + code + "\"}").getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, problem.length);
        exchange.getResponseBody().write(problem);
    }

    private void enroll(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = ProtocolJson.read(exchange.getRequestBody().readAllBytes(), EnrollRequest.class);
            if (!request.token().equals(token)) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            token = "spent";
            json(
                    exchange,
                    201,
                    new EnrollResponse(
                            instance,
                            TENANT,
                            stack,
                            authority.answer(request.csr(), certificateLife, TENANT, stack, instance),
                            authority.rootPem(),
                            List.of(policyKey()),
                            new EnrollResponse.KafkaTopics(null, Map.of()),
                            heartbeatSeconds,
                            lease,
                            leaseTrust,
                            stackAuthority.member(request.csr(), instance, certificateLife)));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void renew(HttpExchange exchange) throws IOException, GeneralSecurityException {
        renew(
                exchange,
                ProtocolJson.read(exchange.getRequestBody().readAllBytes(), CertificateRenewal.Request.class)
                        .csr());
    }

    private void renewLate(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request =
                    ProtocolJson.read(exchange.getRequestBody().readAllBytes(), CertificateRenewal.LateRequest.class);
            lateRenewals.add(request);
            if (failWith != 0) {
                fail(exchange);
                return;
            }
            renew(exchange, request.csr());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void renew(HttpExchange exchange, String csr) throws IOException, GeneralSecurityException {
        json(
                exchange,
                200,
                new CertificateRenewal.Response(
                        authority.answer(csr, certificateLife, TENANT, STACK, instance),
                        authority.rootPem(),
                        leaseTrust,
                        stackAuthority.member(csr, instance, certificateLife)));
    }

    private void certificate(HttpExchange exchange) throws IOException {
        var name = exchange.getRequestURI().getPath().substring("/edge/v1/certificates/".length());
        json(exchange, 200, new CertificateMaterial(name, certificates.get(name)));
    }

    private void desired(HttpExchange exchange) throws IOException, InterruptedException {
        desiredQuestions++;
        int wait = Integer.parseInt(exchange.getRequestURI().getQuery().replaceAll("\\D", ""));
        var known = String.valueOf(exchange.getRequestHeaders().getFirst("If-None-Match"));
        SignedBundle answer;
        synchronized (news) {
            long end = System.currentTimeMillis() + wait * 1000L;
            while ((desired == null || etag.equals(known)) && System.currentTimeMillis() < end) {
                news.wait(Math.max(1, end - System.currentTimeMillis()));
            }
            answer = etag.equals(known) ? null : desired;
        }
        if (answer == null) {
            exchange.sendResponseHeaders(desired == null ? 204 : 304, -1);
        } else {
            json(exchange, 200, answer);
        }
    }

    private void report(HttpExchange exchange) throws IOException, GeneralSecurityException {
        var report = ProtocolJson.read(exchange.getRequestBody().readAllBytes(), Report.class);
        reports.add(report);
        var examination = report.examination();
        if (examination != null && examination.id().equals(examine)) {
            examine = null;
        }
        var events = report.availability() == null
                ? List.<Event>of()
                : report.availability().events();
        json(
                exchange,
                200,
                new ReportAnswer(
                        Instant.now(),
                        acknowledging ? acks() : List.of(),
                        flush,
                        draining,
                        null,
                        lease,
                        share,
                        planFor(exchange),
                        events.isEmpty() ? 0 : events.getLast().sequence(),
                        drill,
                        takingDrills ? drills(report) : null,
                        examine));
    }

    private static List<UUID> drills(Report report) {
        return report.availability() == null
                ? List.of()
                : report.availability().drills().stream()
                        .map(DrillResult::drillId)
                        .toList();
    }

    private void usage(HttpExchange exchange) throws IOException {
        var batch = batch(exchange);
        assertThat(batch.samples()).isEmpty();
        assertThat(batch.events()).isEmpty();
        batches.add(batch);
        json(exchange, 202, new MetersTaken(acknowledging ? acks() : List.of()));
    }

    private static Telemetry batch(HttpExchange exchange) throws IOException {
        try (var in = new GZIPInputStream(exchange.getRequestBody())) {
            return ProtocolJson.read(in.readAllBytes(), Telemetry.class);
        }
    }

    private void telemetry(HttpExchange exchange) throws IOException {
        byte[] body;
        try (var in = new GZIPInputStream(exchange.getRequestBody())) {
            body = in.readAllBytes();
        }
        var batch = ProtocolJson.read(body, Telemetry.class);
        if (telemetryStatus != 0) {
            exchange.sendResponseHeaders(telemetryStatus, -1);
            return;
        }
        if (!poison.isEmpty() && new String(body, java.nio.charset.StandardCharsets.UTF_8).contains(poison)) {
            exchange.sendResponseHeaders(422, -1);
            return;
        }
        batches.add(batch);
        exchange.sendResponseHeaders(202, -1);
    }

    /** Up to the first gap, as the real one does. */
    private List<MeterAck> acks() {
        var sequences = new HashMap<List<Object>, TreeMap<Long, MeterRecord>>();
        meters().forEach(record -> sequences
                .computeIfAbsent(List.of(record.stream(), record.epoch()), key -> new TreeMap<>())
                .put(record.sequence(), record));
        var acks = new ArrayList<MeterAck>();
        sequences.values().forEach(records -> {
            long last = 0;
            for (long sequence : records.keySet()) {
                if (sequence != last + 1) {
                    break;
                }
                last = sequence;
            }
            if (last > 0) {
                acks.add(new MeterAck(
                        records.firstEntry().getValue().stream(),
                        records.firstEntry().getValue().epoch(),
                        last));
            }
        });
        return acks;
    }

    private static void json(HttpExchange exchange, int status, Object body) throws IOException {
        var bytes = ProtocolJson.write(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
