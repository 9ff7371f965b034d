package io.garrison.edge.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That it arrives is shown by a real systemd ({@code ServiceIT} of the package). */
class ServiceNoticeTests {

    @TempDir
    Path directory;

    @Test
    void holdsUpNothingWhereNobodyListens() {
        for (var socket : new String[] {
            "", directory.resolve("absent").toString(), "relative", "@garrison-absent", "/" + "x".repeat(200)
        }) {
            var notice = ServiceNotice.of(Map.of("NOTIFY_SOCKET", socket));
            assertThatCode(notice::ready).doesNotThrowAnyException();
            assertThatCode(notice::stopping).doesNotThrowAnyException();
        }
        assertThatCode(ServiceNotice.of(Map.of())::ready).doesNotThrowAnyException();
    }
}
