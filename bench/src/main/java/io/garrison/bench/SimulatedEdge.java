package io.garrison.bench;

import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import io.garrison.protocol.SignedBundle;
import io.garrison.protocol.SyncState;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * As much of an edge as a push needs: an identity of its own, one mutual-TLS connection, the long poll and the report.
 * It applies nothing and does not verify what it gets, so that a thousand fit beside the server that is measured.
 */
final class SimulatedEdge implements AutoCloseable {

    private static final char[] NO_PASSWORD = new char[0];

    private final int port;
    private final EnrollResponse identity;
    private final SSLContext tls;
    private final UUID bootId = UUID.randomUUID();
    private @Nullable SSLSocket connection;
    private @Nullable String etag;
    private long sequence;

    private SimulatedEdge(int port, EnrollResponse identity, SSLContext tls) {
        this.port = port;
        this.identity = identity;
        this.tls = tls;
    }

    static SimulatedEdge enrol(int port, String token) throws IOException, GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var key = generator.generateKeyPair();
        var anonymous = SSLContext.getInstance("TLS");
        anonymous.init(null, new TrustManager[] {new TrustAll()}, null);
        try (var socket = (SSLSocket) anonymous.getSocketFactory().createSocket("127.0.0.1", port)) {
            var answer = exchange(
                    socket,
                    "POST",
                    "/edge/v1/enroll",
                    Map.of(),
                    ProtocolJson.write(new EnrollRequest(token, request(key), Map.of("hostname", "simulated"))));
            if (answer.status() != 201) {
                throw new IOException("enrolment answered " + answer.status() + " "
                        + new String(answer.body(), StandardCharsets.UTF_8));
            }
            var identity = ProtocolJson.read(answer.body(), EnrollResponse.class);
            return new SimulatedEdge(port, identity, context(key, identity));
        }
    }

    /** Waits for a revision that it has not seen; null if none came. */
    @Nullable
    SignedBundle poll(int waitSeconds) throws IOException {
        var headers = etag == null ? Map.<String, String>of() : Map.of("If-None-Match", etag);
        var answer = exchange(connection(), "GET", "/edge/v1/desired?waitSeconds=" + waitSeconds, headers, null);
        if (answer.status() != 200) {
            return null;
        }
        etag = answer.etag();
        return ProtocolJson.read(answer.body(), SignedBundle.class);
    }

    void report(long revision) throws IOException {
        var report = new Report(
                bootId,
                ++sequence,
                Clock.systemUTC().instant(),
                revision,
                null,
                null,
                SyncState.IN_SYNC,
                null,
                true,
                false,
                "ACTIVE",
                "simulated",
                null,
                List.of(),
                new Report.SpoolState(0, 0, 0, 0),
                null,
                null);
        var answer = exchange(connection(), "POST", "/edge/v1/report", Map.of(), ProtocolJson.write(report));
        if (answer.status() != 200) {
            throw new IOException("report answered " + answer.status());
        }
    }

    private SSLSocket connection() throws IOException {
        var open = connection;
        if (open == null) {
            open = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port);
            connection = open;
        }
        return open;
    }

    private static Answer exchange(
            SSLSocket socket, String method, String path, Map<String, String> headers, byte @Nullable [] body)
            throws IOException {
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        var out = new ByteArrayOutputStream();
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        if (body != null) {
            out.writeBytes(body);
        }
        socket.getOutputStream().write(out.toByteArray());
        return Answer.read(new BufferedInputStream(socket.getInputStream()));
    }

    private static String request(KeyPair key) throws GeneralSecurityException, IOException {
        try {
            var csr = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=simulated"), key.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()));
            return "-----BEGIN CERTIFICATE REQUEST-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(csr.getEncoded())
                    + "\n-----END CERTIFICATE REQUEST-----\n";
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static SSLContext context(KeyPair key, EnrollResponse identity)
            throws GeneralSecurityException, IOException {
        var chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(identity.certificateChain().getBytes(StandardCharsets.US_ASCII)));
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("edge", key.getPrivate(), NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new TrustAll()}, null);
        return context;
    }

    UUID instanceId() {
        return identity.instanceId();
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
        }
    }

    /** The server is the benchmark's own, on loopback; its identity is not what is measured. */
    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
