package io.garrison.instances.policy;

import io.garrison.protocol.PolicyLimits;
import io.garrison.protocol.Pool;
import io.garrison.protocol.Pool.HealthMonitor;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a pool must be. */
final class PoolRules {

    static final int MAX_MEMBERS = 256;
    static final int MAX_WEIGHT = 256;

    private final Errors errors;
    private final PolicyRules.Surroundings around;

    PoolRules(Errors errors, PolicyRules.Surroundings around) {
        this.errors = errors;
        this.around = around;
    }

    void check(String at, Pool pool) {
        if (!Texts.isName(pool.name())) {
            errors.add(at + "/name", "policy.name", ServiceRules.NAME_RULE, pool.name());
        }
        members(at + "/members", pool.members());
        monitor(at + "/healthMonitor", pool.healthMonitor());
    }

    private void members(String at, List<Pool.Member> members) {
        if (members.isEmpty()) {
            errors.add(at, "policy.pool-empty", "a pool needs a member to send traffic to");
        }
        errors.atMost(at, members, MAX_MEMBERS);
        var seen = new HashSet<String>();
        for (int i = 0; i < Math.min(members.size(), MAX_MEMBERS); i++) {
            var member = members.get(i);
            address(at + "/%d/address".formatted(i), member.address());
            errors.range(at + "/%d/port".formatted(i), member.port(), 1, 65_535);
            errors.range(at + "/%d/weight".formatted(i), member.weight(), 0, MAX_WEIGHT);
            var place = Address.parse(member.address()).map(address -> address + " " + member.port());
            if (place.isPresent() && !seen.add(place.get())) {
                errors.add(
                        at + "/" + i, "policy.member-taken", "the pool has a member of this address and port already");
            }
        }
    }

    private void address(String at, @Nullable String text) {
        var address = Address.parse(text);
        if (address.isEmpty()) {
            errors.add(at, "policy.address", "must be an IPv4 or IPv6 address in its plain form", text);
        } else if (address.get().isUnspecified()) {
            errors.add(at, "policy.address-forbidden", "a server has an address of its own", text);
        } else if (address.get().isForbidden()) {
            errors.add(
                    at,
                    "policy.address-forbidden",
                    "multicast, link-local, reserved and metadata addresses can't be servers",
                    text);
        } else if (address.get().isLoopback() && !around.allowLoopback()) {
            errors.add(at, "policy.address-loopback", ServiceRules.LOOPBACK_RULE, text);
        }
    }

    private void monitor(String at, @Nullable HealthMonitor monitor) {
        if (monitor == null) {
            return;
        }
        errors.range(at + "/intervalMs", monitor.intervalMs(), 100, 600_000);
        errors.range(at + "/timeoutMs", monitor.timeoutMs(), 50, 60_000);
        if (monitor.timeoutMs() > monitor.intervalMs()) {
            errors.add(at + "/timeoutMs", "policy.range", "must not be above intervalMs", monitor.timeoutMs());
        }
        errors.range(at + "/rise", monitor.rise(), 1, 10);
        errors.range(at + "/fall", monitor.fall(), 1, 10);
        httpOnly(at + "/path", monitor.path(), monitor.type());
        httpOnly(at + "/expectStatus", monitor.expectStatus(), monitor.type());
        if (monitor.path() != null
                && !(Texts.isPath(monitor.path()) && monitor.path().length() <= PolicyLimits.MONITOR_PATH)) {
            errors.add(
                    at + "/path",
                    "policy.path",
                    "must begin with / and be a path as in a URL, at most %d characters"
                            .formatted(PolicyLimits.MONITOR_PATH),
                    monitor.path());
        }
        if (monitor.expectStatus() != null && !Texts.isStatusRange(monitor.expectStatus())) {
            errors.add(
                    at + "/expectStatus",
                    "policy.status",
                    "must be a status or a range, such as 200 or 200-399",
                    monitor.expectStatus());
        }
    }

    private void httpOnly(String at, @Nullable String value, HealthMonitor.Type type) {
        if (value != null && type != HealthMonitor.Type.HTTP) {
            errors.add(at, "policy.http-only", "a TCP check sends no request", value);
        }
    }
}
