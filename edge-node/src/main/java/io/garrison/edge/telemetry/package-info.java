/** What an instance tells management about its traffic: the spool on disk, and the way out of it. */
@NullMarked
package io.garrison.edge.telemetry;

import org.jspecify.annotations.NullMarked;
