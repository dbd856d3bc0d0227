package dev.gantry.runtime.cgroup;

import dev.gantry.oci.runtime.Resources;
import dev.gantry.runtime.cgroup.Setting.Choice;
import dev.gantry.runtime.cgroup.Setting.Lacking;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Settings in the order in which they are written, with those that are the same in both versions.
final class SettingList {
    private final List<Setting> settings = new ArrayList<>();

    List<Setting> toList() {
        return List.copyOf(settings);
    }

    void set(String file, String item, @Nullable Long value, Lacking lacking) {
        if (value != null) {
            set(file, item, value.toString(), lacking);
        }
    }

    void set(String file, String item, String value, Lacking lacking) {
        settings.add(Setting.of(file, value, item, lacking));
    }

    void setFirst(List<Choice> choices, String item, Lacking lacking) {
        settings.add(Setting.of(choices, item, lacking));
    }

    void pids(Resources.@Nullable Pids pids) {
        if (pids != null && pids.limit() != 0) {
            set("pids.max", "pids.limit", pids.limit() < 0 ? "max" : Long.toString(pids.limit()), Lacking.REFUSED);
        }
    }

    void cpuset(Resources.Cpu cpu) {
        if (cpu.cpus() != null && !cpu.cpus().isEmpty()) {
            set("cpuset.cpus", "cpu.cpus", cpu.cpus(), Lacking.REFUSED);
        }
        if (cpu.mems() != null && !cpu.mems().isEmpty()) {
            set("cpuset.mems", "cpu.mems", cpu.mems(), Lacking.REFUSED);
        }
    }

    /// @param limit the end of the file's name: `max` or `limit_in_bytes`
    void hugepages(List<Resources.HugepageLimit> limits, String limit) throws IOException {
        for (Resources.HugepageLimit each : limits) {
            if (!each.pageSize().matches("[0-9]+[KMG]B")) {
                throw refused("hugepageLimits", "got page size \"" + each.pageSize() + "\", want one such as 2MB");
            }
            String file = "hugetlb." + each.pageSize() + ".";
            set(file + limit, "hugepageLimits", Long.toUnsignedString(each.limit()), Lacking.REFUSED);
            // pages that are reserved and not used yet count as well, since 5.7
            set(file + "rsvd." + limit, "hugepageLimits", Long.toUnsignedString(each.limit()), Lacking.FINE);
        }
    }

    void rdma(Map<String, Resources.Rdma> devices) throws IOException {
        for (Map.Entry<String, Resources.Rdma> each : devices.entrySet()) {
            if (!each.getKey().matches("[!-~]+")) {
                throw refused("rdma", "got device \"" + each.getKey() + "\", want a name");
            }
            StringBuilder line = new StringBuilder(each.getKey());
            if (each.getValue().hcaHandles() != null) {
                line.append(" hca_handle=").append(each.getValue().hcaHandles());
            }
            if (each.getValue().hcaObjects() != null) {
                line.append(" hca_object=").append(each.getValue().hcaObjects());
            }
            set("rdma.max", "rdma", line.toString(), Lacking.REFUSED);
        }
    }

    static IOException refused(String item, String problem) {
        return new IOException("linux.resources." + item + ": " + problem);
    }

    static IOException refused(UnsupportedItem item) {
        return new IOException(item.words());
    }

    static @Nullable Long nonZero(@Nullable Long value) {
        return value == null || value == 0 ? null : value;
    }
}
