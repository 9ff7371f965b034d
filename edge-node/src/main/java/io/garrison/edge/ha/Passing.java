package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal.Severity;
import io.garrison.edge.ha.bypass.BypassPort.Engaged;
import io.garrison.edge.ha.bypass.BypassPort.Passage;
import io.garrison.edge.ha.bypass.BypassPort.State;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enters and leaves the bypass, and keeps it in step with the policy. Belongs to the thread of the shared addresses. */
final class Passing {

    private static final Logger log = LoggerFactory.getLogger(Passing.class);

    private final Watched watched;
    private final Latches latches;
    private final HaParts parts;
    private List<Passage> passing = List.of();
    private boolean beats = true;
    private String trouble = "";

    Passing(Watched watched, Latches latches, HaParts parts) {
        this.watched = watched;
        this.latches = latches;
        this.parts = parts;
    }

    boolean isOn() {
        return latches.state().bypass() != null;
    }

    /** What an earlier agent entered goes on. */
    void start() {
        if (isOn()) {
            try {
                engage();
                watched.steering().bypass(true);
            } catch (IOException e) {
                failed(e);
            }
            tell();
        }
    }

    /** @return whether traffic passes now; why not was recorded */
    boolean enter(String why) throws IOException {
        if (isOn()) {
            return true;
        }
        try {
            var engaged = engage();
            latches.set(latches.state().withBypass(why));
            watched.steering().bypass(true);
            parts.events()
                    .record(
                            "ha.bypass-entered",
                            Severity.ALARM,
                            "Traffic passes uninspected: " + why + ". " + words(engaged));
            tell();
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    boolean leave(String why) throws IOException {
        if (!isOn()) {
            return false;
        }
        parts.bypass().release();
        passing = List.of();
        latches.set(latches.state().withBypass(null));
        watched.steering().bypass(false);
        parts.events().record("ha.bypass-left", Severity.ALARM, "Traffic is inspected again: " + why);
        watched.faults().set("bypass-failed", false, "");
        tell();
        return true;
    }

    /** Once a second. */
    void tend() {
        try {
            if (isOn()
                    && (parts.bypass().state() == State.OFF
                            || !passing.equals(parts.passages().get()))) {
                engage();
                watched.steering().bypass(true);
                watched.faults().set("bypass-failed", false, "");
            }
            parts.bypass().heartbeat();
            beats = true;
        } catch (IOException e) {
            if (beats) {
                log.warn("The bypass does not follow: {}", e.toString());
                beats = false;
            }
        }
    }

    private Engaged engage() throws IOException {
        var passages = parts.passages().get();
        var engaged = parts.bypass().engage(passages);
        passing = passages;
        return engaged;
    }

    /** Why the bypass could not be entered the last time. */
    String trouble() {
        return trouble;
    }

    private void failed(IOException e) {
        trouble = String.valueOf(e.getMessage());
        parts.events().record("ha.bypass-failed", Severity.ALARM, "No bypass: " + e.getMessage());
        watched.faults().set("bypass-failed", true, String.valueOf(e.getMessage()));
    }

    private String words(Engaged engaged) {
        var capabilities = parts.bypass().capabilities();
        return "By " + capabilities.name() + ": " + String.join(", ", engaged.passed())
                + (engaged.left().isEmpty() ? "" : "; not: " + String.join(", ", engaged.left()))
                + (capabilities.counted() ? "." : ". Its bytes are not counted.");
    }

    private void tell() {
        var why = latches.state().bypass();
        watched.faults().set("bypass-active", why != null, "traffic passes uninspected: " + why);
    }
}
