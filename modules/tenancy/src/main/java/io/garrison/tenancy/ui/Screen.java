package io.garrison.tenancy.ui;

import com.vaadin.flow.component.icon.VaadinIcon;
import io.garrison.tenancy.Permission;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A page of the console: in which workspace it stands and what it takes to see it. Whoever lacks the permission neither
 * finds it in the menu nor reaches it by its address.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Screen {

    /** Name in the menu; empty for pages that are reached from others. */
    String menu() default "";

    VaadinIcon icon() default VaadinIcon.CIRCLE_THIN;

    /** Place in the menu, ascending. */
    int order() default 0;

    Permission permission();

    /** Whether the page is about one tenant; its route then begins with {@code t/:tenant}. */
    boolean ofTenant();

    /** Whether it is there only where management runs on the machine of its one edge. */
    boolean standaloneOnly() default false;
}
