package io.garrison;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;

/** Management: console, API and edge gateway in one process. */
@Modulithic(systemName = "Garrison", sharedModules = "tenancy")
@SpringBootApplication
public class GarrisonApplication {

    public static void main(String[] args) {
        SpringApplication.run(GarrisonApplication.class, args);
    }
}
