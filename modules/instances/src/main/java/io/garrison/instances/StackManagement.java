package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bound tenant's stacks. */
public interface StackManagement {

    /**
     * @param name 1–63 characters, letters, digits, {@code . _ -} and blanks inside; unique within the tenant
     * @throws InstanceException.Invalid if the name is none
     * @throws InstanceException.NameTaken if there is a stack of that name
     * @throws io.garrison.licensing.LicenseException if the sub-licence is unknown or not in force
     */
    StackSummary create(String name, SubLicenseId subLicense, TrafficMode trafficMode);

    /**
     * In the order in which they were made.
     *
     * @param after id of the last one seen
     * @param limit at most 501
     */
    List<StackSummary> list(@Nullable StackId after, int limit);

    /** @throws InstanceException.NotFound if the bound tenant has none such */
    StackSummary get(StackId id);

    /** The longest, a year. */
    int MOST_RETIRE_HOURS = 8_760;

    /**
     * What is to be otherwise; null leaves it.
     *
     * @param retireLostAfterHours after how long a LOST instance is retired, at most {@value #MOST_RETIRE_HOURS}; 0 for never
     */
    record Change(@Nullable String name, @Nullable Integer retireLostAfterHours) {

        public static Change name(String name) {
            return new Change(name, null);
        }

        public static Change retireLostAfter(int hours) {
            return new Change(null, hours);
        }
    }

    /**
     * @param seen the version that the caller last saw, or -1 for any
     * @throws InstanceException.NotFound if the bound tenant has none such
     * @throws InstanceException.Invalid if the name is none, or the time is out of its range
     * @throws InstanceException.NameTaken if there is another stack of that name
     */
    StackSummary change(StackId id, long seen, Change change);

    /**
     * Deletes the stack with its policy, revisions, certificates and tokens.
     *
     * @param seen the version that the caller last saw, or -1 for any
     * @throws InstanceException.NotFound if the bound tenant has none such
     * @throws InstanceException.StackInUse if it has instances that are not retired
     */
    void delete(StackId id, long seen);
}
