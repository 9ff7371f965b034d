package io.garrison;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;
import org.springframework.scheduling.annotation.EnableAsync;

@EnableAsync
@Modulithic(sharedModules = "tenancy")
@SpringBootApplication
class ModuleTestApplication {}
