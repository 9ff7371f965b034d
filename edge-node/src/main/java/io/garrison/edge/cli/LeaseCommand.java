package io.garrison.edge.cli;

import io.garrison.edge.cli.Arguments.WrongUsage;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.license.LeaseDesk;
import io.garrison.edge.license.LeaseKeeper;
import io.garrison.edge.state.DurableFiles;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * {@code lease}: takes an offline lease from a file, or returns it and writes the receipt. Done by the running agent if
 * there is one.
 */
record LeaseCommand(Console console, Clock clock) {

    private static final int MAX_BYTES = 128 * 1024;

    int run(java.util.List<String> words) throws IOException, InterruptedException {
        var arguments = Arguments.parse(words, Set.of("--state", "--import", "--out"), Set.of("--return", "--json"));
        var state = arguments.state();
        if (!Files.exists(state.identity())) {
            console.say("This state directory has not joined; run: garrison edge join");
            return Console.FAILED;
        }
        if (arguments.has("--return") == arguments.optional("--import").isPresent()) {
            throw new WrongUsage("give either --import FILE or --return --out FILE");
        }
        if (arguments.has("--return")) {
            return giveBack(arguments, state, path(arguments, "--out"));
        }
        takeToState(path(arguments, "--import"), state);
        return tell(arguments, done(state, "lease-import", LeaseDesk::takeIn));
    }

    private int giveBack(Arguments arguments, StateDirectory state, Path out) throws IOException {
        var told = done(state, "lease-return", LeaseDesk::giveBack);
        if (told.receipt() != null) {
            // Should this fail, the same receipt comes when the command is repeated.
            Files.writeString(out, told.receipt() + "\n", StandardCharsets.US_ASCII);
            console.say("Wrote the receipt to " + out);
        }
        return tell(arguments, told);
    }

    private interface Work {
        LeaseDesk.Told at(LeaseDesk desk) throws IOException;
    }

    private LeaseDesk.Told done(StateDirectory state, String command, Work work) throws IOException {
        Optional<LeaseDesk.Told> live = new RunningAgent(state).ask(command, LeaseDesk.Told.class);
        if (live.isPresent()) {
            return live.get();
        }
        try (var lock = state.tryLock().orElse(null)) {
            if (lock == null) {
                return new LeaseDesk.Told(
                        false, "an agent is just starting or stopping; try again", "busy", null, null);
            }
            var identity = new IdentityStore(state).load().orElseThrow();
            try (var keeper = new LeaseKeeper(state, () -> identity, clock)) {
                return work.at(new LeaseDesk(state, keeper));
            }
        }
    }

    private int tell(Arguments arguments, LeaseDesk.Told told) {
        console.say(told.code() == null ? told.message() : told.code() + ": " + told.message());
        if (arguments.has("--json")) {
            console.document(told);
        }
        return told.ok() ? Console.OK : Console.FAILED;
    }

    /** The agent reads it from there: it may run as another user, with no right to the file that was named. */
    private static void takeToState(Path file, StateDirectory state) throws IOException {
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        DurableFiles.ownDirectory(state.license());
        DurableFiles.replace(state.incomingLease(), bytes);
    }

    private static Path path(Arguments arguments, String option) {
        try {
            return Path.of(arguments.required(option));
        } catch (InvalidPathException e) {
            throw new WrongUsage(option + " is not a path");
        }
    }
}
