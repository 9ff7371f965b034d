package io.garrison.licensing;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How much of what it grants the bound tenant's sub-licence uses, for the provider and the tenant. */
public interface ConsumptionView {

    /** @throws LicenseException.UnknownSubLicense if the bound tenant has none such */
    List<Line> of(SubLicenseId id);

    /**
     * Intervals of overage, the latest first.
     *
     * @param after id of the last one seen; null to begin with the latest
     * @param limit at most 501
     * @throws LicenseException.UnknownSubLicense if the bound tenant has none such
     */
    List<OverageInterval> overage(SubLicenseId id, @Nullable UUID after, int limit);

    /**
     * @param used null if nobody has told yet
     * @param over what is used beyond the limit
     */
    record Line(
            Metric metric,
            long limit,
            Overage overage,
            @Nullable Long used,
            long over,
            State state) {}

    enum State {
        /** Nobody has told how much is used. */
        UNKNOWN,
        WITHIN,
        /** All of the limit is used, and no more is to be had. */
        EXHAUSTED,
        /** More than the limit is used, as the rule allows. */
        OVER,
        /** More than the limit is used, and it raises an alarm. */
        ALARM
    }
}
