package io.garrison.tenancy;

/** What the caller may do in the scope that is bound. For deciding what to show; {@link Requires} does the refusing. */
public interface Access {

    boolean may(Permission permission);

    /** @throws Refusal of kind FORBIDDEN if the caller may not */
    void require(Permission permission);
}
