/** Tenants, people, credentials, audit and operations over REST. */
@NullMarked
package io.garrison.tenancy.web;

import org.jspecify.annotations.NullMarked;
