package io.garrison.tenancy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which deployment mode suits a customer, and why: by the customer's answers and by measured figures. */
public interface ModeAdvisor {

    /** Needs {@link Permission#TENANT_MANAGE}. */
    ModeAdvice advise(Situation situation);

    /**
     * What is known of a customer.
     *
     * @param instances that the customer will run, from 1
     * @param ownManagement whether the customer wants management that nobody else shares
     * @param dataStaysAtCustomer whether logs and statistics must not be kept at the provider
     * @param providerReachable whether the instances reach the provider's edge gateway
     * @param kubernetes whether the provider runs an orchestrator, and PostgreSQL, Kafka and OpenSearch beside it
     * @param spareInstanceMebibytes memory of each instance that traffic does not need
     * @param spareMachineMebibytes memory of one more machine that the customer has; 0 for none
     * @param providerInstances of all other customers, whom the provider's management serves already
     */
    record Situation(
            int instances,
            boolean ownManagement,
            boolean dataStaysAtCustomer,
            boolean providerReachable,
            boolean kubernetes,
            int spareInstanceMebibytes,
            int spareMachineMebibytes,
            int providerInstances) {}

    /**
     * @param recommended null if no mode is possible
     * @param modes all of them, the best first, those that are not possible last
     * @param measuredAt when the figures were taken, and {@code measuredOn} what machine
     */
    record ModeAdvice(@Nullable DeploymentMode recommended, List<Judged> modes, String measuredAt, String measuredOn) {}

    /** @param reasons what speaks for the mode, against it, or makes it impossible */
    record Judged(DeploymentMode mode, boolean possible, List<Reason> reasons, Cost cost) {}

    /** @param message a sentence for people */
    record Reason(Weight weight, String code, String message) {}

    /** How a reason counts. */
    enum Weight {
        FOR,
        AGAINST,
        IMPOSSIBLE
    }

    /**
     * What the mode takes, as measured without visitors.
     *
     * @param managementMachines that the customer has to add
     * @param customerMebibytes memory for management and its stores, at the customer, all machines together
     * @param providerMebibytes memory for management and its stores at the provider, once for all customers
     * @param instanceMebibytes memory of the agent and the data plane, on each instance in every mode
     * @param cpuPercentOfACore of management and its stores, one installation
     * @param diskMebibytes of a fresh installation
     */
    record Cost(
            int managementMachines,
            long customerMebibytes,
            long providerMebibytes,
            long instanceMebibytes,
            double cpuPercentOfACore,
            long diskMebibytes) {}
}
