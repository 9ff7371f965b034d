package io.garrison.licensing;

import io.garrison.tenancy.AuditTrail;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Writes down what becomes of allotments and of factors, in the provider's audit trail. */
@Component
class AllotmentNews {

    private static final String OBJECT = "allotment";

    private final AuditTrail audit;

    AllotmentNews(AuditTrail audit) {
        this.audit = audit;
    }

    void made(AllotmentSummary allotment) {
        record("allotment.made", allotment);
    }

    void released(AllotmentSummary allotment) {
        record("allotment.released", allotment);
    }

    private void record(String action, AllotmentSummary allotment) {
        audit.record(action, OBJECT, allotment.id().toString(), facts(allotment));
    }

    void resized(AllotmentSummary was, AllotmentSummary became) {
        audit.record(
                "allotment.resized", OBJECT, was.id().toString(), Map.of("before", facts(was), "after", facts(became)));
    }

    void overcommitted(LicenseSummary was, Overcommit became) {
        audit.record(
                "license.overcommitted",
                "license",
                was.id().toString(),
                Map.of("before", factors(was.overcommit()), "after", factors(became)));
    }

    private static Map<String, Object> facts(AllotmentSummary allotment) {
        var granted = allotment.entitlements();
        return Map.of(
                "reseller", allotment.reseller().toString(),
                "license", allotment.licenseId().toString(),
                "instances", granted.instances(),
                "throughputBps", granted.throughputBps(),
                "virtualServices", granted.virtualServices(),
                "features", List.copyOf(granted.features()),
                "overcommit", factors(allotment.overcommit()));
    }

    private static Map<String, String> factors(Overcommit overcommit) {
        var factors = new TreeMap<String, String>();
        overcommit.byMetric().forEach((metric, factor) -> factors.put(metric.wireName(), factor.toString()));
        return factors;
    }
}
