package io.garrison.edge.haproxy;

/**
 * What one HAProxy worker did for one virtual service since that worker began. Cumulative; never falls for the same
 * (pid, startedAt), whatever is applied meanwhile.
 *
 * @param pid process id of the worker
 * @param startedAt seconds since 1970, tells workers with the same pid apart
 * @param last the worker has ended and this is what was read of it last; it will not appear again
 * @param complete nothing was counted after this reading: the worker was replaced and its last client had gone. False of
 *     one that still runs, and of one that was killed
 * @param exactBytes whether bytes are those of the connection above TLS, headers and all; otherwise HAProxy's own view
 * @param bytesIn from clients
 * @param bytesOut to clients
 * @param requests HTTP requests, or connections of a TCP service
 * @param connectionsNow open at this moment
 * @param denied requests and connections refused by access lists and rate limits
 * @param averageTotalMs mean total time of the latest requests (at most 1,024 per pool); -1 if there were none
 * @param membersUp pool members that take traffic, over all pools of the service
 */
public record WorkerCounters(
        long pid,
        long startedAt,
        boolean last,
        boolean complete,
        String virtualService,
        boolean exactBytes,
        long bytesIn,
        long bytesOut,
        long requests,
        long connections,
        long connectionsNow,
        long denied,
        long status2xx,
        long status3xx,
        long status4xx,
        long status5xx,
        double averageTotalMs,
        int membersUp,
        int membersTotal) {

    /** As they are told when their worker has ended. */
    WorkerCounters last(boolean isComplete) {
        return new WorkerCounters(
                pid,
                startedAt,
                true,
                isComplete,
                virtualService,
                exactBytes,
                bytesIn,
                bytesOut,
                requests,
                connections,
                0,
                denied,
                status2xx,
                status3xx,
                status4xx,
                status5xx,
                averageTotalMs,
                membersUp,
                membersTotal);
    }
}
