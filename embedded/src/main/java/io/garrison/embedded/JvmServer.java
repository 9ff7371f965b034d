package io.garrison.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server that is a JVM of its own, with a class path of its own. */
record JvmServer(String module, String mainClass, List<String> flags) {

    private static final String HOME_PROPERTY = "garrison.home";

    List<String> command(Path argument) {
        Path target = home().resolve("embedded").resolve(module).resolve("target");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true"));
        command.addAll(List.of("-cp", target.resolve("classes") + File.pathSeparator + target.resolve("lib") + "/*"));
        command.addAll(List.of(mainClass, argument.toString()));
        return command;
    }

    /** The directory that Garrison was built in: named by the launcher, looked for upwards by tests. */
    private Path home() {
        String named = System.getProperty(HOME_PROPERTY);
        if (named != null) {
            Path home = Path.of(named).toAbsolutePath();
            if (isBuiltIn(home)) {
                return home;
            }
        } else {
            for (Path home = Path.of("").toAbsolutePath(); home != null; home = home.getParent()) {
                if (isBuiltIn(home)) {
                    return home;
                }
            }
        }
        throw new EmbeddedException("embedded/%s is not built; build Garrison, or name its directory by -D%s."
                .formatted(module, HOME_PROPERTY));
    }

    private boolean isBuiltIn(Path home) {
        return Files.isDirectory(home.resolve("embedded").resolve(module).resolve("target/lib"));
    }
}
