package io.garrison.platform;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Turns on what modules schedule. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class Scheduling {}
