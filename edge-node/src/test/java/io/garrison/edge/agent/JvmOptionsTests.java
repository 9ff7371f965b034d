package io.garrison.edge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.InvalidClassException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jgroups.util.ObjectWrapperSerializable;
import org.junit.jupiter.api.Test;

/** The options with which every agent is launched. */
class JvmOptionsTests {

    private static final Path OPTIONS = Path.of("src", "launch", "jvm.options");

    /** JGroups would read any object that a peer puts into a message. */
    @Test
    void letNoPeerMakeObjectsOfItsChoice() throws Exception {
        var options = Files.readString(OPTIONS).split("\\s+");
        assertThat(said(List.of())).as("without them").contains("made");
        assertThat(said(List.of(options)))
                .contains("refused: filter status: REJECTED")
                .doesNotContain("made");
    }

    @Test
    void endAnAgentWithoutMemoryRatherThanLetItGoOnHalfDead() throws Exception {
        assertThat(Files.readAllLines(OPTIONS)).contains("-XX:+ExitOnOutOfMemoryError");
    }

    private static String said(List<String> options) throws Exception {
        var command = new ArrayList<String>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Reads.class.getName()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(said).isTrue();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Reads an object as the library does that a peer has put into a message. */
    public static final class Reads {
        public static void main(String[] args) throws Exception {
            var sent = new ByteArrayOutputStream();
            new ObjectWrapperSerializable(new Date()).writeTo(new DataOutputStream(sent));
            var received = new ObjectWrapperSerializable();
            try {
                received.readFrom(new DataInputStream(new ByteArrayInputStream(sent.toByteArray())));
                Object read = received.getObject();
                System.out.println("made " + read);
            } catch (InvalidClassException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }
}
