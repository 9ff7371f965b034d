package io.garrison.instances.balancer;

import io.garrison.instances.balancer.BalancerPlan.Front;

/** The plan for HAProxy 2.6 or newer. */
final class HaproxyFile {

    private final StringBuilder text = new StringBuilder();
    private final BalancerPlan plan;

    private HaproxyFile(BalancerPlan plan) {
        this.plan = plan;
    }

    static String of(BalancerPlan plan) {
        return new HaproxyFile(plan).write();
    }

    private String write() {
        text.append("""
                # A balancer in front of the stack's instances, for revision %d of its policy.
                # Give it to HAProxy beside the file that is there: haproxy -f haproxy.cfg -f this-file
                # Each instance answers /ready on port %d (health.listen in its edge.properties); while it drains it says
                # no, and gets no new clients. /health of the balancer is answered by an instance.
                defaults garrison
                    timeout connect 60s
                    timeout client 60s
                    timeout server 60s
                    retries 3
                    option redispatch

                """.formatted(plan.revision(), plan.healthPort()));
        plan.fronts().forEach(this::front);
        if (plan.fronts(true).findAny().isPresent()) {
            text.append("backend garrison_health from garrison\n    mode http\n    balance leastconn\n");
            checks();
            plan.healthServers().forEach(server -> server(server));
        }
        return text.toString();
    }

    private void front(Front front) {
        var mode = front.http() ? "http" : "tcp";
        text.append("frontend garrison-%1$s from garrison\n    mode %2$s\n    bind *:%3$d\n    bind :::%3$d v6only\n"
                .formatted(front.name(), mode, front.port()));
        if (front.http()) {
            // HAProxy leaves Host as it is.
            text.append("""
                        http-request set-header X-Real-IP %[src]
                        http-request set-header X-Forwarded-Proto http
                        option forwardfor
                        use_backend garrison_health if { path /health }
                    """);
        }
        text.append("    default_backend garrison-%1$s\n\nbackend garrison-%1$s from garrison\n    mode %2$s\n"
                .formatted(front.name(), mode));
        text.append("    balance leastconn\n");
        checks();
        front.servers().forEach(this::server);
        text.append('\n');
    }

    /** Three failures within 30 s take an instance out, by its own word or by what clients' connections meet. */
    private void checks() {
        text.append("""
                    option httpchk GET /ready
                    http-check expect status 200
                    default-server check port %d inter 10s fastinter 1s fall 3 rise 3 observe layer4 error-limit 3 on-error mark-down
                """.formatted(plan.healthPort()));
    }

    private void server(BalancerPlan.Server server) {
        text.append("    server ")
                .append(server.name())
                .append(' ')
                .append(server.endpoint())
                .append('\n');
    }
}
