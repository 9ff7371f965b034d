package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /edge/v1/site-report}: how an installation of a customer's own does. Says nothing of what was used; that are
 * {@link SiteUsage}'s registers.
 *
 * @param mode {@code STANDALONE} or {@code CENTRALIZED}
 * @param at its clock
 * @param serial of the sub-licence's file that is loaded
 * @param instances how many of its instances are in each lifecycle state, without the retired ones
 * @param health how many of its instances are in each state of health
 * @param waiting batches of usage that have not been acknowledged
 * @param usageProblem code of why its usage is not taken; null if it is
 * @param notices what people there should know, at most {@value #MAX_NOTICES}
 */
public record SiteReport(
        String mode,
        String version,
        Instant at,
        long serial,
        Map<String, Integer> instances,
        Map<String, Integer> health,
        int waiting,
        @Nullable String usageProblem,
        List<String> notices) {

    public static final int MAX_NOTICES = 20;

    public SiteReport {
        instances = instances == null ? Map.of() : Map.copyOf(instances);
        health = health == null ? Map.of() : Map.copyOf(health);
        notices = notices == null ? List.of() : List.copyOf(notices);
    }

    /**
     * @param at clock of the MSSP's installation
     * @param subLicense a newer file of the sub-licence, if there is one
     */
    public record Answer(Instant at, @Nullable String subLicense) {}
}
