package io.garrison.helm;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Kubernetes' own description of its objects, as two client libraries have it; neither is strict alone. One finds wrong
 * types and amounts, the other fields that are missing, and both those that do not exist.
 */
final class KubernetesModels {

    private interface Validation {
        void validate(JsonElement json) throws IOException;
    }

    private record Model(String apiVersion, Class<?> type, Validation validation) {}

    private static final Map<String, Model> MODELS = Map.ofEntries(
            model("ConfigMap", "v1", ConfigMap.class, V1ConfigMap::validateJsonElement),
            model("Deployment", "apps/v1", Deployment.class, V1Deployment::validateJsonElement),
            model(
                    "HorizontalPodAutoscaler",
                    "autoscaling/v2",
                    HorizontalPodAutoscaler.class,
                    V2HorizontalPodAutoscaler::validateJsonElement),
            model("Ingress", "networking.k8s.io/v1", Ingress.class, V1Ingress::validateJsonElement),
            model("NetworkPolicy", "networking.k8s.io/v1", NetworkPolicy.class, V1NetworkPolicy::validateJsonElement),
            model(
                    "PodDisruptionBudget",
                    "policy/v1",
                    PodDisruptionBudget.class,
                    V1PodDisruptionBudget::validateJsonElement),
            model("Role", "rbac.authorization.k8s.io/v1", Role.class, V1Role::validateJsonElement),
            model("RoleBinding", "rbac.authorization.k8s.io/v1", RoleBinding.class, V1RoleBinding::validateJsonElement),
            model("Service", "v1", Service.class, V1Service::validateJsonElement),
            model("ServiceAccount", "v1", ServiceAccount.class, V1ServiceAccount::validateJsonElement),
            model("StatefulSet", "apps/v1", StatefulSet.class, V1StatefulSet::validateJsonElement));

    private static final JsonMapper JSON = JsonMapper.builder()
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private KubernetesModels() {}

    private static Map.Entry<String, Model> model(
            String kind, String apiVersion, Class<?> type, Validation validation) {
        return Map.entry(kind, new Model(apiVersion, type, validation));
    }

    /** What Kubernetes would not understand; empty if all is well. */
    static List<String> faults(Manifest manifest) {
        var faults = new ArrayList<String>();
        var model = MODELS.get(manifest.kind());
        if (model == null) {
            return List.of(manifest + ": a kind that nobody has thought of");
        }
        if (!model.apiVersion().equals(manifest.at("/apiVersion").asString())) {
            faults.add(manifest + ": apiVersion is not " + model.apiVersion());
        }
        try {
            model.validation().validate(JsonParser.parseString(manifest.json().toString()));
        } catch (IOException | RuntimeException e) {
            faults.add(manifest + ": " + e.getMessage());
        }
        try {
            var read = JSON.treeToValue(manifest.json(), model.type());
            walk(manifest.toString(), read, faults);
        } catch (JacksonException e) {
            faults.add(manifest + ": " + e.getOriginalMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        return faults;
    }

    private static void walk(String path, @Nullable Object value, List<String> faults)
            throws ReflectiveOperationException {
        switch (value) {
            case null -> {}
            case Collection<?> all -> {
                for (var each : all) {
                    walk(path, each, faults);
                }
            }
            case Map<?, ?> all -> {
                for (var each : all.entrySet()) {
                    walk(path + "." + each.getKey(), each.getValue(), faults);
                }
            }
            case Quantity quantity -> {
                try {
                    quantity.getNumericalAmount();
                } catch (RuntimeException e) {
                    faults.add(path + ": no amount: " + quantity);
                }
            }
            default -> {
                if (value.getClass().getPackageName().startsWith("io.fabric8.")
                        && !value.getClass().isEnum()) {
                    properties(path, value, faults);
                }
            }
        }
    }

    private static void properties(String path, Object value, List<String> faults) throws ReflectiveOperationException {
        for (var method : value.getClass().getMethods()) {
            var name = method.getName();
            if (!name.startsWith("get") || method.getParameterCount() > 0 || name.equals("getClass")) {
                continue;
            }
            if (name.equals("getAdditionalProperties")) {
                ((Map<?, ?>) method.invoke(value))
                        .keySet()
                        .forEach(key -> faults.add(path + ": no such field: " + key));
            } else if (method.getDeclaringClass().getPackageName().startsWith("io.fabric8.")) {
                walk(path + "." + name.substring(3), method.invoke(value), faults);
            }
        }
    }
}
