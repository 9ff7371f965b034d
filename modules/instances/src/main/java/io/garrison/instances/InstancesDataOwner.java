package io.garrison.instances;

import io.garrison.tenancy.TenantDataOwner;
import io.garrison.tenancy.TenantId;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Erases stacks, policies and instances of a tenant. Its edges find their certificates unknown from then on; what they
 * serve they go on serving, because management never stops traffic.
 */
@Component
@Order(20)
class InstancesDataOwner implements TenantDataOwner {

    /** What refers to others comes first. */
    private static final List<String> TABLES = List.of(
            "drill",
            "examination",
            "instance_event",
            "instance_availability",
            "network_claim",
            "virtual_router",
            "instance_ha",
            "stack_ha",
            "throughput_window",
            "throughput_share",
            "throughput_split",
            "site_certificate",
            "site",
            "configuration_sync_stack",
            "configuration_sync",
            "flush_target",
            "instance_certificate",
            "enrollment_token",
            "certificate",
            "certificate_content",
            "revision",
            "policy_draft",
            "instance",
            "stack");

    private final JdbcClient jdbc;

    InstancesDataOwner(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String name() {
        return "instances";
    }

    /** Row-level security shows the bound tenant's rows and no others. */
    @Override
    @Transactional
    public long erase(TenantId tenantId) {
        return TABLES.stream()
                .mapToLong(table -> jdbc.sql("delete from instances." + table).update())
                .sum();
    }
}
