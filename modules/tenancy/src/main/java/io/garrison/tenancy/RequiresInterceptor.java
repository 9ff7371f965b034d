package io.garrison.tenancy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Refuses a call before its transaction begins unless the caller has the permission that {@link Requires} names. */
final class RequiresInterceptor extends StaticMethodMatcherPointcutAdvisor implements MethodInterceptor {
    private static final long serialVersionUID = 1L;

    private final transient ObjectProvider<Access> access;

    RequiresInterceptor(ObjectProvider<Access> access) {
        this.access = access;
        setOrder(10);
        setAdvice(this);
    }

    @Override
    public boolean matches(Method method, Class<?> target) {
        return requirement(method, target) != null;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        var target = call.getThis();
        var requirement = requirement(
                call.getMethod(), target == null ? call.getMethod().getDeclaringClass() : target.getClass());
        if (requirement != null) {
            access.getObject().require(requirement.value());
        }
        return call.proceed();
    }

    /** On the method itself or on the interface's, else on the class for its public methods. */
    static @Nullable Requires requirement(Method method, Class<?> target) {
        if (method.getDeclaringClass() == Object.class) {
            return null;
        }
        var specific = AopUtils.getMostSpecificMethod(method, target);
        var onMethod = AnnotatedElementUtils.findMergedAnnotation(specific, Requires.class);
        if (onMethod != null) {
            return onMethod;
        }
        return Modifier.isPublic(specific.getModifiers())
                ? AnnotatedElementUtils.findMergedAnnotation(specific.getDeclaringClass(), Requires.class)
                : null;
    }
}
