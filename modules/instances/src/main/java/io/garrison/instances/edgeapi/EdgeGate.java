package io.garrison.instances.edgeapi;

import io.garrison.instances.EdgeAdmission;
import io.garrison.instances.EdgeIdentity;
import io.garrison.instances.InstanceException;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps edges and people apart: what came in by the gateway reaches {@code /edge/} and nothing else, and {@code /edge/}
 * is reached by the gateway and nothing else. Binds who dials, and their tenant, from the client certificate.
 */
final class EdgeGate extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(EdgeGate.class);

    static final String IDENTITY = EdgeIdentity.class.getName();
    static final String CERTIFICATE = "jakarta.servlet.request.X509Certificate";

    private final EdgeAdmission admission;

    EdgeGate(EdgeAdmission admission) {
        this.admission = admission;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean arrivedHere = request.getAttribute(EdgeGateway.ARRIVED_HERE) != null;
        var path = path(request);
        boolean edgePath = path.startsWith("/edge/") || path.equals("/edge");
        if (arrivedHere != edgePath) {
            EdgeProblem.of(new InstanceException.NotFound()).write(response);
        } else if (!arrivedHere || path.equals("/edge/v1/enroll")) {
            chain.doFilter(request, response);
        } else {
            admit(request, response, chain);
        }
    }

    private static String path(HttpServletRequest request) {
        var rest = request.getPathInfo();
        return rest == null ? request.getServletPath() : request.getServletPath() + rest;
    }

    private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        EdgeIdentity identity;
        try {
            identity = admission.admit(certificate(request));
        } catch (Refusal e) {
            EdgeProblem.of(e).write(response);
            return;
        } catch (org.springframework.dao.DataAccessException | org.springframework.transaction.TransactionException e) {
            log.warn("can't ask the database who dials: {}", e.getMessage());
            EdgeProblem.unavailable("The database does not answer.").write(response);
            return;
        }
        request.setAttribute(IDENTITY, identity);
        var id = identity.instanceId().toString();
        var actor = new Actor(Actor.Kind.EDGE, id, id, request.getRemoteAddr(), null);
        try {
            CurrentTenant.callAs(
                    identity.tenantId(),
                    () -> Actor.callAs(actor, () -> {
                        chain.doFilter(request, response);
                        return true;
                    }));
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }

    static X509Certificate certificate(HttpServletRequest request) {
        if (request.getAttribute(CERTIFICATE) instanceof X509Certificate[] chain && chain.length > 0) {
            return chain[0];
        }
        throw new InstanceException.EdgeUnauthenticated();
    }

    /** Who dials. Only behind this filter. */
    static EdgeIdentity identity(HttpServletRequest request) {
        if (request.getAttribute(IDENTITY) instanceof EdgeIdentity identity) {
            return identity;
        }
        throw new InstanceException.EdgeUnauthenticated();
    }
}
