package io.garrison.instances.federation;

import io.garrison.instances.FleetView;
import io.garrison.instances.InstanceHealth;
import io.garrison.instances.LifecycleState;
import io.garrison.licensing.AboutInstallation;
import io.garrison.licensing.LicenseNotice;
import io.garrison.licensing.LicenseNotices;
import io.garrison.protocol.SiteReport;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What this installation says of itself. */
@Component
class SiteNews {

    private static final int NOTICES = 5;

    private final AboutInstallation about;
    private final FleetView fleet;
    private final LicenseNotices notices;
    private final Clock clock;

    SiteNews(AboutInstallation about, FleetView fleet, LicenseNotices notices, Clock clock) {
        this.about = about;
        this.fleet = fleet;
        this.notices = notices;
        this.clock = clock;
    }

    AboutInstallation.Details about() {
        return about.about();
    }

    /** By somebody who may see instances and notices; with no tenant bound. */
    SiteReport report(long serial, int waiting, @Nullable String usageProblem) {
        var self = about.about();
        return new SiteReport(
                self.mode().name(),
                self.version(),
                clock.instant(),
                serial,
                lifecycle(),
                health(),
                waiting,
                usageProblem,
                notices.all(null, NOTICES).stream()
                        .filter(notice -> notice.acknowledgedAt() == null)
                        .map(LicenseNotice::message)
                        .toList());
    }

    private Map<String, Integer> lifecycle() {
        var counts = new TreeMap<String, Integer>();
        Map<LifecycleState, Integer> states = fleet.lifecycleStates();
        states.forEach((state, count) -> counts.put(state.name(), count));
        return counts;
    }

    private Map<String, Integer> health() {
        var counts = new TreeMap<String, Integer>();
        for (var health : InstanceHealth.values()) {
            int count = fleet.count(new FleetView.Filter(null, null, null, health, null));
            if (count > 0) {
                counts.put(health.name(), count);
            }
        }
        return counts;
    }
}
