package io.garrison.reporting.ui;

import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.data.renderer.LitRenderer;
import io.garrison.protocol.Telemetry.AccessEvent;
import io.garrison.reporting.LogSearch.LogLine;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An access event as a row and in full. What clients sent is shown as text, never as markup. */
final class LogColumns {

    private LogColumns() {}

    static void addTo(Grid<LogLine> grid) {
        grid.addColumn(Ago.<LogLine>column(line -> line.event().at(), true))
                .setHeader("Time")
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(LitRenderer.<LogLine>of(
                                "<span class=\"state ${item.look}\"><span aria-hidden=\"true\">${item.shape}</span><span>${item.word}</span></span>")
                        .withProperty("look", line -> signal(line.event()).styleName())
                        .withProperty("shape", line -> signal(line.event()).shape())
                        .withProperty("word", line -> outcome(line.event())))
                .setHeader("Outcome")
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(line -> line.event().virtualService())
                .setHeader("Service")
                .setAutoWidth(true);
        grid.addColumn(line -> request(line.event()))
                .setHeader("Request")
                .setWidth("230px")
                .setFlexGrow(4)
                .setTooltipGenerator(line -> request(line.event()));
        grid.addColumn(line -> line.event().clientAddress())
                .setHeader("Client")
                .setWidth("130px")
                .setFlexGrow(0);
        grid.addColumn(line -> Units.bytes(line.event().bytesOut()))
                .setHeader("Sent")
                .setWidth("84px")
                .setFlexGrow(0);
        grid.addColumn(line -> milliseconds(line.event().durationMs()))
                .setHeader("Took")
                .setWidth("90px")
                .setFlexGrow(0);
    }

    static Facts facts(AccessEvent event, String instance) {
        return new Facts()
                .with("Time", Ago.absolute(event.at()))
                .with("Outcome", new StateBadge(signal(event), outcome(event)))
                .with("Instance", instance)
                .code("Client", event.clientAddress() + ", port " + event.clientPort())
                .with("Method", event.method())
                .code("Host", event.host())
                .code("Path", event.path())
                .with("User agent", event.userAgent())
                .with("Pool", event.pool())
                .with("Member", event.member())
                .with("Received", Units.bytes(event.bytesIn()))
                .with("Sent", Units.bytes(event.bytesOut()))
                .with("Took", milliseconds(event.durationMs()))
                .code("Termination", event.terminationState())
                .code("Request id", event.requestId());
    }

    private static Signal signal(AccessEvent event) {
        return switch (event.verdict()) {
            case "ALLOWED" -> event.status() >= 500 ? Signal.BAD : event.status() >= 400 ? Signal.WARNING : Signal.GOOD;
            case "NO_SERVER" -> Signal.BAD;
            default -> Signal.WARNING; // refused on purpose
        };
    }

    private static String outcome(AccessEvent event) {
        var status = event.status() == 0 ? "" : Integer.toString(event.status());
        if (event.verdict().equals("ALLOWED")) {
            return status.isEmpty() ? "Passed" : status;
        }
        var words = event.verdict().replace('_', ' ').toLowerCase(Locale.ROOT);
        return (status + " " + words).strip();
    }

    private static String request(AccessEvent event) {
        if (event.method() == null) {
            return "TCP session";
        }
        return event.method() + " " + text(event.host()) + text(event.path());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static String milliseconds(double millis) {
        return millis < 10_000
                ? String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%.0f", millis) + "\u00a0ms"
                : Units.duration(Duration.ofMillis(Math.round(millis)));
    }
}
