package io.garrison.edge;

import io.garrison.edge.cli.Console;
import io.garrison.edge.cli.EdgeCommand;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.HaproxyDataPlane;
import io.garrison.edge.haproxy.HaproxySettings;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** {@code garrison edge …}: the agent of an ADC instance. */
public final class Main {

    private static final int MAX_CONNECTIONS = 20_000;
    private static final Duration HARD_STOP_AFTER = Duration.ofMinutes(5);

    private Main() {}

    public static void main(String[] arguments) {
        var console = new Console(System.out, System.err);
        System.exit(new EdgeCommand(console, Clock.systemUTC(), Main::dataPlane).run(List.of(arguments)));
    }

    private static DataPlane dataPlane(StateDirectory state, EdgeConfig config, Consumer<AccessEvent> events)
            throws IOException {
        var settings =
                new HaproxySettings(state.dataPlane(), config.haproxyBinary(), MAX_CONNECTIONS, HARD_STOP_AFTER, true);
        try {
            var dataPlane = HaproxyDataPlane.open(settings);
            dataPlane.readAccessLog(events);
            return dataPlane;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while HAProxy was looked at", e);
        }
    }
}
