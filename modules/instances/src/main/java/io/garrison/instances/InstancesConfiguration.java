package io.garrison.instances;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({EdgeSettings.class, InstanceSettings.class, FederationSettings.class})
@EnableScheduling
class InstancesConfiguration {}
