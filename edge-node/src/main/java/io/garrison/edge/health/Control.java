package io.garrison.edge.health;

/**
 * How a command finds the running agent. Written to the state directory, where only its owner can read the token.
 *
 * @param port on loopback
 */
public record Control(int port, String token, long pid) {

    @Override
    public String toString() {
        return "Control[port=" + port + ", pid=" + pid + "]";
    }
}
