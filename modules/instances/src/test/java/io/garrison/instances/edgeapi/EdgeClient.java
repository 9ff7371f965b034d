package io.garrison.instances.edgeapi;

import io.garrison.instances.InstallationKeys;
import io.garrison.instances.pki.Authority;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.ProtocolJson;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** A machine that dials the gateway, with the JDK's own HTTP client. */
final class EdgeClient {

    private final String base;
    private final HttpClient http;

    private EdgeClient(String base, HttpClient http) {
        this.base = base;
        this.http = http;
    }

    static EdgeClient withoutCertificate(int port, InstallationKeys keys) {
        return new EdgeClient("https://localhost:" + port, client(keys, null));
    }

    static EdgeClient with(int port, InstallationKeys keys, KeyPair pair, X509Certificate certificate) {
        return new EdgeClient("https://localhost:" + port, client(keys, new Insisting(pair.getPrivate(), certificate)));
    }

    /** @return the answer's status and body */
    HttpResponse<String> enroll(String token, String csr) throws Exception {
        var request = new EnrollRequest(token, csr, Map.of("hostname", "edge-1", "os", "Debian 13"));
        return post("/edge/v1/enroll", ProtocolJson.write(request));
    }

    static X509Certificate certificate(EnrollResponse enrolled) throws Exception {
        return certificate(enrolled.certificateChain());
    }

    static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem.getBytes()));
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** What the gateway shows of itself now. */
    static java.security.cert.Certificate serverCertificate(int port, InstallationKeys keys) throws Exception {
        try (var http = client(keys, null)) {
            var request = HttpRequest.newBuilder(URI.create("https://localhost:%d/".formatted(port)));
            var answer = http.send(request.build(), BodyHandlers.discarding());
            return answer.sslSession().orElseThrow().getPeerCertificates()[0];
        }
    }

    private static HttpClient client(InstallationKeys keys, X509ExtendedKeyManager own) {
        try {
            var trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("authority", keys.authority().certificate());
            var trusting = TrustManagerFactory.getInstance("PKIX");
            trusting.init(trust);
            var context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : new KeyManager[] {own}, trusting.getTrustManagers(), null);
            return HttpClient.newBuilder()
                    .sslContext(context)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Presents its certificate whatever authorities the server names. */
    private static final class Insisting extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate certificate;

        Insisting(PrivateKey key, X509Certificate certificate) {
            this.key = key;
            this.certificate = certificate;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, javax.net.ssl.SSLEngine engine) {
            return "own";
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }

    static KeyPair newKey() {
        return Authority.newKeyPair();
    }
}
