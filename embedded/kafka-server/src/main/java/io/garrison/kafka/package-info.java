/** A Kafka broker and controller in a process of its own. */
@NullMarked
package io.garrison.kafka;

import org.jspecify.annotations.NullMarked;
