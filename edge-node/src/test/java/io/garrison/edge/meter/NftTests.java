package io.garrison.edge.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that behaves as nft does on a bad day. */
@Timeout(20)
class NftTests {

    @TempDir
    Path directory;

    @Test
    void givesUpAnAnswerThatDoesNotEndAndAsksAnotherProcessNextTime() throws Exception {
        var first = directory.resolve("first");
        // exec, or the shell would end and leave who holds the pipe
        var program = program("""
                read question
                [ -e '%1$s' ] || { touch '%1$s'; echo 'table inet t {'; exec sleep 100; }
                echo "$question"
                echo '}'
                """.formatted(first));
        try (var nft = new Nft(program, Duration.ofMillis(500))) {
            assertThatIOException().isThrownBy(() -> nft.ask("list")).withMessageContaining("nft ended");
            assertThat(first).exists();
            assertThat(nft.ask("list again")).containsExactly("list again");
        }
    }

    @Test
    void lastsAsLongAsEachAnswerComesInTime() throws Exception {
        try (var nft = new Nft(program("while read question; do echo $$; echo '}'; done"), Duration.ofMillis(500))) {
            var process = nft.ask("list");
            Thread.sleep(1_000); // longer than the limit of one answer
            assertThat(nft.ask("list")).isEqualTo(process);
        }
    }

    @Test
    void endsAScriptThatTakesTooLong() throws Exception {
        try (var nft = new Nft(program("exec sleep 100"), Duration.ofMillis(500))) {
            assertThatIOException()
                    .isThrownBy(() -> nft.run("add table inet t", "-f", "-"))
                    .withMessageContaining("nft refused");
        }
    }

    private List<String> program(String script) throws IOException {
        var program = directory.resolve("nft");
        Files.writeString(program, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return List.of(program.toString());
    }
}
