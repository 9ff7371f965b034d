package io.garrison.edge.ha;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What holds until a person releases it, on the disk first: an agent that starts again finds it. */
final class Latches {

    private static final Logger log = LoggerFactory.getLogger(Latches.class);

    private final Path file;
    private volatile State state;
    private @Nullable String damaged;

    /**
     * @param bypass why traffic passes uninspected; null if it does not
     * @param hold why the addresses are left to peers; null if they are not
     * @param bandwidth why they were handed over for want of traffic; null if they were not
     */
    record State(
            @Nullable String bypass,
            @Nullable String hold,
            @Nullable String bandwidth) {
        static final State NONE = new State(null, null, null);

        State withBypass(@Nullable String why) {
            return new State(why, hold, bandwidth);
        }

        State withHold(@Nullable String why) {
            return new State(bypass, why, bandwidth);
        }

        State withBandwidth(@Nullable String why) {
            return new State(bypass, hold, why);
        }
    }

    Latches(Path file) {
        this.file = file;
        this.state = read();
    }

    State state() {
        return state;
    }

    /** Why nothing is held though something may have been; null if all is well. */
    @Nullable
    String damaged() {
        return damaged;
    }

    void set(State next) throws IOException {
        DurableFiles.replace(file, ProtocolJson.write(next));
        state = next;
    }

    private State read() {
        try {
            return Files.exists(file) ? ProtocolJson.read(Files.readAllBytes(file), State.class) : State.NONE;
        } catch (IOException | IllegalArgumentException e) {
            setAside(e);
            return State.NONE;
        }
    }

    private void setAside(Exception why) {
        var aside = file.resolveSibling(file.getFileName() + ".damaged");
        damaged = "what was held in " + file.getFileName() + " can't be read; nothing is held";
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            log.error("{} can't be read and is now {}; nothing is held: {}", file, aside, why.toString());
        } catch (IOException e) {
            log.error("{} can't be read; nothing is held: {}", file, why.toString());
        }
    }
}
