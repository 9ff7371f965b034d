package io.garrison.instances.availability;

import io.garrison.protocol.HaSettings.HaMode;

/** What a stack is called by what it is (HA-00e). Nobody is asked for it. */
public enum StackLabel {
    NO_INSTANCE,
    SINGLE,
    ACTIVE_PASSIVE,
    ACTIVE_ACTIVE,
    CLUSTER;

    /** Two that share the load are active-active, more are a cluster; active-passive only who has said so. */
    public static StackLabel of(HaMode mode, int members) {
        if (members == 0) {
            return NO_INSTANCE;
        }
        if (members == 1) {
            return SINGLE;
        }
        return switch (mode) {
            case ACTIVE_PASSIVE -> ACTIVE_PASSIVE;
            case NONE, ACTIVE_ACTIVE, CLUSTER -> members == 2 ? ACTIVE_ACTIVE : CLUSTER;
        };
    }

    /** The mode that instances are told: of the two in which all share the load, the one that fits their number. */
    static HaMode mode(HaMode set, int members) {
        return switch (set) {
            case NONE, ACTIVE_PASSIVE -> set;
            case ACTIVE_ACTIVE, CLUSTER -> members > 2 ? HaMode.CLUSTER : HaMode.ACTIVE_ACTIVE;
        };
    }
}
