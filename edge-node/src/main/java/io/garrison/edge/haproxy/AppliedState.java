package io.garrison.edge.haproxy;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The revision in force, as recorded on disk.
 *
 * @param revision 0 if none was ever applied
 * @param policySha256 digest of its policy
 * @param fileSha256 digest of the configuration file as it was installed
 * @param drifted whether the file on disk is another one now
 */
public record AppliedState(
        long revision,
        @Nullable UUID incarnation,
        @Nullable String policySha256,
        @Nullable String fileSha256,
        boolean drifted) {

    public static final AppliedState NONE = new AppliedState(0, null, null, null, false);
}
