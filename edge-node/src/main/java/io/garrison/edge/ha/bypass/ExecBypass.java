package io.garrison.edge.ha.bypass;

import io.garrison.edge.ha.kernel.Commands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A vendor's tool for a bypass card. It is run with one word: {@code engage}, {@code release} or {@code heartbeat}, and
 * says by its exit status whether it worked. The heartbeat is for the card's own watchdog.
 */
public final class ExecBypass implements BypassPort {

    private final Path tool;
    private State state = State.OFF;

    /** @param tool absolute path */
    public ExecBypass(Path tool) {
        this.tool = tool;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities("exec", true, true, false, false);
    }

    @Override
    public Engaged engage(List<Passage> passages) throws IOException {
        if (state == State.OFF) {
            run("engage");
            state = State.ENGAGED;
        }
        return new Engaged(passages.stream().map(Passage::service).toList(), List.of());
    }

    /** Always told to the tool: the card may have begun by itself. */
    @Override
    public void release() throws IOException {
        run("release");
        state = State.OFF;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public boolean awaitsHeartbeat() {
        return true;
    }

    @Override
    public void heartbeat() throws IOException {
        run("heartbeat");
    }

    private void run(String word) throws IOException {
        Commands.run(List.of(tool.toString(), word), "");
    }
}
