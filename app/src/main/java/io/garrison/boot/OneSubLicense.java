package io.garrison.boot;

import io.garrison.embedded.EmbeddedException;
import io.garrison.licensing.LicenseFileException.Superseded;
import io.garrison.licensing.SubLicenseLoading;
import io.garrison.licensing.SubLicenseLoading.LoadedSubLicense;
import io.garrison.tenancy.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Loads the file that the command line names. The command line stays the same from start to start, so a file that is
 * loaded already, or older than what has been loaded since, is no failure.
 */
record OneSubLicense(RunningGarrison garrison, Consumer<String> say) {

    private static final int MAX_BYTES = 64 * 1024;

    /** @throws EmbeddedException if the file cannot be read or is refused */
    void load() {
        Path file = garrison.arguments().license();
        if (file == null) {
            return;
        }
        String text = read(file);
        var loading = garrison.context().getBean(SubLicenseLoading.class);
        try {
            LoadedSubLicense loaded = Launcher.call(() -> loading.load(text));
            say.accept(
                    switch (loaded.outcome()) {
                        case MADE ->
                            "Loaded the sub-licence of " + loaded.tenant().name() + ".";
                        case REPLACED ->
                            "Loaded the newer sub-licence of " + loaded.tenant().name() + ".";
                        case UNCHANGED ->
                            "The sub-licence of " + loaded.tenant().name() + " is loaded.";
                    });
        } catch (Superseded e) {
            say.accept("A newer sub-licence than " + file + " is loaded and stays.");
        } catch (Refusal e) {
            throw new EmbeddedException(
                    "The sub-licence in %s is not taken. %s (%s)".formatted(file, e.getMessage(), e.code()), e);
        }
    }

    private static String read(Path file) {
        try (var content = Files.newInputStream(file)) {
            byte[] bytes = content.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new EmbeddedException(file + " is too long for a licence file.");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new EmbeddedException("Cannot read the sub-licence: " + e, e);
        }
    }
}
