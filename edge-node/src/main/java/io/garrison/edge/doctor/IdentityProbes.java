package io.garrison.edge.doctor;

import io.garrison.edge.join.Identity;
import io.garrison.edge.join.IdentityStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who the instance is, for how long its certificate says so, and whether its clock agrees. */
final class IdentityProbes {

    private final Subject subject;

    @Nullable
    private Identity identity;

    IdentityProbes(Subject subject) {
        this.subject = subject;
    }

    Optional<Identity> identity() {
        return Optional.ofNullable(identity);
    }

    List<Finding> look() {
        var findings = new ArrayList<Finding>();
        try {
            identity = new IdentityStore(subject.state()).load().orElse(null);
        } catch (IOException e) {
            findings.add(Finding.bad(
                    Layer.IDENTITY, "identity.joined", String.valueOf(e.getMessage()), "Join again with --force."));
            return findings;
        }
        if (identity == null) {
            findings.add(Finding.bad(
                    Layer.IDENTITY,
                    "identity.joined",
                    "it has not joined",
                    "Join: garrison edge join --url … --token …"));
            return findings;
        }
        findings.add(Finding.good(Layer.IDENTITY, "identity.joined", "instance " + identity.instanceId()));
        findings.add(certificate(identity));
        findings.add(clock(identity));
        return findings;
    }

    private Finding certificate(Identity identity) {
        var until = identity.chain().getFirst().getNotAfter().toInstant();
        var left = Duration.between(subject.clock().instant(), until);
        if (left.isNegative()) {
            return Finding.bad(
                    Layer.IDENTITY,
                    "identity.certificate",
                    "its certificate ended at " + until,
                    "If the machine's clock is right, join again with --force and a new token. The agent renews in time while it reaches management.");
        }
        return Finding.good(
                Layer.IDENTITY, "identity.certificate", "valid for another " + left.toMinutes() + " minutes");
    }

    private Finding clock(Identity identity) {
        var issued = identity.issuedAt();
        return subject.clock().instant().isBefore(issued)
                ? Finding.bad(
                        Layer.CLOCK,
                        "clock.identity",
                        "this machine's time is before " + issued + ", when its certificate was issued",
                        "Set the clock and keep it by NTP: timedatectl set-ntp true")
                : Finding.good(Layer.CLOCK, "clock.identity", "not before the certificate's time");
    }
}
