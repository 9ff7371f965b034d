package io.garrison.edge.meter;

import io.garrison.protocol.MeterRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A disk that dies at a chosen place, and keeps what had reached it. */
final class ScriptedDisk implements MeterDisk {

    enum Death {
        NONE,
        BEFORE_SAVE,
        AFTER_SAVE,
        IN_APPEND,
        AFTER_APPEND
    }

    /** The agent was killed here. */
    static final class Killed extends RuntimeException {}

    Death death = Death.NONE;
    boolean lost;
    final List<MeterRecord> log = new ArrayList<>();
    private byte[] state;
    Runnable onSaved = () -> {};

    @Override
    public Optional<byte[]> load() {
        return lost ? Optional.empty() : Optional.ofNullable(state);
    }

    @Override
    public boolean lost() {
        return lost;
    }

    @Override
    public void save(byte[] content) throws IOException {
        die(Death.BEFORE_SAVE);
        state = content;
        onSaved.run();
        die(Death.AFTER_SAVE);
    }

    @Override
    public void append(List<MeterRecord> records) {
        if (death == Death.IN_APPEND) {
            log.addAll(records.subList(0, records.size() / 2));
        }
        die(Death.IN_APPEND);
        log.addAll(records);
        die(Death.AFTER_APPEND);
    }

    int size() {
        return state == null ? 0 : state.length;
    }

    private void die(Death here) {
        if (death == here) {
            death = Death.NONE;
            throw new Killed();
        }
    }
}
