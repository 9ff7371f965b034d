package io.garrison.instances.peer;

import io.garrison.instances.peer.Peer.Introduction;
import io.garrison.instances.peer.Peer.Offer;
import io.garrison.instances.peer.Peer.Overview;
import io.garrison.instances.peer.Peer.Problem;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.Refusal;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the peer. Who does not prove the key gets one and the same refusal, whatever they asked for, before anything of
 * their body is read.
 */
final class PeerServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Logger log = LoggerFactory.getLogger(PeerServlet.class);

    private static final byte[] REFUSED = ProtocolJson.write(new Problem("sync.refused", "Not the peer."));
    private static final Pattern TIME = Pattern.compile("[0-9]{1,11}");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{22,64}");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private final transient PeerSignature signature;
    private final transient PeerHost host;
    private final transient Clock clock;
    private final transient Nonces nonces =
            new Nonces(PeerPaths.SKEW.multipliedBy(2).plus(Duration.ofMinutes(1)));
    private final transient Refusals refusals = new Refusals(System::nanoTime);

    PeerServlet(PeerSignature signature, PeerHost host, Clock clock) {
        this.signature = signature;
        this.host = host;
        this.clock = clock;
    }

    private record Signed(Instant time, String nonce, String digest) {}

    private record Answer(int status, byte[] body) {
        static Answer of(int status, Object body) {
            return new Answer(status, ProtocolJson.write(body));
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var signed = signed(request);
        if (signed == null) {
            refuse(request, response);
            return;
        }
        var now = clock.instant();
        if (Duration.between(signed.time(), now).abs().compareTo(PeerPaths.SKEW) > 0) {
            answer(response, signed, skewed(signed.time(), now));
        } else if (!nonces.take(signed.nonce(), now)) {
            refuse(request, response);
        } else {
            byte[] body = request.getInputStream().readNBytes(PeerPaths.MAX_BYTES + 1);
            if (body.length > PeerPaths.MAX_BYTES) {
                answer(response, signed, tooLarge());
            } else if (!ProtocolJson.sha256Hex(body).equals(signed.digest())) {
                refuse(request, response);
            } else {
                answer(response, signed, told(request, body));
            }
        }
    }

    private @Nullable Signed signed(HttpServletRequest request) {
        var time = header(request, PeerSignature.TIME, TIME);
        var nonce = header(request, PeerSignature.NONCE, NONCE);
        var digest = header(request, PeerSignature.DIGEST, HEX);
        var given = request.getHeader(PeerSignature.SIGNATURE);
        if (time == null || nonce == null || digest == null || given == null) {
            return null;
        }
        var right = signature.ofRequest(request.getMethod(), request.getRequestURI(), time, nonce, digest);
        return PeerSignature.equal(right, given)
                ? new Signed(Instant.ofEpochSecond(Long.parseLong(time)), nonce, digest)
                : null;
    }

    private static @Nullable String header(HttpServletRequest request, String name, Pattern form) {
        var value = request.getHeader(name);
        return value != null && form.matcher(value).matches() ? value : null;
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int wait = refusals.another(request.getRemoteAddr());
        if (wait > 0) {
            response.setHeader("Retry-After", Integer.toString(wait));
        } else {
            log.info("refused somebody at {} who does not hold the key", request.getRemoteAddr());
        }
        response.setHeader("Connection", "close");
        write(response, new Answer(wait > 0 ? 429 : 401, REFUSED));
    }

    private static Answer skewed(Instant theirs, Instant here) {
        return Answer.of(
                409,
                new Problem(
                        "sync.clock-skew",
                        "The clocks of the two machines differ by more than %d minutes: %s there, %s here. Set them right."
                                .formatted(PeerPaths.SKEW.toMinutes(), theirs, here)));
    }

    private static Answer tooLarge() {
        return Answer.of(
                413, new Problem("sync.too-large", "A message may have %,d bytes.".formatted(PeerPaths.MAX_BYTES)));
    }

    private Answer told(HttpServletRequest request, byte[] body) {
        try {
            var peer = host.from(request.getRemoteAddr());
            return switch (request.getMethod() + " " + request.getRequestURI()) {
                case "POST " + PeerPaths.HELLO -> Answer.of(200, host.hello(read(body, Introduction.class)));
                case "POST " + PeerPaths.OVERVIEW -> Answer.of(200, peer.overview(read(body, Overview.class)));
                case "POST " + PeerPaths.CONTENT -> {
                    var wanted = read(body, PeerPaths.Wanted.class);
                    yield Answer.of(200, peer.content(wanted.stack(), wanted.whole()));
                }
                case "POST " + PeerPaths.TAKE -> Answer.of(200, peer.take(read(body, Offer.class)));
                default -> Answer.of(404, new Problem("not-found", "There is nothing here."));
            };
        } catch (Refusal e) {
            return Answer.of(e.kind().status(), PeerWords.problem(e));
        } catch (PeerTrouble e) {
            return Answer.of(409, e.problem());
        } catch (IllegalArgumentException e) {
            return Answer.of(400, new Problem("malformed", "This is not what is expected here."));
        } catch (RuntimeException e) {
            log.error("can't answer the peer", e);
            return Answer.of(500, new Problem("internal", "Something failed here; see the log of this machine."));
        }
    }

    private static <T> T read(byte[] body, Class<T> type) {
        return ProtocolJson.read(body, type);
    }

    private void answer(HttpServletResponse response, Signed signed, Answer answer) throws IOException {
        response.setHeader(
                PeerSignature.SIGNATURE,
                signature.ofAnswer(signed.nonce(), answer.status(), ProtocolJson.sha256Hex(answer.body())));
        write(response, answer);
    }

    private static void write(HttpServletResponse response, Answer answer) throws IOException {
        response.setStatus(answer.status());
        response.setContentType("application/json");
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
    }
}
