package io.garrison.edge.haproxy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The tables that the data plane shares with the other instances of the stack, as far as the agents use them, and the
 * clients that it refuses. Each method fails with an IOException while no HAProxy answers.
 */
public interface SharedTables {

    /** Of a data plane that shares nothing. */
    SharedTables NONE = new SharedTables() {
        @Override
        public Optional<StackLink> link() {
            return Optional.empty();
        }

        @Override
        public long worker() {
            return 0;
        }

        @Override
        public void beat(Beat beat) {}

        @Override
        public Map<UUID, Beat> beats() {
            return Map.of();
        }

        @Override
        public Set<UUID> connected() {
            return Set.of();
        }

        @Override
        public void publish(List<SharedBlock> blocks) {}

        @Override
        public List<SharedBlock> published(UUID member) {
            return List.of();
        }

        @Override
        public void block(Map<String, Long> untilByRange) {}

        @Override
        public void persistent(String service, String pool, Persistent each) {}
    };

    /** Told of an entry of persistence: a client that goes to the pool member where it was before. */
    interface Persistent {

        /**
         * @param table the same at all instances of the stack, as is {@code member}
         * @param client its address
         */
        void entry(String table, String client, String member) throws IOException;
    }

    /**
     * A sign of life that passes the same way as everything else.
     *
     * @param millis clock of whoever wrote it, the lower 32 bits of milliseconds since 1970
     * @param blocks changes with each change of the blocks that it made known; 32 bits
     */
    record Beat(long millis, long blocks) {}

    /**
     * @param key the range of clients, and what else the agents want to know of it; no blanks or semicolons, at most 190
     *     characters
     * @param until seconds since 1970
     * @param version the higher one of the same range holds; 32 bits
     * @param lifted whether it was taken back
     */
    record SharedBlock(String key, long until, long version, boolean lifted) {}

    /** By which link the configuration in force shares tables. */
    Optional<StackLink> link();

    /** Process id of the worker that holds the tables; another one has read all files anew. */
    long worker() throws IOException;

    /** Writes this instance's sign of life. */
    void beat(Beat beat) throws IOException;

    /** The newest signs of life of the other members that arrived here. */
    Map<UUID, Beat> beats() throws IOException;

    /** The other members to which a connection stands. */
    Set<UUID> connected() throws IOException;

    /** Makes blocks of this instance known, beside those it made known before. */
    void publish(List<SharedBlock> blocks) throws IOException;

    /** What a member made known, as far as it arrived here. */
    List<SharedBlock> published(UUID member) throws IOException;

    /**
     * Refuses these clients and no others, now and after each restart. Of several ranges that contain a client the
     * narrowest alone decides.
     *
     * @param untilByRange seconds since 1970 by {@link ClientRange#text()}
     */
    void block(Map<String, Long> untilByRange) throws IOException;

    /**
     * Reads what is live of a service's persistence by client address, one entry after the other, as there may
     * be 100,000.
     *
     * @param pool one of those that the service uses
     * @throws IOException also if there is no such persistence
     */
    void persistent(String service, String pool, Persistent each) throws IOException;
}
