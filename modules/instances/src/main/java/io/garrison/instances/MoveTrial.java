package io.garrison.instances;

import io.garrison.instances.InstanceException.NameTaken;
import io.garrison.instances.MovePreview.Coming;
import io.garrison.instances.MovedConfiguration.MovedCertificate;
import io.garrison.instances.MovedConfiguration.MovedStack;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.VirtualService;
import io.garrison.tenancy.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes the stacks of a file as if it were meant, to tell what would stand against it. Works in the caller's transaction,
 * which has to be rolled back.
 */
@Component
class MoveTrial {

    private final Stacks stacks;
    private final MovedStacks moved;

    MoveTrial(Stacks stacks, MovedStacks moved) {
        this.stacks = stacks;
        this.moved = moved;
    }

    /** Every stack that is here already, or of whose name there is one; if there is none, the first other conflict. */
    List<Coming> of(List<MovedStack> coming, SubLicenseId subLicense) {
        var known = coming.stream().map(this::known).toList();
        return known.stream().anyMatch(stack -> stack.conflict() != null) ? known : tried(coming, known, subLicense);
    }

    private Coming known(MovedStack stack) {
        var told = told(stack);
        if (stacks.summary(told.id()).isPresent()) {
            return told.against(MovedStacks.alreadyHere(stack));
        }
        return stacks.isNameTaken(stack.name()) ? told.against(new NameTaken("stack", stack.name())) : told;
    }

    /** The database refuses everything after the first failure. */
    private List<Coming> tried(List<MovedStack> coming, List<Coming> told, SubLicenseId subLicense) {
        @Nullable Refusal refusal = null;
        int at = 0;
        while (refusal == null && at < coming.size()) {
            try {
                moved.make(coming.get(at), subLicense);
                at++;
            } catch (Refusal e) {
                refusal = e;
            }
        }
        if (refusal == null) {
            return told;
        }
        var all = new ArrayList<>(told);
        all.set(at, told.get(at).against(refusal));
        return all;
    }

    private static List<Warning> warnings(MovedStack stack) {
        if (stack.haMode() == null || stack.haMode() == HaMode.NONE) {
            return List.of();
        }
        return List.of(new Warning(
                "move.ha-stays",
                "High availability (%s) does not come along. An instance that joins here gives up the shared addresses, until it is set here too."
                        .formatted(stack.haMode())));
    }

    private static Coming told(MovedStack stack) {
        var bundles = stack.revisions().stream()
                .map(revision -> MovedStacks.bundle(stack, revision))
                .toList();
        return new Coming(
                new StackId(stack.id()),
                stack.name(),
                stack.trafficMode(),
                bundles.isEmpty()
                        ? List.of()
                        : bundles.getLast().policy().virtualServices().stream()
                                .map(VirtualService::name)
                                .toList(),
                bundles.size(),
                bundles.stream().mapToLong(PolicyBundle::revision).min().orElse(0),
                bundles.stream().mapToLong(PolicyBundle::revision).max().orElse(0),
                stack.certificates().stream().map(MovedCertificate::name).toList(),
                warnings(stack),
                null);
    }
}
