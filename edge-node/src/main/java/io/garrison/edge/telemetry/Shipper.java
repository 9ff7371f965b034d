package io.garrison.edge.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Sends what the spool holds: meter records first, then samples and events in their order. A batch that is refused as
 * such is halved until the entry that spoils it is found; that one is set aside, and the others go on. Registers from
 * the future, as management sees it, stay and are sent again later: one of the two clocks is wrong, and not for ever.
 */
public final class Shipper {

    /** As much as the gateway takes in one batch, in entries. */
    static final int MAX_ENTRIES = 5_000;
    /** Below what the gateway takes, because a batch is held in memory. */
    static final int MAX_BYTES = 1 << 20;

    private final Spool spool;
    private final Outlet outlet;

    /** What was read at that time or later is not sent now, so that not each of a long line is tried. */
    private long tooEarly = Long.MAX_VALUE;

    /** The way out. */
    public interface Outlet {
        /**
         * @return normally once the batch has arrived
         * @throws Refused if it will never be taken as it is
         * @throws Early if something of it was read later than it is at management
         * @throws IOException if it may be taken later
         */
        void send(byte[] gzipped) throws Refused, Early, IOException, InterruptedException;
    }

    /** The receiver will never take this batch. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        public Refused(String reason) {
            super(reason);
        }
    }

    /** The receiver will take this batch when it is time. */
    public static final class Early extends Exception {
        private static final long serialVersionUID = 1L;

        public Early() {
            super("registers from the future");
        }
    }

    public Shipper(Spool spool, Outlet outlet) {
        this.spool = spool;
        this.outlet = outlet;
    }

    /**
     * Sends the meter records that were not sent yet.
     *
     * @return whether there were any
     * @throws IOException if management can't take them now
     */
    public synchronized boolean shipMeters() throws IOException, InterruptedException {
        boolean any = false;
        tooEarly = Long.MAX_VALUE;
        while (true) {
            var batch = spool.nextMeters(MAX_ENTRIES, MAX_BYTES);
            if (!batch.entries().isEmpty()) {
                send(batch.entries().stream()
                        .filter(entry -> entry.atMillis() < tooEarly)
                        .map(entry -> new Item(
                                Frame.Kind.METER, entry.atMillis(), entry.json(), reason -> spool.bury(entry, reason)))
                        .toList());
                any = true;
            }
            spool.sent(batch);
            if (batch.entries().isEmpty()) {
                return any;
            }
        }
    }

    /** Sends one batch of samples and events; @return whether there was one. */
    public synchronized boolean shipTelemetry() throws IOException, InterruptedException {
        var batch = spool.nextTelemetry(MAX_ENTRIES, MAX_BYTES);
        if (batch.entries().isEmpty()) {
            return false;
        }
        send(batch.entries().stream()
                .map(entry ->
                        new Item(entry.kind(), entry.atMillis(), entry.json(), reason -> spool.bury(entry, reason)))
                .toList());
        spool.sent(batch);
        return true;
    }

    /** A batch without entries. */
    public static byte[] nothing() throws IOException {
        return gzip(List.of());
    }

    private interface Grave {
        void bury(String reason) throws IOException;
    }

    private record Item(Frame.Kind kind, long atMillis, byte[] json, Grave grave) {}

    private void send(List<Item> all) throws IOException, InterruptedException {
        var items = all.stream().filter(item -> item.atMillis() < tooEarly).toList();
        if (items.isEmpty()) {
            return;
        }
        try {
            outlet.send(gzip(items));
        } catch (Refused refused) {
            if (items.size() == 1) {
                items.getFirst().grave().bury(String.valueOf(refused.getMessage()));
            } else {
                halve(items);
            }
        } catch (Early early) {
            if (items.size() == 1) {
                tooEarly = items.getFirst().atMillis();
            } else {
                halve(items);
            }
        }
    }

    private void halve(List<Item> items) throws IOException, InterruptedException {
        int middle = items.size() / 2;
        send(items.subList(0, middle));
        send(items.subList(middle, items.size()));
    }

    /** The entries are JSON already; only the frame around them is written here. */
    private static byte[] gzip(List<Item> items) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write('{');
            array(out, "meters", items, Frame.Kind.METER);
            out.write(',');
            array(out, "samples", items, Frame.Kind.SAMPLE);
            out.write(',');
            array(out, "events", items, Frame.Kind.EVENT);
            out.write('}');
        }
        return bytes.toByteArray();
    }

    private static void array(GZIPOutputStream out, String name, List<Item> items, Frame.Kind kind) throws IOException {
        out.write(("\"" + name + "\":[").getBytes(StandardCharsets.US_ASCII));
        var chosen = new ArrayList<byte[]>();
        items.stream().filter(item -> item.kind() == kind).forEach(item -> chosen.add(item.json()));
        for (int i = 0; i < chosen.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.write(chosen.get(i));
        }
        out.write(']');
    }
}
