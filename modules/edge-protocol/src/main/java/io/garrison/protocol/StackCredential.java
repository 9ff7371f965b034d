package io.garrison.protocol;

/**
 * By what the instances of one stack know each other. Issued for the key of the instance's own certificate by an
 * authority that is the stack's alone, so that whoever verifies against it lets in nobody of another stack or tenant. The
 * certificate serves both ends of a connection and names the instance: its id is the common name and a DNS name.
 *
 * @param certificateChain PEM, leaf first
 * @param trustAnchors PEM of the authority of the stack
 */
public record StackCredential(String certificateChain, String trustAnchors) {}
