package io.garrison.reporting.ingest;

/** The topics of telemetry. Each has another one for what can't be processed. */
public enum Topic {
    METER("g.meter.v1"),
    STATS("g.stats.v1"),
    EVENT("g.event.v1");

    private final String topicName;

    Topic(String topicName) {
        this.topicName = topicName;
    }

    public String topicName() {
        return topicName;
    }

    public String deadLetters() {
        return topicName + ".dlq";
    }
}
