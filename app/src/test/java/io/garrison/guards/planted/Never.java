package io.garrison.guards.planted;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.springframework.context.annotation.Profile;

/** Keeps a planted stereotype out of application contexts that tests start. */
@Retention(RetentionPolicy.RUNTIME)
@Profile("never")
public @interface Never {}
