package io.garrison.protocol;

import java.util.List;

/**
 * The answer to {@code POST /edge/v1/usage} of an instance: Kafka has the records.
 *
 * @param acks registers that PostgreSQL has committed; only now may the edge forget them
 */
public record MetersTaken(List<MeterAck> acks) {

    public MetersTaken {
        acks = Absent.orEmpty(acks);
    }
}
