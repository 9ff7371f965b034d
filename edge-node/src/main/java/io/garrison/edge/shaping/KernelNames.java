package io.garrison.edge.shaping;

import io.garrison.protocol.ProtocolJson;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What one instance's limit is called in the kernel, so that instances on one machine keep out of each other's way.
 *
 * @param out the device that holds up what goes to clients
 * @param in the device that holds up what comes from them
 * @param table of nftables
 * @param preference the first of four that this instance's filters may have on a device
 */
record KernelNames(String out, String in, String table, int preference) {

    static final int PREFERENCES = 4;

    private static final int FIRST = 20_000;
    private static final int PLACES = 5_000;
    private static final Pattern OURS = Pattern.compile("gr[0-9a-f]{10}[oi]");

    static KernelNames of(UUID instance) {
        var digest = ProtocolJson.sha256Hex(instance.toString());
        var device = "gr" + digest.substring(0, 10);
        int place = Integer.parseInt(digest.substring(10, 16), 16) % PLACES;
        return new KernelNames(
                device + "o",
                device + "i",
                "garrison_limit_" + instance.toString().replace("-", ""),
                FIRST + place * PREFERENCES);
    }

    /** Whether it is the device of an instance's limit, this one's or another's. */
    static boolean isOfAnInstance(String device) {
        return OURS.matcher(device).matches();
    }

    /** Whether an instance may have filters there, this one or another. */
    static boolean isOfAnInstance(int filterPreference) {
        return filterPreference >= FIRST && filterPreference < FIRST + PLACES * PREFERENCES;
    }

    boolean owns(int filterPreference) {
        return filterPreference >= preference && filterPreference < preference + PREFERENCES;
    }
}
