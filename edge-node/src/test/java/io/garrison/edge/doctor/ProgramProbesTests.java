package io.garrison.edge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramProbesTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "2.5.9, BAD, false",
        "2.6.12, GOOD, false",
        "3.0.11, GOOD, false",
        "3.1.0, GOOD, true",
        "10.0.1, GOOD, true"
    })
    void saysWhichHaproxyWasNotComparedWithClients(String version, Finding.Outcome outcome, boolean remarks)
            throws Exception {
        var finding =
                ProgramProbes.haproxy(program("HAProxy version " + version + "-1 2026/11/18 - https://haproxy.org/"));

        assertThat(finding.outcome()).isEqualTo(outcome);
        assertThat(finding.found().contains("compared")).isEqualTo(remarks);
    }

    @Test
    void knowsHaproxyByWhatItSays() throws Exception {
        assertThat(ProgramProbes.haproxy(program("nginx version: nginx/1.22.1")).outcome())
                .isEqualTo(Finding.Outcome.BAD);
        assertThat(ProgramProbes.haproxy(directory.resolve("nothing")).outcome())
                .isEqualTo(Finding.Outcome.BAD);
    }

    private Path program(String says) throws Exception {
        var program = directory.resolve("haproxy");
        Files.writeString(program, "#!/bin/sh\necho '" + says + "'\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}
