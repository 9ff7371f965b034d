package io.garrison.edge.cli;

import io.garrison.edge.agent.StatusDocument;
import io.garrison.edge.agent.StatusDocument.Aux;
import io.garrison.edge.doctor.Diagnosis;
import io.garrison.edge.doctor.Doctor;
import io.garrison.edge.doctor.Finding;
import io.garrison.edge.doctor.Memory;
import io.garrison.edge.doctor.Running;
import io.garrison.edge.doctor.Subject;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code doctor}: what is wrong with this instance, from the ground up, and what to do. */
record DoctorCommand(Console console, Clock clock) {

    /** @param cause id of the lowest finding that is bad; absent if none is */
    record Told(boolean healthy, @Nullable String cause, List<Finding> findings) {}

    int run(List<String> words) throws InterruptedException {
        var arguments = Arguments.parse(words, Set.of("--state", "--settings"), Set.of("--json"));
        var state = arguments.state();
        var diagnosis = Doctor.examine(new Subject(state, arguments.path("--settings"), clock, running(state)));
        if (arguments.has("--json")) {
            console.document(new Told(
                    diagnosis.cause().isEmpty(),
                    diagnosis.cause().map(Finding::id).orElse(null),
                    diagnosis.findings()));
        } else {
            tell(diagnosis);
        }
        return diagnosis.cause().isEmpty() ? Console.OK : Console.FAILED;
    }

    private static @Nullable Running running(StateDirectory state) {
        var agent = new RunningAgent(state);
        try {
            var status = agent.ask("status", StatusDocument.class);
            return status.isEmpty()
                    ? null
                    : new Running(
                            agent.pid(),
                            clusterStatus(agent),
                            of(status.get(), Aux::problems),
                            of(status.get(), Aux::damaged),
                            memory(agent));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Map<String, Object> clusterStatus(RunningAgent agent) {
        try {
            return agent.clusterStatus();
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static List<String> of(StatusDocument status, Function<Aux, List<String>> part) {
        return status.aux() == null ? List.of() : part.apply(status.aux());
    }

    /** An agent of an older version may run. */
    private static @Nullable Memory memory(RunningAgent agent) {
        try {
            return agent.ask("memory", Memory.class).orElse(null);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private void tell(Diagnosis diagnosis) {
        for (var finding : diagnosis.findings()) {
            var mark = switch (finding.outcome()) {
                case GOOD -> "ok ";
                case BAD -> "BAD";
                case SKIPPED -> "-- ";
            };
            console.say("%s  %-11s %-22s %s".formatted(mark, layer(finding), finding.id(), finding.found()));
            if (finding.fix() != null) {
                console.say(" ".repeat(17) + "→ " + finding.fix());
            }
        }
        console.say(diagnosis
                .cause()
                .map(cause -> "Begin with " + cause.id() + ": " + cause.found())
                .orElse("Nothing is wrong here"));
    }

    private static String layer(Finding finding) {
        return finding.layer().name().toLowerCase(Locale.ROOT);
    }
}
