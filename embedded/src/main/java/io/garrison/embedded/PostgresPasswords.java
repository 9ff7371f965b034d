package io.garrison.embedded;

/** Passwords of the database's roles. */
public record PostgresPasswords(String superuser, String owner, String app, String provider) {

    /** Four new random ones. */
    public static PostgresPasswords random() {
        return new PostgresPasswords(
                RandomSecrets.password(), RandomSecrets.password(), RandomSecrets.password(), RandomSecrets.password());
    }

    @Override
    public String toString() {
        return "PostgresPasswords[…]";
    }
}
