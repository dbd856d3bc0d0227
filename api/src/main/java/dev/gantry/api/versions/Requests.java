package dev.gantry.api.versions;

import dev.gantry.api.http.ApiVersion;
import dev.gantry.api.http.HttpFailure;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests of older clients, rewritten to what they meant.
///
/// Fields that a version did not have are dropped, not obeyed: an old client that sends one does not know it.
public final class Requests {
    private Requests() {}

    /// The body of a create request, changed in place.
    public static void adaptCreate(ObjectNode body, ApiVersion version) {
        canonicalName(body, "HostConfig");
        canonicalName(body, "NetworkingConfig");
        ObjectNode host = hostConfig(body);
        if (!version.atLeast(40) && textOf(host, "IpcMode").isEmpty()) {
            host.put("IpcMode", "shareable");
        }
        if (!version.atLeast(41) && textOf(host, "CgroupnsMode").isEmpty()) {
            // cgroup v1 hosts; on v2 the engine reads it the same way for every version
            host.put("CgroupnsMode", "host");
        }
        if (!version.atLeast(42)) {
            host.remove("ConsoleSize");
        }
        if (!version.atLeast(43)) {
            host.remove("Annotations");
        }
        if (!version.atLeast(44)) {
            if (body.get("Healthcheck") instanceof ObjectNode healthcheck) {
                healthcheck.remove("StartInterval");
            }
            refuseSeveralNetworks(body);
        }
        if (host.get("Mounts") instanceof ArrayNode mounts) {
            mounts.forEach(mount -> adaptMount(mount, version));
        }
    }

    private static ObjectNode hostConfig(ObjectNode body) {
        JsonNode given = body.get("HostConfig");
        if (given instanceof ObjectNode object) {
            return object;
        } else if (given == null || given.isNull()) {
            return body.putObject("HostConfig");
        }
        throw HttpFailure.badRequest("invalid JSON: HostConfig is no object");
    }

    /// Names are read in any case: what is looked for here by its name gets it.
    private static void canonicalName(ObjectNode body, String name) {
        for (String given : List.copyOf(body.propertyNames())) {
            if (given.equalsIgnoreCase(name) && !given.equals(name)) {
                if (body.has(name)) {
                    throw HttpFailure.badRequest("invalid JSON: Duplicate Object property \"" + given + '"');
                }
                body.set(name, body.remove(given));
            }
        }
    }

    private static void refuseSeveralNetworks(ObjectNode body) {
        JsonNode endpoints = body.path("NetworkingConfig").path("EndpointsConfig");
        if (endpoints.size() > 1) {
            throw HttpFailure.badRequest("Container cannot be created with multiple network endpoints: "
                    + String.join(", ", endpoints.propertyNames()));
        }
    }

    private static void adaptMount(JsonNode node, ApiVersion version) {
        if (!(node instanceof ObjectNode mount)) {
            return;
        }
        String type = textOf(mount, "Type");
        for (String kind : new String[] {"Volume", "Bind", "Tmpfs"}) {
            String options = kind + "Options";
            if (mount.get(options) instanceof ObjectNode && !type.equals(kind.toLowerCase(Locale.ROOT))) {
                if (version.atLeast(42)) {
                    throw HttpFailure.badRequest(options + " must not be specified on mount type \"" + type + '"');
                }
                if (kind.equals("Bind")) {
                    throw HttpFailure.badRequest(
                            "invalid mount config for type \"" + type + "\": field BindOptions must not be specified");
                }
                // older daemons did not look
                mount.remove(options);
            }
        }
        if (mount.get("BindOptions") instanceof ObjectNode bind) {
            adaptBind(bind, version);
        }
        if (!version.atLeast(45)
                && !textOf(mount.path("VolumeOptions"), "Subpath").isEmpty()) {
            throw HttpFailure.badRequest("VolumeOptions.Subpath needs API v1.45 or newer");
        }
        if (!version.atLeast(48) && type.equals("image")) {
            throw HttpFailure.badRequest("Mount type \"Image\" needs API v1.48 or newer");
        }
    }

    private static void adaptBind(ObjectNode bind, ApiVersion version) {
        if (!version.atLeast(40)) {
            bind.remove("NonRecursive");
        }
        if (!version.atLeast(42)) {
            bind.remove("CreateMountpoint");
        }
        if (!version.atLeast(44)) {
            if (bind.path("ReadOnlyForceRecursive").asBoolean(false)) {
                throw HttpFailure.badRequest("BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer");
            }
            // read-only mounts were not recursive before
            bind.put("ReadOnlyNonRecursive", true);
        }
    }

    private static String textOf(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isString() ? value.stringValue() : "";
    }
}
