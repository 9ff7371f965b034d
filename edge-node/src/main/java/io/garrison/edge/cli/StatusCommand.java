package io.garrison.edge.cli;

import io.garrison.edge.agent.StatusDocument;
import io.garrison.edge.join.Identity;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code status}: from the running agent, or from what it left in the state directory. */
record StatusCommand(Console console) {

    int run(List<String> words) throws IOException, InterruptedException {
        var arguments = Arguments.parse(words, Set.of("--state"), Set.of("--json"));
        var state = arguments.state();
        var identity = Files.exists(state.identity()) ? new IdentityStore(state).load() : Optional.<Identity>empty();
        if (identity.isEmpty()) {
            console.say("This state directory has not joined");
            return Console.FAILED;
        }
        var live = new RunningAgent(state).ask("status", StatusDocument.class);
        StatusDocument status;
        if (live.isPresent()) {
            status = live.get();
        } else {
            console.say("No agent runs; this is what the last one wrote");
            status = left(state, StatusDocument.initial(identity.get()));
        }
        if (arguments.has("--json")) {
            console.document(status);
        } else {
            tell(status);
        }
        return Console.OK;
    }

    private static StatusDocument left(StateDirectory state, StatusDocument otherwise) throws IOException {
        if (!Files.exists(state.status())) {
            return otherwise;
        }
        try {
            return ProtocolJson.read(Files.readAllBytes(state.status()), StatusDocument.class)
                    .stopped();
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }

    private void tell(StatusDocument status) {
        console.say("instance  " + status.instanceId());
        console.say("revision  " + status.appliedRevision() + " of " + status.desiredRevision() + ", "
                + status.syncState());
        status.virtualServices()
                .forEach(service -> console.say("service   " + service.name() + " " + service.address() + ":"
                        + service.port() + " " + service.state()));
        var license = status.license();
        if (license != null) {
            console.say("licence   " + license.state() + ": " + license.advice());
        }
        var limit = status.throughput();
        if (limit != null && limit.shareBps() != null) {
            var reason = limit.reason();
            console.say("share     " + limit.shareBps() + " bit/s in each direction, "
                    + (limit.limiting() ? "held by the kernel" : "not limited here: " + reason));
        }
        var aux = status.aux();
        if (aux != null) {
            console.say("shared    " + aux.connected() + " of " + aux.members() + " other instances, " + aux.blocks()
                    + " blocks of clients");
            aux.problems().forEach(problem -> console.say("          " + problem));
            aux.damaged().forEach(problem -> console.say("          " + problem));
        }
        console.say("spool     " + status.spool().records() + " records, "
                + status.spool().bytes() + " bytes, oldest " + status.spool().oldestSeconds() + " s");
    }
}
