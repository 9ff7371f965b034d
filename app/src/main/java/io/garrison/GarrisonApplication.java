package io.garrison;

import io.garrison.boot.DownCommand;
import io.garrison.boot.RehearsalCommand;
import io.garrison.boot.ServeCommand;
import io.garrison.boot.ServersCommand;
import io.garrison.boot.UpCommand;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;

/** Management: console, API and edge gateway in one process. */
@Modulithic(systemName = "Garrison", sharedModules = "tenancy")
@SpringBootApplication
public class GarrisonApplication {

    /** @param words one of the commands below, followed by its options */
    public static void main(String[] words) throws IOException, InterruptedException {
        List<String> options = Arrays.asList(words).subList(Math.min(1, words.length), words.length);
        String command = words.length == 0 ? "" : words[0];
        switch (command) {
            case "up", "standalone", "centralized" ->
                UpCommand.run(
                        GarrisonApplication.class, UpCommand.argumentsOrExit(command, options), Map.of(), ready -> {});
            case "down" -> System.exit(DownCommand.run(options));
            case "serve" -> ServeCommand.serve(GarrisonApplication.class, options);
            case "migrate" -> System.exit(ServeCommand.migrate(GarrisonApplication.class, options));
            case "servers" -> ServersCommand.run(options);
            case "rehearse" -> RehearsalCommand.run(GarrisonApplication.class);
            default -> {
                System.err.println("usage: ./garrison up|standalone|centralized|down|serve|migrate|servers [options]");
                System.exit(2);
            }
        }
    }
}
