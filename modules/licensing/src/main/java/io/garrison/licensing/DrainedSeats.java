package io.garrison.licensing;

import java.util.UUID;

/** Told by whoever sees that an instance has drained. */
public interface DrainedSeats {

    /**
     * Gives the seat of a drained instance of the bound tenant back before its time, if it has to be given up at all.
     *
     * @return whether a seat was given up; false if the instance may keep the seat that it holds
     */
    boolean giveUp(UUID instance);
}
