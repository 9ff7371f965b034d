package io.garrison.edge.cli;

import io.garrison.edge.aux.BlockDesk;
import io.garrison.edge.cli.Arguments.WrongUsage;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** {@code block}, {@code unblock} and {@code blocks}: done by the running agent, for all instances of the stack. */
record BlockCommand(Console console, String name) {

    private static final String NO_AGENT = "no agent runs with this state directory; start it with: garrison edge run";

    int run(List<String> words) throws IOException {
        return name.equals("blocks")
                ? list(Arguments.parse(words, Set.of("--state"), Set.of("--json")))
                : change(words);
    }

    private int change(List<String> words) throws IOException {
        if (words.isEmpty() || words.getFirst().startsWith("--")) {
            throw new WrongUsage(name + " needs an address or a CIDR block");
        }
        var valued = name.equals("block") ? Set.of("--state", "--minutes", "--reason") : Set.of("--state");
        var arguments = Arguments.parse(words.subList(1, words.size()), valued, Set.of("--json"));
        Integer minutes = null;
        if (name.equals("block")) {
            minutes = number(arguments.required("--minutes"));
        }
        var wish = new BlockDesk.Wish(
                words.getFirst(), minutes, arguments.optional("--reason").orElse(null));
        var told = new RunningAgent(arguments.state())
                .ask(name, wish, BlockDesk.Told.class)
                .orElse(new BlockDesk.Told(false, NO_AGENT, "no-agent"));
        console.say(told.code() == null ? told.message() : told.code() + ": " + told.message());
        if (arguments.has("--json")) {
            console.document(told);
        }
        return told.ok() ? Console.OK : Console.FAILED;
    }

    private int list(Arguments arguments) throws IOException {
        var listed = new RunningAgent(arguments.state()).ask("blocks", BlockDesk.Listed.class);
        if (listed.isEmpty()) {
            console.say(NO_AGENT);
            return Console.FAILED;
        }
        if (arguments.has("--json")) {
            console.document(listed.get());
            return Console.OK;
        }
        for (var block : listed.get().blocks()) {
            console.say(block.range() + "  until " + block.until() + "  by " + block.origin()
                    + (block.reason().isEmpty() ? "" : "  " + block.reason()));
        }
        console.say(listed.get().total() + " blocked");
        return Console.OK;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new WrongUsage("--minutes must be a whole number, not " + text);
        }
    }
}
