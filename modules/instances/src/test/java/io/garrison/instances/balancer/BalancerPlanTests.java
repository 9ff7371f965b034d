package io.garrison.instances.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.BalancerFlavour;
import io.garrison.instances.InstanceException;
import io.garrison.instances.balancer.BalancerPlan.Front;
import io.garrison.instances.balancer.BalancerPlan.Server;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PX-30, PX-32, DI-21. */
class BalancerPlanTests {

    private static final BalancerPlan PLAN = new BalancerPlan(
            7,
            9600,
            List.of(
                    new Front(
                            "shop",
                            8080,
                            true,
                            List.of(new Server("a", "192.0.2.1", 8081), new Server("b", "2001:db8::2", 8080))),
                    new Front("secure", 8443, false, List.of(new Server("a", "192.0.2.1", 8443)))));

    @Test
    void writesForNginxWhatTheRowAsksFor() {
        assertThat(PLAN.write(BalancerFlavour.NGINX))
                .contains(
                        "worker_connections 1024;",
                        "least_conn;",
                        "server 192.0.2.1:8081 max_fails=3 fail_timeout=30s;",
                        "server [2001:db8:0:0:0:0:0:2]:8080 max_fails=3 fail_timeout=30s;",
                        "server 192.0.2.1:9600 max_fails=3 fail_timeout=30s;",
                        "proxy_set_header Host $host;",
                        "proxy_set_header X-Real-IP $remote_addr;",
                        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
                        "proxy_set_header X-Forwarded-Proto $scheme;",
                        "proxy_connect_timeout 60s;",
                        "proxy_send_timeout 60s;",
                        "proxy_read_timeout 60s;",
                        "proxy_timeout 60s;")
                .containsPattern("location = /health \\{\\s+proxy_pass http://garrison_health;")
                .doesNotContain("return 200");
    }

    @Test
    void writesForHaproxyWhatTheRowAsksFor() {
        assertThat(PLAN.write(BalancerFlavour.HAPROXY))
                .contains(
                        "balance leastconn",
                        "timeout connect 60s",
                        "timeout client 60s",
                        "timeout server 60s",
                        "check port 9600 inter 10s",
                        "fall 3",
                        "http-request set-header X-Real-IP %[src]",
                        "http-request set-header X-Forwarded-Proto http",
                        "option forwardfor",
                        "use_backend garrison_health if { path /health }",
                        "server a 192.0.2.1:8081",
                        "server a 192.0.2.1:9600")
                .doesNotContain("monitor-uri", "http-request return");
    }

    @Test
    void asksEveryInstanceForItsHealthOnceHoweverManyAddressesItHas() {
        var plan = new BalancerPlan(
                1,
                9528,
                List.of(
                        new Front("shop", 80, true, List.of(new Server("a", "192.0.2.1", 80))),
                        new Front("more", 81, true, List.of(new Server("a", "192.0.2.11", 81)))));

        assertThat(plan.healthServers()).containsExactly(new Server("a", "192.0.2.1", 9528));
    }

    @Test
    void sendsClientsOfEveryAddressToTheInstancesOwnOfThatFamily() {
        assertThat(BalancerPlan.reachable("0.0.0.0", "192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(BalancerPlan.reachable("::", "2001:db8::1")).isEqualTo("2001:db8::1");
        assertThat(BalancerPlan.reachable("0.0.0.0", "2001:db8::1")).isEqualTo("0.0.0.0");
        assertThat(BalancerPlan.reachable("0.0.0.0", "edge.example")).isEqualTo("0.0.0.0");
        assertThat(BalancerPlan.reachable("0.0.0.0", null)).isEqualTo("0.0.0.0");
        assertThat(BalancerPlan.reachable("192.0.2.9", "192.0.2.1")).isEqualTo("192.0.2.9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "a\n    server evil 203.0.113.9:80", "a;", "a{", "a\"", "a#", "a\u0000", "ä", "a$host"
            })
    void refusesAHostileName(String name) {
        assertThatExceptionOfType(InstanceException.Invalid.class)
                .isThrownBy(() -> new Front(name, 80, true, List.of()))
                .matches(refusal -> refusal.code().equals("balancer.name"));
        assertThatExceptionOfType(InstanceException.Invalid.class).isThrownBy(() -> new Server(name, "192.0.2.1", 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0.0.0.0", "::", "edge.example", "192.0.2.1;", "192.0.2.1 80", "fe80::1%eth0"})
    void refusesWhatIsNoAddressOfAnInstance(String address) {
        assertThatExceptionOfType(InstanceException.Invalid.class)
                .isThrownBy(() -> new Server("a", address, 80))
                .matches(refusal -> refusal.code().equals("balancer.address"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65_536})
    void refusesWhatIsNoPort(int port) {
        assertThatExceptionOfType(InstanceException.Invalid.class)
                .isThrownBy(() -> new BalancerPlan(1, port, List.of()))
                .matches(refusal -> refusal.code().equals("balancer.port")
                        && refusal.errors().getFirst().field().equals("healthPort"));
    }

    @ParameterizedTest
    @EnumSource(BalancerFlavour.class)
    void hasTheWordOfEveryProgram(BalancerFlavour flavour) {
        assertThat(BalancerFlavour.of(flavour.word())).isEqualTo(flavour);
        assertThatExceptionOfType(InstanceException.Invalid.class).isThrownBy(() -> BalancerFlavour.of("HAProxy"));
    }
}
