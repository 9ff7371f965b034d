package io.garrison.instances.federation;

import io.garrison.licensing.FederationGateway.Address;
import io.garrison.protocol.PinnedTrust;
import io.garrison.protocol.ProtocolJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A connection to the MSSP's gateway, TLS with the pinned authority, with or without a certificate of our own. */
final class SiteDialer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_ANSWER = 256 * 1024;

    private final URI base;
    private final HttpClient http;

    private SiteDialer(Address gateway, KeyManager @Nullable [] own, Clock clock) {
        this.base = gateway.url();
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(own, new TrustManager[] {new PinnedTrust(gateway.caSha256(), clock)}, null);
            this.http = HttpClient.newBuilder()
                    .sslContext(context)
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    static SiteDialer withoutCertificate(Address gateway, Clock clock) {
        return new SiteDialer(gateway, null, clock);
    }

    static SiteDialer with(Address gateway, List<X509Certificate> chain, PrivateKey key, Clock clock) {
        var password = new char[0];
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("site", key, password, chain.toArray(Certificate[]::new));
            var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            return new SiteDialer(gateway, factory.getKeyManagers(), clock);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the site's certificate does not make a TLS identity", e);
        }
    }

    /** @throws Refused if the gateway answers anything but a success */
    <T> T post(String path, Object body, Class<T> answer) throws IOException, InterruptedException {
        return send(request(path).POST(BodyPublishers.ofByteArray(ProtocolJson.write(body))), answer);
    }

    /** Sends bytes as they are, packed. */
    <T> T postPacked(String path, byte[] body, Class<T> answer) throws IOException, InterruptedException {
        var request = request(path).header("Content-Encoding", "gzip").POST(BodyPublishers.ofByteArray(packed(body)));
        return send(request, answer);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).header("Content-Type", "application/json");
    }

    private <T> T send(HttpRequest.Builder request, Class<T> type) throws IOException, InterruptedException {
        HttpResponse<java.io.InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
        byte[] body;
        try (var content = response.body()) {
            body = content.readNBytes(MAX_ANSWER);
        }
        if (response.statusCode() / 100 != 2) {
            throw Refused.of(response.statusCode(), body);
        }
        try {
            return ProtocolJson.read(body, type);
        } catch (IllegalArgumentException e) {
            throw new IOException("the gateway's answer can't be read", e);
        }
    }

    private static byte[] packed(byte[] body) {
        var bytes = new ByteArrayOutputStream();
        try (var packing = new GZIPOutputStream(bytes)) {
            packing.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot pack in memory", e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** The gateway said no. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String code;

        private Refused(int status, String code, String detail) {
            super(detail + " (" + code + ")");
            this.status = status;
            this.code = code;
        }

        private static Refused of(int status, byte[] body) {
            try {
                var problem = ProtocolJson.mapper().readTree(new String(body, StandardCharsets.UTF_8));
                return new Refused(
                        status,
                        problem.path("code").asString("http-" + status),
                        problem.path("detail").asString("The gateway answered " + status + "."));
            } catch (RuntimeException e) {
                return new Refused(status, "http-" + status, "The gateway answered " + status + ".");
            }
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }

        /** Whether the same would be refused again: not when the gateway is busy or away. */
        boolean isFinal() {
            return status >= 400 && status < 500 && status != 429;
        }
    }
}
