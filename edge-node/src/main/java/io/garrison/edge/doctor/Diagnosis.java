package io.garrison.edge.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** @param findings in the order of their layers */
public record Diagnosis(List<Finding> findings) {

    public Diagnosis {
        findings =
                findings.stream().sorted(Comparator.comparing(Finding::layer)).toList();
    }

    /** What is bad on the lowest layer: what else is bad may come of it. */
    public Optional<Finding> cause() {
        return findings.stream().filter(Finding::isBad).findFirst();
    }
}
