package io.garrison.edge.cluster;

import io.garrison.edge.cluster.election.Message;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What members send each other: a byte for the kind, and then what belongs to it. Unknown kinds are passed over, so that
 * versions can meet.
 */
sealed interface Wire {

    /** Of the election. */
    record Elects(Message message) implements Wire {}

    /**
     * @param topic what is asked for
     * @param json the question
     */
    record Question(long id, byte topic, byte[] json) implements Wire {}

    /** @param json the answer to the question of that id */
    record Answer(long id, byte[] json) implements Wire {}

    byte ASK = 1;
    byte VOTE = 2;
    byte BEAT = 3;
    byte HEARD = 4;
    byte QUESTION = 5;
    byte ANSWER = 6;

    static byte[] bytes(Wire wire) {
        return switch (wire) {
            case Elects elects -> election(elects.message());
            case Question question ->
                ByteBuffer.allocate(10 + question.json().length)
                        .put(QUESTION)
                        .putLong(question.id())
                        .put(question.topic())
                        .put(question.json())
                        .array();
            case Answer answer ->
                ByteBuffer.allocate(9 + answer.json().length)
                        .put(ANSWER)
                        .putLong(answer.id())
                        .put(answer.json())
                        .array();
        };
    }

    /** Whether it is a main's sign of life, or the answer to one: nothing is written to the disk for these. */
    static boolean isBeat(byte kind) {
        return kind == BEAT || kind == HEARD;
    }

    /** @return nothing if it is not understood */
    static Optional<Wire> read(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        if (bytes.length < 9) {
            return Optional.empty();
        }
        byte kind = in.get();
        long first = in.getLong();
        return switch (kind) {
            case ASK -> election(in, 9, () -> new Message.Ask(first, in.get() != 0, in.getLong()));
            case VOTE -> election(in, 10, () -> new Message.Vote(first, in.get() != 0, in.get() != 0, in.getLong()));
            case BEAT -> election(in, 8, () -> new Message.Beat(first, in.getLong()));
            case HEARD -> election(in, 8, () -> new Message.Heard(first, in.getLong()));
            case QUESTION ->
                in.hasRemaining() ? Optional.of(new Question(first, in.get(), rest(in))) : Optional.empty();
            case ANSWER -> Optional.of(new Answer(first, rest(in)));
            default -> Optional.empty();
        };
    }

    private static byte[] election(Message message) {
        return switch (message) {
            case Message.Ask ask ->
                ByteBuffer.allocate(18)
                        .put(ASK)
                        .putLong(ask.term())
                        .put(flag(ask.trial()))
                        .putLong(ask.askedAt())
                        .array();
            case Message.Vote vote ->
                ByteBuffer.allocate(19)
                        .put(VOTE)
                        .putLong(vote.term())
                        .put(flag(vote.trial()))
                        .put(flag(vote.given()))
                        .putLong(vote.askedAt())
                        .array();
            case Message.Beat beat -> timed(BEAT, beat.term(), beat.sentAt());
            case Message.Heard heard -> timed(HEARD, heard.term(), heard.sentAt());
        };
    }

    private static byte[] timed(byte kind, long term, long at) {
        return ByteBuffer.allocate(17).put(kind).putLong(term).putLong(at).array();
    }

    private static byte flag(boolean on) {
        return (byte) (on ? 1 : 0);
    }

    private static Optional<Wire> election(ByteBuffer in, int length, Supplier<Message> message) {
        return in.remaining() == length ? Optional.of(new Elects(message.get())) : Optional.empty();
    }

    private static byte[] rest(ByteBuffer in) {
        var rest = new byte[in.remaining()];
        in.get(rest);
        return rest;
    }
}
