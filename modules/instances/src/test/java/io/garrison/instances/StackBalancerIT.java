package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.InstanceException.NoBalancer;
import io.garrison.instances.InstanceException.NotFound;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** From which policy and which addresses a balancer's file is made (PX-30). */
@ServerTest
class StackBalancerIT {

    @Autowired
    StackBalancer balancers;

    @Autowired
    StackManagement stacks;

    @Autowired
    PolicyManagement policies;

    @Autowired
    TestLicensing licensing;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlatformTransactionManager transactions;

    @Test
    void sendsClientsToWhereTheInstancesServe() {
        var tenant = anyTenant();
        var stack = publishes(tenant, policy("shop", 8080));
        instance(tenant, stack, "edge-1", "192.0.2.1", 8080);
        instance(tenant, stack, "edge-2", "192.0.2.2", 8080);
        // Not theirs alone, never told, and nothing that an address can be.
        instance(tenant, stack, "edge-3", "0.0.0.0", 8080);
        instance(tenant, stack, "edge-4", "", 0);
        instance(tenant, stack, "edge-5", "192.0.2.5 weight 100", 8080);
        // On every address, and it has said which is its own.
        reportsOwnAddress(tenant, stack, instance(tenant, stack, "edge-6", "0.0.0.0", 8080), "192.0.2.6");

        var made = as(tenant, Role.TENANT_VIEWER, () -> balancers.of(stack, BalancerFlavour.HAPROXY, 9600));

        assertThat(made.revision()).isEqualTo(1);
        assertThat(made.text())
                .contains(
                        "server edge-1 192.0.2.1:8080",
                        "server edge-2 192.0.2.2:8080",
                        "server edge-6 192.0.2.6:8080",
                        "check port 9600")
                .doesNotContain("edge-3", "edge-4", "edge-5");
        assertThat(made.without())
                .extracting(StackBalancer.LeftOut::name)
                .containsExactlyInAnyOrder("edge-3", "edge-4", "edge-5");
    }

    @Test
    void saysWhyThereIsNothingToWrite() {
        var tenant = anyTenant();
        var subLicense = licensing.sell(tenant, 10, 10);
        var empty = as(tenant, () -> stacks.create("empty", subLicense, TrafficMode.ACTIVE_ACTIVE))
                .id();
        var lonely = publishes(tenant, policy("shop", 8080));
        var twins = publishes(tenant, ProtocolJson.read("""
                {"virtualServices":[{"name":"a","address":"192.0.2.10","port":80,"protocol":"HTTP","pool":"web"},
                  {"name":"b","address":"192.0.2.11","port":80,"protocol":"HTTP","pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"192.0.2.20","port":8080}]}]}""".getBytes(), Policy.class));

        assertThatExceptionOfType(NoBalancer.class)
                .isThrownBy(() -> as(tenant, () -> balancers.of(empty, BalancerFlavour.NGINX, 9528)))
                .matches(refusal -> refusal.code().equals("balancer.nothing-published"));
        assertThatExceptionOfType(NoBalancer.class)
                .isThrownBy(() -> as(tenant, () -> balancers.of(lonely, BalancerFlavour.NGINX, 9528)))
                .matches(refusal -> refusal.code().equals("balancer.no-instance"));
        assertThatExceptionOfType(NoBalancer.class)
                .isThrownBy(() -> as(tenant, () -> balancers.of(twins, BalancerFlavour.NGINX, 9528)))
                .matches(refusal -> refusal.code().equals("balancer.shared-port"));
        assertThatExceptionOfType(NotFound.class)
                .isThrownBy(() -> as(anyTenant(), () -> balancers.of(lonely, BalancerFlavour.NGINX, 9528)));
    }

    private StackId publishes(TenantId tenant, Policy policy) {
        var subLicense = licensing.sell(tenant, 10, 10);
        return as(tenant, () -> {
            var stack = stacks.create(
                            "edge-" + UUID.randomUUID().toString().substring(0, 8),
                            subLicense,
                            TrafficMode.ACTIVE_ACTIVE)
                    .id();
            policies.save(stack, -1, policy);
            policies.publish(stack, "");
            return stack;
        });
    }

    /** @param address as the instance reported it for the service; empty if it never did */
    private UUID instance(TenantId tenant, StackId stack, String name, String address, int port) {
        var services = address.isEmpty() ? "[]" : """
                [{"name":"shop","address":"%s","port":%d,"state":"UP","membersUp":1,"membersTotal":1}]""".formatted(address, port);
        var id = UUID.randomUUID();
        CurrentTenant.runAs(
                tenant,
                () -> new TransactionTemplate(transactions)
                        .executeWithoutResult(status -> jdbc.sql("""
                                insert into instances.instance (tenant_id, id, stack_id, name, lifecycle,
                                    lifecycle_since, facts, enrolled_at, certificate_until, virtual_services)
                                values (?, ?, ?, ?, 'ONLINE', now(), '{}', now(), now(), cast(? as json))""")
                                .params(tenant.value(), id, stack.value(), name, services)
                                .update()));
        return id;
    }

    private void reportsOwnAddress(TenantId tenant, StackId stack, UUID instance, String address) {
        CurrentTenant.runAs(
                tenant,
                () -> new TransactionTemplate(transactions)
                        .executeWithoutResult(status -> jdbc.sql("""
                                insert into instances.instance_availability (tenant_id, instance_id, stack_id, address)
                                values (?, ?, ?, ?)""")
                                .params(tenant.value(), instance, stack.value(), address)
                                .update()));
    }
}
