package io.garrison.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The files of a database cluster. */
record PostgresCluster(Path binaries, Unprivileged user, PostgresOptions options) {

    /** Runs {@code initdb} beside the target and renames the result, so that an interrupted one leaves nothing. */
    void createIfAbsent(Path data, String superuserPassword) throws IOException {
        if (Files.isDirectory(data)) {
            user.own(data);
            return;
        }
        Path draft = options.home().resolve("data.new");
        FileTrees.delete(draft);
        Files.createDirectory(
                draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path passwordFile = Files.createTempFile(options.home(), "initdb-", ".pw");
        try {
            Files.writeString(passwordFile, superuserPassword);
            user.own(draft);
            user.own(passwordFile);
            initialize(draft, passwordFile);
        } finally {
            Files.delete(passwordFile);
        }
        Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void initialize(Path target, Path passwordFile) throws IOException {
        var command = new ArrayList<>(user.prefix());
        command.addAll(List.of(
                binaries.resolve("initdb").toString(),
                "--pgdata=" + target,
                "--username=" + PostgresServer.SUPERUSER,
                "--auth=scram-sha-256",
                "--pwfile=" + passwordFile,
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--data-checksums"));
        if (!options.durable()) {
            command.add("--no-sync");
        }
        Process process = ChildSpawner.spawn(new ProcessBuilder(command).redirectErrorStream(true));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new EmbeddedException("initdb ended with status " + process.exitValue() + ":\n" + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while creating the database cluster", e);
        }
    }
}
