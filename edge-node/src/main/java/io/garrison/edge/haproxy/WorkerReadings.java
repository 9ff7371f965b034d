package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.Rendering.RenderedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the counters of all workers. A worker that was seen while it was the current one is held by a {@link WorkerTap}
 * until it has been read after its last client, so nothing it counted is lost. Of a worker that an earlier run of the
 * agent left behind, and of one that is killed, what it counted since the last call is lost.
 *
 * <p>A worker that does not answer has not ended yet: as long as it lives it stands with what is known of it, and the
 * next call reaches for it again.
 */
final class WorkerReadings implements AutoCloseable {

    private static final String STAT = "show stat -1 3 -1";

    private final Layout layout;
    private final Supplier<Stored> stored;
    private final Map<Long, Worker> workers = new LinkedHashMap<>();
    /** Told for the last time, but not gone yet. */
    private final Set<Long> told = new HashSet<>();

    private final List<WorkerCounters> ended = new ArrayList<>();
    private volatile List<WorkerCounters> newest = List.of();

    WorkerReadings(Layout layout, Supplier<Stored> stored) {
        this.layout = layout;
        this.stored = stored;
    }

    private interface Source {
        String ask(String command) throws IOException;

        default void close() {}
    }

    private static final class Worker {
        private final long startedAt;
        private @Nullable Source source;
        private List<WorkerCounters> known = List.of();
        private boolean stopping;

        Worker(long startedAt, Source source) {
            this.startedAt = startedAt;
            this.source = source;
        }

        String ask(String command) throws IOException {
            if (source == null) {
                throw new IOException("the worker is out of reach");
            }
            return source.ask(command);
        }

        void letGo() {
            if (source != null) {
                source.close();
                source = null;
            }
        }
    }

    private record Tapped(WorkerTap tap) implements Source {
        @Override
        public String ask(String command) throws IOException {
            return tap.ask(command);
        }

        @Override
        public void close() {
            tap.close();
        }
    }

    /** Holds the current worker, if there is one. Called before each reload and after it. */
    synchronized void hold() {
        try {
            var master = Master.ask(layout);
            told.removeIf(pid -> !master.has(pid));
            if (master.current() != 0 && isWanted(master.current())) {
                reach(this::holdCurrent);
            }
            for (long pid : master.old()) {
                if (isWanted(pid)) {
                    reach(() -> holdOld(pid));
                }
            }
        } catch (IOException e) {
            // no HAProxy, or one that is just being replaced: the next call finds it
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static void reach(Attempt attempt) {
        try {
            attempt.run();
        } catch (IOException e) {
            // the next call reaches for it again, and this one for the others
        }
    }

    private void holdOld(long pid) throws IOException {
        Source source = command -> RuntimeSocket.ask(layout.master(), "@!" + pid + " " + command);
        hold(pid, field(source.ask("show info"), "Start_time_sec"), source);
    }

    private void holdCurrent() throws IOException {
        var tap = WorkerTap.open(layout.stats());
        try {
            var info = tap.ask("show info");
            long pid = field(info, "Pid");
            if (isWanted(pid)) {
                hold(pid, field(info, "Start_time_sec"), new Tapped(tap));
                return;
            }
        } catch (IOException e) {
            tap.close();
            throw e;
        }
        tap.close();
    }

    private boolean isWanted(long pid) {
        var worker = workers.get(pid);
        return worker == null ? !told.contains(pid) : worker.source == null;
    }

    private void hold(long pid, long startedAt, Source source) {
        var former = workers.get(pid);
        if (former != null && former.startedAt == startedAt) {
            former.source = source;
            return;
        }
        if (former != null) {
            tellLast(former, false);
        }
        workers.put(pid, new Worker(startedAt, source));
    }

    /** What is known now. A worker that has ended is told once. */
    synchronized List<WorkerCounters> read() {
        refresh();
        var all = new ArrayList<>(ended);
        workers.values().forEach(worker -> all.addAll(worker.known));
        ended.clear();
        return List.copyOf(all);
    }

    /** Reads without telling anybody. */
    synchronized void refresh() {
        hold();
        var living = new ArrayList<WorkerCounters>();
        for (Iterator<Map.Entry<Long, Worker>> i = workers.entrySet().iterator(); i.hasNext(); ) {
            var entry = i.next();
            long pid = entry.getKey();
            var worker = entry.getValue();
            boolean complete = false;
            boolean last;
            try {
                // in this order: a worker that stops gets no new clients after the first answer
                worker.stopping = field(worker.ask("show info"), "Stopping") != 0;
                var table = StatTable.parse(worker.ask(STAT));
                if (!table.has("pxname")) {
                    throw new IOException("the worker has ended");
                }
                worker.known = counters(pid, worker.startedAt, table);
                complete = worker.stopping && worker.known.stream().allMatch(c -> c.connectionsNow() == 0);
                last = complete;
            } catch (IOException e) {
                worker.letGo();
                last = !lives(pid);
            }
            if (last) {
                tellLast(worker, complete);
                told.add(pid);
                i.remove();
            } else if (!worker.stopping) {
                living.addAll(worker.known);
            }
        }
        newest = List.copyOf(living);
    }

    private void tellLast(Worker worker, boolean complete) {
        worker.letGo();
        worker.known.forEach(counters -> ended.add(counters.last(complete)));
    }

    /** By what the master says, or the kernel if the master says nothing. */
    private boolean lives(long pid) {
        try {
            return Master.ask(layout).has(pid);
        } catch (IOException e) {
            return runs(pid);
        }
    }

    private static boolean runs(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The counters of the current worker, as of the last {@link #read}. */
    List<WorkerCounters> newest() {
        return newest;
    }

    private List<WorkerCounters> counters(long pid, long startedAt, StatTable table) {
        var now = stored.get();
        var services = new HashMap<String, RenderedService>();
        now.services().forEach(service -> services.put(service.frontend(), service));
        var counters = new ArrayList<WorkerCounters>();
        for (int row = 0; row < table.rows(); row++) {
            var frontend = table.text(row, "pxname");
            var name = now.names().get(frontend);
            if (name != null && table.text(row, "svname").equals("FRONTEND")) {
                var service = services.get(frontend);
                counters.add(of(pid, startedAt, name, service == null ? 0 : service.members(), table, row));
            }
        }
        return counters;
    }

    private static WorkerCounters of(long pid, long startedAt, String name, int members, StatTable table, int row) {
        boolean http = table.text(row, "mode").equals("http");
        boolean exact = http && table.has("h1_bytes_in");
        var prefix = "be_" + table.text(row, "pxname").substring("fe_".length()) + "_";
        int up = 0;
        long sessions = 0;
        double weighted = 0;
        for (int other = 0; other < table.rows(); other++) {
            if (table.text(other, "pxname").startsWith(prefix)) {
                up += (int) (table.number(other, "act") + table.number(other, "bck"));
                long count = Math.min(1_024, table.number(other, "stot"));
                sessions += count;
                weighted += (double) count * table.number(other, "ttime");
            }
        }
        long connections = table.number(row, "conn_tot");
        return new WorkerCounters(
                pid,
                startedAt,
                false,
                false,
                name,
                exact,
                table.number(row, exact ? "h1_bytes_in" : "bin"),
                table.number(row, exact ? "h1_bytes_out" : "bout"),
                http ? table.number(row, "req_tot") : connections,
                connections,
                table.number(row, "scur"),
                table.number(row, "dreq") + table.number(row, "dcon") + table.number(row, "dses"),
                table.number(row, "hrsp_2xx"),
                table.number(row, "hrsp_3xx"),
                table.number(row, "hrsp_4xx"),
                table.number(row, "hrsp_5xx"),
                sessions == 0 ? -1 : weighted / sessions,
                Math.min(up, members),
                members);
    }

    static long field(String info, String name) throws IOException {
        for (var line : info.split("\n")) {
            if (line.startsWith(name + ":")) {
                try {
                    return Long.parseLong(line.substring(name.length() + 1).trim());
                } catch (NumberFormatException e) {
                    break;
                }
            }
        }
        throw new IOException("HAProxy does not say its " + name);
    }

    @Override
    public synchronized void close() {
        workers.values().forEach(Worker::letGo);
        workers.clear();
    }
}
