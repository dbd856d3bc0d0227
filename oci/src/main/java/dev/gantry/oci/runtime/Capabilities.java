package dev.gantry.oci.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/// The five capability sets of a process, see capabilities(7). Names as the kernel spells them: `CAP_CHOWN`.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Capabilities(
        List<String> bounding,
        List<String> effective,
        List<String> inheritable,
        List<String> permitted,
        List<String> ambient) {
    public Capabilities {
        bounding = Lists.of(bounding);
        effective = Lists.of(effective);
        inheritable = Lists.of(inheritable);
        permitted = Lists.of(permitted);
        ambient = Lists.of(ambient);
    }

    /// Bounding, effective and permitted are `names`; inheritable and ambient are empty, as they must be
    /// (CVE-2022-24769).
    public static Capabilities of(List<String> names) {
        return new Capabilities(names, names, List.of(), names, List.of());
    }
}
