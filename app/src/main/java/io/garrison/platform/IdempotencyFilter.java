package io.garrison.platform;

import io.garrison.platform.IdempotencyStore.Answer;
import io.garrison.platform.IdempotencyStore.Claim;
import io.garrison.platform.PlatformException.KeyMalformed;
import io.garrison.platform.PlatformException.KeyReused;
import io.garrison.platform.PlatformException.StillRunning;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.SignedIn;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Makes a POST with an {@code Idempotency-Key} happen once: the same key with the same request is given the first answer,
 * the same key with another request is refused. Of requests at once one is carried out and the others wait for it.
 */
class IdempotencyFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(IdempotencyFilter.class);
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,200}");
    private static final List<String> KEPT_HEADERS =
            List.of("Content-Type", "Content-Disposition", "Location", "ETag", "Cache-Control");

    /** Of what hangs on headers, which are no part of what a key stands for, and of limits. */
    private static final Set<Integer> NOT_KEPT = Set.of(406, 415, 429);

    private static final int WAIT_MILLIS = 10_000;
    private static final int STEP_MILLIS = 100;

    private final IdempotencyStore store;
    private final Problems problems;

    IdempotencyFilter(IdempotencyStore store, Problems problems) {
        this.store = store;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST")
                || request.getHeader("Idempotency-Key") == null
                || SignedIn.find().isEmpty();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            var key = request.getHeader("Idempotency-Key");
            if (!KEY.matcher(key).matches()) {
                throw new KeyMalformed();
            }
            var principal = SignedIn.find().orElseThrow().id();
            var body = BodyLimitFilter.bodyOf(request);
            byte[] hash = hash(request, body);
            var claim = store.claim(principal, key, hash);
            if (claim.isPresent()) {
                carryOut(request, response, chain, claim.get());
            } else {
                replay(response, await(principal, key, hash));
            }
        } catch (Refusal refusal) {
            problems.write(response, refusal);
        }
    }

    private void carryOut(HttpServletRequest request, HttpServletResponse response, FilterChain chain, Claim claim)
            throws ServletException, IOException {
        var wrapped = new ContentCachingResponseWrapper(response);
        boolean done = false;
        try {
            chain.doFilter(request, new ToldErrors(wrapped, problems));
            // A failure of ours or a limit says nothing of the request; it may be tried again with the same key.
            done = wrapped.getStatus() < 500 && !NOT_KEPT.contains(wrapped.getStatus());
        } finally {
            if (!done) {
                store.forget(claim);
            }
        }
        if (done) {
            keep(claim, wrapped);
        }
        wrapped.copyBodyToResponse();
    }

    /** It is done; if that can't be noted, the key stays claimed, so that it is not done again at once. */
    private void keep(Claim claim, ContentCachingResponseWrapper wrapped) {
        var headers = new LinkedHashMap<String, String>();
        for (var name : KEPT_HEADERS) {
            var value = name.equals("Content-Type") ? wrapped.getContentType() : wrapped.getHeader(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        try {
            store.finish(claim, new Answer(wrapped.getStatus(), headers, wrapped.getContentAsByteArray()));
        } catch (DataAccessException e) {
            log.warn("The answer to a request with an Idempotency-Key is not kept: {}", e.toString());
        }
    }

    private Answer await(UUID principal, String key, byte[] hash) {
        for (int waited = 0; waited <= WAIT_MILLIS; waited += STEP_MILLIS) {
            var known = store.find(principal, key).orElseThrow(StillRunning::new);
            if (!MessageDigest.isEqual(known.requestHash(), hash)) {
                throw new KeyReused();
            }
            if (known.answer().isPresent()) {
                return known.answer().get();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new StillRunning();
    }

    private static void replay(HttpServletResponse response, Answer answer) throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
    }

    private static byte[] hash(HttpServletRequest request, byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(
                    (request.getRequestURI() + "?" + request.getQueryString() + "\n").getBytes(StandardCharsets.UTF_8));
            return digest.digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
