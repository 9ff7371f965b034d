package io.garrison.tenancy;

import io.garrison.tenancy.ModeFootprints.Footprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Service;

@Service
class ModeAdvisorService implements ModeAdvisor {

    /** {@code ./garrison bench push} drives so many from one management. */
    static final int MEASURED_INSTANCES = 1_000;

    private static final int MOST_INSTANCES = 100_000;
    private static final int MOST_MEBIBYTES = 16 * 1024 * 1024;

    private final ModeFootprints footprints;

    ModeAdvisorService(ModeFootprints footprints) {
        this.footprints = footprints;
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public ModeAdvice advise(Situation situation) {
        new Fields()
                .range("instances", situation.instances(), 1, MOST_INSTANCES)
                .range("providerInstances", situation.providerInstances(), 0, MOST_INSTANCES)
                .range("spareInstanceMebibytes", situation.spareInstanceMebibytes(), 0, MOST_MEBIBYTES)
                .range("spareMachineMebibytes", situation.spareMachineMebibytes(), 0, MOST_MEBIBYTES)
                .refuse();
        var judged = Arrays.stream(DeploymentMode.values())
                .map(mode -> judge(mode, situation))
                .sorted(Comparator.comparing(Judged::possible)
                        .reversed()
                        .thenComparing(one -> order(one.mode(), situation)))
                .toList();
        var best = judged.getFirst();
        return new ModeAdvice(best.possible() ? best.mode() : null, judged, footprints.at(), footprints.machine());
    }

    /** Among those that are possible the lower comes first. */
    private static int order(DeploymentMode mode, Situation of) {
        boolean alone = of.instances() == 1;
        boolean large = isLarge(of);
        return switch (mode) {
            case STANDALONE -> of.ownManagement() ? (alone ? 0 : 1) : 4;
            case CENTRALIZED -> of.ownManagement() ? (alone ? 1 : 0) : 3;
            case CLUSTER -> large ? 2 : 1;
            case PRIVATE_CLOUD -> large ? 1 : 2;
        };
    }

    private static boolean isLarge(Situation of) {
        return (long) of.instances() + of.providerInstances() > MEASURED_INSTANCES;
    }

    private Judged judge(DeploymentMode mode, Situation of) {
        var taken = footprints.of(mode);
        var reasons = new Reasons();
        switch (mode) {
            case STANDALONE -> standalone(of, taken, reasons);
            case CENTRALIZED -> centralized(of, taken, reasons);
            case CLUSTER -> cluster(of, taken, reasons);
            case PRIVATE_CLOUD -> privateCloud(of, reasons);
        }
        return new Judged(mode, reasons.possible(), List.copyOf(reasons.list), cost(mode, of, taken));
    }

    private static void standalone(Situation of, Footprint taken, Reasons reasons) {
        own(of, reasons);
        if (of.instances() > 2) {
            reasons.impossible(
                    "mode.too-many-managements",
                    "Each instance brings its own management. Configuration Sync keeps two alike; %d would have to be kept alike by hand."
                            .formatted(of.instances()));
        }
        if (of.spareInstanceMebibytes() < taken.managementMebibytes()) {
            reasons.impossible(
                    "mode.instance-too-small",
                    "Management and its stores take %s on each instance, beside the traffic; %s are spare."
                            .formatted(mebibytes(taken.managementMebibytes()), mebibytes(of.spareInstanceMebibytes())));
        }
        if (of.instances() == 1) {
            reasons.add(Weight.FOR, "mode.one-machine", "Everything is on the one machine that carries the traffic.");
        } else {
            reasons.add(
                    Weight.AGAINST,
                    "mode.statistics-apart",
                    "Each management counts its own instance. What they used together shows at the provider only.");
        }
    }

    private static void centralized(Situation of, Footprint taken, Reasons reasons) {
        own(of, reasons);
        if (of.spareMachineMebibytes() < taken.managementMebibytes()) {
            reasons.impossible(
                    "mode.no-machine",
                    "Management needs a machine of its own at the customer with %s of memory; %s."
                            .formatted(
                                    mebibytes(taken.managementMebibytes()),
                                    of.spareMachineMebibytes() == 0
                                            ? "there is none"
                                            : mebibytes(of.spareMachineMebibytes()) + " are there"));
        }
        reasons.add(
                Weight.FOR,
                "mode.lean-instances",
                "Instances carry no management: an agent and the data plane take %s."
                        .formatted(mebibytes(taken.instanceMebibytes())));
        if (of.instances() > 1) {
            reasons.add(Weight.FOR, "mode.one-view", "Statistics cover all instances together.");
        }
    }

    private static void cluster(Situation of, Footprint taken, Reasons reasons) {
        shared(of, reasons);
        reasons.add(
                Weight.FOR,
                "mode.nothing-to-add",
                "The customer adds no machine; the provider runs one management for all, from %s on."
                        .formatted(mebibytes(taken.managementMebibytes())));
        if (isLarge(of)) {
            reasons.add(
                    Weight.AGAINST,
                    "mode.beyond-measured",
                    "One management was measured with %d instances; there would be %d."
                            .formatted(MEASURED_INSTANCES, (long) of.instances() + of.providerInstances()));
        }
    }

    private static void privateCloud(Situation of, Reasons reasons) {
        shared(of, reasons);
        if (!of.kubernetes()) {
            reasons.impossible(
                    "mode.no-orchestrator",
                    "It runs as replicas on an orchestrator, against PostgreSQL, Kafka and OpenSearch that the provider runs.");
        }
        reasons.add(
                Weight.FOR,
                "mode.replicas",
                "Replicas share the work; one that fails is replaced by the others while they go on.");
        if (!isLarge(of)) {
            reasons.add(
                    Weight.AGAINST,
                    "mode.more-to-run",
                    "There is more to run than %d instances need.".formatted(of.instances() + of.providerInstances()));
        }
    }

    private static void own(Situation of, Reasons reasons) {
        if (of.ownManagement()) {
            reasons.add(
                    Weight.FOR, "mode.own-management", "Management, logs and statistics are this customer's alone.");
        }
        if (of.dataStaysAtCustomer()) {
            reasons.add(Weight.FOR, "mode.data-stay", "Logs and statistics stay at the customer.");
        }
        if (!of.providerReachable()) {
            reasons.add(Weight.FOR, "mode.works-apart", "It works without the provider's network.");
        }
    }

    private static void shared(Situation of, Reasons reasons) {
        if (of.dataStaysAtCustomer()) {
            reasons.impossible("mode.data-leave", "Logs and statistics are kept at the provider.");
        }
        if (!of.providerReachable()) {
            reasons.impossible(
                    "mode.provider-unreachable",
                    "Instances dial the provider's edge gateway, which they do not reach.");
        }
        if (of.ownManagement()) {
            reasons.add(
                    Weight.AGAINST,
                    "mode.shared-management",
                    "Other customers are served by the same management, each behind a wall of its own.");
        }
    }

    private static Cost cost(DeploymentMode mode, Situation of, Footprint taken) {
        long management = Math.round(taken.managementMebibytes());
        return new Cost(
                mode == DeploymentMode.CENTRALIZED ? 1 : 0,
                switch (mode) {
                    case STANDALONE -> management * of.instances();
                    case CENTRALIZED -> management;
                    case CLUSTER, PRIVATE_CLOUD -> 0;
                },
                DeploymentRules.of(mode).manySubLicenses() ? management : 0,
                Math.round(taken.instanceMebibytes()),
                taken.cpuPercentOfACore(),
                Math.round(taken.diskMebibytes()));
    }

    /** In decimal units, as everywhere in the console. */
    private static String mebibytes(double amount) {
        double megabytes = amount * 1.048_576;
        return megabytes < 1_000
                ? String.format(Locale.ROOT, "%.0f MB", megabytes)
                : String.format(Locale.ROOT, "%.1f GB", megabytes / 1_000);
    }

    private static final class Reasons {

        private final List<Reason> list = new ArrayList<>();

        void add(Weight weight, String code, String message) {
            list.add(new Reason(weight, code, message));
        }

        void impossible(String code, String message) {
            list.addFirst(new Reason(Weight.IMPOSSIBLE, code, message));
        }

        boolean possible() {
            return list.stream().noneMatch(reason -> reason.weight() == Weight.IMPOSSIBLE);
        }
    }
}
