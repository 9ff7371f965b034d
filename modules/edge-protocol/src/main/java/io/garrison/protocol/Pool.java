package io.garrison.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of back-end servers.
 *
 * @param name 1–63 characters, letters, digits, {@code . _ -}; unique within the policy
 */
public record Pool(
        String name,
        Algorithm algorithm,
        List<Member> members,
        @Nullable HealthMonitor healthMonitor) {

    public Pool {
        algorithm = Absent.or(algorithm, Algorithm.ROUND_ROBIN);
        members = Absent.orEmpty(members);
    }

    public enum Algorithm {
        ROUND_ROBIN,
        LEAST_CONNECTIONS,
        SOURCE
    }

    /**
     * One back-end server.
     *
     * @param address IPv4 or IPv6 literal
     * @param port 1–65535
     * @param weight share of the traffic, 0–256; 0 takes no new clients; default 1
     * @param enabled default true
     */
    public record Member(String address, int port, Integer weight, Boolean enabled) {

        public Member {
            weight = Absent.or(weight, 1);
            enabled = Absent.or(enabled, true);
        }
    }

    /**
     * How members are checked.
     *
     * @param path request path; HTTP only; default {@code /}
     * @param expectStatus status or range, such as {@code 200} or {@code 200-399}; HTTP only; default {@code 200-399}
     * @param intervalMs between checks, 100–600,000; default 2,000
     * @param timeoutMs for one check, 50–60,000, not above the interval; default 1,000
     * @param rise good checks until a member is up, 1–10; default 2
     * @param fall bad checks until a member is down, 1–10; default 3
     */
    public record HealthMonitor(
            Type type,
            @Nullable String path,
            @Nullable String expectStatus,
            Integer intervalMs,
            Integer timeoutMs,
            Integer rise,
            Integer fall) {

        public HealthMonitor {
            type = Absent.or(type, Type.TCP);
            intervalMs = Absent.or(intervalMs, 2_000);
            timeoutMs = Absent.or(timeoutMs, 1_000);
            rise = Absent.or(rise, 2);
            fall = Absent.or(fall, 3);
        }

        public enum Type {
            TCP,
            HTTP
        }
    }
}
