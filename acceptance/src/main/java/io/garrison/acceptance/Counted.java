package io.garrison.acceptance;

/** Requests and bytes of a virtual service, as somebody counted them. */
public record Counted(long requests, long bytesIn, long bytesOut) {

    public static final Counted NOTHING = new Counted(0, 0, 0);

    /** What went through the clients' own sockets. */
    public static Counted by(CountingClient client) {
        return new Counted(client.requests.sum(), client.bytesSent.sum(), client.bytesReceived.sum());
    }

    /** What an installation bills of the last hours. */
    public static Counted billed(Api installation, String tenantId, String virtualService) {
        var which = Usage.service(tenantId, virtualService);
        return new Counted(
                Usage.total(installation, "/api/v1/usage", "requests", which),
                Usage.total(installation, "/api/v1/usage", "bytesIn", which),
                Usage.total(installation, "/api/v1/usage", "bytesOut", which));
    }

    public Counted plus(Counted other) {
        return new Counted(requests + other.requests, bytesIn + other.bytesIn, bytesOut + other.bytesOut);
    }
}
