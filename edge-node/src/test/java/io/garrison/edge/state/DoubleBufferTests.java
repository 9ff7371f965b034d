package io.garrison.edge.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoubleBufferTests {

    @TempDir
    Path directory;

    @Test
    void returnsWhatWasSavedLast() throws IOException {
        try (var buffer = new DoubleBuffer(directory, "state")) {
            assertThat(buffer.finding()).isEqualTo(DoubleBuffer.Finding.NEW);
            assertThat(buffer.value()).isEmpty();
            buffer.save(bytes("one"));
            buffer.save(bytes("two"));
            buffer.save(bytes("three"));
        }
        try (var buffer = new DoubleBuffer(directory, "state")) {
            assertThat(buffer.finding()).isEqualTo(DoubleBuffer.Finding.READABLE);
            assertThat(buffer.value().orElseThrow()).isEqualTo(bytes("three"));
        }
    }

    @Test
    void keepsTheFormerValueWhenAWriteIsTornAtAnyByte() throws IOException {
        try (var buffer = new DoubleBuffer(directory, "state")) {
            buffer.save(bytes("former"));
            buffer.save(bytes("newest"));
        }
        var newest = directory.resolve("state.0");
        var whole = Files.readAllBytes(newest);
        for (int i = 0; i < whole.length; i++) {
            var torn = whole.clone();
            torn[i] ^= 0x55;
            Files.write(newest, torn);
            try (var buffer = new DoubleBuffer(directory, "state")) {
                assertThat(buffer.value().orElseThrow()).as("byte %d", i).isEqualTo(bytes("former"));
            }
        }
    }

    @Test
    void saysSoWhenBothCopiesAreSpoilt() throws IOException {
        Files.writeString(directory.resolve("state.0"), "nonsense");
        Files.writeString(directory.resolve("state.1"), "nonsense, too");

        try (var buffer = new DoubleBuffer(directory, "state")) {
            assertThat(buffer.finding()).isEqualTo(DoubleBuffer.Finding.LOST);
            assertThat(buffer.value()).isEmpty();
        }
    }

    @Test
    void writesFilesThatOnlyTheOwnerReads() throws IOException {
        DurableFiles.replace(directory.resolve("secret"), bytes("x"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("secret"))))
                .isEqualTo("rw-------");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
