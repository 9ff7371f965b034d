package io.garrison.edge.cluster;

import io.garrison.protocol.ProtocolJson;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Questions to members and answers to theirs. Thread-safe; answers are made one at a time, off the link's threads. */
final class PeerExchange implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PeerExchange.class);
    private static final int WAITING_QUESTIONS = 64;
    private static final int OPEN = 256;

    private final BiPredicate<UUID, byte[]> send;
    private final Map<Byte, Function<Said.Asked, Object>> answers;
    private final Map<Long, Open> open = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Recent overflows;
    private final ThreadPoolExecutor answering;

    private record Open(UUID of, CompletableFuture<byte[]> answer) {}

    /**
     * @param send to a member; false if it is not there
     * @param answers by topic
     */
    PeerExchange(BiPredicate<UUID, byte[]> send, Map<Byte, Function<Said.Asked, Object>> answers, Clock clock) {
        this.send = send;
        this.answers = Map.copyOf(answers);
        this.overflows = new Recent(clock);
        this.answering = new ThreadPoolExecutor(
                0,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_QUESTIONS),
                Thread.ofPlatform().name("peer-answers").daemon().factory(),
                // Whoever asked asks again.
                (question, full) -> overflows.happened());
    }

    /** Questions, of this instance or to it, for which there was no room within {@link Recent#WINDOW}. */
    int overflows() {
        return overflows.count();
    }

    /** The answer fails if the member is not there, is silent for that long, or is not understood. */
    <T> CompletableFuture<T> ask(UUID member, byte topic, Said.Asked question, Class<T> type, long timeoutMs) {
        long id = ids.incrementAndGet();
        var answer = new CompletableFuture<byte[]>();
        if (open.size() >= OPEN) {
            overflows.happened();
            return CompletableFuture.failedFuture(new IllegalStateException("too many questions at once"));
        }
        open.put(id, new Open(member, answer));
        var wire = Wire.bytes(new Wire.Question(id, topic, ProtocolJson.write(question)));
        if (!send.test(member, wire)) {
            answer.completeExceptionally(new IllegalStateException("member " + member + " is not there"));
        }
        return answer.orTimeout(timeoutMs, TimeUnit.MILLISECONDS)
                .whenComplete((bytes, problem) -> open.remove(id))
                .thenApply(json -> ProtocolJson.read(json, type));
    }

    void question(UUID from, Wire.Question question) {
        var answer = answers.get(question.topic());
        if (answer != null) {
            answering.execute(() -> answer(from, question, answer));
        }
    }

    void answer(UUID from, Wire.Answer answer) {
        var waiting = open.get(answer.id());
        if (waiting != null && waiting.of().equals(from)) {
            waiting.answer().complete(answer.json());
        }
    }

    @Override
    public void close() {
        answering.shutdownNow();
    }

    private void answer(UUID from, Wire.Question question, Function<Said.Asked, Object> answer) {
        try {
            var asked = ProtocolJson.read(question.json(), Said.Asked.class);
            var json = ProtocolJson.write(answer.apply(asked));
            boolean unused = send.test(from, Wire.bytes(new Wire.Answer(question.id(), json)));
        } catch (RuntimeException e) {
            log.warn("A question of {} is not answered: {}", from, e.toString());
        }
    }
}
