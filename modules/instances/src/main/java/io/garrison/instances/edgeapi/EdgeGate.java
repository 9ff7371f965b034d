package io.garrison.instances.edgeapi;

import io.garrison.instances.EdgeAdmission;
import io.garrison.instances.EdgeIdentity;
import io.garrison.instances.InstanceException;
import io.garrison.instances.SiteAdmission;
import io.garrison.instances.SiteIdentity;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.TenantId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    static final String SITE = SiteIdentity.class.getName();
    static final String CERTIFICATE = "jakarta.servlet.request.X509Certificate";

    /** Those who have no certificate yet, or none that holds. */
    private static final Set<String> FOR_STRANGERS =
            Set.of("/edge/v1/enroll", "/edge/v1/late-certificate", "/edge/v1/sites");

    private static final String FOR_SITES = "/edge/v1/site-";

    /** Takes registers of instances, also of those that have left, and of sites; what it reads depends on who dials. */
    private static final String FOR_BOTH = "/edge/v1/usage";

    private final EdgeAdmission admission;
    private final SiteAdmission sites;

    EdgeGate(EdgeAdmission admission, SiteAdmission sites) {
        this.admission = admission;
        this.sites = sites;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean arrivedHere = request.getAttribute(EdgeGateway.ARRIVED_HERE) != null;
        var path = path(request);
        boolean edgePath = path.startsWith("/edge/") || path.equals("/edge");
        if (arrivedHere != edgePath) {
            EdgeProblem.of(new InstanceException.NotFound()).write(response);
        } else if (!arrivedHere || FOR_STRANGERS.contains(path)) {
            chain.doFilter(request, response);
        } else {
            admit(request, response, chain, path);
        }
    }

    private static String path(HttpServletRequest request) {
        var rest = request.getPathInfo();
        return rest == null ? request.getServletPath() : request.getServletPath() + rest;
    }

    private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain, String path)
            throws ServletException, IOException {
        Admitted admitted;
        try {
            admitted = admitted(certificate(request), path);
        } catch (Refusal e) {
            EdgeProblem.of(e).write(response);
            return;
        } catch (org.springframework.dao.DataAccessException | org.springframework.transaction.TransactionException e) {
            log.warn("can't ask the database who dials: {}", e.getMessage());
            EdgeProblem.unavailable("The database does not answer.").write(response);
            return;
        }
        request.setAttribute(admitted.attribute(), admitted.identity());
        var id = admitted.id();
        var actor = new Actor(Actor.Kind.EDGE, id, id, request.getRemoteAddr(), null);
        try {
            var unused = admitted.tenant() == null
                    ? Actor.callAs(actor, () -> passed(request, response, chain))
                    : CurrentTenant.callAs(
                            admitted.tenant(), () -> Actor.callAs(actor, () -> passed(request, response, chain)));
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }

    private static boolean passed(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        return true;
    }

    /** Each path has its kind of callers; a certificate of the other kind is worth nothing there. */
    private Admitted admitted(X509Certificate certificate, String path) {
        boolean asSite = path.startsWith(FOR_SITES) || (path.equals(FOR_BOTH) && sites.isOfSite(certificate));
        if (asSite) {
            var site = sites.admit(certificate);
            return new Admitted(SITE, site, null, site.siteId().toString());
        }
        var edge = path.equals(FOR_BOTH) ? admission.admitForRegisters(certificate) : admission.admit(certificate);
        return new Admitted(IDENTITY, edge, edge.tenantId(), edge.instanceId().toString());
    }

    /** @param tenant to bind; what a site tells is taken by the provider's own hands, which bind what they need */
    private record Admitted(
            String attribute, Object identity, @Nullable TenantId tenant, String id) {}

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

    static boolean isSite(HttpServletRequest request) {
        return request.getAttribute(SITE) != null;
    }

    /** Which site dials. Only behind this filter. */
    static SiteIdentity site(HttpServletRequest request) {
        if (request.getAttribute(SITE) instanceof SiteIdentity site) {
            return site;
        }
        throw new InstanceException.EdgeUnauthenticated();
    }
}
