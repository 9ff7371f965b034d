package io.garrison.edge.state;

import io.garrison.edge.state.EdgeConfig.InvalidSetting;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The instance as one of several: the settings whose keys begin with {@code cluster.}, {@code discovery.},
 * {@code gossip.}, {@code election.}, {@code sync.} and {@code health.}.
 *
 * @param enabled whether the instance talks to its peers at all
 * @param address a name or address under which peers reach it; absent for the one that packets to management leave from
 * @param seeds peers to begin with, at most 32
 */
public record ClusterSettings(
        boolean enabled,
        @Nullable String address,
        List<HostPort> seeds,
        DiscoverySettings discovery,
        Gossip gossip,
        Election election,
        Pace sync,
        Health health) {

    /**
     * How the state of peers is asked for (DI-16 to DI-19).
     *
     * @param port TCP port for peers, 1–65,534; 0 for the one of the plan
     * @param timeoutSeconds an answer that takes longer has failed, 1–300
     * @param successThreshold answers in a row after which a peer that was suspect is healthy, 1–100
     * @param failureThreshold failed answers in a row after which a peer is suspect, 1–100
     */
    public record Gossip(int port, int timeoutSeconds, int successThreshold, int failureThreshold) {}

    /**
     * When a main is elected (PX-20, PX-21).
     *
     * @param timeoutMinMs least silence of the main before somebody else stands, 50–60,000
     * @param timeoutMaxMs most silence, above the least
     * @param heartbeatIntervalMs between signs of life of the main, from 10; less than half of the least silence
     */
    public record Election(int timeoutMinMs, int timeoutMaxMs, int heartbeatIntervalMs) {}

    /**
     * How often what is looked after (PX-13 to PX-18). Seconds are 1–86,400.
     *
     * @param rulesIntervalSecs between questions to the main for a newer revision, while management does not answer
     * @param configIntervalSecs between questions to the main for a newer membership
     * @param eventsBatchSize events that go to the spool together, 1–5,000
     * @param eventsFlushIntervalSecs after which a smaller batch goes as well
     * @param statsIntervalSecs length of a sample
     * @param eventsQueueSize events that wait in memory while the disk is busy, from the batch's size to 1,000,000
     */
    public record Pace(
            int rulesIntervalSecs,
            int configIntervalSecs,
            int eventsBatchSize,
            int eventsFlushIntervalSecs,
            int statsIntervalSecs,
            int eventsQueueSize) {}

    /**
     * How the state of peers is followed, and who may ask for this instance's own (PX-22, PX-23).
     *
     * @param checkIntervalSecs between two questions to each peer, 1–3,600
     * @param maxMissedHeartbeats intervals without a sign of life after which a peer is lost, 1–100
     * @param listen a further address for {@code /health} and {@code /ready}; absent for loopback only
     */
    public record Health(
            int checkIntervalSecs,
            int maxMissedHeartbeats,
            @Nullable HostPort listen) {}

    public static final ClusterSettings DEFAULT = of(Map.of());

    private static final Set<String> PREFIXES = Set.of("cluster", "discovery", "gossip", "election", "sync", "health");
    private static final int MOST_SEEDS = 32;
    private static final int DAY = 86_400;

    /** Whether the key is one of these settings, if it is any. */
    public static boolean owns(String key) {
        int dot = key.indexOf('.');
        return dot > 0 && PREFIXES.contains(key.substring(0, dot));
    }

    /** @throws InvalidSetting naming the key, if a setting is unknown, out of range or missing */
    public static ClusterSettings of(Map<String, String> settings) {
        var words = new Words(settings);
        var read = read(words);
        words.end();
        return read;
    }

    /** Keys of all settings there are. */
    static List<String> keys() {
        var words = new Words(Map.of());
        var unused = read(words);
        return words.known();
    }

    private static ClusterSettings read(Words words) {
        return new ClusterSettings(
                words.flag("cluster.enabled", false),
                host(words.text("cluster.address")),
                words.list("cluster.seeds", MOST_SEEDS, word -> HostPort.parse(word, DiscoverySettings.PORT)),
                DiscoverySettings.of(words),
                new Gossip(
                        words.number("gossip.port", 0, 1, 65_534),
                        words.number("gossip.timeout-seconds", 10, 1, 300),
                        words.number("gossip.success-threshold", 3, 1, 100),
                        words.number("gossip.failure-threshold", 3, 1, 100)),
                election(words),
                pace(words),
                new Health(
                        words.number("health.check-interval-secs", 5, 1, 3_600),
                        words.number("health.max-missed-heartbeats", 3, 1, 100),
                        listen(words.text("health.listen"))));
    }

    /** Every setting with the value in force. What is absent takes its value from elsewhere, as the record says. */
    public SortedMap<String, String> effective() {
        var all = new TreeMap<String, String>();
        all.put("cluster.enabled", Boolean.toString(enabled));
        put(all, "cluster.address", address);
        put(all, "cluster.seeds", seeds.stream().map(HostPort::toString).collect(Collectors.joining(",")));
        discovery.tell(all);
        put(all, "gossip.port", gossip.port == 0 ? null : Integer.toString(gossip.port));
        put(all, "gossip.timeout-seconds", gossip.timeoutSeconds);
        put(all, "gossip.success-threshold", gossip.successThreshold);
        put(all, "gossip.failure-threshold", gossip.failureThreshold);
        put(all, "election.timeout-min-ms", election.timeoutMinMs);
        put(all, "election.timeout-max-ms", election.timeoutMaxMs);
        put(all, "election.heartbeat-interval-ms", election.heartbeatIntervalMs);
        put(all, "sync.rules-interval-secs", sync.rulesIntervalSecs);
        put(all, "sync.config-interval-secs", sync.configIntervalSecs);
        put(all, "sync.events-batch-size", sync.eventsBatchSize);
        put(all, "sync.events-flush-interval-secs", sync.eventsFlushIntervalSecs);
        put(all, "sync.stats-interval-secs", sync.statsIntervalSecs);
        put(all, "sync.events-queue-size", sync.eventsQueueSize);
        put(all, "health.check-interval-secs", health.checkIntervalSecs);
        put(all, "health.max-missed-heartbeats", health.maxMissedHeartbeats);
        put(all, "health.listen", health.listen == null ? null : health.listen.toString());
        return all;
    }

    private static Election election(Words words) {
        int least = words.number("election.timeout-min-ms", 150, 50, 60_000);
        int most = words.number("election.timeout-max-ms", 300, 50, 120_000);
        int heartbeat = words.number("election.heartbeat-interval-ms", 50, 10, 60_000);
        if (most <= least) {
            throw new InvalidSetting("election.timeout-max-ms", "must be more than election.timeout-min-ms, " + least);
        }
        if (heartbeat * 2 >= least) {
            throw new InvalidSetting(
                    "election.heartbeat-interval-ms",
                    "must be less than half of election.timeout-min-ms, " + least + ", not " + heartbeat);
        }
        return new Election(least, most, heartbeat);
    }

    private static Pace pace(Words words) {
        int batch = words.number("sync.events-batch-size", 100, 1, 5_000);
        int queue = words.number("sync.events-queue-size", 10_000, 1, 100_000);
        if (queue < batch) {
            throw new InvalidSetting("sync.events-queue-size", "must not be less than a batch, " + batch);
        }
        return new Pace(
                words.number("sync.rules-interval-secs", 10, 1, DAY),
                words.number("sync.config-interval-secs", 30, 1, DAY),
                batch,
                words.number("sync.events-flush-interval-secs", 5, 1, DAY),
                words.number("sync.stats-interval-secs", 10, 1, DAY),
                queue);
    }

    private static @Nullable String host(@Nullable String value) {
        return value == null
                ? null
                : Words.parsed("cluster.address", value, word -> HostPort.parse(word, DiscoverySettings.PORT))
                        .host();
    }

    private static @Nullable HostPort listen(@Nullable String value) {
        return value == null ? null : Words.parsed("health.listen", value, word -> HostPort.parse(word, 9_528));
    }

    private static void put(SortedMap<String, String> all, String key, int value) {
        all.put(key, Integer.toString(value));
    }

    private static void put(SortedMap<String, String> all, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            all.put(key, value);
        }
    }
}
