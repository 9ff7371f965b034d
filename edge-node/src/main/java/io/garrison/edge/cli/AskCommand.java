package io.garrison.edge.cli;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** {@code pull}, {@code apply}, {@code rollback}, {@code drain} and {@code ha}: done by the running agent. */
record AskCommand(Console console, String name) {

    record Failure(String message, boolean ok) {}

    int run(List<String> words) throws InterruptedException {
        var flags = name.equals("drain") ? Set.of("--json", "--off") : Set.of("--json");
        var arguments = Arguments.parse(words, Set.of("--state"), flags);
        var command = arguments.has("--off") ? "resume" : name;
        String trouble;
        try {
            var told = new RunningAgent(arguments.state()).ask(command, RunningAgent.Told.class);
            if (told.isPresent()) {
                boolean ok = Boolean.TRUE.equals(told.get().ok());
                console.say(told.get().message());
                if (arguments.has("--json")) {
                    console.document(told.get());
                }
                return ok ? Console.OK : Console.FAILED;
            }
            trouble = "no agent runs with this state directory; start it with: garrison edge run";
        } catch (IOException e) {
            trouble = String.valueOf(e.getMessage());
        }
        console.say(trouble);
        if (arguments.has("--json")) {
            console.document(new Failure(trouble, false));
        }
        return Console.FAILED;
    }
}
