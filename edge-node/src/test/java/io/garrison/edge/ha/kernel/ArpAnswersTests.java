package io.garrison.edge.ha.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-00a: what devices say of addresses while they move, and afterwards. */
class ArpAnswersTests {

    @TempDir
    Path directory;

    private Path devices;

    @BeforeEach
    void devices() throws IOException {
        devices = directory.resolve("conf");
        for (var device : new String[] {"e0", "e1"}) {
            Files.createDirectories(devices.resolve(device));
            set(device, 0, 0);
        }
    }

    /** Of an agent that has just started. */
    private ArpAnswers answers() {
        return new ArpAnswers(directory.resolve("arp.json"), devices);
    }

    private void set(String device, int ignore, int announce) throws IOException {
        Files.writeString(devices.resolve(device).resolve("arp_ignore"), ignore + "\n");
        Files.writeString(devices.resolve(device).resolve("arp_announce"), announce + "\n");
    }

    private String of(String device) throws IOException {
        return Files.readString(devices.resolve(device).resolve("arp_ignore")).strip()
                + Files.readString(devices.resolve(device).resolve("arp_announce"))
                        .strip();
    }

    @Test
    void takesBackWhatItChangedItselfOverRestarts() throws IOException {
        set("e1", 2, 1);
        answers().onlyOfItsOwn("e0");
        answers().onlyOfItsOwn("e1");
        answers().onlyOfItsOwn("e0");
        assertThat(of("e0")).isEqualTo("12");
        assertThat(of("e1")).isEqualTo("22");

        answers().takeBack();

        assertThat(of("e0")).isEqualTo("00");
        assertThat(of("e1")).as("the first was so before").isEqualTo("21");
        assertThat(directory.resolve("arp.json")).doesNotExist();
        set("e0", 1, 2);
        answers().takeBack();
        assertThat(of("e0")).as("somebody else's").isEqualTo("12");
    }

    @Test
    void leavesWhatSomebodyElseHasChangedSince() throws IOException {
        answers().onlyOfItsOwn("e0");
        set("e0", 2, 2);

        answers().takeBack();

        assertThat(of("e0")).isEqualTo("20");
    }
}
