package io.garrison.instances;

import java.util.Locale;

/** Programs that a balancer's configuration can be written for. */
public enum BalancerFlavour {
    HAPROXY,
    NGINX;

    /** @throws InstanceException.Invalid if there is no such program */
    public static BalancerFlavour of(String word) {
        for (var flavour : values()) {
            if (flavour.word().equals(word)) {
                return flavour;
            }
        }
        throw new InstanceException.Invalid("balancer.flavour", "flavour", "must be haproxy or nginx");
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
