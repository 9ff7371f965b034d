package io.garrison.edge.cli;

import io.garrison.edge.state.EdgeConfig;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/** Finds the command that was asked for, and turns what goes wrong into exit codes: 2 for wrong usage, 1 otherwise. */
public record EdgeCommand(Console console, Clock clock, RunCommand.DataPlanes dataPlanes) {

    private static final String USAGE = """
            usage: garrison edge COMMAND --state DIR [OPTIONS]
              join --url https://HOST:PORT --token T --ca-sha256 H [--set key=value]... [--force] [--json]
              run         the agent in the foreground; prints READY  [--settings FILE, of this machine]
              status      [--json]
              settings    every setting in force, and where it comes from [--settings FILE] [--json]
              doctor      what is wrong and what to do, from files to peers [--settings FILE] [--json]
              pull        asks management for the desired revision now [--json]
              apply       applies the desired revision once more [--json]
              rollback    goes back to what served before, until a newer revision comes [--json]
              drain       lets a peer have shared addresses, then turns new clients away [--off] [--json]
              ha          release: ends what waits for a person (bypass, hold, the penalty for little traffic);
                          bypass on | bypass off: lets traffic pass without HAProxy, or ends that [--json]
              block       refuses clients on all instances of the stack: ADDRESS|CIDR --minutes N [--reason TEXT] [--json]
              unblock     takes them again: ADDRESS|CIDR [--json]
              blocks      lists who is refused [--json]
              lease       takes an offline lease, or returns it: --import FILE | --return --out FILE [--json]""";

    public int run(List<String> words) {
        if (words.isEmpty()) {
            console.say(USAGE);
            return Console.USAGE;
        }
        var rest = words.subList(1, words.size());
        try {
            return switch (words.getFirst()) {
                case "join" -> new JoinCommand(console, clock).run(rest);
                case "run" -> new RunCommand(console, clock, dataPlanes).run(rest);
                case "doctor" -> new DoctorCommand(console, clock).run(rest);
                case "settings" -> new SettingsCommand(console).run(rest);
                case "status" -> new StatusCommand(console).run(rest);
                case "pull", "apply", "rollback", "drain" -> new AskCommand(console, words.getFirst()).run(rest);
                case "ha" -> new HaCommand(console).run(rest);
                case "block", "unblock", "blocks" -> new BlockCommand(console, words.getFirst()).run(rest);
                case "lease" -> new LeaseCommand(console, clock).run(rest);
                case "help", "--help" -> {
                    console.say(USAGE);
                    yield Console.OK;
                }
                default -> {
                    console.say("unknown command " + words.getFirst());
                    console.say(USAGE);
                    yield Console.USAGE;
                }
            };
        } catch (Arguments.WrongUsage e) {
            console.say(e.getMessage() + "\n" + USAGE);
            return Console.USAGE;
        } catch (EdgeConfig.InvalidSetting e) {
            console.say("edge.properties: " + e.getMessage());
            return Console.FAILED;
        } catch (IOException e) {
            console.say(String.valueOf(e.getMessage()));
            return Console.FAILED;
        } catch (InterruptedException e) {
            return Console.FAILED;
        }
    }
}
