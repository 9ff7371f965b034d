package io.garrison.reporting.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.instances.pki.Authority;
import io.garrison.reporting.ingest.KafkaSettings.Mechanism;
import io.garrison.reporting.ingest.KafkaSettings.Tls;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** How the clients connect, as the settings say. */
class KafkaConnectionTests {

    private static final char[] PASSWORD = "only in memory".toCharArray();

    @TempDir
    private Path scratch;

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,PLAIN,false,PLAINTEXT,-,-",
                "-,PLAIN,true,SSL,-,-",
                "me,PLAIN,false,SASL_PLAINTEXT,PLAIN,PlainLoginModule",
                "me,PLAIN,true,SASL_SSL,PLAIN,PlainLoginModule",
                "me,SCRAM_SHA_256,true,SASL_SSL,SCRAM-SHA-256,ScramLoginModule",
                "me,SCRAM_SHA_512,false,SASL_PLAINTEXT,SCRAM-SHA-512,ScramLoginModule",
            })
    void isAsTheSettingsSay(
            String username, Mechanism mechanism, boolean tls, String protocol, String sasl, String module) {
        var properties =
                new KafkaClients(new KafkaSettings("b:1", username, "p\"w", mechanism, new Tls(tls, null), 1)).common();

        assertThat(properties.get("security.protocol")).isEqualTo(protocol);
        assertThat(properties.get("sasl.mechanism")).isEqualTo(sasl);
        if (module == null) {
            assertThat(properties).doesNotContainKey("sasl.jaas.config");
        } else {
            assertThat(properties.get("sasl.jaas.config").toString())
                    .contains("." + module + " required username=\"me\" password=\"p\\\"w\";");
        }
    }

    @Test
    void isReadFromItsProperties() {
        var settings = new Binder(new MapConfigurationPropertySource(Map.of(
                        "garrison.kafka.bootstrap", "b:1",
                        "garrison.kafka.mechanism", "SCRAM-SHA-512",
                        "garrison.kafka.tls.enabled", "true",
                        "garrison.kafka.tls.ca-file", "/etc/ca.pem")))
                .bind("garrison.kafka", KafkaSettings.class)
                .get();

        assertThat(settings.mechanism()).isEqualTo(Mechanism.SCRAM_SHA_512);
        assertThat(settings.tls()).isEqualTo(new Tls(true, Path.of("/etc/ca.pem")));
        var plain = new Binder(new MapConfigurationPropertySource(Map.of("garrison.kafka.bootstrap", "b:1")))
                .bind("garrison.kafka", KafkaSettings.class)
                .get();
        assertThat(plain.mechanism()).isEqualTo(Mechanism.PLAIN);
        assertThat(plain.tls().enabled()).isFalse();
    }

    @Test
    void speaksToABrokerOfTheNamedAuthorityAndToNoOther() throws Exception {
        var authority = Authority.create(Instant.now());
        var stranger = Authority.create(Instant.now());
        try (var broker = broker(authority)) {
            assertThat(firstRequest(broker, pem(authority)).get(20, TimeUnit.SECONDS))
                    .as("length of the first request")
                    .isPositive();
        }
        try (var broker = broker(authority)) {
            var request = firstRequest(broker, pem(stranger));
            assertThatThrownBy(() -> request.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SSLException.class);
        }
    }

    private CompletableFuture<Integer> firstRequest(SSLServerSocket broker, Path caFile) {
        var seen = new CompletableFuture<Integer>();
        Thread.ofVirtual().start(() -> {
            try (var socket = (SSLSocket) broker.accept()) {
                socket.startHandshake();
                seen.complete(new DataInputStream(socket.getInputStream()).readInt());
            } catch (Exception e) {
                seen.completeExceptionally(e);
            }
        });
        var settings = new KafkaSettings(
                "127.0.0.1:" + broker.getLocalPort(), null, null, Mechanism.PLAIN, new Tls(true, caFile), 1);
        var admin = new KafkaClients(settings).admin();
        admin.listTopics();
        return seen.whenComplete((length, failure) -> admin.close(Duration.ZERO));
    }

    private static SSLServerSocket broker(Authority authority) throws Exception {
        var pair = Authority.newKeyPair();
        var certificate =
                authority.issueServer(pair.getPublic(), List.of("127.0.0.1"), Instant.now(), Duration.ofHours(1));
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "broker", pair.getPrivate(), PASSWORD, new Certificate[] {certificate, authority.certificate()});
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    }

    private Path pem(Authority authority) throws Exception {
        var encoded = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(authority.certificate().getEncoded());
        return Files.writeString(
                Files.createTempFile(scratch, "ca", ".pem"),
                "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
    }
}
