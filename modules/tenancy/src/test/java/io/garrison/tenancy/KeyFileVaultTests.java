package io.garrison.tenancy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileVaultTests {

    private static final byte[] SECRET = "not for others".getBytes(UTF_8);

    @TempDir
    Path directory;

    @Test
    void opensWhatItSealedInTheSamePlaceOnly() {
        var vault = new KeyFileVault(keys("a"));
        var sealed = vault.seal("here/1", SECRET);

        assertThat(vault.open("here/1", sealed)).isEqualTo(SECRET);
        assertThatIllegalStateException().isThrownBy(() -> vault.open("here/2", sealed));
        assertThat(new String(sealed, UTF_8)).doesNotContain("others");
    }

    @Test
    void noticesEveryFlippedBit() {
        var vault = new KeyFileVault(keys("a"));
        var sealed = vault.seal("here", SECRET);

        for (int bit = 0; bit < sealed.length * 8; bit++) {
            var changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatIllegalStateException().isThrownBy(() -> vault.open("here", changed));
        }
    }

    @Test
    void sealsTheSameSecretDifferentlyEachTime() {
        var vault = new KeyFileVault(keys("a"));

        assertThat(vault.seal("here", SECRET)).isNotEqualTo(vault.seal("here", SECRET));
    }

    @Test
    void stillOpensUnderAnOldKeyAndSealsUnderTheNewOne() throws IOException {
        var before = new KeyFileVault(keys("a"));
        var sealed = before.seal("here", SECRET);
        var file = directory.resolve("a");
        Files.writeString(file, Files.readString(file) + Files.readString(file("b")));
        var after = new KeyFileVault(KeyFile.load(file));

        assertThat(after.open("here", sealed)).isEqualTo(SECRET);
        assertThatIllegalStateException().isThrownBy(() -> before.open("here", after.seal("here", SECRET)));
    }

    @Test
    void makesAKeyThatOnlyItsOwnerCanRead() throws IOException {
        var file = directory.resolve("new/secrets.key");

        var made = KeyFile.load(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(KeyFile.load(file).getLast().getEncoded())
                .isEqualTo(made.getLast().getEncoded());
    }

    @Test
    void refusesAKeyThatOthersCanRead() throws IOException {
        var file = file("a");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatIllegalStateException().isThrownBy(() -> KeyFile.load(file)).withMessageContaining("chmod");
    }

    /** So secrets are mounted: owned by root, read by the group that the process was given. */
    @Test
    void takesAKeyOfAnotherOwnerThatItsGroupMayReadAndNobodyElse() throws IOException {
        var file = file("a");
        var nobody = file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        assumeThatCode(() -> Files.setOwner(file, nobody)).doesNotThrowAnyException();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        assertThat(KeyFile.load(file)).hasSize(1);

        for (var open : List.of("r--rw----", "r--r--r--", "r------w-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            assertThatIllegalStateException()
                    .as(open)
                    .isThrownBy(() -> KeyFile.load(file))
                    .withMessageContaining("chmod");
        }
    }

    @Test
    void refusesAKeyOfTheWrongLength() throws IOException {
        var file = file("a");
        Files.writeString(file, "c2hvcnQ=\n");

        assertThatIllegalStateException().isThrownBy(() -> KeyFile.load(file)).withMessageContaining("256");
    }

    private List<SecretKey> keys(String name) {
        return KeyFile.load(file(name));
    }

    private Path file(String name) {
        var file = directory.resolve(name);
        KeyFile.load(file);
        return file;
    }
}
