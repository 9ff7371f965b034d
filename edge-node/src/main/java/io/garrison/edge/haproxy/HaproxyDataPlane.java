package io.garrison.edge.haproxy;

import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data plane by HAProxy 2.6 or newer in master-worker mode. */
public final class HaproxyDataPlane implements DataPlane {

    private static final Logger log = LoggerFactory.getLogger(HaproxyDataPlane.class);

    private final HaproxySettings settings;
    private final Layout layout;
    private final boolean root;
    private final HaproxyProgram program;
    private final RunningHaproxy running;
    private final InstalledConfig installed;
    private final WorkerReadings readings;
    private final HaproxyTables tables;
    private final String version;
    private @Nullable StackLink wanted;
    private boolean reloadNeeded;
    private volatile boolean passing;
    private TakeOver listener = new TakeOver() {
        @Override
        public void begins(Policy policy) {}

        @Override
        public void failed() {}
    };

    private HaproxyDataPlane(HaproxySettings settings, Layout layout, HaproxyProgram program, String version)
            throws IOException {
        this.settings = settings;
        this.layout = layout;
        this.root = "root".equals(System.getProperty("user.name"));
        this.program = program;
        this.version = version;
        this.running = new RunningHaproxy(layout, program);
        this.installed = InstalledConfig.open(layout);
        this.readings = new WorkerReadings(layout, installed::stored);
        this.tables = new HaproxyTables(layout);
        this.passing = installed.stored().passes();
        this.reloadNeeded = installed.repair();
    }

    /** @throws IOException if there is no usable HAProxy, or the directory can't be used */
    public static HaproxyDataPlane open(HaproxySettings settings) throws IOException, InterruptedException {
        var layout = Layout.of(settings.directory());
        layout.create();
        var program = new HaproxyProgram(settings.binary(), layout);
        return new HaproxyDataPlane(settings.within(HaproxyProgram.openFiles()), layout, program, program.version());
    }

    /**
     * Ends the HAProxy that an instance left running, if there is one.
     *
     * @param directory of that data plane
     * @param patience how long connections may take to end by themselves
     */
    public static void end(Path directory, Duration patience) throws IOException, InterruptedException {
        RunningHaproxy.stop(Layout.of(directory), patience);
    }

    /**
     * Begins to take the access log.
     *
     * @param events called from several threads, one for each worker; must not block for long, or lines are lost
     */
    public AccessLogReader readAccessLog(Consumer<AccessEvent> events) throws IOException {
        return AccessLogReader.open(
                layout.logSocket(), name -> installed.stored().names().get(name), root, events);
    }

    @Override
    public ApplyOutcome apply(
            PolicyBundle bundle, Map<String, CertificateMaterial> certificates, ListenAddresses addresses)
            throws IOException, InterruptedException {
        var before = installed.stored();
        Stored next;
        byte[] file;
        boolean passes = passing;
        if (passes) {
            running.endSilent();
        }
        var link = passes ? null : running.usable(wanted, before.tables());
        try {
            var rendering = new PolicyRenderer(settings, layout, root)
                    .render(bundle.policy(), bundle.allowLoopback(), certificates, addresses, link, passes);
            file = Encoder.encode(rendering.config()).getBytes(StandardCharsets.UTF_8);
            Rereading.requireSame(file, rendering.config());
            next = new Stored(
                    bundle.revision(),
                    bundle.incarnation(),
                    bundle.policySha256(),
                    ProtocolJson.sha256Hex(file),
                    before.draining(),
                    passes ? true : null,
                    rendering.services(),
                    Stored.names(bundle.policy(), before.names()),
                    link == null ? null : link.mark());
            var candidate = installed.prepare(file, rendering.files());
            program.check(candidate);
            RunningHaproxy.requireFree(next.services(), running.find().isPresent() ? before.services() : List.of());
        } catch (PolicyRefusedException e) {
            return new ApplyOutcome.Refused(bundle.revision(), e.code(), String.valueOf(e.getMessage()));
        }
        try {
            listener.begins(bundle.policy());
            takeOver(next, file, before);
            tables.use(link);
            return new ApplyOutcome.Applied(bundle.revision());
        } catch (PolicyRefusedException e) {
            rollBack();
            listener.failed();
            return new ApplyOutcome.RolledBack(bundle.revision(), e.code(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void onTakeOver(TakeOver told) {
        listener = told;
    }

    private void takeOver(Stored next, byte[] file, Stored before) throws IOException, InterruptedException {
        var master = running.find();
        boolean same = master.isPresent()
                && !reloadNeeded
                && !installed.drifted()
                && String.valueOf(next.fileSha256()).equals(before.fileSha256());
        if (!same) {
            readings.hold();
            installed.activate(file);
            if (master.isPresent()) {
                running.reload(master.get());
            } else {
                running.start();
            }
            running.verify(next.services());
        }
        installed.commit(next);
        reloadNeeded = false;
        readings.refresh();
        if (next.draining()) {
            tellFrontends("disable");
        }
    }

    private void rollBack() throws IOException, InterruptedException {
        if (!installed.restore()) {
            running.stop(Duration.ZERO);
            return;
        }
        try {
            var master = running.find();
            if (master.isPresent()) {
                running.reload(master.get());
            } else {
                running.start();
            }
        } catch (PolicyRefusedException e) {
            reloadNeeded = true;
            log.error("the former configuration did not load again; the old worker serves on: {}", e.getMessage());
        }
    }

    @Override
    public void ensureRunning() throws IOException, InterruptedException {
        if (installed.stored().fileSha256() == null) {
            return;
        }
        var master = running.find();
        if (master.isPresent() && !reloadNeeded) {
            readings.hold();
            return;
        }
        try {
            if (master.isPresent()) {
                running.reload(master.get());
            } else {
                installed.restore();
                running.start();
            }
            reloadNeeded = false;
            readings.hold();
            if (installed.stored().draining()) {
                tellFrontends("disable");
            }
        } catch (PolicyRefusedException e) {
            throw new IOException("HAProxy did not start: " + e.getMessage(), e);
        }
    }

    @Override
    public List<WorkerCounters> counters() {
        return readings.read();
    }

    @Override
    public void drain(boolean on) throws IOException {
        installed.commit(installed.stored().withDraining(on));
        if (running.find().isPresent()) {
            tellFrontends(on ? "disable" : "enable");
        }
    }

    private void tellFrontends(String verb) throws IOException {
        running.tellFrontends(verb, installed.stored().services());
    }

    @Override
    public void pass(boolean on) {
        passing = on;
    }

    @Override
    public boolean passes() {
        return installed.stored().passes();
    }

    @Override
    public boolean share(@Nullable StackLink link) {
        wanted = link;
        if (passes()) {
            return false; // there are no tables until it does what the policy says
        }
        boolean same = Objects.equals(installed.stored().tables(), link == null ? null : link.mark());
        if (same) {
            tables.use(link);
        }
        return !same;
    }

    @Override
    public SharedTables tables() {
        return tables;
    }

    @Override
    public AppliedState applied() {
        var now = installed.stored();
        return new AppliedState(
                now.revision(), now.incarnation(), now.policySha256(), now.fileSha256(), installed.drifted());
    }

    @Override
    public DataPlaneState state() {
        var now = installed.stored();
        boolean answers = running.find().isPresent();
        var services = new ArrayList<Report.ServiceState>();
        for (var service : now.services()) {
            int up = readings.newest().stream()
                    .filter(counters -> counters.virtualService().equals(service.name()))
                    .mapToInt(WorkerCounters::membersUp)
                    .findFirst()
                    .orElse(0);
            var state = !service.enabled()
                    ? "DISABLED"
                    : !answers || up == 0 ? "DOWN" : up < service.members() ? "DEGRADED" : "UP";
            services.add(new Report.ServiceState(
                    service.name(), service.address(), service.port(), state, up, service.members()));
        }
        return new DataPlaneState(answers, version, now.draining(), services);
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        readings.close();
        running.stop(settings.hardStopAfter());
    }

    @Override
    public void close() {
        readings.close();
    }

    /** For tests that look at the processes. */
    @Nullable
    Master master() {
        return running.find().orElse(null);
    }
}
