package io.garrison.edge.agent;

import io.garrison.edge.doctor.Diagnosis;
import io.garrison.edge.doctor.Doctor;
import io.garrison.edge.doctor.MemoryWatch;
import io.garrison.edge.doctor.Running;
import io.garrison.edge.doctor.Subject;
import io.garrison.edge.health.ManagementServer.Command;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.SettingsInForce;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What the agent knows of itself for its doctor, and the doctor when management asks for it. */
final class Checkup {

    /** More than the doctor takes where nothing answers. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Parts parts;
    private final MemoryWatch memory;
    private final Examining examining;
    private final SettingsInForce settings;

    /**
     * @param config in force
     * @param machineSettings as for {@code run}
     * @param cluster the document of {@code /cluster/status}
     * @param sharing what is wrong with shared tables
     * @param files what is wrong with files that were damaged
     */
    record Parts(
            StateDirectory state,
            EdgeConfig config,
            Optional<Path> machineSettings,
            Supplier<Map<String, Object>> cluster,
            Supplier<List<String>> sharing,
            Supplier<List<String>> files,
            Clock clock) {}

    /** @param soon lets the next report go out at once */
    Checkup(Parts parts, Runnable soon) throws IOException {
        this.parts = parts;
        this.settings = SettingsInForce.of(parts.config(), parts.state().settings(), parts.machineSettings());
        this.memory = new MemoryWatch(parts.clock());
        this.examining = new Examining(this::examine, LIMIT, soon, parts.clock());
    }

    Examining examining() {
        return examining;
    }

    /** To be called every few seconds. */
    void tend() {
        memory.look();
    }

    /** For a doctor that runs by itself, and for people. */
    Map<String, Command> commands() {
        return Map.of("memory", memory::memory, "settings", () -> settings);
    }

    private Diagnosis examine() throws InterruptedException {
        var running = new Running(
                ProcessHandle.current().pid(),
                parts.cluster().get(),
                parts.sharing().get(),
                parts.files().get(),
                memory.memory());
        return Doctor.examine(new Subject(parts.state(), parts.machineSettings(), parts.clock(), running));
    }
}
