package io.garrison.edge.cli;

import io.garrison.edge.agent.Version;
import io.garrison.edge.cli.Arguments.WrongUsage;
import io.garrison.edge.join.Enrolment;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** {@code join}: exchanges a token for an identity and writes the settings. */
record JoinCommand(Console console, Clock clock) {

    private static final Set<String> VALUED = Set.of("--url", "--token", "--ca-sha256", "--state", "--name", "--set");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,57}");

    record Joined(UUID instanceId, UUID tenant, UUID stack, String state) {}

    record Refused(String code, String message) {}

    int run(List<String> words) throws IOException, InterruptedException {
        var arguments = Arguments.parse(words, VALUED, Set.of("--force", "--json"));
        var url = url(arguments.required("--url"));
        var token = arguments.required("--token");
        var pin = pin(arguments.required("--ca-sha256"));
        var state = arguments.state();
        var config = config(arguments.has("--force") ? former(state) : Map.of(), arguments.settings());
        try (var lock = state.tryLock().orElse(null)) {
            if (lock == null) {
                return refuse(arguments, "busy", "an agent runs with this state directory; stop it first");
            }
            if (!arguments.has("--force") && Files.exists(state.identity())) {
                return refuse(arguments, "joined-already", "this state directory has joined; --force joins anew");
            }
            var outcome =
                    new Enrolment(clock).join(url, token, pin, state, config, facts(arguments.optional("--name")));
            return switch (outcome) {
                case Enrolment.Outcome.Joined joined -> report(arguments, joined, state);
                case Enrolment.Outcome.Failed failed -> refuse(arguments, failed.code(), failed.reason());
            };
        }
    }

    private int report(Arguments arguments, Enrolment.Outcome.Joined joined, StateDirectory state) {
        var identity = joined.identity();
        if (joined.undelivered() != null) {
            console.say("What this machine counted last is missing at the former management, and in its bill: "
                    + joined.undelivered());
        }
        console.say("Joined as instance " + identity.instanceId() + ". Start it with: garrison edge run --state "
                + state.root());
        if (arguments.has("--json")) {
            console.document(new Joined(
                    identity.instanceId(),
                    identity.tenantId(),
                    identity.stackId(),
                    state.root().toString()));
        }
        return Console.OK;
    }

    private int refuse(Arguments arguments, String code, String message) {
        console.say("Not joined: " + message);
        if (arguments.has("--json")) {
            console.document(new Refused(code, message));
        }
        return Console.FAILED;
    }

    private static URI url(String text) {
        try {
            var url = new URI(text);
            boolean bare = url.getPath() == null
                    || url.getPath().isEmpty()
                    || url.getPath().equals("/");
            if ("https".equalsIgnoreCase(url.getScheme())
                    && url.getHost() != null
                    && bare
                    && url.getUserInfo() == null
                    && url.getQuery() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new WrongUsage("--url must be https://HOST:PORT");
    }

    private static String pin(String text) {
        var pin = text.replace(":", "").toLowerCase(Locale.ROOT);
        if (!pin.matches("[0-9a-f]{64}")) {
            throw new WrongUsage("--ca-sha256 must be 64 hexadecimal digits");
        }
        return pin;
    }

    private static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new WrongUsage("--name must be 1 to 57 characters: letters, digits, '.', '_', '-'");
        }
        return text;
    }

    /** What this machine was set to stays, wherever it joins, but for what is set anew. */
    private static Map<String, String> former(StateDirectory state) throws IOException {
        return Files.exists(state.settings())
                ? EdgeConfig.read(state.settings()).effective()
                : Map.of();
    }

    private static EdgeConfig config(Map<String, String> former, Map<String, String> settings) {
        var all = new LinkedHashMap<>(former);
        all.putAll(settings);
        try {
            return EdgeConfig.of(all);
        } catch (EdgeConfig.InvalidSetting e) {
            throw new WrongUsage("--set: " + e.getMessage());
        }
    }

    /** @param name how the instance shall be called; without it management takes the machine's name */
    private static Map<String, String> facts(Optional<String> name) {
        var facts = new HashMap<String, String>();
        name.ifPresent(chosen -> facts.put("name", name(chosen)));
        facts.put("agentVersion", Version.CURRENT);
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        try {
            facts.put("hostname", InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            // a machine without a name still joins
        }
        return facts;
    }
}
