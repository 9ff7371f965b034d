package io.garrison.tenancy;

import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The mode that the data belong to, kept beside them. The first start decides; later ones must agree. Only between modes
 * with the same rules about tenants and licences may the data change over.
 */
@Component
class RememberedMode {

    private final DeploymentRules rules;

    /** @throws TenancyException.ModeChanged if the data belong to a mode that they cannot leave */
    RememberedMode(TenancySettings settings, JdbcClient jdbc, House house, AuditTrail audit) {
        this.rules = DeploymentRules.of(settings.mode());
        house.write(() -> agree(jdbc, audit));
    }

    DeploymentRules rules() {
        return rules;
    }

    private void agree(JdbcClient jdbc, AuditTrail audit) {
        // Of two replicas that start for the first time at once, the second waits here and then agrees or not.
        jdbc.sql("insert into tenancy.installation_mode (mode) values (?) on conflict do nothing")
                .param(rules.mode().name())
                .update();
        var kept = DeploymentMode.valueOf(jdbc.sql("select mode from tenancy.installation_mode for update")
                .query(String.class)
                .single());
        if (kept == rules.mode()) {
            return;
        }
        if (!rules.mayTakeOver(DeploymentRules.of(kept))) {
            throw new TenancyException.ModeChanged(kept, rules.mode());
        }
        jdbc.sql("update tenancy.installation_mode set mode = ?")
                .param(rules.mode().name())
                .update();
        audit.record(
                "installation.mode-changed",
                "installation",
                "mode",
                Map.of("before", kept.name(), "after", rules.mode().name()));
    }
}
