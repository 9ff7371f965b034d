/**
 * The frame of the console: who is signed in, where they are, how to get elsewhere, what is shown when something goes
 * wrong, and the screens that combine several modules.
 */
@ApplicationModule(
        displayName = "Shell",
        allowedDependencies = {
            "tenancy",
            "tenancy :: ui",
            "tenancy :: http",
            "licensing",
            "instances",
            "reporting",
            "protocol"
        })
@NullMarked
package io.garrison.shell;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
