package io.garrison.tenancy;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The permission that the caller of a service method needs in the scope that is bound when it is called. Checked before
 * the transaction begins, on every path: REST, console, and calls between modules. On a class it holds for every public
 * method that has none of its own.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {

    Permission value();
}
