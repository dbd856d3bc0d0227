package dev.gantry.api.versions;

import dev.gantry.api.http.ApiVersion;
import dev.gantry.oci.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers to older clients, with the fields that they knew and without those that they did not.
public final class Responses {
    private Responses() {}

    /// `GET /containers/json`
    public static JsonNode containers(List<?> summaries, ApiVersion version) {
        JsonNode tree = Json.mapper().valueToTree(summaries);
        if (!version.atLeast(46)) {
            tree.forEach(container -> remove(container.path("HostConfig"), "Annotations"));
        }
        return tree;
    }

    /// `GET /images/json`
    ///
    /// @param shared whether the client asked for the sizes of shared layers
    public static JsonNode images(List<?> summaries, boolean shared, ApiVersion version) {
        JsonNode tree = Json.mapper().valueToTree(summaries);
        for (JsonNode node : tree) {
            if (node instanceof ObjectNode image) {
                // counted since 1.51 only, which this daemon does not serve yet
                image.put("Containers", -1);
                if (!shared) {
                    image.put("SharedSize", -1);
                }
                if (!version.atLeast(43)
                        && image.path("RepoTags").isEmpty()
                        && image.path("RepoDigests").isEmpty()) {
                    image.putArray("RepoTags").add("<none>:<none>");
                    image.putArray("RepoDigests").add("<none>@<none>");
                }
                nullForNoLabels(image, image.path("ParentId"));
                addVirtualSize(image, version);
            }
        }
        return tree;
    }

    /// `GET /images/{name}/json`
    public static JsonNode image(Object view, ApiVersion version) {
        ObjectNode image = Json.mapper().valueToTree(view);
        nullForNoLabels(image.path("Config"), image.path("Parent"));
        addVirtualSize(image, version);
        if (!version.atLeast(48)) {
            image.remove("Descriptor");
        }
        if (!version.atLeast(45)) {
            image.put("Container", "");
            image.set("ContainerConfig", emptyConfig());
        }
        return image;
    }

    /// An image that was made from a container here has that container's labels, even if there are none.
    private static void nullForNoLabels(JsonNode holder, JsonNode parent) {
        if (holder instanceof ObjectNode object
                && object.path("Labels").isEmpty()
                && parent.asString().isEmpty()) {
            object.putNull("Labels");
        }
    }

    private static void addVirtualSize(ObjectNode image, ApiVersion version) {
        if (!version.atLeast(44)) {
            image.set("VirtualSize", image.path("Size"));
        }
    }

    /// The configuration of a container that never was: what images not made by a build showed.
    private static ObjectNode emptyConfig() {
        ObjectNode config = Json.mapper().createObjectNode();
        for (String text : List.of("Hostname", "Domainname", "User", "Image", "WorkingDir")) {
            config.put(text, "");
        }
        for (String flag : List.of("AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin", "StdinOnce")) {
            config.put(flag, false);
        }
        for (String absent : List.of("Env", "Cmd", "Volumes", "Entrypoint", "OnBuild", "Labels")) {
            config.putNull(absent);
        }
        return config;
    }

    /// `GET /info`
    public static JsonNode info(Object view, ApiVersion version) {
        ObjectNode info = Json.mapper().valueToTree(view);
        if (!version.atLeast(44)) {
            info.path("Runtimes").forEach(runtime -> remove(runtime, "status"));
        }
        if (!version.atLeast(46)) {
            info.remove("Containerd");
        }
        if (!version.atLeast(47) && info.path("RegistryConfig") instanceof ObjectNode registries) {
            registries.putNull("AllowNondistributableArtifactsCIDRs");
            registries.putNull("AllowNondistributableArtifactsHostnames");
        }
        if (!version.atLeast(49)) {
            info.remove("FirewallBackend");
            for (String commit : List.of("ContainerdCommit", "RuncCommit", "InitCommit")) {
                if (info.path(commit) instanceof ObjectNode object) {
                    object.set("Expected", object.path("ID"));
                }
            }
        }
        if (!version.atLeast(50)) {
            info.remove("DiscoveredDevices");
            info.put("BridgeNfIptables", false);
            info.put("BridgeNfIp6tables", false);
        }
        return info;
    }

    /// One image of `GET /system/df` is as in the list of images.
    public static ArrayNode diskUsageImages(List<?> summaries, ApiVersion version) {
        ArrayNode images = (ArrayNode) Json.mapper().<JsonNode>valueToTree(summaries);
        images.forEach(image -> addVirtualSize((ObjectNode) image, version));
        return images;
    }

    private static void remove(JsonNode object, String field) {
        if (object instanceof ObjectNode present) {
            present.remove(field);
        }
    }
}
