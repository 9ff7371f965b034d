package io.garrison.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One Kafka broker and controller on loopback: SASL on every listener, topics only for whom the ACLs name. */
public final class KafkaServer implements AutoCloseable {

    /** The only account that clients use; a super user. */
    public static final String USERNAME = "garrison";

    private static final String OPTION = "--kafka-port";
    private static final String BROKER = "broker";
    private static final JvmServer JVM = new JvmServer(
            "kafka-server",
            "io.garrison.kafka.KafkaMain",
            // The broker moves bytes; the quick compiler serves it and starts in half the time.
            List.of("-Xms64m", "-Xmx256m", "-XX:TieredStopAtLevel=1"));

    private final SupervisedProcess process;
    private final int port;
    private final String password;

    private KafkaServer(SupervisedProcess process, int port, String password) {
        this.process = process;
        this.port = port;
        this.password = password;
    }

    /**
     * Formats the log on first use and starts the server.
     *
     * @param home directory of the server's own files
     * @param log file that takes what it prints
     * @param port loopback port for clients; 0 for any free one
     * @param password of {@link #USERNAME}
     * @throws EmbeddedException if it cannot be started; the message says why
     */
    public static KafkaServer start(Path home, Path log, int port, String password) {
        var pidFile = new PidFile(home.resolve("server.pid"));
        pidFile.awaitEndOfLeftover();
        int claimed = LoopbackPorts.claim(port, "Kafka", OPTION);
        try {
            PrivateFiles.directory(home);
            Path configuration = home.resolve("server.properties");
            PrivateFiles.write(configuration, configuration(home, claimed, LoopbackPorts.free(), password));
            var spec = new ChildSpec(
                    "Kafka",
                    JVM.command(configuration),
                    log,
                    pidFile,
                    "TERM",
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(12),
                    (process, output) -> output.readySeen());
            return new KafkaServer(SupervisedProcess.start(spec), claimed, password);
        } catch (IOException e) {
            throw new EmbeddedException("Cannot prepare Kafka in " + home + ": " + e.getMessage(), e);
        }
    }

    /** What clients connect to: host and port. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    public String password() {
        return password;
    }

    /** Process id of the running server; another one after a restart. */
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }

    private static String configuration(Path home, int port, int controllerPort, String password) {
        // The brokers' own account never leaves this file, so it is a new one at each start.
        String own = RandomSecrets.password();
        String jaas = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + BROKER
                + "\" password=\"" + own + "\" user_" + BROKER + "=\"" + own + "\"";
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=CONTROLLER://127.0.0.1:%2$d,CLIENTS://127.0.0.1:%1$d
                advertised.listeners=CLIENTS://127.0.0.1:%1$d
                listener.security.protocol.map=CONTROLLER:SASL_PLAINTEXT,CLIENTS:SASL_PLAINTEXT
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=CLIENTS
                log.dirs=%3$s
                sasl.enabled.mechanisms=PLAIN
                sasl.mechanism.inter.broker.protocol=PLAIN
                sasl.mechanism.controller.protocol=PLAIN
                listener.name.controller.sasl.enabled.mechanisms=PLAIN
                listener.name.controller.plain.sasl.jaas.config=%4$s;
                listener.name.clients.plain.sasl.jaas.config=%4$s user_%5$s="%6$s";
                authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
                allow.everyone.if.no.acl.found=false
                super.users=User:%7$s;User:%5$s
                auto.create.topics.enable=false
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                num.network.threads=2
                num.io.threads=4
                background.threads=4
                log.cleaner.dedupe.buffer.size=16777216
                log.segment.bytes=67108864
                """.formatted(port, controllerPort, home.resolve("log"), jaas, USERNAME, password, BROKER);
    }
}
