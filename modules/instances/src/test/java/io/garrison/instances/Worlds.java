package io.garrison.instances;

import io.garrison.instances.pki.Authority;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.TenantId;
import java.security.KeyPair;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** What tests of this module begin with. */
public final class Worlds {

    private Worlds() {}

    public static TenantId anyTenant() {
        return new TenantId(UUID.randomUUID());
    }

    /** Runs as an administrator of the tenant. */
    public static <T> T as(TenantId tenant, Callable<T> work) {
        return as(tenant, Role.TENANT_ADMIN, work);
    }

    public static void runAs(TenantId tenant, Runnable work) {
        as(tenant, () -> {
            work.run();
            return true;
        });
    }

    public static <T> T as(TenantId tenant, Role role, Callable<T> work) {
        var who = SignedIn.member(UUID.randomUUID(), "someone@example.com", tenant, role);
        return unchecked(() -> CurrentTenant.callAs(tenant, () -> SignedIn.callAs(who, null, work::call)));
    }

    /** Runs as the provider's administrator, in no tenant. */
    public static <T> T asProvider(Callable<T> work) {
        var who = SignedIn.staff(UUID.randomUUID(), "admin@mssp.example", Role.PLATFORM_ADMIN);
        return unchecked(() -> SignedIn.callAs(who, null, work::call));
    }

    private static <T> T unchecked(Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A policy with one HTTP service of this name and port. */
    public static Policy policy(String name, int port) {
        return ProtocolJson.read("""
                {"virtualServices":[{"name":"%s","address":"192.0.2.10","port":%d,"protocol":"HTTP","pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"192.0.2.20","port":8080}]}]}""".formatted(name, port).getBytes(), Policy.class);
    }

    public static String csr(KeyPair pair) {
        return csr(pair, pair);
    }

    /** A request for one key, signed with another. */
    public static String csr(KeyPair subject, KeyPair signer) {
        try {
            return Authority.pem(
                    new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=ignored"), subject.getPublic())
                            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
