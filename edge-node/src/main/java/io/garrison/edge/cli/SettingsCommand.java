package io.garrison.edge.cli;

import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.SettingsInForce;
import io.garrison.edge.state.SettingsInForce.Setting;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code settings}: what the running agent goes by, or what one would that is started now. */
record SettingsCommand(Console console) {

    int run(List<String> words) throws IOException {
        var arguments = Arguments.parse(words, Set.of("--state", "--settings"), Set.of("--json"));
        var running = new RunningAgent(arguments.state()).ask("settings", SettingsInForce.class);
        if (running.isEmpty()) {
            console.say("No agent runs; one that is started now goes by these");
        }
        var inForce = running.isPresent() ? running.get() : read(arguments.state(), arguments.path("--settings"));
        if (arguments.has("--json")) {
            console.document(inForce);
        } else {
            inForce.settings().forEach(setting -> console.say(told(setting)));
        }
        return Console.OK;
    }

    private static SettingsInForce read(StateDirectory state, Optional<Path> machine) throws IOException {
        return SettingsInForce.of(EdgeConfig.read(state.settings(), machine), state.settings(), machine);
    }

    private static String told(Setting setting) {
        var value = setting.value();
        boolean said = !setting.from().equals(SettingsInForce.DEFAULT)
                && !setting.from().equals(SettingsInForce.UNSET);
        return setting.key() + "=" + (value == null ? "" : value) + "  # " + setting.from()
                + (said && setting.isDefault() ? ", as the default" : "");
    }
}
