package io.garrison.instances.balancer;

import io.garrison.instances.balancer.BalancerPlan.Front;
import io.garrison.instances.balancer.BalancerPlan.Server;
import java.util.List;

/** The plan for nginx, as a whole nginx.conf. */
final class NginxFile {

    private final StringBuilder text = new StringBuilder();
    private final BalancerPlan plan;

    private NginxFile(BalancerPlan plan) {
        this.plan = plan;
    }

    static String of(BalancerPlan plan) {
        return new NginxFile(plan).write();
    }

    private String write() {
        text.append("""
                # A balancer in front of the stack's instances, for revision %d of its policy.
                # /health is answered by an instance, on port %d (health.listen in its edge.properties).
                worker_processes auto;
                include /etc/nginx/modules-enabled/*.conf;

                events {
                    worker_connections 1024;
                }
                """.formatted(plan.revision(), plan.healthPort()));
        if (plan.fronts(true).findAny().isPresent()) {
            text.append("\nhttp {\n");
            plan.fronts(true).forEach(front -> upstream("garrison-" + front.name(), front.servers()));
            upstream("garrison_health", plan.healthServers());
            plan.fronts(true).forEach(this::web);
            text.append("}\n");
        }
        if (plan.fronts(false).findAny().isPresent()) {
            text.append("\nstream {\n");
            plan.fronts(false).forEach(front -> upstream("garrison-" + front.name(), front.servers()));
            plan.fronts(false).forEach(this::bytes);
            text.append("}\n");
        }
        return text.toString();
    }

    private void upstream(String name, List<Server> servers) {
        text.append("    upstream ").append(name).append(" {\n        least_conn;\n");
        servers.forEach(server ->
                text.append("        server ").append(server.endpoint()).append(" max_fails=3 fail_timeout=30s;\n"));
        text.append("    }\n");
    }

    private void web(Front front) {
        text.append("""
                    server {
                        listen %1$d;
                        listen [::]:%1$d;
                        proxy_set_header Host $host;
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_connect_timeout 60s;
                        proxy_send_timeout 60s;
                        proxy_read_timeout 60s;
                        location = /health {
                            proxy_pass http://garrison_health;
                        }
                        location / {
                            proxy_pass http://garrison-%2$s;
                        }
                    }
                """.formatted(front.port(), front.name()));
    }

    private void bytes(Front front) {
        text.append("""
                    server {
                        listen %1$d;
                        listen [::]:%1$d;
                        proxy_connect_timeout 60s;
                        proxy_timeout 60s;
                        proxy_pass garrison-%2$s;
                    }
                """.formatted(front.port(), front.name()));
    }
}
