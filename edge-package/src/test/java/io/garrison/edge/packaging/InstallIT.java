package io.garrison.edge.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package put on a machine and taken off it (PX-04, DI-31). */
class InstallIT {

    private static final String STATE = "/var/lib/garrison-edge";
    private static final String SETTINGS = "/etc/garrison-edge/edge.properties";

    @TempDir
    Path temp;

    private ThrowAwayRoot machine;

    @BeforeEach
    void makes() throws Exception {
        machine = ThrowAwayRoot.alone(Files.createDirectory(temp.resolve("layer")));
    }

    @AfterEach
    void closes() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void isInstalledUpgradedRemovedAndPurged() throws Exception {
        machine.must("dpkg", "--install", "/root/garrison-edge.deb");
        assertThat(machine.must("stat", "-c", "%a %U:%G", STATE)).isEqualTo("700 garrison:garrison\n");
        assertThat(machine.must("getent", "passwd", "garrison")).endsWith(":/usr/sbin/nologin\n");
        assertThat(machine.must("systemctl", "is-enabled", "garrison-edge")).isEqualTo("enabled\n");
        assertThat(exists("/usr/lib/garrison-edge/runtime/lib/server/classes.jsa"))
                .isTrue();

        var status = machine.run("garrison-edge", "status");
        assertThat(status.output()).isEqualTo("This state directory has not joined\n");
        assertThat(status.status()).isEqualTo(1);
        // Refused before anything is sent; but it made the lock, as the user of the agent.
        machine.run(
                "garrison-edge",
                "join",
                "--url",
                "https://127.0.0.1:1",
                "--token",
                "t",
                "--ca-sha256",
                "00".repeat(32));
        assertThat(machine.must("stat", "-c", "%U", STATE + "/lock")).isEqualTo("garrison\n");

        machine.must("sh", "-c", "echo meter=proxy >>" + SETTINGS + "; echo kept >" + STATE + "/note");
        machine.upgrade();
        assertThat(machine.must("dpkg-query", "--show", "--showformat=${Version}", "garrison-edge"))
                .isEqualTo("9.0");
        assertThat(machine.must("tail", "-n", "1", SETTINGS)).isEqualTo("meter=proxy\n");
        assertThat(machine.must("cat", STATE + "/note")).isEqualTo("kept\n");

        machine.must("dpkg", "--remove", "garrison-edge");
        assertThat(exists("/usr/bin/garrison-edge")).isFalse();
        assertThat(exists("/usr/lib/garrison-edge")).isFalse();
        assertThat(machine.must("cat", STATE + "/note")).isEqualTo("kept\n");
        assertThat(exists(SETTINGS)).isTrue();

        leaveInTheKernel();
        machine.must("dpkg", "--purge", "garrison-edge");
        assertThat(exists(STATE)).isFalse();
        assertThat(exists("/etc/garrison-edge")).isFalse();
        assertThat(machine.run("getent", "passwd", "garrison").status()).isEqualTo(2);
        assertThat(machine.run("getent", "group", "garrison").status()).isEqualTo(2);
        assertThat(machine.must("nft", "list", "tables")).isEqualTo("table inet other\n");
        assertThat(exists("/sys/class/net/gr0123456789o")).isFalse();
        assertThat(exists("/sys/class/net/green1")).isTrue();
    }

    /** As an agent does, and as others do beside it. */
    private void leaveInTheKernel() throws Exception {
        machine.must("nft", "add", "table", "inet", "garrison_0123");
        machine.must("nft", "add", "table", "inet", "garrison_limit_0123");
        machine.must("nft", "add", "table", "inet", "other");
        machine.must("ip", "link", "add", "gr0123456789o", "type", "veth", "peer", "name", "green0");
        machine.must("ip", "link", "add", "green1", "type", "veth", "peer", "name", "green2");
    }

    private boolean exists(String path) throws Exception {
        return machine.run("test", "-e", path).status() == 0;
    }
}
