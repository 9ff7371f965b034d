package io.garrison.edge.cli;

import java.util.List;
import java.util.Map;

/** {@code ha}: bypass and release, done by the running agent. */
record HaCommand(Console console) {

    /** By the words that ask for it. */
    private static final Map<List<String>, String> ACTIONS = Map.of(
            List.of("release"), "ha-release",
            List.of("bypass", "on"), "ha-bypass-on",
            List.of("bypass", "off"), "ha-bypass-off");

    int run(List<String> words) throws InterruptedException {
        int options = 0;
        while (options < words.size() && !words.get(options).startsWith("--")) {
            options++;
        }
        var action = ACTIONS.get(words.subList(0, options));
        if (action == null) {
            throw new Arguments.WrongUsage("ha takes release, bypass on or bypass off");
        }
        return new AskCommand(console, action).run(words.subList(options, words.size()));
    }
}
