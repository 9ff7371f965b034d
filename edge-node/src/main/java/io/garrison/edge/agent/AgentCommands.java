package io.garrison.edge.agent;

import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.health.ManagementServer.Command;
import io.garrison.edge.license.LeaseDesk;
import io.garrison.edge.license.LeaseKeeper;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.sync.Reconciler;
import io.garrison.edge.sync.RevisionLoop;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * What a person on the machine can ask of the agent.
 *
 * @param reconcile the reconciler's thread
 * @param soon lets the next report go out at once
 */
record AgentCommands(
        DataPlane dataPlane,
        Reconciler reconciler,
        ExecutorService reconcile,
        RevisionLoop revisions,
        LeaseKeeper leases,
        Runnable soon) {

    /** By name; more may be added. */
    Map<String, Command> commands(StateDirectory state) {
        var desk = new LeaseDesk(state, leases);
        var commands = new HashMap<String, Command>();
        commands.put("pull", () -> {
            revisions.ask(0);
            var sync = reconciler.status();
            return message(
                    sync.error() == null
                            ? "revision " + sync.applied().revision() + " serves"
                            : sync.error().message());
        });
        commands.put("apply", () -> message(onReconcile(reconciler::reapply)));
        commands.put("rollback", () -> message(onReconcile(reconciler::rollBack)));
        commands.put("lease-import", () -> told(desk.takeIn()));
        commands.put("lease-return", () -> told(desk.giveBack()));
        commands.put("drain", () -> drain(true));
        commands.put("resume", () -> drain(false));
        return commands;
    }

    /** Runs it where the data plane is written, and waits for it. */
    String onReconcile(Callable<String> work) throws IOException, InterruptedException {
        try {
            return reconcile.submit(work).get();
        } catch (ExecutionException e) {
            throw new IOException("the data plane could not be changed", e.getCause());
        }
    }

    private LeaseDesk.Told told(LeaseDesk.Told told) {
        soon.run();
        return told;
    }

    private Map<String, Object> drain(boolean on) throws IOException, InterruptedException {
        onReconcile(() -> {
            reconciler.drainByHand(on);
            return "";
        });
        return message(dataPlane.state().draining() ? "new clients are turned away" : "clients are taken");
    }

    private Map<String, Object> message(String text) {
        var sync = reconciler.status();
        return Map.of(
                "message",
                text,
                "ok",
                sync.error() == null,
                "appliedRevision",
                sync.applied().revision());
    }
}
