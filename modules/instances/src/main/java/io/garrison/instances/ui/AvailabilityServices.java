package io.garrison.instances.ui;

import io.garrison.instances.Drills;
import io.garrison.instances.HighAvailability;
import io.garrison.instances.StackWatch;
import org.springframework.stereotype.Component;

/** What the tab about high availability asks. */
@Component
record AvailabilityServices(HighAvailability settings, StackWatch watch, Drills drills) {}
