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

    /** Why a person's bypass passes traffic, as the latch says. */
    static final String BY_HAND = "by hand";

    private static final Logger log = LoggerFactory.getLogger(Passing.class);

    private final Watched watched;
    private final Latches latches;
    private final HaParts parts;
    private List<Passage> passing = List.of();
    private boolean tended = true;
    private boolean released;
    private String trouble = "";

    Passing(Watched watched, Latches latches, HaParts parts) {
        this.watched = watched;
        this.latches = latches;
        this.parts = parts;
    }

    boolean isOn() {
        return latches.state().bypass() != null;
    }

    /** Whether traffic passes though HAProxy may have ended. */
    boolean isWithoutHaproxy() {
        return isOn() && !parts.bypass().capabilities().needsHaproxy();
    }

    private void steer() {
        watched.steering().bypass(isWithoutHaproxy());
    }

    /** What an earlier agent entered goes on; what it left behind without a word ends. Again with each plan. */
    void start() {
        if (isOn()) {
            try {
                engage();
                steer();
            } catch (IOException e) {
                failed(e);
            }
        } else {
            releaseOnce();
        }
        tell();
    }

    /** @return whether traffic passes now; why not was recorded */
    boolean enter(String why) throws IOException {
        if (isOn()) {
            return true;
        }
        try {
            // An agent that ends now finds by the latch what it has to go on with.
            latches.set(latches.state().withBypass(why));
            var engaged = engage();
            steer();
            parts.events()
                    .record(
                            "ha.bypass-entered",
                            Severity.ALARM,
                            "Traffic passes uninspected: " + why + ". " + words(engaged));
            tell();
            return true;
        } catch (IOException e) {
            undo();
            failed(e);
            return false;
        }
    }

    /** What was engaged of it ends as well, as far as it can. */
    private void undo() {
        passing = List.of();
        try {
            latches.set(latches.state().withBypass(null));
            steer();
        } catch (IOException e) {
            log.warn("A bypass that failed is still wanted by the disk: {}", e.toString());
        }
        releaseOnce();
        tell();
    }

    /** Releases in any case: a card may have begun by itself. @return whether this agent had entered it */
    boolean leave(String why) throws IOException {
        passing = List.of();
        if (!isOn()) {
            released = false;
            releaseOnce();
            return false;
        }
        parts.bypass().release();
        released = true;
        latches.set(latches.state().withBypass(null));
        steer();
        parts.events().record("ha.bypass-left", Severity.ALARM, "Traffic is inspected again: " + why);
        watched.faults().set("bypass-failed", false, "");
        tell();
        return true;
    }

    /** No plan asks for a bypass any more. One that a person wanted goes on until a person ends it. */
    void rest(String why) {
        if (!isOn()) {
            releaseOnce();
        } else if (!BY_HAND.equals(latches.state().bypass())) {
            try {
                leave(why);
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    /** Whether {@link #tend} is needed though no plan asks for anything: traffic passes, or a card waits for its heartbeat. */
    boolean isBusy() {
        return isOn() || parts.bypass().awaitsHeartbeat();
    }

    /** Once a second. */
    void tend() {
        try {
            if (isOn()
                    && (parts.bypass().state() == State.OFF
                            || !passing.equals(parts.passages().get()))) {
                engage();
                steer();
            }
            parts.bypass().heartbeat();
            if (isOn() || !tended) {
                watched.faults().set("bypass-failed", false, "");
            }
            tended = true;
        } catch (IOException e) {
            watched.faults().set("bypass-failed", true, "The bypass does not follow: " + e.getMessage());
            if (tended) {
                log.warn("The bypass does not follow: {}", e.toString());
                tended = false;
            }
        }
        tell();
    }

    private void releaseOnce() {
        if (released) {
            return;
        }
        try {
            parts.bypass().release();
            released = true;
        } catch (IOException e) {
            log.warn("No bypass is wanted, and what there may be of one does not end: {}", e.toString());
        }
    }

    private Engaged engage() throws IOException {
        var passages = parts.passages().get();
        released = false;
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
        var damaged = latches.damaged();
        watched.faults().set("latches-damaged", damaged != null, String.valueOf(damaged));
    }
}
