package io.garrison.instances.federation;

import io.garrison.instances.FederationSettings;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.SignedIn;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Dials out, round by round, as long as the application runs in a mode of one sub-licence. */
@Component
class SiteReporter implements SmartLifecycle, Runnable {

    private static final Logger log = LoggerFactory.getLogger(SiteReporter.class);
    private static final SignedIn ITSELF =
            new SignedIn(Actor.Kind.SYSTEM, new UUID(0, 0), "federation", Role.PLATFORM_ADMIN, Map.of(), null);

    private final SiteLine line;
    private final FederationSettings settings;
    private final DeploymentRules rules;

    private @Nullable Thread thread;
    private @Nullable String told;

    SiteReporter(SiteLine line, FederationSettings settings, DeploymentRules rules) {
        this.line = line;
        this.settings = settings;
        this.rules = rules;
    }

    @Override
    public synchronized void start() {
        if (!rules.manySubLicenses()) {
            thread = Thread.ofPlatform().name("site-reporter").daemon().start(this);
        }
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                round();
                Thread.sleep(settings.interval());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() throws InterruptedException {
        try {
            SignedIn.callAs(ITSELF, null, () -> {
                line.round();
                return true;
            });
            if (told != null) {
                log.info("the provider's installation answers");
                told = null;
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (RuntimeException e) {
            var problem = String.valueOf(e.getMessage());
            if (!problem.equals(told)) {
                log.warn("no round with the provider's installation, it comes again: {}", problem);
                log.debug("because", e);
                told = problem;
            }
        }
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.interrupt();
            try {
                if (!thread.join(java.time.Duration.ofSeconds(5))) {
                    log.warn("the round with the provider's installation does not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
