package io.garrison.edge.agent;

/** The agent's version, from its jar. */
public final class Version {

    public static final String CURRENT = current();

    private Version() {}

    private static String current() {
        var version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0-SNAPSHOT" : version;
    }
}
