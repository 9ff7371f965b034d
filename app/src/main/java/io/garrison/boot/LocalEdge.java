package io.garrison.boot;

import io.garrison.embedded.EmbeddedException;
import io.garrison.embedded.SupervisedProgram;
import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.StackManagement;
import io.garrison.instances.TrafficMode;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.context.ApplicationContext;

/**
 * The edge node that an installation brings along where its mode says so: the same agent as on any instance, as a child
 * process. It enrols once, as every edge does, with a token that is made here; from then on it is who its certificate
 * says. When the installation stops, the agent stops, and HAProxy goes on serving, as on any instance.
 *
 * <p>That there is no edge is never a reason to have no management: what stands in its way is told, and no more.
 */
record LocalEdge(RunningGarrison garrison, Consumer<String> say) {

    private static final String STACK = "local";
    private static final int TOKEN_MINUTES = 10;
    private static final int JOIN_LIMIT_SECONDS = 90;
    private static final List<String> HAPROXY =
            List.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy");

    void bring() {
        if (!garrison.context().getBean(DeploymentRules.class).localAgent()) {
            return;
        }
        Optional<String> haproxy = HAPROXY.stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
        if (haproxy.isEmpty()) {
            say.accept("HAProxy is not installed, so this machine carries no traffic: management runs without its edge."
                    + " Install it (on Debian and Ubuntu: apt-get install haproxy) and start again.");
            return;
        }
        try {
            Path state =
                    garrison.arguments().data().toAbsolutePath().normalize().resolve("edge");
            if (!Files.exists(state.resolve("identity.json")) && !join(state, haproxy.get())) {
                return;
            }
            garrison.endFirst(run(state));
        } catch (Refusal e) {
            say.accept("The edge of this machine cannot be enrolled now. " + e.getMessage() + " (" + e.code() + ")");
        } catch (IOException | EmbeddedException e) {
            say.accept("The edge of this machine does not run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return false if there is nothing to enrol for yet */
    private boolean join(Path state, String haproxy) throws IOException, InterruptedException {
        ApplicationContext beans = garrison.context();
        var tenant = beans.getBean(TenantDirectory.class).all().stream().findFirst();
        if (tenant.isEmpty()) {
            say.accept(
                    "The tenant of this installation is gone, so there is nothing to enrol the edge of this machine for.");
            return false;
        }
        var words = new ArrayList<>(List.of(token(beans, tenant.get().id()).split(" ")));
        words.set(0, launcher());
        words.set(words.indexOf("--state") + 1, state.toString());
        words.addAll(List.of("--set", "haproxy.binary=" + haproxy));
        Path log = state.resolveSibling("logs").resolve("edge-join.log");
        var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment());
        var process = builder.start();
        if (!process.waitFor(JOIN_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("it does not join within " + JOIN_LIMIT_SECONDS + " s; see " + log);
        }
        if (process.exitValue() != 0) {
            throw new IOException(Files.readString(log).strip());
        }
        return true;
    }

    /** Makes the stack if there is none, and a token for one machine; gives the line by which it enrols. */
    private static String token(ApplicationContext beans, TenantId tenant) {
        return Launcher.call(() -> CurrentTenant.callAs(tenant, () -> {
            var stacks = beans.getBean(StackManagement.class);
            var stack = stacks.list(null, 1).stream().findFirst().orElseGet(() -> {
                var subLicense = beans.getBean(SubLicenseAdministration.class)
                        .list(null, 1)
                        .getFirst();
                return stacks.create(STACK, subLicense.id(), TrafficMode.ACTIVE_ACTIVE);
            });
            return beans.getBean(EnrollmentTokens.class)
                    .create(stack.id(), TOKEN_MINUTES, 1)
                    .command();
        }));
    }

    private SupervisedProgram run(Path state) {
        say.accept("Starting the edge of this machine in " + state);
        return SupervisedProgram.start(
                "The edge",
                List.of(launcher(), "edge", "run", "--state", state.toString()),
                environment(),
                state.resolveSibling("logs").resolve("edge.log"),
                state.resolveSibling("edge.pid"));
    }

    private static String launcher() {
        return Path.of(System.getProperty("garrison.home", "."), "garrison")
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    /** Whoever has started us has built the agent too. */
    private static Map<String, String> environment() {
        return Map.of("GARRISON_NO_BUILD", "1", "JAVA_HOME", System.getProperty("java.home"));
    }
}
