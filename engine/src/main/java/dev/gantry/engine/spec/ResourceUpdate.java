package dev.gantry.engine.spec;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.config.ConfigJson;
import dev.gantry.engine.config.HostConfig;
import dev.gantry.engine.config.Resources;
import dev.gantry.engine.config.RestartPolicy;
import dev.gantry.oci.runtime.Resources.Memory;
import dev.gantry.oci.runtime.Resources.Pids;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Limits of a container that are changed: what may be, and what comes of it.
///
/// @param change zero, empty or null is "as it is"
/// @param restart null is "as it is"
public record ResourceUpdate(Resources change, @Nullable RestartPolicy restart) {
    /// What can be changed, by its name in the Docker API.
    private static final List<String> CHANGEABLE = List.of(
            "BlkioWeight",
            "CpuShares",
            "NanoCpus",
            "CpuPeriod",
            "CpuQuota",
            "CpuRealtimePeriod",
            "CpuRealtimeRuntime",
            "CpusetCpus",
            "CpusetMems",
            "Memory",
            "MemoryReservation",
            "MemorySwap",
            "PidsLimit");

    /// The configuration with the changes.
    ///
    /// @throws Conflict with Docker's text, where a change contradicts what is set already
    public HostConfig appliedTo(HostConfig current) {
        checkProcessors(current.resources());
        if (change.memory() > current.resources().memorySwap()
                && current.resources().memorySwap() > 0
                && change.memorySwap() == 0) {
            throw new Conflict("Memory limit should be smaller than already set memoryswap limit,"
                    + " update the memoryswap at the same time");
        }
        RestartPolicy policy = restart;
        if (policy != null && policy.restarts() && current.autoRemove()) {
            throw new Conflict("Restart policy cannot be updated because AutoRemove is enabled for the container");
        }
        JsonMapper mapper = ConfigJson.mapper();
        ObjectNode tree = mapper.valueToTree(current);
        ObjectNode changes = mapper.valueToTree(change);
        for (String name : CHANGEABLE) {
            JsonNode value = changes.path(name);
            boolean asked = name.equals("PidsLimit")
                    ? value.isNumber()
                    : value.asLong(0) != 0
                            || (value.isString() && !value.asString().isEmpty());
            if (asked) {
                tree.set(name, value);
            }
        }
        if (policy != null && !policy.name().isEmpty()) {
            tree.set("RestartPolicy", mapper.valueToTree(policy));
        }
        return mapper.treeToValue(tree, HostConfig.class);
    }

    /// The change that makes the limits of one configuration those of another, which an update has made of it.
    public static ResourceUpdate between(HostConfig current, HostConfig next) {
        JsonMapper mapper = ConfigJson.mapper();
        ObjectNode before = mapper.valueToTree(current);
        ObjectNode after = mapper.valueToTree(next);
        ObjectNode changes = mapper.createObjectNode();
        for (String name : CHANGEABLE) {
            JsonNode value = after.path(name);
            if (!value.equals(before.path(name))) {
                changes.set(name, value);
            }
        }
        return new ResourceUpdate(mapper.treeToValue(changes, Resources.class), null);
    }

    private void checkProcessors(Resources current) {
        if (change.nanoCpus() > 0 && current.cpuPeriod() > 0) {
            throw new Conflict("Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set");
        } else if (change.nanoCpus() > 0 && current.cpuQuota() > 0) {
            throw new Conflict("Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set");
        } else if (change.cpuPeriod() > 0 && current.nanoCpus() > 0) {
            throw new Conflict("Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set");
        } else if (change.cpuQuota() > 0 && current.nanoCpus() > 0) {
            throw new Conflict("Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set");
        }
    }

    /// What the runtime has to change.
    ///
    /// @param merged the limits with the changes
    public dev.gantry.oci.runtime.Resources limits(Resources merged) {
        Long pids = change.pidsLimit();
        return new dev.gantry.oci.runtime.Resources(
                List.of(),
                memory(merged),
                ResourceLimits.cpu(change),
                pids == null ? null : new Pids(pids <= 0 ? -1 : pids),
                ResourceLimits.blockIo(change),
                List.of(),
                null,
                Map.of(),
                Map.of());
    }

    /// Memory and swap together mean nothing without memory, so that is there as well.
    private @Nullable Memory memory(Resources merged) {
        Memory asked = ResourceLimits.memory(change);
        if (asked == null || asked.swap() == null || asked.limit() != null || merged.memory() == 0) {
            return asked;
        }
        return new Memory(
                merged.memory(), asked.reservation(), asked.swap(), null, null, asked.swappiness(), null, null, null);
    }
}
